"""共同办理 on paper and screen (坛 六（三）、七（三）): the forms of the office, the report, and the citizen's card."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pages.visitor import Page, Visitor, clerk
from tests.support.app import Office

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])
REPORT = {
    "to": "party_office",
    "matters": "门面房的用途认定",
    "positions": "一方认为可以，一方认为不行",
    "opinion": "建议先登记",
}


@pytest.fixture
def filed(office: Office) -> dict[str, Any]:
    return office.file(category="application")


def case_of(person: Visitor, filed: dict[str, Any]) -> Page:
    return person.get(f"/staff/inquiries/{filed['number']}")


def begin(office: Office, filed: dict[str, Any]) -> None:
    body = {"units": [office.org.neighbour.id], "matter": "既要许可，又要社保登记"}
    assert office.act("window_a", filed["number"], "joint", body).status_code == 201


def follow(office: Office, filed: dict[str, Any], citizen: Visitor) -> Page:
    return citizen.get(f"/t/{filed['tracking_token']}")


def card(page: Page) -> str:
    return " ".join(page.tree.xpath("//section[@aria-labelledby='joint-title']")[0].text_content().split())


def test_clause_6_3_a_case_goes_through_all_its_forms(
    office: Office, filed: dict[str, Any], citizen: Visitor
) -> None:
    org = office.org
    lead, partner = clerk(office, "window_a"), clerk(office, "neighbour_general")
    page = case_of(lead, filed)
    names = page.tree.xpath("//fieldset[@id='start_joint-units']//label")
    offered = {" ".join(name.text_content().split()) for name in names}
    assert offered == {org.lead.name, org.neighbour.name, org.lu_unit.name}
    fields = {f"unit_{org.neighbour.id}": "true", "matter": "既要许可，又要社保登记"}
    page = lead.submit(page, "/joint", **fields)
    assert "等待答复" in card(page)
    assert "11月19日（周四）17:30 前" in card(page)
    assert "既要许可，又要社保登记" in card(page)

    asked = partner.get("/staff?box=joint")
    assert filed["display_number"] in asked.text
    page = partner.submit(case_of(partner, filed), "/joint_opinions", kind="opinion", text="我局可以同时登记")
    assert "我局可以同时登记" in card(page)

    task = {f"task_{org.neighbour.id}": "办理社保登记"}
    page = lead.submit(case_of(lead, filed), "/joint_plan", plan="先登记再发证", **task)
    assert "先登记再发证" in card(page)
    page = partner.submit(case_of(partner, filed), "/joint_tasks", text="登记完成")
    assert "任务完成" in card(page)
    assert "/joint_tasks" not in " ".join(page.actions)

    seen = follow(office, filed, citizen)
    assert "几个单位一起办" in card(seen)
    assert "做什么：办理社保登记" in card(seen)
    for inside in ("既要许可", "我局可以同时登记", "先登记再发证", "登记完成"):
        assert inside not in seen.text
    closed = lead.submit(case_of(lead, filed), "/closing", outcome="completed", reply="都办好了")
    assert "已办结：办理完成" in closed.text
    assert "都办好了" in follow(office, filed, citizen).text


@sqlite_only
def test_clause_6_3_the_written_report_is_printed_with_its_parts_and_talks(
    office: Office, filed: dict[str, Any], citizen: Visitor
) -> None:
    begin(office, filed)
    address = f"/staff/inquiries/{filed['number']}/joint/report"
    lead = clerk(office, "window_a")
    assert lead.get(address, 404).status == 404
    talked = {"kind": "consultation", "text": "十七日与人社局商量，没有谈成"}
    office.act("window_a", filed["number"], "joint/opinions", talked)
    office.act("neighbour_general", filed["number"], "joint/opinions", {"text": "这是意见，不是记录"})
    page = lead.submit(case_of(lead, filed), "/joint_report", **REPORT)
    assert page.tree.xpath(f"//a[@href='{address}']")
    paper = lead.get(address)
    headings = [" ".join(h.text_content().split()) for h in paper.tree.xpath("//article//h2")]
    assert headings[:3] == ["一、具体事项", "二、各方理据", "三、倾向性意见"]
    for words in (
        *list(REPORT.values())[1:],
        "区委办公室：",
        office.org.unit.name,
        office.org.neighbour.name,
        "2026年11月16日",
        "协商记录 1 条",
        "2026年11月16日 09:00，",
        "十七日与人社局商量，没有谈成",
        "第六条第（三）项",
    ):
        assert words in paper.text
    assert "这是意见，不是记录" not in paper.text
    assert clerk(office, "neighbour_general").get(address).title == "关于共同办理事项协调情况的报告"
    assert clerk(office, "business_a").get(address, 404).status == 404
    seen = follow(office, filed, citizen)
    assert "已书面报告区委办公室" in card(seen)
    assert REPORT["matters"] not in seen.text


@sqlite_only
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["请选择共同办理的单位。", "请写明哪些事要一起办。"]),
        ({"matter": "要一起办"}, ["请选择共同办理的单位。"]),
        ({"unit": "neighbour"}, ["请写明哪些事要一起办。"]),
        (
            {"unit": "neighbour", "matter": "要一起办", "found_at": "2026-11-17T09:00"},
            ["认定的时间不能晚于现在。"],
        ),
        ({"unit": "neighbour", "matter": "字" * 5001}, ["内容太长，最多 5,000 字。"]),
    ],
)
def test_what_a_request_lacks_is_said_and_nothing_is_lost(
    office: Office, filed: dict[str, Any], fields: dict[str, str], expected: list[str]
) -> None:
    lead, sent = clerk(office, "window_a"), dict(fields)
    if unit := sent.pop("unit", None):
        sent[f"unit_{getattr(office.org, unit).id}"] = "true"
    page = lead.submit(case_of(lead, filed), "/joint", 422, **sent)
    assert sorted(page.errors) == sorted(expected)
    assert {name: page.values("/joint").get(name) for name in sent} == sent


@sqlite_only
@pytest.mark.parametrize(
    ("form", "fields", "expected"),
    [
        ("/joint_opinions", {"text": " "}, ["请写下内容。"]),
        ("/joint_plan", {"plan": ""}, ["请写明办理方案。"]),
        (
            "/joint_report",
            {},
            ["请选择主送哪里。", "请列明具体事项。", "请列明各方理据。", "请提出倾向性意见。"],
        ),
    ],
)
def test_what_a_step_lacks_is_said_beside_it(
    office: Office, filed: dict[str, Any], form: str, fields: dict[str, str], expected: list[str]
) -> None:
    begin(office, filed)
    office.act("neighbour_general", filed["number"], "joint/opinions", {"text": "好"})
    lead = clerk(office, "window_a")
    assert sorted(lead.submit(case_of(lead, filed), form, 422, **fields).errors) == sorted(expected)


@sqlite_only
def test_a_plan_for_a_case_that_is_closed_meanwhile_gives_its_words_back(
    office: Office, filed: dict[str, Any]
) -> None:
    begin(office, filed)
    lead = clerk(office, "window_a")
    waiting = case_of(lead, filed)
    assert "才能记录商定的方案" in waiting.text
    assert not any(action.endswith("/joint_plan") for action in waiting.actions)
    office.act("neighbour_general", filed["number"], "joint/opinions", {"text": "好"})
    page = case_of(lead, filed)
    assert "才能记录商定的方案" not in page.text
    office.act("window_b", filed["number"], "closing", {"outcome": "completed", "reply": "好"})
    task = {f"task_{office.org.neighbour.id}": "写了很久的任务"}
    page = lead.submit(page, "/joint_plan", 412, plan="写了很久的方案", **task)
    assert "写了很久的方案" in page.text
    assert "写了很久的任务" in page.text


@sqlite_only
def test_a_late_report_says_what_is_weighed_beside_the_breach(office: Office, filed: dict[str, Any]) -> None:
    begin(office, filed)
    office.act("window_a", filed["number"], "joint/opinions", {"kind": "consultation", "text": "谈过一次"})
    office.clock.forward(days=7)
    lead = clerk(office, "window_a")
    page = lead.submit(case_of(lead, filed), "/joint_report", **REPORT)
    assert "仍为超期；下面 1 条协商记录作为应当考虑的事实列在旁边（系统设定）" in card(page)
    assert "超期完成" in card(page)


@sqlite_only
def test_under_lu_the_card_says_whose_practice_it_is(office: Office, citizen: Visitor) -> None:
    filed = office.file(sign=office.org.lu_window.sign.code, category="application")
    lead = clerk(office, "lu_window_a")
    fields = {f"unit_{office.org.unit.id}": "true", "matter": "要一起办"}
    page = lead.submit(case_of(lead, filed), "/joint", **fields)
    for shown in (page, follow(office, filed, citizen)):
        assert "本系统提供" in card(shown)
        assert "首问负责制" not in shown.text
    assert not any(action.endswith("/joint_report") for action in page.actions)


@sqlite_only
def test_only_who_has_joint_cases_has_their_box(office: Office, filed: dict[str, Any]) -> None:
    def has_box(name: str) -> bool:
        page = clerk(office, name).get("/staff")
        return bool(page.tree.xpath("//nav[@class='boxes']/a[@href='/staff?box=joint']"))

    assert [has_box(name) for name in ("window_a", "general", "principal")] == [False, True, True]
    begin(office, filed)
    assert [has_box(name) for name in ("window_a", "deputy_leader")] == [False, True]
    empty = clerk(office, "lu_general").get("/staff?box=joint")
    assert "本单位牵头的，和别的单位请本单位参加的" in empty.text
