from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from backend.domain.vocabulary import ClockEnd
from backend.migrations.triggers import CLOCK_FACTS_APPEND_ONLY, CLOCKS_IMMUTABLE
from backend.models import Clock, ClockFact
from tests.support import rows
from tests.support.rows import DAY, NOW


def test_a_limit_is_due_after_it_starts(session, office, refused):
    with refused("ck_clocks_due_after_start"):
        rows.clock(session, office.inquiry, due_at=office.inquiry.received_at)


@pytest.mark.parametrize("change", [{"ended_at": NOW}, {"end": ClockEnd.MET}], ids=str)
def test_the_end_of_a_limit_has_a_kind_and_a_time(session, office, refused, change):
    with refused("ck_clocks_end_has_time"):
        rows.clock(session, office.inquiry, **change)


def test_a_limit_is_superseded_once(session, office, refused):
    first = rows.clock(session, office.inquiry, ended_at=NOW, end=ClockEnd.SUPERSEDED)
    rows.clock(session, office.inquiry, supersedes_id=first.id)
    with refused("ix_clocks_supersedes_id", "clocks.supersedes_id"):
        rows.clock(session, office.inquiry, supersedes_id=first.id)


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": NOW + 9 * DAY},
        {"starts_at": NOW - DAY},
        {"quote": "10个工作日"},
        {"working_days": 10},
        {"is_provisional": True},
        {"duty": "handling-limit"},
    ],
    ids=str,
)
def test_what_a_limit_says_does_not_change(session, office, refused, change):
    rows.clock(session, office.inquiry)
    with refused(CLOCKS_IMMUTABLE):
        session.execute(update(Clock).values(**change))


def test_a_limit_ends_once_and_its_notes_stay(session, office, refused):
    clock = rows.clock(session, office.inquiry)
    clock.is_due_soon_noted = clock.is_overdue_noted = True
    clock.ended_at, clock.end = NOW, ClockEnd.MET
    session.flush()
    for change in (
        {"end": ClockEnd.CANCELLED},
        {"ended_at": NOW + DAY},
        {"ended_at": None, "end": None},
        {"is_due_soon_noted": False},
        {"is_overdue_noted": False},
    ):
        with refused(CLOCKS_IMMUTABLE):
            session.execute(update(Clock).values(**change))


def test_limits_and_their_facts_are_never_deleted(session, office, refused):
    rows.clock_fact(session, rows.clock(session, office.inquiry))
    with refused(CLOCK_FACTS_APPEND_ONLY):
        session.execute(delete(ClockFact))
    with refused(CLOCK_FACTS_APPEND_ONLY):
        session.execute(update(ClockFact).values(at=NOW))
    with refused(CLOCKS_IMMUTABLE):
        session.execute(delete(Clock))


def test_a_limit_brings_about_each_fact_once(session, office, refused):
    clock = rows.clock(session, office.inquiry)
    rows.clock_fact(session, clock)
    rows.clock_fact(session, clock, kind="due_soon")
    session.expunge_all()
    with refused("pk_clock_facts", "clock_facts.clock_id, clock_facts.kind"):
        rows.clock_fact(session, clock)
    with refused("ck_clock_facts_known_kind"):
        rows.clock_fact(session, clock, kind="late")
