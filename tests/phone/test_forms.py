"""Forms of a mini program in the browser: fields, pickers, choices, what a form hands over."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def form(phone):
    return phone.open("/pages/form/index?from=x")


def test_a_field_tells_of_each_change_and_keeps_what_was_typed(form):
    form.fill("姓名", "王")
    form.wait_for("写了 王")
    form.tap("大字")
    assert form.value("姓名") == "王"


def test_a_two_way_field_writes_the_data(form):
    form.fill("两边", "同一个")
    form.wait_for("同一个")


def test_fields_are_cut_at_140_unless_they_say_otherwise(form):
    form.field("内容").press_sequentially("字" * 150)
    assert len(form.value("内容")) == 140
    assert form.field("姓名").get_attribute("maxlength") == "140"
    assert form.field("长内容").get_attribute("maxlength") is None


def test_a_picker_hands_over_its_index_as_text(form):
    form.pick("种类", "咨询")
    form.wait_for("string 0")
    form.pick("种类", "投诉")
    form.wait_for("string 1")
    assert form.control("种类").inner_text() == "投诉"


def test_a_picker_of_dates_and_times(form):
    form.pick("日期", "2026-11-30")
    form.wait_for("2026-11-30")
    form.pick("时间", "09:30")
    form.wait_for("时间 09:30")


def test_a_picker_that_is_left_changes_nothing(form):
    form.tap("种类")
    form.tap("取消")
    assert form.control("种类").inner_text() == "请选择"


def test_labels_forward_taps_and_give_names(form):
    form.page.get_by_text("一般").click()
    form.wait_for("评了 b")
    form.tap("满意")
    form.wait_for("评了 a")
    assert form.is_checked("满意")
    assert not form.is_checked("一般")


def test_a_form_hands_over_every_named_control(form):
    form.fill("姓名", "王")
    form.fill("内容", "一\n二")
    form.tap("满意")
    form.tap("急")
    form.page.get_by_text("保密", exact=True).click()
    form.tap("提交")
    form.wait_for('"who"')
    said = next(line for line in form.texts().split("\n") if line.startswith("{"))
    assert json.loads(said.replace("\n", "\\n")) == {
        "who": "王", "text": "一\n二", "long": "", "grade": "a", "tags": ["x", "y"], "secret": True,
    }  # fmt: skip
    form.tap("重填")
    form.wait_for("重填了")
    assert form.value("姓名") == ""


def test_large_text_grows_what_is_measured_in_rem(form):
    form.tap("大字")
    form.page.wait_for_function("getComputedStyle(document.querySelector('.em')).width === '44px'")
    form.arrive("/pages/home/index")
    assert form.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


def test_every_control_has_a_name_and_a_role(form):
    assert form.page.get_by_role("switch", name="保密开关").count() == 1
    assert form.page.get_by_role("checkbox", name="急").count() == 1
    assert form.page.get_by_role("button", name="种类").count() == 1
    assert form.page.get_by_role("textbox", name="姓名").count() == 1
