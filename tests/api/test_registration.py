"""Staff register calls, visits and letters, most of them closed in the same step; late entries gain no time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.times import SHANGHAI
from backend.models import Clock, ClockFact, Holding
from tests.api.asking import errors, rows, send
from tests.support.app import MONDAY, Api, Office

RIGHT = {
    "channel": "visit",
    "category": "consult",
    "content": "问几点上班",
    "contact": {"phone": "13812345678"},
}
CLOSING = {"outcome": "answered", "reply": "九点"}


def register(office: Office, name: str = "window_b", **changes: Any) -> Any:
    return office.staff(name).post(
        "/staff/inquiries", {key: v for key, v in (RIGHT | changes).items() if v is not None}
    )


def as_visitor(office: Office, number: str) -> Api:
    """The visitor at home, with the number of the slip and the phone's tail."""
    found = office.anybody.post("/lookups", {"number": number, "phone_tail": "5678"})
    return office.citizen(found.json["tracking_token"])


def test_whoever_registers_is_the_first_responder_and_holds_in_person(office: Office) -> None:
    filed = register(office, summary="问上班时间")
    assert (filed.status_code, filed.json["status"]) == (201, "filed")
    number = filed.json["number"]
    shown = office.staff("window_b").get(f"/staff/inquiries/{number}").json
    assert shown["first_responder"]["id"] == office.org.people["window_b"].id
    assert shown["holder"]["person"]["id"] == office.org.people["window_b"].id
    assert (shown["channel"], shown["source"], shown["summary"]) == ("visit", "staff", "问上班时间")
    assert office.act("window_a", number, "confirmation", {}).json["code"] == "not_holder"
    # Staff get no capability: they may not follow, rate or withdraw for the citizen (design 5).
    assert "tracking" not in filed.get_data(as_text=True)
    # The visitor takes the number along, and finds it again with the phone's tail.
    found = office.anybody.post("/lookups", {"number": filed.json["display_number"], "phone_tail": "5678"})
    citizen = office.citizen(found.json["tracking_token"])
    assert citizen.get(f"/inquiries/{number}").json["content"] == "问几点上班"


def test_registering_and_closing_is_one_step(office: Office) -> None:
    filed = register(office, closing=CLOSING)
    assert (filed.status_code, filed.json["status"], filed.json["version"]) == (201, "closed", 2)
    assert filed.headers["ETag"] == '"2"'
    assert [clock["state"] for clock in filed.json["clocks"]] == ["met"]
    citizen = as_visitor(office, filed.json["number"])
    shown = citizen.get(f"/inquiries/{filed.json['number']}").json
    assert [entry["event"] for entry in shown["timeline"]] == ["filed", "closed"]
    assert (shown["outcome"], shown["reply"]["text"]) == ("answered", "九点")
    with office.looking() as work:
        assert work.session.scalars(select(Holding.id).where(Holding.ended_at.is_(None))).all() == []
    assert (
        citizen.post(f"/inquiries/{filed.json['number']}/rating", {"grade": "satisfied"}).status_code == 201
    )


def test_a_refusal_names_reason_basis_and_remedy(office: Office, subtests) -> None:
    whole = {
        "outcome": "refused",
        "reply": "不予办理",
        "reason": "不符合",
        "basis": "第五条",
        "remedy": "可以复议",
    }
    before = rows(office)
    for missing in ("reason", "basis", "remedy"):
        with subtests.test(missing):
            refused = register(office, closing={key: v for key, v in whole.items() if key != missing})
            assert refused.status_code == 422
            assert [code for _, code in errors(refused)] == ["conditionally_required"]
    for outcome in ("withdrawn", "transferred", "gone"):
        assert errors(register(office, closing=whole | {"outcome": outcome})) == [
            ("/closing/outcome", "choice_invalid")
        ]
    assert errors(register(office, closing=whole | {"remark": 1})) == [("/closing/remark", "unknown_field")]
    assert errors(register(office, closing=[])) == [("/closing", "type_invalid")]
    assert rows(office) == before
    filed = register(office, closing=whole)
    number = filed.json["number"]
    reply = as_visitor(office, number).get(f"/inquiries/{number}").json["reply"]
    assert (reply["reason"], reply["basis"], reply["remedy"]) == ("不符合", "第五条", "可以复议")


def test_a_late_entry_counts_from_when_it_happened_and_may_be_born_overdue(office: Office) -> None:
    filed = register(office, occurred_at="2026-11-11T10:00:00+08:00")
    assert filed.json["received_at"] == "2026-11-11T10:00:00+08:00"
    [clock] = filed.json["clocks"]
    assert (clock["due_at"], clock["state"]) == ("2026-11-13T17:30:00+08:00", "overdue")
    shown = office.staff("window_b").get(f"/staff/inquiries/{filed.json['number']}").json
    assert shown["late_entry"] is True
    assert shown["timeline"][0]["title"] == "登记（补录）"
    assert [
        item["number"] for item in office.staff("window_b").get("/staff/inquiries?box=overdue").json["items"]
    ] == [filed.json["number"]]


