"""Leads on the desk's console, 督办 and 批示 on a case, 催办 on the citizen's page, and what a unit puts on record."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.delivery import duties
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import ClockEnd, Role
from backend.models import AccountabilityLead, Clock, Staff
from backend.services.organising import grant_role
from tests.pages.visitor import clerk, visitor
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
LATE = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
GOING = threading.Event()


def breached(office: Office, **changes: str) -> tuple[str, str]:
    """Number and lead of an inquiry that nobody answered in time."""
    number = office.file(**changes)["number"]
    office.clock.set(LATE)
    with office.app.app_context():
        duties.note_overdue(GOING)
    with office.looking() as work:
        return number, work.session.scalars(select(AccountabilityLead.id)).one()


def test_the_person_reads_the_facts_and_answers_and_discipline_records_what_was_decided(
    office: Office,
) -> None:
    number, lead_id = breached(office)
    person, discipline = clerk(office, "window_a"), clerk(office, "discipline")
    home = person.get("/staff")
    assert "/staff/leads" in home.tree.xpath("//a/@href")
    listed = person.get("/staff/leads")
    assert "不是结论" in listed.text
    assert "第十条（一）2，超过时限" in listed.text
    page = person.get(f"/staff/leads/{lead_id}")
    assert "超时限办理" in page.text
    assert "“限时答复咨询”应在11月18日（周三）17:30前完成，到期没有完成。" in page.text
    assert "第九条" in page.text
    assert page.actions == [f"/staff/leads/{lead_id}/statements"]
    empty = person.submit(page, "/statements", 422, text=" ")
    assert empty.errors == ["请写下您的说明。"]
    said = person.submit(empty, "/statements", text="当天停电")
    assert "当天停电" in said.text
    assert "尚未听取" not in said.text

    page = discipline.get(f"/staff/leads/{lead_id}")
    assert page.actions == [f"/staff/leads/{lead_id}/decision"]
    fields = {"decided_on": "2026-11-20", "body": "区作风办", "reason": "属实", "result": "measures"}
    refused = discipline.submit(page, "/decision", 422, **fields)
    assert refused.errors == ["请选择处理方式，可以选几项；不构成的请另选。"]
    assert refused.values("/decision")["body"] == "区作风办"
    ticked = {"measure_criticism": "true", "measure_circular": "true", "tolerance": "district"}
    done = discipline.submit(refused, "/decision", **ticked)
    assert "批评教育，通报" in done.text
    assert "2026年11月20日" in done.text
    assert done.actions == []
    assert number


def test_a_lead_of_a_unit_shows_its_head_no_form_to_judge_it(office: Office) -> None:
    """坛 十（二）2: the head answers; the boxes a human fills are for others."""
    _, lead_id = breached(office, category="application")
    head, overseer = clerk(office, "principal"), clerk(office, "overseer")
    assert clerk(office, "discipline").get(f"/staff/leads/{lead_id}").actions == []
    assert head.get(f"/staff/leads/{lead_id}").actions == [f"/staff/leads/{lead_id}/statements"]
    page = overseer.get(f"/staff/leads/{lead_id}")
    assert page.text.count("还没有人认定。") == 2
    wanting = overseer.submit(page, "/elements/delayed", 422, text="")
    assert set(wanting.errors) == {"请选择有还是没有。", "请写明根据什么认定。"}
    found = overseer.submit(wanting, "/elements/delayed", found="no", text="没有延误")
    assert "认定没有" in found.text
    assert found.values("/elements/delayed")["text"] == "没有延误"
    again = overseer.submit(found, "/elements/delayed", found="yes", text="重新核实，有延误")
    assert "认定有" in again.text
    decided = {
        "decided_on": "2026-11-20", "body": "机关纪委", "reason": "不构成", "result": "dismissed"
    }  # fmt: skip
    assert "不构成应当问责的情形" in overseer.submit(again, "/decision", **decided).text


def test_the_page_of_a_lead_under_lu_speaks_no_word_of_tan(office: Office) -> None:
    """泸 三（二）: 聘用人员, 容错 and the list of ways are 坛 九、十（四）."""
    with office.working() as work:
        judge = work.session.get_one(Staff, office.org.people["lu_office_head"].id)
        grant_role(work, judge, Role.DISCIPLINE)
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    seen = {"item": "三（二）", "note": "看到的情况"}
    made = office.act("lu_general", number, "leads", seen).json["id"]
    judge = clerk(office, "lu_office_head")
    page = judge.get(f"/staff/leads/{made}")
    for word in ("聘用人员", "容错", "批评教育", "首问负责", "处理方式", "金坛"):
        assert word not in page.text, word
    fields = {"decided_on": "2026-11-16", "body": "机关党组", "result": "measures", "reason": "限期整改"}
    done = judge.submit(page, "/decision", **fields)
    assert "决定内容" in done.text
    assert "限期整改" in done.text


def test_a_lead_whose_fact_fell_says_so_in_list_and_detail(office: Office) -> None:
    """坛 十: what was met in time after all stays on record, with why it is none any more."""
    number, lead_id = breached(office)
    with office.working() as work:
        clock = work.session.scalars(select(Clock)).one()
        clock.ended_at, clock.end = clock.due_at - timedelta(hours=1), ClockEnd.MET
    reader = clerk(office, "principal")
    for path in (f"/staff/leads/{lead_id}", "/staff/leads", f"/staff/inquiries/{number}"):
        assert "所依据的超期事实已不成立：这项时限在11月18日（周三）16:30已经完成" in reader.get(path).text, (
            path
        )


def test_nobody_else_finds_the_page_of_a_lead_and_the_list_says_what_will_stand_there(office: Office) -> None:
    _, lead_id = breached(office)
    other = clerk(office, "window_b")
    assert "/staff/leads" not in other.get("/staff").tree.xpath("//a/@href")
    assert other.get(f"/staff/leads/{lead_id}", 404).title
    assert "会出现在这里，等人核实" in other.get("/staff/leads").text
    assert other.get("/staff/leads?state=guilty", 404).title


def test_a_case_is_supervised_and_a_lead_put_on_record_from_its_page(office: Office) -> None:
    number = office.file()["number"]
    head = clerk(office, "principal")
    case = head.get(f"/staff/inquiries/{number}")
    assert head.submit(case, "/supervision", 422, text="").errors == ["请写明督办的内容。"]
    page = head.submit(case, "/supervision", text="请今天答复")
    page = head.submit(page, "/instruction", text="同意，抓紧")
    assert [h.text for h in page.tree.xpath("//h3[@class='step__title']")] == ["批示", "督办", "提交"]
    wanting = head.submit(page, "/leads", 422, note="")
    assert set(wanting.errors) == {"请选择是哪一项。", "请写明看到了什么。"}
    page = head.submit(wanting, "/leads", item="第十条（一）3", note="现场看到没有人接待")
    [link] = page.tree.xpath("//a[starts-with(@href,'/staff/leads/')]/@href")
    assert "现场看到没有人接待" in head.get(link).text
    other = clerk(office, "window_b").get(f"/staff/inquiries/{number}")
    assert "现场看到没有人接待" not in other.text
    assert "请今天答复" in other.text
    assert not {"/supervision", "/leads"} & {"/" + address.rsplit("/", 1)[-1] for address in other.actions}


def test_the_citizen_urges_once_a_day_and_reads_when_it_is_possible_again(office: Office) -> None:
    filed = office.file()
    citizen = visitor(office)
    page = citizen.get(f"/t/{filed['tracking_token']}")
    page = citizen.submit(page, "/reminder", text="孩子等着用")
    assert "催办" in page.text
    assert "11月17日（周二）00:00 起可以再催" in page.text
    assert "/reminder" not in {"/" + address.rsplit("/", 1)[-1] for address in page.actions}
    office.act("general", filed["number"], "supervision", {"kind": "supervision", "text": "内部的话"})
    page = citizen.get(f"/t/{filed['tracking_token']}")
    assert "督办" in page.text
    assert "内部的话" not in page.text
    office.clock.forward(days=1)
    assert citizen.get(f"/t/{filed['tracking_token']}").form("/reminder") is not None


def test_a_stale_form_of_urging_is_refused_with_its_words(office: Office) -> None:
    filed = office.file()
    citizen = visitor(office)
    old = citizen.get(f"/t/{filed['tracking_token']}")
    citizen.submit(old, "/reminder", text="第一次")
    again = citizen.submit(old, "/reminder", 422, text="第二次")
    assert "第二次" in again.text


def test_a_unit_puts_its_rules_and_honours_on_record_for_everybody(office: Office) -> None:
    """坛 八 鼓励激励, 十一 实施细则."""
    unit = office.org.unit.id
    assert "现在还没有登记" in visitor(office).get(f"/u/{unit}/records").text
    general = clerk(office, "general")
    assert "/staff/records" in general.get("/staff").tree.xpath("//a/@href")
    page = general.get("/staff/records")
    wanting = general.submit(page, "/records", 422, title="细则", dated_on="2026-11-17", body="")
    assert set(wanting.errors) == {"请选择是哪一种。", "请填写内容。"}
    fields = {
        "kind": "rules", "title": "实施细则", "document_number": "坛审批〔2026〕1号",
        "dated_on": "2026-11-16", "body": "第一条　当场能办的当场办。",
    }  # fmt: skip
    future = general.submit(wanting, "/records", 422, **(fields | {"dated_on": "2026-11-17"}))
    assert future.errors == ["日期不能晚于今天。"]
    general.submit(future, "/records", **fields)
    honour = {
        "kind": "commendation", "title": "服务之星", "dated_on": "2026-11-16", "body": "耐心细致",
        "section": office.org.window.section.id,
    }  # fmt: skip
    general.submit(general.get("/staff/records"), "/records", **honour)
    shown = visitor(office).get(f"/u/{unit}/records")
    assert "当场能办的当场办" in shown.text
    assert "鼓励激励 · 综合窗口" in shown.text
    assert f"/u/{unit}/records" in visitor(office).get(f"/u/{unit}").tree.xpath("//a/@href")
    for name in ("window_a", "discipline"):
        assert clerk(office, name).get("/staff/records", 403).title
