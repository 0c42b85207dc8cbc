"""`POST /staff/searches`: one's own chain by number, phone tail and words of the summary; nothing else exists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.models import SummaryTerm
from tests.support.app import Office, new_key


def numbers(office: Office, name: str, **wanted: str) -> set[str]:
    answer = office.staff(name).post("/staff/searches", wanted)
    assert answer.status_code == 200, answer.json
    assert answer.json["complete"] is True
    return {item["number"] for item in answer.json["items"]}


def signed(office: Office, summary: str, **changes: object) -> str:
    number: str = office.file(**changes)["number"]
    assert office.act("window_a", number, "confirmation", {"summary": summary}).status_code == 200
    return number


def test_a_number_a_tail_and_words_find_it_and_together_they_must_all_fit(office: Office) -> None:
    noodles = signed(office, "咨询开面馆的执照材料")
    other = signed(office, "申请民宿许可", contact={"phone": "13900001234"})
    display = f"{noodles[:4]}-{noodles[4:8]}-{noodles[8:12]}-{noodles[12:]}".lower()
    assert numbers(office, "window_a", number=display) == {noodles}
    assert numbers(office, "window_a", phone_tail="1234") == {other}
    assert numbers(office, "window_a", text="面馆的") == {noodles}
    assert numbers(office, "window_a", text="面馆", phone_tail="5678") == {noodles}
    assert numbers(office, "window_a", text="面馆", phone_tail="1234") == set()
    assert numbers(office, "window_a", text="馆面") == set()


def test_who_may_not_see_it_does_not_find_it(office: Office) -> None:
    number = signed(office, "咨询开面馆的执照材料")
    for name in ("business_a", "neighbour_general", "lu_window_a", "overseer", "auditor", "sysadmin"):
        for wanted in ({"number": number}, {"phone_tail": "5678"}, {"text": "面馆"}):
            assert numbers(office, name, **wanted) == set(), (name, wanted)
    assert numbers(office, "general", text="面馆") == {number}


def test_a_complaint_is_found_neither_by_its_subject_nor_in_the_subjects_section(office: Office) -> None:
    number = office.file(category="complaint", about={"kind": "sign_holder"})["number"]
    assert office.act("discipline", number, "confirmation", {"summary": "反映窗口态度"}).status_code == 200
    assert numbers(office, "discipline", text="窗口态度") == {number}
    for name in ("window_a", "window_b", "window_head"):
        assert numbers(office, name, text="窗口态度") == numbers(office, name, number=number) == set()


def test_after_another_unit_took_it_over_its_people_find_it_by_its_words(office: Office) -> None:
    number = signed(office, "咨询开面馆的执照材料", category="report", written=False)
    org = office.org
    target = {
        "to_unit": org.neighbour.id,
        "to_section": org.neighbour_window.section.id,
        "reason": "属于社保",
    }
    offer = office.act("window_a", number, "handoffs", target).json["id"]
    version = office.version(number, "neighbour_window_a")
    taken = office.staff("neighbour_window_a").post(f"/staff/handoffs/{offer}/acceptance", version=version)
    assert taken.status_code == 200
    for name in ("window_a", "neighbour_window_a"):
        assert numbers(office, name, text="面馆") == {number}


def test_a_new_summary_replaces_the_words_of_the_old_one(office: Office) -> None:
    number = signed(office, "咨询开面馆的执照材料")
    assert (
        office.act("window_a", number, "closing", {"outcome": "answered", "reply": "带身份证"}).status_code
        == 200
    )
    with office.looking() as work:
        kept = work.session.scalar(select(func.count()).select_from(SummaryTerm))
    assert kept == len("咨询开面馆的执照材料") - 1
    assert numbers(office, "window_a", text="面馆") == {number}


def test_what_was_closed_too_late_is_found_among_what_is_closed(office: Office) -> None:
    late = signed(office, "咨询面馆执照")
    office.clock.forward(days=9)
    in_time = signed(office, "咨询面馆招牌")
    answer = {"outcome": "answered", "reply": "带身份证"}
    for number in (late, in_time):
        assert office.act("window_a", number, "closing", answer).status_code == 200
    closed = office.staff("window_a").get("/staff/inquiries?box=closed&overdue=true").json["items"]
    assert [item["number"] for item in closed] == [late]


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({}, "", "conditionally_required"),
        ({"text": "证"}, "/text", "value_invalid"),
        ({"text": "。。"}, "/text", "value_invalid"),
        ({"phone_tail": "12a4"}, "/phone_tail", "phone_tail_invalid"),
        ({"phone_tail": "12345"}, "/phone_tail", "phone_tail_invalid"),
        ({"name": "王小明"}, "/name", "unknown_field"),
    ],
)
def test_what_cannot_be_looked_for_is_said(
    office: Office, asked: dict[str, str], pointer: str, code: str
) -> None:
    answer = office.staff("window_a").post("/staff/searches", asked)
    assert answer.status_code == 422
    assert [(item["pointer"], item["code"]) for item in answer.json["errors"]] == [(pointer, code)]


def test_the_same_key_asks_the_same_question_again_and_no_other(office: Office) -> None:
    number, key = signed(office, "咨询开面馆的执照材料"), new_key()
    staff = office.staff("window_a")
    first = staff.post("/staff/searches", {"text": "面馆"}, key=key)
    again = staff.post("/staff/searches", {"text": "面馆"}, key=key)
    assert first.json == again.json
    assert [item["number"] for item in again.json["items"]] == [number]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    other = staff.post("/staff/searches", {"text": "民宿"}, key=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_pages_go_on_where_the_last_one_ended_newest_first(office: Office) -> None:
    made = []
    for _ in range(23):
        made.append(office.file()["number"])
        office.clock.forward(minutes=1)
    seen, cursor = [], None
    while True:
        asked = {"phone_tail": "5678"} | ({"cursor": cursor} if cursor else {})
        answer = office.staff("window_a").post("/staff/searches", asked).json
        seen += [item["number"] for item in answer["items"]]
        cursor = answer["next_cursor"]
        assert answer["complete"] is (cursor is None)
        if cursor is None:
            break
    assert seen == made[::-1]


def test_lists_are_narrowed_by_what_is_asked_and_closed_ones_too(office: Office) -> None:
    consult = office.file()["number"]
    report = office.file(category="report", written=False)["number"]
    office.clock.forward(days=1)
    late = (
        office.staff("window_a")
        .post(
            "/staff/inquiries",
            {
                "channel": "call",
                "category": "consult",
                "content": "昨天来电问材料",
                "occurred_at": (office.clock.now() - timedelta(days=1)).isoformat(),
                "closing": {"outcome": "answered", "reply": "已经答复"},
            },
        )
        .json["number"]
    )

    def listed(query: str) -> set[str]:
        answer = office.staff("window_a").get(f"/staff/inquiries?{query}")
        assert answer.status_code == 200, answer.json
        return {item["number"] for item in answer.json["items"]}

    assert listed("box=section&category=report") == {report}
    assert listed("box=section&channel=call") == set()
    assert listed("box=todo&since=2026-11-16&until=2026-11-16") == {consult, report}
    assert listed("box=todo&since=2026-11-17") == set()
    assert listed("box=closed") == listed("box=closed&late_entry=true") == {late}
    assert listed("box=closed&category=report") == listed("box=closed&until=2026-11-10") == set()
    assert listed(f"box=closed&section={office.org.window.section.id}") == {late}
    office.clock.forward(days=7)
    assert listed("box=section&overdue=true") == {consult}
    for wrong in ("category=nonsense", "since=16.11.2026", "section=x", "since=2026-11-17&until=2026-11-16"):
        assert office.staff("window_a").get(f"/staff/inquiries?box=todo&{wrong}").status_code == 422


def test_reopening_takes_it_out_of_what_is_closed(office: Office) -> None:
    filed = office.file()
    number = filed["number"]

    def closed(name: str) -> set[str]:
        items = office.staff(name).get("/staff/inquiries?box=closed").json["items"]
        return {item["number"] for item in items}

    body = {"outcome": "answered", "reply": "带身份证"}
    assert office.act("window_a", number, "closing", body).status_code == 200
    assert (
        closed("window_a") == closed("window_b") == closed("general") == closed("deputy_leader") == {number}
    )
    assert closed("business_a") == closed("neighbour_general") == set()
    citizen = office.citizen(filed["tracking_token"])
    reopened = citizen.post(f"/inquiries/{number}/reopening", {"reason": "没有解决"})
    assert reopened.status_code == 200, reopened.json
    assert closed("window_a") == set()
    assert office.act("window_a", number, "closing", body).status_code == 200
    assert closed("window_a") == {number}


def test_what_nobody_signed_for_until_the_next_close_is_a_list_of_the_head_and_the_general_post(
    office: Office,
) -> None:
    number = office.file()["number"]

    def unsigned(name: str) -> set[str]:
        items = office.staff(name).get("/staff/inquiries?box=unsigned").json["items"]
        return {item["number"] for item in items}

    office.clock.forward(days=1, hours=8)
    assert unsigned("window_head") == unsigned("general") == set()
    office.clock.forward(hours=1)
    assert unsigned("window_head") == unsigned("general") == unsigned("deputy_leader") == {number}
    assert unsigned("business_head") == unsigned("window_a") == set()
    assert office.act("window_a", number, "confirmation", {}).status_code == 200
    assert unsigned("window_head") == set()
