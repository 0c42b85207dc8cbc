"""Built-in elements that show something, as WeChat's do."""

from __future__ import annotations

import pytest


@pytest.fixture
def parts(phone):
    return phone.open("/pages/parts/index")


def test_rich_text_shows_and_never_runs(parts):
    found = parts.page.evaluate(
        "() => { const text = document.querySelector('wx-rich-text'); return [text.textContent, text.querySelectorAll('script, [onclick]').length,"
        " getComputedStyle(text.querySelector('p')).color] }"
    )
    assert found == ["段落", 0, "rgb(7, 7, 7)"]
    assert parts.title == "零件"


def test_pictures_tell_whether_they_came(parts):
    parts.wait_for("坏图")
    parts.wait_for("好图12")
    assert parts.page.get_by_role("img", name="点").is_visible()


def test_the_end_of_a_scroll_view_is_noticed(parts):
    parts.page.evaluate("document.querySelector('wx-scroll-view').scrollTo(0, 9999)")
    parts.wait_for("到底")


def test_progress_says_how_far_it_is(parts):
    assert parts.page.get_by_role("progressbar", name="进度").get_attribute("aria-valuenow") == "40"
    assert parts.has("40%")


def test_a_growing_textarea_grows(parts):
    field = parts.field("会长高")
    before = field.bounding_box()["height"]
    field.fill("一\n二\n三\n四\n五")
    assert field.bounding_box()["height"] > 2 * before


def test_a_placeholder_has_the_colour_of_its_class(parts):
    colour = "getComputedStyle(document.querySelector('textarea'), '::placeholder').color"
    assert parts.page.evaluate(colour) == "rgb(9, 9, 9)"


def test_text_keeps_its_lines_and_the_hidden_is_not_seen(parts):
    assert "一行\n二行" in parts.texts()
    assert "看不见" not in parts.texts()
    assert parts.page.get_by_role("heading", name="标题").count() == 1


def test_axe_finds_nothing_wrong_with_elements_and_dialogs(parts):
    assert parts.violations() == []
    parts.open("/pages/form/index")
    assert parts.violations() == []
    parts.tap("种类")
    parts.wait_for("投诉")
    assert parts.violations() == []
