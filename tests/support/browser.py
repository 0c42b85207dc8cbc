"""Chromium for journeys: one browser a test process, a fresh visitor for each page that is opened.

The fixtures are known to every test through tests/conftest.py, and through no other place: imported twice they would
be two browsers, and Playwright starts only one in a process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

PHONE, SMALL_PHONE, DESK = 375, 320, 1280
"""Widths in CSS pixels that pages are looked at in."""
_ARGUMENTS = (
    "--no-sandbox",  # the sandbox refuses root, and containers refuse the sandbox
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--font-render-hinting=none",
)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_HEIGHTS = {SMALL_PHONE: 568, PHONE: 812}


PICTURES = os.environ.get("PICTURES")
"""The folder where pictures of journeys are kept, the README's among them. Without it none is taken."""


class OpenPage(Protocol):
    """Open an empty page as a new visitor: `width` in CSS pixels, with or without JavaScript."""

    def __call__(self, width: int = PHONE, *, javascript: bool = True) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this test process."""
    program = shutil.which("chromium")
    assert program, "chromium is missing; `make test` installs it"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages; the test fails when one asked for anything outside this machine or a script of it failed."""
    with visitors(browser) as make:
        yield make


@contextmanager
def visitors(browser: Browser) -> Iterator[OpenPage]:
    """What `open_page` does. Raises AssertionError at the end, with everything the pages did wrong."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def stay_home(route: Route) -> None:
        if urlsplit(route.request.url).hostname in _LOOPBACK:
            route.continue_()
        else:
            problems.append(f"asked for {route.request.url}")
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 is no mistake of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            problems.append(f"console: {message.text}")

    def make(width: int = PHONE, *, javascript: bool = True) -> Page:
        is_phone = width < 600
        context = browser.new_context(
            viewport={"width": width, "height": _HEIGHTS.get(width, 900)},
            device_scale_factor=2 if is_phone and PICTURES else 1,
            is_mobile=is_phone,
            has_touch=is_phone,
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.route("**/*", stay_home)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        return page

    try:
        yield make
    finally:
        for context in contexts:
            context.close()
    assert not problems, "; ".join(problems)


def use_large_text(page: Page) -> None:
    """Turn on 大字版 as a visitor does, by its link at the top of every page."""
    page.get_by_role("link", name="大字版").click()


def is_wider_than_the_screen(page: Page) -> bool:
    """Whether the page would have to be moved sideways to be read."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
