"""A rating: the citizen's own, once a round, changed once, unseen by staff until the next Monday."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.domain.times import SHANGHAI
from backend.services.leaving import deactivate_staff
from tests.api.asking import errors, rows
from tests.support.app import MONDAY, Api, Office
from tests.support.organisation import PHONES

NEXT_MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI)


def closed(office: Office, **changes: Any) -> tuple[str, Api, dict[str, Any]]:
    filed = office.file(**changes)
    ended = office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert ended.status_code == 200
    return filed["number"], office.citizen(filed["tracking_token"]), filed


def rate(citizen: Api, number: str, grade: str = "fair", **more: Any) -> Any:
    return citizen.post(f"/inquiries/{number}/rating", {"grade": grade, **more})


def change(citizen: Api, number: str, grade: str = "satisfied", **more: Any) -> Any:
    return citizen.put(f"/inquiries/{number}/rating", {"grade": grade, **more})


def test_rating_waits_for_the_closing_and_is_given_once(office: Office) -> None:
    filed = office.file()
    number, citizen = filed["number"], office.citizen(filed["tracking_token"])
    for early in (rate(citizen, number), change(citizen, number)):
        assert (early.status_code, early.json["code"]) == (409, "not_rateable")
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
    absent = change(citizen, number)
    assert (absent.status_code, absent.json["code"]) == (404, "not_found")
    assert rate(citizen, number, "dissatisfied", comment="慢").json["grade"] == "dissatisfied"
    before = rows(office)
    again = rate(citizen, number)
    assert (again.status_code, again.json["code"]) == (409, "already_rated")
    assert rows(office) == before


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_there_is_no_default_and_no_other_grade(office: Office) -> None:
    number, citizen, _ = closed(office)
    cases = [
        ({}, ("/grade", "required")),
        ({"grade": None}, ("/grade", "null_not_allowed")),
        ({"grade": "perfect"}, ("/grade", "choice_invalid")),
        ({"grade": 5}, ("/grade", "type_invalid")),
        ({"grade": "fair", "comment": "\0"}, ("/comment", "text_invalid")),
        ({"grade": "fair", "share_with_section": "yes"}, ("/share_with_section", "type_invalid")),
        ({"grade": "fair", "rated_at": "2026-01-01"}, ("/rated_at", "unknown_field")),
        ({"grade": "fair", "counted": True}, ("/counted", "unknown_field")),
    ]
    for body, wrong in cases:
        assert errors(citizen.post(f"/inquiries/{number}/rating", body)) == [wrong]
    assert citizen.get(f"/inquiries/{number}").json["rating"] is None


def test_a_grade_is_changed_once_within_seven_days(office: Office) -> None:
    number, citizen, _ = closed(office)
    rate(citizen, number, "dissatisfied", comment="慢")
    office.clock.forward(days=7)
    assert change(citizen, number, "satisfied").json["grade"] == "satisfied"
    shown = citizen.get(f"/inquiries/{number}").json["rating"]
    assert (shown["grade"], shown["comment"], shown["can_change"]) == ("satisfied", None, False)
    again = change(citizen, number)
    assert (again.status_code, again.json["code"]) == (409, "already_rated")
    late_number, late, _ = closed(office)
    rate(late, late_number)
    office.clock.forward(days=7, seconds=1)
    answer = change(late, late_number)
    assert (answer.status_code, answer.json["code"]) == (409, "already_rated")


def test_the_window_ends_thirty_days_after_closing(office: Office) -> None:
    number, citizen, _ = closed(office)
    other_number, other, _ = closed(office)
    office.clock.forward(days=30)
    assert rate(citizen, number).status_code == 201
    office.clock.forward(seconds=1)
    late = rate(other, other_number)
    assert (late.status_code, late.json["code"]) == (409, "not_rateable")
    assert "rate" not in {
        action["name"] for action in other.get(f"/inquiries/{other_number}").json["actions"]
    }


def test_what_was_withdrawn_is_not_rated(office: Office) -> None:
    filed = office.file()
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{filed['number']}/withdrawal", {}).status_code == 200
    answer = rate(citizen, filed["number"])
    assert (answer.status_code, answer.json["code"]) == (409, "not_rateable")
    again = citizen.post(f"/inquiries/{filed['number']}/reopening", {"reason": "还是要办"})
    assert (again.status_code, again.json["code"]) == (409, "illegal_transition")


def test_each_round_has_its_own_grade(office: Office) -> None:
    number, citizen, _ = closed(office)
    rate(citizen, number, "dissatisfied")
    assert citizen.post(f"/inquiries/{number}/reopening", {"reason": "没解决"}).json["status"] == "confirmed"
    assert citizen.get(f"/inquiries/{number}").json["rating"] is None
    for early in (rate(citizen, number), change(citizen, number)):
        assert (early.status_code, early.json["code"]) == (409, "not_rateable")
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "这次清楚了"})
    assert rate(citizen, number, "satisfied").status_code == 201
    assert rows(office)["ratings"] == 2


EYES = ("window_a", "general", "discipline", "deputy_leader")


def staff_views(office: Office, number: str) -> dict[str, bytes]:
    """Every byte staff can get of the inquiry and the lists around it, request ids apart."""
    views = {}
    for name in EYES:
        for path in (
            f"/staff/inquiries/{number}",
            "/staff/me",
            *(f"/staff/inquiries?box={box}" for box in ("closed", "unit", "section")),
        ):
            answer = office.staff(name).get(path)
            headers = [item for item in answer.headers.items() if item[0] != "X-Request-Id"]
            views[f"{name} {path}"] = answer.data + repr(headers).encode()
    return views


def test_a_rating_changes_no_byte_of_what_staff_see_until_monday(office: Office) -> None:
    number, citizen, _ = closed(office)
    office.clock.forward(minutes=5)
    closed(office)
    office.clock.set(MONDAY + timedelta(days=2))
    before = staff_views(office, number)
    assert (
        rate(citizen, number, "dissatisfied", comment="等了一上午", share_with_section=True).status_code
        == 201
    )
    assert staff_views(office, number) == before
    assert change(citizen, number, "fair", comment="算了", share_with_section=True).status_code == 200
    assert staff_views(office, number) == before
    office.clock.set(NEXT_MONDAY - timedelta(seconds=1))
    assert office.staff("discipline").get(f"/staff/inquiries/{number}").json["rating"] is None
    office.clock.set(NEXT_MONDAY)
    for name in EYES:
        detail = office.staff(name).get(f"/staff/inquiries/{number}")
        assert detail.json["rating"] == {"grade": "fair", "grade_label": "一般"}, name
        assert "算了" not in detail.get_data(as_text=True)
        assert not {"rated", "rating_changed"} & {entry["event"] for entry in detail.json["timeline"]}


def test_a_grade_changed_after_it_was_shown_changes_nothing_before_the_monday_after(office: Office) -> None:
    number, citizen, _ = closed(office)
    rate(citizen, number, "dissatisfied")
    office.clock.set(NEXT_MONDAY + timedelta(minutes=1))
    before = staff_views(office, number)
    assert change(citizen, number, "satisfied").status_code == 200
    assert staff_views(office, number) == before
    assert (
        office.staff("discipline").get(f"/staff/inquiries/{number}").json["rating"]["grade"] == "dissatisfied"
    )
    office.clock.set(NEXT_MONDAY + timedelta(days=7))
    assert office.staff("discipline").get(f"/staff/inquiries/{number}").json["rating"]["grade"] == "satisfied"


def test_without_consent_the_section_learns_only_that_it_was_rated(office: Office) -> None:
    number, citizen, _ = closed(office)
    rate(citizen, number, "dissatisfied")
    office.clock.set(NEXT_MONDAY)
    seen = {name: office.staff(name).get(f"/staff/inquiries/{number}").json["rating"] for name in EYES}
    secret = {"grade": None, "grade_label": "已评价（保密）"}
    open_ = {"grade": "dissatisfied", "grade_label": "不满意"}
    assert seen == {name: open_ if name in {"general", "discipline"} else secret for name in EYES}


def test_a_staff_session_does_not_rate(office: Office) -> None:
    number, citizen, filed = closed(office)
    both = Api(citizen.client, {**citizen.headers, **office.staff("business_b").headers})
    before = rows(office)
    for answer in (rate(both, number), change(both, number), rate(both, number, "perfect")):
        assert (answer.status_code, answer.json["code"]) == (403, "staff_cannot_rate")
    assert rows(office) == before
    for dead in ("Bearer nonsense", f"Bearer {filed['tracking_token']}"):
        stranger = Api(citizen.client, {**citizen.headers, "Authorization": dead})
        assert rate(stranger, number).status_code in {201, 409}
    assert both.get(f"/inquiries/{number}").json["rating"]["grade"] == "fair"


def test_a_staff_members_own_phone_does_not_rate(office: Office) -> None:
    number, citizen, _ = closed(office, contact={"phone": f"+86 {PHONES['business_a']}"})
    for answer in (rate(citizen, number), change(citizen, number)):
        assert (answer.status_code, answer.json["code"]) == (403, "staff_cannot_rate")
    assert "rate" not in {action["name"] for action in citizen.get(f"/inquiries/{number}").json["actions"]}
    with office.working() as work:
        deactivate_staff(work, work.session.merge(office.org.people["business_a"]))
    assert rate(citizen, number).status_code == 201
