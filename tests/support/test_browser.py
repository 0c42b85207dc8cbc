"""The browser is a real one that shows Chinese, and a page that reaches outside fails its test."""

from __future__ import annotations

import pytest

from tests.support.browser import DESK, PHONE, is_wider_than_the_screen, visitors


def test_a_phone_is_as_wide_as_asked_for_and_shows_chinese(open_page):
    page = open_page(PHONE)
    page.set_content(
        "<html lang=zh-CN><meta name=viewport content='width=device-width'><body style='font:16px sans-serif'>"
        "<span id=a>首</span><br><span id=b>问</span>"
    )
    assert page.evaluate("innerWidth") == PHONE
    first, second = (page.locator(f"#{name}").screenshot() for name in "ab")
    assert first != second, "without a Chinese font every character is the same empty box"
    assert not is_wider_than_the_screen(page)


def test_a_page_too_wide_is_seen(open_page):
    page = open_page(DESK)
    page.set_content("<div style='width: 3000px'>宽</div>")
    assert is_wider_than_the_screen(page)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<img src='https://example.org/a.png'>", r"asked for https://example\.org/a\.png"),
        ("<script>throw Error('spoilt')</script>", "script: spoilt"),
    ],
)
def test_a_page_that_reaches_outside_or_fails_is_noticed(browser, content, problem):
    with pytest.raises(AssertionError, match=problem), visitors(browser) as make:
        make().set_content(content, wait_until="load")


def test_without_javascript_nothing_of_a_page_runs(open_page):
    page = open_page(javascript=False)
    page.set_content("<p id=a>先</p><script>document.getElementById('a').textContent = '后'</script>")
    assert page.locator("#a").inner_text() == "先"
