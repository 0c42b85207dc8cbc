"""The mini program in a real browser: its build, a preview server in front of any backend, and a phone to hold.

`phone_build` builds the sources once in a test process; `preview` serves a build against a backend and a simulator;
`Phone` does with a page of Chromium what a person does with a phone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FileChooser, Locator, Page
from werkzeug.serving import make_server

from miniprogram_stub.preview.server.application import create_preview
from miniprogram_stub.preview.server.building import ROOT, SOURCES, Build
from miniprogram_stub.preview.server.wechat import WeChat
from tests.support.browser import PICTURES
from tests.support.wechat import SimulatedWechat

SCREEN = ".layer:not([hidden])"
DIALOG = "dialog[open]"
_SEEN = f"{DIALOG}:last-of-type, body:not(:has({DIALOG})) {SCREEN}"
_OPERABLE: tuple[Any, ...] = ("button", "link", "radio", "checkbox", "switch", "tab", "option")


def built(folder: Path, sources: Path = SOURCES) -> Build:
    """A fresh build of these sources. Raises BuildFailed."""
    assert (ROOT / "miniprogram_stub" / "node_modules").is_dir(), (
        "node_modules is missing; `make test` installs it"
    )
    build = Build(folder, sources)
    build.refresh()
    return build


@pytest.fixture(scope="session")
def phone_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The mini program's own sources, built once for this test process."""
    return built(tmp_path_factory.mktemp("phone"))


@contextmanager
def preview(
    build: Build,
    backend_url: str,
    wechat: WeChat | SimulatedWechat | None = None,
    signs: Sequence[dict[str, Any]] = (),
) -> Iterator[str]:
    """A preview server in this process; its address. `signs` as demo.json has them."""
    if isinstance(wechat, SimulatedWechat):
        wechat = WeChat(wechat.simulator.url, wechat.app_id, wechat.templates)
    server = make_server(
        "127.0.0.1", 0, create_preview(build, backend_url, wechat, list(signs)), threaded=True
    )
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def preview_of_demo(build: Build, demo: dict[str, Any]) -> Iterator[str]:
    """A preview server in front of a demo that runs; `demo` is what its demo.json says."""
    wechat = WeChat(demo["simulator_url"], demo["wechat"]["appid"], demo["wechat"]["templates"])
    with preview(build, demo["base_url"], wechat, demo["signs"]) as url:
        yield url


