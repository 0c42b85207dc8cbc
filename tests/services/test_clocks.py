"""Limits start, pass on and end; a row never changes what it says, and a breach is one fact at its legal moment."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Category, ClockEnd
from backend.models import Clock, ClockFact, LedgerEntry
from backend.services.changing_clocks import pass_on_clocks
from backend.services.clocks import (
    end_clocks_by,
    note_breach,
    note_due_soon,
    running_clocks,
    start_clocks,
)
from backend.services.holdings import hold
from backend.services.work import Work
from backend.statute.model import Event
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation

DUE = datetime(2026, 11, 26, 17, 30, tzinfo=SHANGHAI)


def test_a_receiver_gets_the_same_limit_under_another_name(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    [first] = filed.clocks
    assert (first.due_at, first.bearer_staff_id) == (DUE, org.people["window_a"].id)
    taken = hold(later(work, hours=3), filed.inquiry, staff=org.people["business_b"])
    [successor] = pass_on_clocks(later(work, hours=3), filed.inquiry, taken)
    assert first.end is ClockEnd.SUPERSEDED
    assert (successor.supersedes_id, successor.due_at, successor.starts_at) == (
        first.id,
        DUE,
        first.starts_at,
    )
    assert (successor.clause, successor.quote) == (first.clause, first.quote)
    assert successor.bearer_staff_id == org.people["business_b"].id
    assert running_clocks(work, filed.inquiry) == [successor]
    # Passing on to whoever bears it already makes no new row.
    assert pass_on_clocks(later(work, hours=4), filed.inquiry, taken) == []


@pytest.mark.parametrize(
    ("hours_after_due", "breached"), [(-1, False), (0, False), (0.001, True), (24, True)]
)
def test_a_limit_met_late_keeps_its_breach(
    work: Work, org: SmallOrganisation, hours_after_due, breached
) -> None:
    filed = file(work, org)
    [clock] = filed.clocks
    hours = (DUE - work.now).total_seconds() / 3600 + hours_after_due
    [ended] = end_clocks_by(later(work, hours=hours), filed.inquiry, Event.CLOSED)
    assert (ended.id, ended.end, ended.is_overdue_noted) == (clock.id, ClockEnd.MET, breached)
    facts = work.session.scalars(select(ClockFact).where(ClockFact.clock_id == clock.id)).all()
    assert [(fact.kind, fact.at) for fact in facts] == ([("overdue", DUE)] if breached else [])


def test_a_breach_is_noted_once_at_the_legal_moment(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    [clock] = filed.clocks
    much_later = later(work, days=9)
    fact = note_breach(much_later, filed.inquiry, clock)
    assert fact is not None
    assert (fact.at, fact.recorded_at, fact.holding_id) == (DUE, much_later.now, filed.holding.id)
    assert note_breach(later(work, days=10), filed.inquiry, clock) is None
    assert note_due_soon(much_later, filed.inquiry, clock) is not None
    assert note_due_soon(much_later, filed.inquiry, clock) is None
    entries = work.session.scalars(
        select(LedgerEntry.event).where(LedgerEntry.inquiry_id == filed.inquiry.id)
    ).all()
    assert sorted(entries) == ["clock_due_soon", "clock_overdue", "filed", "lead_opened"]


def test_only_what_the_measure_binds_starts(work: Work, org: SmallOrganisation) -> None:
    duties = {
        category: [clock.duty for clock in file(work, org, category, written=True).clocks]
        for category in Category
    }
    assert duties == {
        Category.CONSULT: ["answer-consult"],
        Category.APPLICATION: ["written-transfer"],
        Category.REPORT: ["written-transfer"],
        Category.COMPLAINT: [],
        Category.OTHER: ["written-transfer"],
    }
    filed = file(work, org)
    assert start_clocks(work, filed.inquiry, Event.REFUSED, since=work.now, holding=filed.holding) == []


def test_an_event_that_concerns_no_limit_ends_none(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    for event in (
        Event.COMPETENCE_CONFIRMED,
        Event.SECTION_HANDOFF,
        Event.UNIT_HANDOFF_SERVED,
        Event.REFUSED,
    ):
        assert end_clocks_by(work, filed.inquiry, event) == []
    assert work.session.scalars(select(Clock.ended_at).where(Clock.inquiry_id == filed.inquiry.id)).all() == [
        None
    ]
