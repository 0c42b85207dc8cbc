from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import OperationalError

from backend.database import READER, db, reading, unit_of_work
from backend.delivery import duties
from backend.domain import vocabulary as v
from backend.models import (
    AccessSession,
    Clock,
    Handoff,
    Holding,
    IdempotencyKey,
    Inquiry,
    LedgerEntry,
    LedgerHead,
    OutboxItem,
    ScheduleSlot,
)
from tests.cli.tampering import unguarded
from tests.delivery.office import at
from tests.support import rows

GOING = threading.Event()
INSTANT = timedelta(microseconds=1)
WINDOW = ("window_a", "window_b", "window_head")
"""The keepers of the window's post and the head of its section."""


def run(office, duty, moment):
    office.clock.moment = moment
    duty(GOING)


def recipients(messages):
    return sorted(message.recipient_id for message in messages)


SILENCE = [
    # offered on a Tuesday morning: until Wednesday's close of business
    ("2026-11-24 10:30", "2026-11-25 17:30"),
    # on a Friday: over the weekend until Monday
    ("2026-11-27 09:00", "2026-11-30 17:30"),
    # on a Sunday: the day itself does not count, Monday is the working day
    ("2026-11-29 12:00", "2026-11-30 17:30"),
    # the evening before 国庆节: seven days off, then Thursday the 8th
    ("2026-09-30 20:00", "2026-10-08 17:30"),
    # the Friday before a make-up Saturday: offices are open on it
    ("2026-10-09 10:00", "2026-10-10 17:30"),
]


@pytest.mark.parametrize(("offered", "until"), SILENCE)
def test_silence_returns_an_offer_once_and_not_a_moment_early(office, offered, until):
    office.clock.moment = at(offered)
    inquiry_id = office.file()
    handoff_id = office.offer(inquiry_id)

    run(office, duties.lapse_offers, at(until))
    assert office.handoff(handoff_id).state is v.HandoffState.OFFERED

    run(office, duties.lapse_offers, at(until) + INSTANT)
    run(office, duties.lapse_offers, at(until) + timedelta(days=3))
    handoff = office.handoff(handoff_id)
    assert handoff.state is v.HandoffState.LAPSED
    assert handoff.decided_at == at(until) + INSTANT
    assert len(office.entries("lapsed")) == 1
    assert recipients(office.messages("lapsed")) == office.ids_of("window_a", "window_b")
    with reading() as session:
        assert session.get_one(Inquiry, inquiry_id).status is v.Status.FILED
        live = session.scalars(select(Holding.post_id).where(Holding.ended_at.is_(None))).all()
    assert live == [office.org.window.post.id]


def test_silence_of_another_unit_stands_in_both_chains_and_stays_its_breach(office):
    inquiry_id = office.file(v.Category.APPLICATION)
    office.offer(inquiry_id, to_unit=office.org.neighbour.id)
    moment = at("2026-11-25 17:30") + INSTANT

    run(office, duties.lapse_offers, moment)
    run(office, duties.note_overdue, moment)

    lapsed = office.entries("lapsed")
    assert {entry.unit_id for entry in lapsed} == {office.org.unit.id, office.org.neighbour.id}
    (fact,) = office.facts("overdue")
    assert fact.at == at("2026-11-24 17:30")  # 即时: close of business of the day it was served
    assert fact.bearer_unit_id == office.org.neighbour.id


def test_an_answered_offer_is_left_alone(office):
    handoff_id = office.offer(office.file())
    with office.office.working() as work:
        handoff = work.session.get_one(Handoff, handoff_id)
        handoff.state, handoff.decided_at = v.HandoffState.CANCELLED, work.now
    run(office, duties.lapse_offers, at("2026-11-30 09:00"))
    assert office.handoff(handoff_id).state is v.HandoffState.CANCELLED


def test_a_breach_is_dated_at_the_legal_moment_however_late_the_job_runs(office):
    inquiry_id = office.file()
    run(office, duties.note_overdue, at("2026-11-26 17:30"))
    assert office.facts("overdue") == []

    late = at("2026-11-28 09:00")
    run(office, duties.note_overdue, late)
    (fact,) = office.facts("overdue")
    assert fact.at == at("2026-11-26 17:30")
    assert fact.recorded_at == late
    assert fact.bearer_staff_id == office.id_of("window_a")
    with reading() as session:
        assert session.get_one(Holding, fact.holding_id).inquiry_id == inquiry_id
    (entry,) = office.entries("clock_overdue")
    assert '"legal_moment":"2026-11-26T17:30:00+08:00"' in entry.body


def test_the_same_breach_is_never_written_twice(office):
    office.file()
    for day in ("2026-11-27", "2026-11-28", "2026-11-30"):
        run(office, duties.note_overdue, at(f"{day} 09:00"))
    assert len(office.facts("overdue")) == len(office.entries("clock_overdue")) == 1
    assert recipients(office.messages("overdue")) == office.ids_of(*WINDOW)


def test_holders_and_section_head_are_told_once_that_a_limit_is_near(office):
    office.file()
    run(office, duties.note_near, at("2026-11-25 17:30") - INSTANT)
    assert office.facts("due_soon") == []
    for moment in ("2026-11-25 17:30", "2026-11-26 09:00"):
        run(office, duties.note_near, at(moment))
    (fact,) = office.facts("due_soon")
    assert fact.at == at("2026-11-25 17:30")
    messages = office.messages("due_soon")
    assert recipients(messages) == office.ids_of(*WINDOW)
    assert messages[0].payload["due_at"] == "2026-11-26T17:30:00+08:00"


