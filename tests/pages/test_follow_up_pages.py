"""`/staff/follow-ups`: the calls to make, with the phone and a form for each; and 回访 on the page of an inquiry."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Visitor, clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

LIST = "/staff/follow-ups"


def closed(office: Office) -> str:
    filed = office.file(sign=office.org.lu_window.sign.code)
    ended = office.act("lu_window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert ended.status_code == 200
    return str(filed["number"])


def test_the_console_leads_callers_to_the_list_and_nobody_else(office: Office) -> None:
    closed(office)
    for name, leads in (
        ("lu_window_a", True),
        ("lu_general", True),
        ("lu_office_head", False),
        ("window_a", False),
    ):
        assert (f'href="{LIST}"' in clerk(office, name).get("/staff").response.text) is leads, name


def test_a_call_is_reported_from_the_list_and_leaves_it(office: Office) -> None:
    number = closed(office)
    other = closed(office)
    caller = clerk(office, "lu_window_a")
    page, other_window = caller.get(LIST), caller.get(LIST)
    assert page.response.text.count('href="tel:13812345678"') == 2
    assert "11月30日（周一）17:30 前" in page.text
    assert "系统设定：“定期进行电话回访”没有写明天数" in page.text
    form = f"{LIST}/{number}"
    assert {"result", "grade"}.isdisjoint(page.values(form))
    empty = caller.submit(page, form, 422, comment="先写了话")
    assert empty.errors == ["请选择电话打得怎么样。"]
    assert empty.values(form)["comment"] == "先写了话"
    assert len(empty.tree.xpath("//details[@open]")) == 1
    lacking = caller.submit(empty, form, 422, result="answered")
    assert lacking.errors == ["接通并答复的，请选择群众给的评价。"]
    left = caller.submit(lacking, form, grade="fair")
    assert left.actions == [f"{LIST}/{other}"]
    gone = caller.submit(other_window, form, 409, result="refused", comment="又写了话")
    assert "又写了话" in gone.text
    assert "不用再回访" in gone.text
    assert caller.get(f"{LIST}/{other}").title == "电话回访"


def test_who_has_no_calls_is_told_what_will_appear(office: Office) -> None:
    person: Visitor = clerk(office, "window_a")
    page = person.get(LIST)
    assert "办结以后要打的回访电话会出现在这里" in page.text
    assert "本系统提供" in page.text
    assert "本系统提供" not in clerk(office, "lu_office_a").get(LIST).text


def test_the_page_of_an_inquiry_shows_the_follow_up_and_takes_the_result(office: Office) -> None:
    number = closed(office)
    caller = clerk(office, "lu_general")
    page = caller.get(f"/staff/inquiries/{number}")
    assert "电话回访 待进行" in page.text
    assert "二（二）4" in page.text
    refused = caller.submit(page, "/follow_ups", 422, result="unreachable", grade="fair")
    assert refused.errors == ["没有答复就没有评价，请去掉评价，或者改选“已答复”。"]
    done = caller.submit(page, "/follow_ups", result="answered", grade="satisfied", comment="很快")
    assert "已答复，满意" in done.text
    assert "很快" in done.text
    assert not [action for action in done.actions if action.endswith("follow_ups")]
    head = clerk(office, "lu_window_head").get(f"/staff/inquiries/{number}")
    assert "已答复，满意" in head.text
    assert not [action for action in head.actions if action.endswith("follow_ups")]
