"""转交 and 移交: an offer, then acceptance or return; the giver holds until somebody accepts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.times import SHANGHAI
from backend.models import Handoff, Inquiry, LedgerEntry
from backend.services.leaving import deactivate_staff
from backend.services.organising import set_absence
from tests.api.asking import errors, rows
from tests.support.app import Office

FRIDAY_MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)


def offer(office: Office, number: str, by: str = "window_a", **to: Any) -> Any:
    return office.act(by, number, "handoffs", {"reason": "属于对方职责"} | to)


def answer_offer(
    office: Office, name: str, number: str, handoff_id: str, what: str = "acceptance", **body: Any
) -> Any:
    version = office.version(number, name)
    return office.staff(name).post(f"/staff/handoffs/{handoff_id}/{what}", body, version=version)


def detail(office: Office, filed: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    return shown


def away(office: Office, *names: str) -> None:
    with office.working() as work:
        for name in names:
            set_absence(work, work.session.merge(office.org.people[name]), starts_at=work.now)


def test_the_giver_holds_until_somebody_accepts_and_the_limit_passes_on(office: Office) -> None:
    """坛 七（二）: 转交至具体承办人员，该承办人承接首问责任."""
    filed = office.file()
    number, before = filed["number"], filed["clocks"][0]
    made = offer(office, number, to_section=office.org.business.section.id, mode="escort")
    assert (made.status_code, made.json["status"]) == (201, "in_handoff")
    shown = detail(office, filed)
    assert shown["holder"]["section"]["id"] == office.org.window.section.id
    assert (shown["handoffs"][0]["mode"], shown["handoffs"][0]["kind"]) == ("escort", "section")
    assert shown["handoffs"][0]["clause"].endswith("第七条第（二）项")
    assert shown["handoffs"][0]["lapses_at"] == "2026-11-17T17:30:00+08:00"
    assert answer_offer(office, "business_b", number, made.json["id"]).status_code == 200
    shown = detail(office, filed)
    assert shown["status"] == "confirmed"
    assert shown["holder"]["person"]["id"] == office.org.people["business_b"].id
    assert shown["first_responder"]["id"] == office.org.people["window_a"].id
    [clock] = shown["clocks"]
    assert (clock["due_at"], clock["starts_at"]) == (before["due_at"], before["starts_at"])
    assert clock["bearer"]["person"]["id"] == office.org.people["business_b"].id
    assert clock["id"] != before["id"]


def test_a_return_names_reason_and_clause_and_leads_back_to_the_state_before(
    office: Office, subtests
) -> None:
    for signed_for in (False, True):
        with subtests.test(signed_for=signed_for):
            filed = office.file()
            number = filed["number"]
            if signed_for:
                office.act("window_a", number, "confirmation", {})
            made = offer(office, number, to_section=office.org.business.section.id)
            for lacking in ({}, {"reason": "不是"}, {"clause": "三定"}, {"reason": "", "clause": " "}):
                refused = answer_offer(office, "business_a", number, made.json["id"], "return", **lacking)
                assert (refused.status_code, refused.json["code"]) == (422, "validation_failed")
            back = answer_offer(
                office, "business_a", number, made.json["id"], "return", reason="不属于", clause="三定方案"
            )
            assert (back.status_code, back.json["status"]) == (200, "confirmed" if signed_for else "filed")
            [row] = detail(office, filed)["handoffs"]
            assert (row["state"], row["return_reason"], row["return_clause"]) == (
                "returned",
                "不属于",
                "三定方案",
            )
            assert detail(office, filed)["holder"]["section"]["id"] == office.org.window.section.id


def test_an_offer_to_a_named_person_is_theirs_alone(office: Office) -> None:
    number = office.file()["number"]
    made = offer(office, number, to_staff=office.org.people["business_b"].id)
    assert made.status_code == 201
    # The head reads what is offered to the section (design 1), and may not answer for the one who was named.
    for name, status in (("business_a", 404), ("business_head", 403), ("window_b", 403)):
        answer = office.staff(name).post(f"/staff/handoffs/{made.json['id']}/acceptance", version=2)
        assert answer.status_code == status, name
    assert answer_offer(office, "business_b", number, made.json["id"]).status_code == 200


@pytest.mark.parametrize("end", ["closing", "withdrawal"])
def test_an_offer_cancelled_meanwhile_cannot_be_accepted(office: Office, end) -> None:
    filed = office.file()
    number = filed["number"]
    made = offer(office, number, to_section=office.org.business.section.id)
    seen = office.version(number, "business_a")
    if end == "closing":
        ended = office.act("window_a", number, "closing", {"outcome": "answered", "reply": "已直接答复"})
    else:
        ended = office.citizen(filed["tracking_token"]).post(f"/inquiries/{number}/withdrawal", {})
    assert ended.status_code == 200
    before = rows(office)
    business = office.staff("business_a")
    for what, body in (("acceptance", {}), ("return", {"reason": "r", "clause": "c"})):
        path = f"/staff/handoffs/{made.json['id']}/{what}"
        stale = business.post(path, body, version=seen)
        assert (stale.status_code, stale.json["code"]) == (412, "version_conflict")
        fresh = business.post(path, body, version=stale.json["current_version"])
        assert (fresh.status_code, fresh.json["code"]) == (409, "offer_cancelled")
    # Whom it was not offered to is told nothing of it.
    assert (
        office.staff("neighbour_window_a")
        .post(f"/staff/handoffs/{made.json['id']}/acceptance", version=1)
        .status_code
        == 404
    )
    assert rows(office) == before
    assert detail(office, filed)["handoffs"][0]["state"] == "cancelled"


def test_a_returned_offer_cannot_be_accepted_afterwards(office: Office) -> None:
    number = office.file()["number"]
    made = offer(office, number, to_section=office.org.business.section.id)
    assert (
        answer_offer(
            office, "business_a", number, made.json["id"], "return", reason="r", clause="c"
        ).status_code
        == 200
    )
    late = office.staff("business_b").post(f"/staff/handoffs/{made.json['id']}/acceptance", version=3)
    assert (late.status_code, late.json["code"]) == (409, "offer_cancelled")


def test_nobody_to_accept_is_refused_and_the_giver_keeps_it(office: Office, subtests) -> None:
    org, number = office.org, office.file()["number"]
    away(office, "office_a", "office_b", "office_head", "general", "neighbour_general", "deputy_leader")
    with office.working() as work:
        deactivate_staff(work, work.session.merge(org.people["business_b"]))
        heir = work.session.merge(org.people["lu_general"])
        for name in ("lu_window_a", "lu_window_b", "lu_window_head"):
            deactivate_staff(work, work.session.merge(org.people[name]), posts_to=heir)
    people, unavailable, oneself = org.people, "handoff_target_unavailable", "handoff_to_self"
    cases: list[tuple[str, dict[str, str], str]] = [
        ("no target", {}, unavailable),
        ("unstaffed", {"to_section": org.empty_section.id}, unavailable),
        ("all absent", {"to_section": org.office.section.id}, unavailable),
        ("all disabled", {"to_section": org.lu_window.section.id}, unavailable),
        ("disabled person", {"to_staff": people["business_b"].id}, unavailable),
        ("absent person", {"to_staff": people["office_a"].id}, unavailable),
        ("unknown section", {"to_section": "0" * 32}, unavailable),
        ("unknown unit", {"to_unit": "0" * 32}, unavailable),
        ("unknown person", {"to_staff": "nobody"}, unavailable),
        (
            "section of another unit",
            {"to_unit": org.unit.id, "to_section": org.neighbour_window.section.id},
            unavailable,
        ),
        (
            "person of another section",
            {"to_section": org.business.section.id, "to_staff": people["window_b"].id},
            unavailable,
        ),
        ("unit whose general post is empty", {"to_unit": org.neighbour.id}, unavailable),
        ("unit without a general post", {"to_unit": org.lead.id}, unavailable),
        ("own unit without a section", {"to_unit": org.unit.id}, unavailable),
        ("own section", {"to_section": org.window.section.id}, oneself),
        ("oneself", {"to_staff": people["window_a"].id}, oneself),
        ("an auditor", {"to_staff": people["auditor"].id}, unavailable),
        ("a system administrator", {"to_staff": people["sysadmin"].id}, unavailable),
    ]
    before = rows(office)
    for title, to, code in cases:
        with subtests.test(title):
            answer = offer(office, number, **to)
            assert (answer.status_code, answer.json["code"]) == (422, code)
    for mode in ("", "throw", 1, None):
        assert errors(offer(office, number, to_section=org.business.section.id, mode=mode))[0][0] == "/mode"
    assert rows(office) == before


def test_deputies_and_heads_stand_in_for_the_post(office: Office) -> None:
    """AB岗: with the holder there a deputy may act too, a head only when neither is there."""
    number = office.file()["number"]
    refused = office.act("window_head", number, "confirmation", {})
    assert (refused.status_code, refused.json["code"]) == (403, "not_holder")
    assert office.act("window_b", number, "confirmation", {}).status_code == 200
    filed = office.file()
    away(office, "window_a", "window_b")
    assert office.act("window_head", filed["number"], "confirmation", {}).status_code == 200
    second = office.file()
    assert second["holder"]["section"]["id"] == office.org.window.section.id
    assert detail(office, second)["first_responder"]["id"] == office.org.people["window_head"].id
    away(office, "window_head")
    third = office.file()
    assert third["holder"]["post"]["kind"] == "general"
    assert detail(office, third)["first_responder"]["id"] == office.org.people["general"].id


def test_absent_people_cannot_answer_an_offer(office: Office) -> None:
    number = office.file()["number"]
    made = offer(office, number, to_section=office.org.business.section.id)
    away(office, "business_a")
    answer = office.staff("business_a").post(f"/staff/handoffs/{made.json['id']}/acceptance", version=2)
    assert (answer.status_code, answer.json["code"]) == (403, "not_holder")
    assert answer_offer(office, "business_b", number, made.json["id"]).status_code == 200


def test_acceptance_by_another_unit_stands_in_both_chains(office: Office) -> None:
    filed = office.file(category="application")
    number = filed["number"]
    made = offer(office, number, to_unit=office.org.neighbour.id)
    assert answer_offer(office, "neighbour_general", number, made.json["id"]).status_code == 200
    with office.looking() as work:
        entries = work.session.scalars(
            select(LedgerEntry).join(Inquiry).where(Inquiry.number == number, LedgerEntry.event == "accepted")
        ).all()
        assert {(entry.unit_id, entry.is_mirror) for entry in entries} == {
            (office.org.neighbour.id, False),
            (office.org.unit.id, True),
        }
        inquiry = work.session.scalars(select(Inquiry).where(Inquiry.number == number)).one()
        assert (inquiry.unit_id, inquiry.first_unit_id) == (office.org.neighbour.id, office.org.unit.id)
        assert inquiry.first_responder_id == office.org.people["window_a"].id
    # The first unit still follows it, and learns the result in its own chain (负责到底).
    assert (
        office.act(
            "neighbour_general", number, "closing", {"outcome": "completed", "reply": "办好了"}
        ).status_code
        == 200
    )
    assert office.staff("general").get(f"/staff/inquiries/{number}").json["outcome"] == "completed"
    with office.looking() as work:
        closed = work.session.scalars(
            select(LedgerEntry.unit_id)
            .join(Inquiry)
            .where(Inquiry.number == number, LedgerEntry.event == "closed")
        ).all()
    assert set(closed) == {office.org.unit.id, office.org.neighbour.id}


def clocks(office: Office, filed: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {clock["duty"]: (clock["state"], clock["due_at"]) for clock in detail(office, filed)["clocks"]}


def test_serving_the_letter_meets_the_transfer_limit_and_a_return_does_not_undo_it(office: Office) -> None:
    filed = office.file(category="application")
    number = filed["number"]
    assert clocks(office, filed) == {"written-transfer": ("running", "2026-11-18T17:30:00+08:00")}
    office.clock.set(FRIDAY_MORNING.replace(day=17, hour=16))
    made = offer(office, number, to_unit=office.org.neighbour.id)
    assert detail(office, filed)["handoffs"][0]["written"] is True
    assert detail(office, filed)["handoffs"][0]["served_at"] == "2026-11-17T16:00:00+08:00"
    served = clocks(office, filed)
    assert served["written-transfer"][0] == "met"
    assert served["accept-at-once"] == ("running", "2026-11-17T17:30:00+08:00")
    office.clock.forward(hours=1)
    assert (
        answer_offer(
            office, "neighbour_general", number, made.json["id"], "return", reason="不管", clause="三定"
        ).status_code
        == 200
    )
    after = clocks(office, filed)
    assert (after["written-transfer"][0], after["accept-at-once"][0]) == ("met", "cancelled")


def test_an_authority_that_accepts_late_met_its_limit_late(office: Office) -> None:
    filed = office.file(category="application")
    made = offer(office, filed["number"], to_unit=office.org.neighbour.id)
    office.clock.forward(hours=9)
    assert answer_offer(office, "neighbour_general", filed["number"], made.json["id"]).status_code == 200
    assert clocks(office, filed)["accept-at-once"] == ("met_late", "2026-11-16T17:30:00+08:00")
    assert "clock_overdue" in {entry["event"] for entry in detail(office, filed)["timeline"]}


@pytest.mark.parametrize(("competent", "state"), [(True, "cancelled"), (False, "running"), (None, "running")])
def test_confirming_competence_ends_the_transfer_limit(office: Office, competent, state) -> None:
    filed = office.file(category="application")
    body = {} if competent is None else {"competent": competent}
    assert office.act("window_a", filed["number"], "confirmation", body).status_code == 200
    assert clocks(office, filed)["written-transfer"][0] == state


def test_a_handoff_inside_the_unit_and_closing_end_the_transfer_limit(office: Office) -> None:
    inside, closed = office.file(category="application"), office.file(category="report", written=True)
    assert set(clocks(office, closed)) == {"written-transfer"}
    assert clocks(office, office.file(category="application", written=False)) == {}
    assert offer(office, inside["number"], to_section=office.org.business.section.id).status_code == 201
    assert clocks(office, inside)["written-transfer"][0] == "cancelled"
    office.act("window_a", closed["number"], "closing", {"outcome": "completed", "reply": "办好"})
    assert clocks(office, closed)["written-transfer"][0] == "cancelled"


def test_the_lu_measure_sets_no_days_and_says_so(office: Office) -> None:
    for category in ("consult", "application", "report", "complaint", "other"):
        filed = office.file(sign=office.org.lu_window.sign.code, category=category)
        assert (filed["clocks"], filed["no_limit_note"]) == ([], "本办法未规定天数")
        shown = detail(office, filed)
        assert (shown["clocks"], shown["no_limit_note"]) == ([], "本办法未规定天数")
    filed = office.file(sign=office.org.lu_window.sign.code)
    made = offer(office, filed["number"], "lu_window_a", to_unit=office.org.unit.id)
    assert made.status_code == 201
    shown = detail(office, filed)
    assert shown["clocks"] == []
    assert "附件2" in shown["handoffs"][0]["clause"]
    assert answer_offer(office, "general", filed["number"], made.json["id"]).status_code == 200
    assert detail(office, filed)["clocks"] == []


def test_over_new_year_without_an_official_calendar_a_limit_is_provisional(office: Office) -> None:
    office.clock.set(datetime(2026, 12, 31, 9, 0, tzinfo=SHANGHAI))
    filed = office.file()
    assert [clock["provisional"] for clock in filed["clocks"]] == [True]
    assert filed["clocks"][0]["due_at"].startswith("2027-01-")
    assert office.anybody.client.get("/readyz").json["warnings"] == ["calendar_missing:2027"]
    listed = office.staff("window_a").get("/staff/inquiries?box=todo").json["items"]
    assert [item["provisional"] for item in listed] == [True]


def test_a_second_offer_after_a_return_is_a_row_of_its_own(office: Office) -> None:
    filed = office.file()
    for _ in range(2):
        made = offer(office, filed["number"], to_section=office.org.business.section.id)
        answer_offer(office, "business_a", filed["number"], made.json["id"], "return", reason="r", clause="c")
    with office.looking() as work:
        assert len(work.session.scalars(select(Handoff)).all()) == 2
    assert [row["state"] for row in detail(office, filed)["handoffs"]] == ["returned", "returned"]