def test_after_an_outage_only_the_breach_is_news(office):
    office.file()
    moment = at("2026-11-30 09:00")
    run(office, duties.note_near, moment)
    run(office, duties.note_overdue, moment)
    assert len(office.facts("due_soon")) == len(office.facts("overdue")) == 1
    assert office.messages("due_soon") == []
    assert len(office.messages("overdue")) == len(WINDOW)


def test_a_limit_met_in_time_never_becomes_overdue(office):
    inquiry_id = office.file()
    with office.office.working() as work:
        clock = work.session.scalars(select(Clock).where(Clock.inquiry_id == inquiry_id)).one()
        clock.ended_at, clock.end = work.now, v.ClockEnd.MET
    run(office, duties.note_overdue, at("2026-12-01 09:00"))
    assert office.facts("overdue") == []


def test_whom_a_complaint_is_about_gets_no_message_of_it(office):
    with unit_of_work() as session:
        complaint = rows.inquiry(
            session,
            office.org.unit,
            category=v.Category.COMPLAINT,
            is_confidential=True,
            subject_section_id=office.org.window.section.id,
        )
        rows.holding(session, complaint, office.org.people["window_a"])
        rows.clock(session, complaint)
    run(office, duties.note_overdue, at("2026-12-01 09:00"))
    assert len(office.facts("overdue")) == 1
    assert office.messages("overdue") == []


def test_a_bad_item_stops_no_other(office):
    office.clock.moment = at("2026-11-23 09:00")
    office.file(code=office.org.neighbour_window.sign.code)
    office.clock.moment = at("2026-11-24 09:00")
    office.file()
    with unguarded(office.settings) as connection:
        connection.execute(delete(LedgerHead).where(LedgerHead.unit_id == office.org.neighbour.id))
    run(office, duties.note_overdue, at("2026-12-01 09:00"))
    (fact,) = office.facts("overdue")
    assert fact.bearer_unit_id == office.org.unit.id


def test_a_database_that_is_away_ends_the_run(office, monkeypatch):
    for _ in range(5):
        office.file()
    tries = []

    def away():
        tries.append(1)
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(duties, "unit_of_work", away)
    with pytest.raises(OperationalError):
        run(office, duties.note_overdue, at("2026-12-01 09:00"))
    assert len(tries) == duties.ROUGH_PATCH


def test_a_stop_leaves_the_rest_for_later(office):
    office.file()
    office.clock.moment = at("2026-12-01 09:00")
    stopped = threading.Event()
    stopped.set()
    duties.note_overdue(stopped)
    assert office.facts("overdue") == []


@pytest.mark.parametrize(
    ("duty", "event_name"), [(duties.note_overdue, "clock_overdue"), (duties.lapse_offers, "lapsed")]
)
def test_workers_running_at_once_do_each_thing_once(office, duty, event_name):
    ids = {office.file() for _ in range(5)}
    for inquiry_id in ids:
        office.offer(inquiry_id)
    office.clock.moment = at("2026-12-01 09:00")
    together = threading.Barrier(3)

    def work():
        with office.app.app_context():
            together.wait()
            duty(GOING)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result()
    entries = office.entries(event_name)
    assert len(entries) == len(ids)
    assert {entry.inquiry_id for entry in entries} == ids


def test_what_nothing_needs_any_more_is_purged_and_no_record_is(office):
    now = at("2026-11-24 10:30")
    week, month, on_record = timedelta(days=7), timedelta(days=30), timedelta(days=400)
    with unit_of_work() as session:
        keeper = office.org.people["window_a"]
        rows.idempotency_key(session, created_at=now - week - INSTANT)
        fresh_key = rows.idempotency_key(session, created_at=now - week).key_hash
        rows.access_session(session, keeper, expires_at=now - on_record - INSTANT)
        fresh_session = rows.access_session(
            session, keeper, expires_at=now - on_record, ended_at=now - on_record
        ).id
        rows.schedule_slot(session, slot="old", taken_at=now - week - INSTANT)
        rows.schedule_slot(session, slot="fresh", taken_at=now - week)
    inquiry_id = office.file()
    office.offer(inquiry_id)
    tracking = {"kind": "tracking", "staff_id": None, "inquiry_id": inquiry_id}
    with unit_of_work() as session:
        rows.access_session(session, keeper, **tracking, expires_at=now - month - INSTANT)
        followed = rows.access_session(session, keeper, **tracking, expires_at=now - month).id
    kept = (Inquiry, Clock, Holding, Handoff, LedgerEntry, OutboxItem)

    def count():
        with reading() as session:
            return [session.scalar(select(func.count()).select_from(table)) for table in kept]

    before = count()
    run(office, duties.purge, now)
    assert count() == before
    with reading() as session:
        assert session.scalars(select(IdempotencyKey.key_hash)).all() == [fresh_key]
        assert set(session.scalars(select(AccessSession.id))) == {fresh_session, followed}
        assert session.scalars(select(ScheduleSlot.slot)).all() == ["fresh"]


@contextmanager
def plans() -> Iterator[list[str]]:
    """How SQLite goes about each reading query of the block."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        seen.append((statement, parameters))

    steps: list[str] = []
    event.listen(db.engines[READER], "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(db.engines[READER], "before_cursor_execute", note)
    with db.engines[READER].connect() as connection:
        for statement, parameters in seen:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row[-1] for row in plan]


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("duty", "index"),
    [
        (duties.lapse_offers, "ix_handoffs_lapsing"),
        (duties.note_overdue, "ix_clocks_becoming_overdue"),
        (duties.note_near, "ix_clocks_becoming_due_soon"),
    ],
)
def test_each_search_goes_by_its_partial_index(office, duty, index):
    with plans() as steps:
        duty(GOING)
    assert any(index in step for step in steps)