def test_a_late_entry_closed_at_once_keeps_its_breach(office: Office) -> None:
    filed = register(office, occurred_at="2026-11-10T10:00:00+08:00", closing=CLOSING)
    assert [clock["state"] for clock in filed.json["clocks"]] == ["met_late"]
    with office.looking() as work:
        fact = work.session.scalars(select(ClockFact)).one()
        assert fact.at == datetime(2026, 11, 12, 17, 30, tzinfo=SHANGHAI)
        assert fact.bearer_staff_id == office.org.people["window_b"].id
        assert work.session.scalars(select(Clock.is_overdue_noted)).all() == [True]


def test_earlier_the_same_day_is_no_late_entry(office: Office) -> None:
    filed = register(office, occurred_at=(MONDAY - timedelta(minutes=50)).isoformat())
    assert filed.json["received_at"] == "2026-11-16T08:10:00+08:00"
    assert (
        office.staff("window_b").get(f"/staff/inquiries/{filed.json['number']}").json["late_entry"] is False
    )


MOMENTS = [
    ("2026-11-16T09:00:00+08:00", 201, None),
    ("2026-11-16T01:00:00Z", 201, None),
    ("2026-10-17T09:00:00+08:00", 201, None),
    ("2026-11-16T09:00:01+08:00", 422, "backdating_not_allowed"),
    ("2026-11-16T09:00:00.000001+08:00", 422, "backdating_not_allowed"),
    ("2026-10-17T08:59:59+08:00", 422, "backdating_not_allowed"),
    ("0001-01-01T00:00:00+23:59", 422, "backdating_not_allowed"),
    ("9999-12-31T23:59:59-23:59", 422, "backdating_not_allowed"),
    ("2026-11-16T09:00:00", 422, "validation_failed"),
    ("2026-11-16", 422, "validation_failed"),
    ("2026-02-30T09:00:00+08:00", 422, "validation_failed"),
    ("yesterday", 422, "validation_failed"),
    ("２０２６-11-16T09:00:00+08:00", 422, "validation_failed"),
    ("2026-11-16T09:00:00+99:99", 422, "validation_failed"),
    (1763254800, 422, "validation_failed"),
    (None, 422, "validation_failed"),
]


def test_the_moment_it_happened_is_a_moment_of_the_last_thirty_days(office: Office, subtests) -> None:
    for moment, status, code in MOMENTS:
        with subtests.test(str(moment)):
            body = json.dumps(RIGHT | {"occurred_at": moment})
            answer = send(office.staff("window_a"), "POST", "/staff/inquiries", body)
            assert (answer.status_code, answer.json.get("code")) == (status, code)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_registration_is_checked_field_by_field(office: Office, subtests) -> None:
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"channel": "smoke"}, ("/channel", "choice_invalid")),
        ({"summary": "长" * 41}, ("/summary", "text_too_long")),
        ({"summary": "两\n行"}, ("/summary", "text_invalid")),
        ({"recorded_at": "2026-01-01T00:00:00Z"}, ("/recorded_at", "unknown_field")),
        ({"registered_by": "x"}, ("/registered_by", "unknown_field")),
        ({"sign": "x"}, ("/sign", "unknown_field")),
        ({"contact": {"phone": "1"}}, ("/contact/phone", "phone_invalid")),
        ({"about": {"kind": "unit"}}, ("/about", "value_invalid")),
    ]
    before = rows(office)
    for change, wrong in cases:
        with subtests.test(str(change)):
            assert errors(register(office, **change)) == [wrong]
    assert rows(office) == before


def test_a_letter_that_applies_is_a_written_application(office: Office) -> None:
    letter = register(office, channel="letter", category="application")
    visit = register(office, channel="visit", category="application")
    said = register(office, channel="visit", category="application", written=True)
    assert [[clock["duty"] for clock in filed.json["clocks"]] for filed in (letter, visit, said)] == [
        ["written-transfer"],
        [],
        ["written-transfer"],
    ]


def test_a_hotline_entry_keeps_the_other_systems_number_and_limit_beside_ours(office: Office) -> None:
    """泸 附件2“首问方式” 政务热线: 其他系统交办的期限 is no limit of the measure, and 本系统提供."""
    body = {
        "channel": "hotline", "category": "consult", "content": "热线转来", "external_no": "JT-2026-001",
        "external_due_at": "2026-11-20T17:00:00+08:00", "external_basis": "工单注明",
    }  # fmt: skip
    number = office.staff("window_a").post("/staff/inquiries", body).json["number"]
    shown = office.staff("window_a").get(f"/staff/inquiries/{number}").json
    of_a_line = {
        "number": "JT-2026-001", "due_at": "2026-11-20T17:00:00+08:00", "due_text": "2026年11月20日 17:00",
        "basis": "工单注明", "limit_label": "其他系统交办的期限", "label": "本系统提供",
    }  # fmt: skip
    assert shown["external"] == of_a_line | {"due_text": "11月20日（周五）17:00 前", "overdue": False}
    assert [line["external"] for line in office.staff("window_a").get("/staff/ledger").json["items"]] == [
        of_a_line
    ]
    assert [
        line["external"] for line in office.staff("window_a").get("/staff/inquiries?box=todo").json["items"]
    ] == [shown["external"]]
    assert len(shown["clocks"]) == 1
    refused = office.staff("window_a").post("/staff/inquiries", body | {"channel": "call"})
    assert [error["pointer"] for error in refused.json["errors"]] == ["/external_no"]