class Phone:
    """A phone in somebody's hand. `page` is an empty page of 375 px, `url` that of a preview server.

    Names of controls are what is written on them or what a screen reader says; a part of it is enough where no
    control has just that name. While a dialog of WeChat is open, it is what is seen and touched.
    """

    def __init__(self, page: Page, url: str, person: str = "王女士") -> None:
        self.page, self.url, self.person = page, url, person

    def open(self, path: str = "") -> Phone:
        """Start the mini program on a page: `/pages/inquiry/index?number=…`; without one on its first."""
        self.page.goto("about:blank")  # the same address with another hash would not start it anew
        self.page.goto(f"{self.url}/?bare=1&person={quote(self.person)}#{path}")
        self.page.locator(SCREEN).wait_for()
        return self

    def scan(self, sign_url: str) -> Phone:
        """Scan the code of a sign, as WeChat opens it."""
        return self.open(f"/pages/sign/index?q={quote(sign_url, safe='')}&scancode_time=1700000000")

    def arrive(self, path: str) -> None:
        """A message or a scan opens a page of the running mini program."""
        self.page.evaluate("path => { previewPhone.open(path) }", path)
        self.page.wait_for_function("path => getCurrentPages().at(-1)?.route === path", arg=_route(path))

    def kill(self) -> None:
        """End the mini program and start it again where it was: what it had not stored is gone."""
        self.page.reload()
        self.page.locator(SCREEN).wait_for()

    def cut_network(self, cut: bool = True) -> None:
        self.page.evaluate("cut => previewPhone.cutNetwork(cut)", cut)

    @property
    def screen(self) -> Locator:
        """The page that is seen, or the dialog over it."""
        return self.page.locator(_SEEN)

    @property
    def path(self) -> str:
        """`pages/home/index` of the page that is seen."""
        return str(self.page.evaluate("getCurrentPages().at(-1).route"))

    @property
    def query(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate("getCurrentPages().at(-1).options")
        return found

    @property
    def depth(self) -> int:
        """How many pages lie on each other."""
        return int(self.page.evaluate("getCurrentPages().length"))

    @property
    def title(self) -> str:
        return self.page.locator(".bar-title").inner_text()

    def texts(self) -> str:
        """Everything that is written on the screen."""
        return self.screen.inner_text()

    def wait_for(self, text: str) -> None:
        """Wait until this is on the screen: in the page, a dialog or a toast."""
        self.page.locator(f"{SCREEN}, {DIALOG}, .toasts").get_by_text(text).filter(
            visible=True
        ).first.wait_for()

    def wait_gone(self, text: str) -> None:
        self.page.locator(f"{SCREEN}, {DIALOG}").get_by_text(text).filter(visible=True).first.wait_for(
            state="detached"
        )

    def wait_path(self, path: str) -> None:
        """Wait until this page is the one that is seen."""
        self.page.wait_for_function("path => getCurrentPages().at(-1)?.route === path", arg=_route(path))

    def control(self, name: str) -> Locator:
        """The control with this name, once it is there; a text where no control has it."""
        self._any(name).first.wait_for()
        for found in self._candidates(name):
            if found.count():
                return found.first
        raise AssertionError(f"{name} is gone again")

    def has(self, name: str) -> bool:
        """Whether a control or text of this name is on the screen now."""
        return self._any(name).count() > 0

    def tap(self, name: str) -> None:
        self.control(name).click()

    def fill(self, label: str, text: str) -> None:
        """Write into the field that a screen reader calls so."""
        self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        exact = self.screen.get_by_label(label, exact=True).and_(self.page.locator("input, textarea"))
        anything = self.screen.get_by_label(label).and_(self.page.locator("input, textarea"))
        anything.first.wait_for()
        return exact.first if exact.count() else anything.first

    def value(self, label: str) -> str:
        return self.field(label).input_value()

    def pick(self, name: str, value: str) -> None:
        """Open a picker and take an item; of a date or time, write it."""
        self.tap(name)
        self.page.locator(DIALOG).wait_for()
        moment = self.screen.locator("input[type=date], input[type=time], input[type=month]")
        if moment.count():
            moment.fill(value)
            self.tap("确定")
        else:
            self.tap(value)
        self.page.locator(DIALOG).wait_for(state="detached")

    def is_checked(self, name: str) -> bool:
        return self.control(name).get_attribute("aria-checked") == "true"

    def give_file(self, name: str, file: Path | dict[str, Any]) -> None:
        """Tap what asks for a file, agree to the privacy guide where WeChat asks, and give one."""
        with self.page.expect_file_chooser() as asked:
            self.tap(name)
            self.page.wait_for_timeout(100)
            if self.page.locator(DIALOG).count() and self.has("同意"):
                self.tap("同意")
        chooser: FileChooser = asked.value
        chooser.set_files(file)  # type: ignore[arg-type]

    def refresh(self) -> None:
        """Pull the page down."""
        self.page.locator(".bar-refresh").click()

    def back(self) -> None:
        self.page.locator(".bar-back").click()

    def toast(self) -> str:
        """What a toast says, once there is one."""
        self.page.locator(".toast-text").wait_for()
        return self.page.locator(".toast-text").inner_text()

    def stored(self, key: str) -> Any:
        """What the mini program stored on the phone under this key; None when nothing."""
        text = self.page.evaluate("key => localStorage.getItem(key)", f"phone:{self.person}:app:{key}")
        return None if text is None else json.loads(text)["data"]

    def picture(self, file: Path, *, whole: bool = False) -> None:
        """A picture of the screen, where pictures are kept; `whole`: as long as the page is."""
        if not PICTURES:
            return
        size = self.page.viewport_size
        assert size is not None
        if whole:
            height = self.page.evaluate(
                "() => { const page = document.querySelector('.layer:not([hidden]) .scroller');"
                " return innerHeight - page.clientHeight + page.scrollHeight }"
            )
            self.page.set_viewport_size({"width": size["width"], "height": int(height)})
        self.page.screenshot(path=file)
        if whole:
            self.page.set_viewport_size(size)

    def is_wider_than_the_screen(self) -> bool:
        """Whether the page would have to be moved sideways to be read."""
        return bool(
            self.page.evaluate(
                "() => { const page = document.querySelector('.layer:not([hidden]) .scroller'); return page.scrollWidth > page.clientWidth }"
            )
        )

    def violations(self) -> list[str]:
        """What axe finds wrong with the screen."""
        return violations(self.page)

    def _any(self, name: str) -> Locator:
        first, *others = self._candidates(name)
        for other in others:
            first = first.or_(other)
        return first

    def _candidates(self, name: str) -> list[Locator]:
        """From the surest to the vaguest."""
        screen = self.screen
        found = [
            *(screen.get_by_role(role, name=name, exact=True) for role in _OPERABLE),
            screen.get_by_label(name, exact=True),
            *(screen.get_by_role(role, name=name) for role in _OPERABLE),
            screen.get_by_text(name, exact=True),
            screen.get_by_text(name),
        ]
        return [each.filter(visible=True) for each in found]


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def _route(path: str) -> str:
    return path.partition("?")[0].strip("/")
