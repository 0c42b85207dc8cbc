"""What the database itself refuses about notices, letters, disputes, joint cases, leads and a unit's own rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend import models
from backend.domain import vocabulary as v
from tests.support import rows, statute_rows
from tests.support.rows import DAY, NOW


def test_a_promise_is_never_longer_than_the_law(session, office, refused):
    with refused("ck_matters_a_promise_never_weakens_the_law"):
        statute_rows.matter(session, office.unit, legal_days=5, promised_days=6)
    statute_rows.matter(session, office.unit, legal_days=5, promised_days=5)


def test_a_matter_has_some_limit_and_one_live_entry_a_name(session, office, refused):
    with refused("ck_matters_some_limit"):
        statute_rows.matter(session, office.unit, legal_days=None)
    statute_rows.matter(session, office.unit)
    with refused("uq_matters_one_live", "matters.unit_id"):
        statute_rows.matter(session, office.unit)
    statute_rows.matter(session, office.unit, ended_at=NOW + DAY)


def test_a_unit_promises_once_for_each_category(session, office, refused):
    statute_rows.promise(session, office.unit)
    with refused("uq_unit_promises_one_live", "unit_promises.unit_id"):
        statute_rows.promise(session, office.unit, working_days=2)
    with refused("ck_unit_promises_some_days"):
        statute_rows.promise(session, office.other_unit, working_days=0)


def test_only_a_commendation_names_somebody(session, office, refused):
    with refused("ck_unit_records_only_honours_name_people"):
        statute_rows.unit_record(session, office.unit, staff_id=office.clerk.id)
    statute_rows.unit_record(
        session, office.unit, kind=v.UnitRecordKind.COMMENDATION, staff_id=office.clerk.id
    )


def test_a_notice_has_its_place_in_the_round_and_days_have_a_kind(session, office, refused):
    statute_rows.notice(session, office.inquiry, office.clerk)
    with refused("ix_notices_inquiry_id_round_position", "notices.inquiry_id"):
        statute_rows.notice(session, office.inquiry, office.clerk)
    with refused("ck_notices_days_have_a_kind"):
        statute_rows.notice(session, office.inquiry, office.clerk, position=2, limit_kind=None)


@pytest.mark.parametrize(
    "missing", ["served_at", "served_how", "served_recorded_at", "served_by_id", "receipt_text_id"]
)
def test_a_letter_is_served_with_proof_or_not_at_all(session, office, refused, missing):
    with refused("ck_external_handoffs_served_with_proof"):
        statute_rows.letter(session, office.inquiry, office.clerk, **{missing: None})


def test_a_letter_is_not_served_in_the_future(session, office, refused):
    with refused("ck_external_handoffs_served_before_recorded"):
        statute_rows.letter(session, office.inquiry, office.clerk, served_at=NOW + 2 * DAY)


def test_one_letter_and_one_dispute_at_a_time(session, office, refused):
    drafted = dict.fromkeys(
        ("served_at", "served_how", "served_recorded_at", "served_by_id", "receipt_text_id")
    )
    draft = {"state": v.ExternalState.DRAFTED, **drafted}
    statute_rows.letter(session, office.inquiry, office.clerk, **draft)
    with refused("uq_external_handoffs_one_open", "external_handoffs.inquiry_id"):
        statute_rows.letter(session, office.inquiry, office.clerk, **draft)
    handoff = rows.handoff(session, office.inquiry, office.holding, office.clerk, office.next_section)
    statute_rows.dispute(session, office.inquiry, handoff)
    with refused("uq_disputes_one_open", "disputes.inquiry_id"):
        statute_rows.dispute(session, office.inquiry, handoff)


def test_a_dispute_is_decided_with_a_reason_and_a_target(session, office, refused):
    handoff = rows.handoff(session, office.inquiry, office.holding, office.clerk, office.next_section)
    with refused("ck_disputes_decided_with_reason_and_target"):
        statute_rows.dispute(
            session, office.inquiry, handoff, state=v.DisputeState.DECIDED, decided_at=NOW + DAY
        )


def test_the_written_report_has_its_three_parts(session, office, refused):
    """坛 六（三）: 列明具体事项、各方理据，并提出倾向性意见."""
    text = rows.inquiry_text(session, office.inquiry).id
    whole = {
        "state": v.JointState.REFERRED,
        "report_to": v.ReportTo.PARTY_OFFICE,
        "report_matter_text_id": text,
        "report_positions_text_id": text,
        "report_opinion_text_id": text,
        "referred_at": NOW,
        "referred_by_id": office.clerk.id,
    }
    for part in ("report_matter_text_id", "report_positions_text_id", "report_opinion_text_id", "report_to"):
        with refused("ck_joint_handlings_report_has_its_three_parts"):
            statute_rows.joint(session, office.inquiry, office.clerk, **(whole | {part: None}))
    statute_rows.joint(session, office.inquiry, office.clerk, **whole)
    with refused("uq_joint_handlings_one_live", "joint_handlings.inquiry_id"):
        statute_rows.joint(session, office.inquiry, office.clerk)


def test_one_reminder_a_day(session, office, refused):
    def remind(day):
        session.add(models.Reminder(inquiry_id=office.inquiry.id, day=day, at=NOW))
        session.flush()

    remind(date(2026, 11, 24))
    with refused("ix_reminders_inquiry_id_day", "reminders.inquiry_id"):
        remind(date(2026, 11, 24))
    remind(date(2026, 11, 25))


def test_a_breach_gives_one_lead_for_an_item(session, office, refused):
    clock = rows.clock(session, office.inquiry)
    statute_rows.lead(session, clock)
    with refused("uq_leads_one_a_breach", "leads.clock_id"):
        statute_rows.lead(session, clock)
    with refused("ck_leads_a_breach_names_its_clock"):
        statute_rows.lead(session, clock, clock_id=None)
    with refused("ck_leads_a_report_says_what"):
        statute_rows.lead(session, clock, ground=v.LeadGround.REPORTED)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"paused_at": NOW}, "ck_clocks_paused_with_days_left"),
        ({"remaining_days": 1}, "ck_clocks_paused_with_days_left"),
        ({"change": v.ClockChange.PAUSE}, "ck_clocks_changed_from_something"),
    ],
)
def test_a_clock_says_how_it_changed(session, office, refused, given, refusal):
    with refused(refusal):
        rows.clock(session, office.inquiry, **given)


def test_an_extension_has_its_reason(session, office, refused):
    """坛 七（一）: “原则上” is extended with a reason."""
    first = rows.clock(session, office.inquiry)
    with refused("ck_clocks_extended_with_reason"):
        rows.clock(session, office.inquiry, supersedes_id=first.id, change=v.ClockChange.EXTENSION)
    reason = rows.inquiry_text(session, office.inquiry, kind="reason").id
    longer = first.due_at + timedelta(days=2)
    rows.clock(
        session,
        office.inquiry,
        supersedes_id=first.id,
        change=v.ClockChange.EXTENSION,
        change_text_id=reason,
        due_at=longer,
    )
