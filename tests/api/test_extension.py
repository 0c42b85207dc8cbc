"""坛 七（一） 原则上: one reasoned extension before the limit is over, shown to the citizen; anything else is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import errors, rows
from tests.delivery.office import at
from tests.support.app import Office

REASON = {"reason": "要向区里请示，请稍等"}


def consult(office: Office, number: str, name: str = "window_a") -> dict[str, Any]:
    """The consultation's limit as the office sees it."""
    clocks = office.staff(name).get(f"/staff/inquiries/{number}").json["clocks"]
    return next(clock for clock in clocks if clock["duty"] == "answer-consult")


def test_tan_7_1_a_reasoned_extension_moves_the_end_and_the_citizen_reads_why(office: Office) -> None:
    """坛 七（一）."""
    filed = office.file()
    number = filed["number"]
    citizen = office.citizen(filed["tracking_token"])
    assert "extend" in {
        a["name"] for a in office.staff("window_a").get(f"/staff/inquiries/{number}").json["actions"]
    }
    answer = office.act("window_a", number, "extension", REASON)
    assert (answer.status_code, answer.json["event"], answer.json["version"]) == (200, "clock_extended", 2)
    seen = citizen.get(f"/inquiries/{number}").json
    [clock] = seen["clocks"]
    assert clock["due_at"] == "2026-11-20T17:30:00+08:00"
    assert (clock["change"], clock["change_reason"]) == ("extension", REASON["reason"])
    entry = seen["timeline"][-1]
    assert entry["title"] == "说明理由延长 2 个工作日，到 11月20日（周五）17:30 前"
    assert entry["text"] == f"理由：{REASON['reason']}"


@pytest.mark.parametrize(
    ("days", "due"), [(1, "2026-11-19T17:30:00+08:00"), (2, "2026-11-20T17:30:00+08:00")]
)
def test_the_days_asked_for_are_added(office: Office, days: int, due: str) -> None:
    number = office.file()["number"]
    assert office.act("window_a", number, "extension", {**REASON, "days": days}).status_code == 200
    assert consult(office, number)["due_at"] == due


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/reason", "required"),
        ({"reason": " "}, "/reason", "text_empty"),
        ({**REASON, "days": 3}, "/days", "value_invalid"),
        ({**REASON, "days": 0}, "/days", "value_invalid"),
        ({**REASON, "days": -1}, "/days", "value_invalid"),
        ({**REASON, "days": 10**30}, "/days", "value_invalid"),
        ({**REASON, "days": True}, "/days", "type_invalid"),
        ({**REASON, "days": "2"}, "/days", "type_invalid"),
        ({**REASON, "days": 1.5}, "/days", "type_invalid"),
        ({**REASON, "until": "2026-12-01"}, "/until", "unknown_field"),
    ],
)
def test_an_extension_without_a_reason_or_beyond_the_reading_is_refused(
    office: Office, body: dict[str, Any], pointer: str, code: str
) -> None:
    number = office.file()["number"]
    before = rows(office)
    answer = office.act("window_a", number, "extension", body)
    assert answer.status_code == 422
    assert errors(answer) == [(pointer, code)]
    assert rows(office) == before


def test_it_is_extended_once_whoever_bears_it_by_then(office: Office) -> None:
    org, number = office.org, office.file()["number"]
    assert office.act("window_a", number, "extension", REASON).status_code == 200
    again = office.act("window_a", number, "extension", REASON)
    assert (again.status_code, again.json["code"]) == (409, "extension_not_allowed")
    assert "延长过一次" in again.json["detail"]
    target = {"to_unit": org.unit.id, "to_section": org.business.section.id, "reason": "属于业务科"}
    made = office.act("window_a", number, "handoffs", target)
    version = office.version(number, "business_a")
    office.staff("business_a").post(f"/staff/handoffs/{made.json['id']}/acceptance", version=version)
    taken = office.act("business_a", number, "extension", REASON)
    assert (taken.status_code, taken.json["code"]) == (409, "extension_not_allowed")
    acts = office.staff("business_a").get(f"/staff/inquiries/{number}").json["actions"]
    assert "extend" not in {action["name"] for action in acts}


@pytest.mark.parametrize(
    ("moment", "status"),
    [("2026-11-18 17:30:00", 200), ("2026-11-18 17:30:01", 409), ("2026-11-18 23:59:59", 409)],
)
def test_before_it_is_over_and_not_a_second_after(office: Office, moment: str, status: int) -> None:
    number = office.file()["number"]
    version = office.version(number, "window_a")
    office.clock.set(at(moment))
    answer = office.staff("window_a").post(f"/staff/inquiries/{number}/extension", REASON, version=version)
    assert answer.status_code == status
    if status == 409:
        assert "届满" in answer.json["detail"]


def test_a_must_is_not_extended(office: Office) -> None:
    """坛 六（四）: 须在 2 个工作日内完成."""
    number = office.file(category="application", written=True)["number"]
    answer = office.act("window_a", number, "extension", REASON)
    assert (answer.status_code, answer.json["code"]) == (409, "extension_not_allowed")
    assert "原则上" in answer.json["detail"]


def test_under_lu_there_is_nothing_to_extend(office: Office) -> None:
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    answer = office.act("lu_window_a", number, "extension", REASON)
    assert (answer.status_code, answer.json["code"]) == (409, "extension_not_allowed")


def test_only_the_holder_extends(office: Office) -> None:
    number = office.file()["number"]
    for name, status, code in (("window_head", 403, "not_holder"), ("lu_window_a", 404, "not_found")):
        answer = office.staff(name).post(f"/staff/inquiries/{number}/extension", REASON, version=1)
        assert (answer.status_code, answer.json["code"]) == (status, code)
    closed = office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
    assert closed.status_code == 200
    late = office.act("window_a", number, "extension", REASON)
    assert (late.status_code, late.json["code"]) == (409, "illegal_transition")


def test_a_repeated_request_extends_once(office: Office) -> None:
    number = office.file()["number"]
    key = "an-extension-asked-twice"
    first = office.staff("window_a").post(f"/staff/inquiries/{number}/extension", REASON, key=key, version=1)
    second = office.staff("window_a").post(f"/staff/inquiries/{number}/extension", REASON, key=key, version=1)
    assert first.json == second.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert consult(office, number)["due_at"] == "2026-11-20T17:30:00+08:00"
