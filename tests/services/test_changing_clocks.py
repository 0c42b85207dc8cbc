"""Takeover, pause, resumption, extension, official calendar: each a new row with its reason; no row is rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from backend.domain.calendar import CalendarDay, WorkCalendar
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Category, ClockChange, ClockEnd, LimitBasis
from backend.models import Clock, ClockFact, Inquiry, LedgerEntry, OutboxItem, UnitHours
from backend.services.changing_clocks import (
    extend_clock,
    pass_on_clocks,
    pause_clocks,
    resume_clocks,
)
from backend.services.clock_chains import chain_of, extension_in, standing_breach
from backend.services.clocks import (
    StatedLimit,
    end_clocks_by,
    note_breach,
    note_due_soon,
    running_clocks,
    start_stated_clock,
)
from backend.services.filing import Filed
from backend.services.holdings import hold
from backend.services.recalculating import provisional_inquiries, recalculate_inquiry
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event
from tests.domain.official_days import OFFICIAL, official_days
from tests.services.desk import file
from tests.support.organisation import SmallOrganisation

NEXT_YEAR = {
    # A year as a notice would give it: New Year to the 3rd off, Sunday the 10th worked for it.
    date(2027, 1, day): CalendarDay(False, "通知", "元旦")
    for day in (1, 2, 3)
} | {date(2027, 1, 10): CalendarDay(True, "通知", "调休")}
ARRIVED = WorkCalendar(official_days() | NEXT_YEAR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def when(work: Work, text: str, calendar: WorkCalendar = OFFICIAL) -> Work:
    return replace(work, now=at(text), calendar=calendar)


def filed_with_limit(work: Work, org: SmallOrganisation, text: str, days: int) -> tuple[Filed, Clock]:
    """An application whose notice or matter stated so many working days from now."""
    there = when(work, text)
    filed = file(there, org, Category.OTHER)
    stated = StatedLimit(days, LimitBasis.LEGAL)
    clock = start_stated_clock(
        there, filed.inquiry, "handling-limit", stated, since=there.now, holding=filed.holding
    )
    return filed, clock


def facts(work: Work, inquiry: Inquiry) -> list[tuple[str, datetime]]:
    query = (
        select(ClockFact).join(Clock, Clock.id == ClockFact.clock_id).where(Clock.inquiry_id == inquiry.id)
    )
    return sorted((fact.kind, fact.at) for fact in work.session.scalars(query))


def messages(work: Work, inquiry: Inquiry, topic: str) -> list[OutboxItem]:
    query = select(OutboxItem).where(OutboxItem.inquiry_id == inquiry.id, OutboxItem.topic == topic)
    return list(work.session.scalars(query))


@pytest.mark.parametrize(
    ("paused", "left", "resumed", "due"),
    [
        # Five working days from Monday the 16th end on the 23rd.
        ("2026-11-17 10:00", 4, "2026-11-18 09:00", "2026-11-24 17:30"),
        ("2026-11-17 10:00", 4, "2026-11-17 15:00", "2026-11-23 17:30"),
        ("2026-11-17 23:59:59", 4, "2026-11-18 00:00", "2026-11-24 17:30"),
        # Over a weekend: the days off are no days of either side.
        ("2026-11-20 18:00", 1, "2026-11-22 10:00", "2026-11-23 17:30"),
        ("2026-11-21 10:00", 1, "2026-11-30 08:00", "2026-12-01 17:30"),
        # On the last day: what is left is the rest of a day.
        ("2026-11-23 09:00", 0, "2026-12-01 09:00", "2026-12-01 17:30"),
        ("2026-11-23 17:30", 0, "2026-12-01 17:30", "2026-12-02 17:30"),
    ],
)
def test_waiting_for_documents_stands_still_and_runs_on_with_the_days_that_were_left(
    work: Work, org: SmallOrganisation, paused: str, left: int, resumed: str, due: str
) -> None:
    """系统设定 pause-on-notice (参照补正): only a stated limit stands still."""
    filed, clock = filed_with_limit(work, org, "2026-11-16 09:00", 5)
    assert clock.due_at == at("2026-11-23 17:30")
    [still] = pause_clocks(when(work, paused), filed.inquiry)
    assert (still.paused_at, still.remaining_days, still.due_at) == (at(paused), left, clock.due_at)
    assert pause_clocks(when(work, paused), filed.inquiry) == []
    [running] = resume_clocks(when(work, resumed), filed.inquiry)
    assert (running.due_at, running.paused_at, running.remaining_days) == (at(due), None, None)
    assert (running.starts_at, running.working_days) == (clock.starts_at, 5)
    assert [row.change for row in chain_of(work.session, still)] == [
        None,
        ClockChange.PAUSE,
        ClockChange.RESUME,
    ]
    assert (clock.end, still.end, running.end) == (ClockEnd.SUPERSEDED, ClockEnd.SUPERSEDED, None)
    assert resume_clocks(when(work, resumed), filed.inquiry) == []


def test_no_limit_of_the_measure_itself_stands_still(work: Work, org: SmallOrganisation) -> None:
    filed = file(when(work, "2026-11-16 09:00"), org)
    assert [clock.duty for clock in filed.clocks] == ["answer-consult"]
    assert pause_clocks(when(work, "2026-11-16 10:00"), filed.inquiry) == []


def test_a_limit_that_is_over_is_not_paused_out_of_its_breach(work: Work, org: SmallOrganisation) -> None:
    filed, clock = filed_with_limit(work, org, "2026-11-16 09:00", 1)
    assert pause_clocks(when(work, "2026-11-17 17:30:01"), filed.inquiry) == []
    assert note_breach(when(work, "2026-11-18 09:00"), filed.inquiry, clock) is not None


def test_a_paused_limit_is_neither_near_nor_missed_however_long_it_stands(
    work: Work, org: SmallOrganisation
) -> None:
    filed, _ = filed_with_limit(work, org, "2026-11-16 09:00", 2)
    [still] = pause_clocks(when(work, "2026-11-16 10:00"), filed.inquiry)
    long_after = when(work, "2026-12-20 09:00")
    assert note_due_soon(long_after, filed.inquiry, still) is None
    assert note_breach(long_after, filed.inquiry, still) is None
    [ended] = [c for c in end_clocks_by(long_after, filed.inquiry, Event.CLOSED) if c.id == still.id]
    assert (ended.end, ended.is_overdue_noted) == (ClockEnd.MET, False)
    assert facts(work, filed.inquiry) == []


def test_each_end_is_warned_of_and_missed_once_over_pause_and_resumption(
    work: Work, org: SmallOrganisation
) -> None:
    filed, clock = filed_with_limit(work, org, "2026-11-16 09:00", 3)
    warned = when(work, "2026-11-18 18:00")
    assert note_due_soon(warned, filed.inquiry, clock) is not None
    pause_clocks(warned, filed.inquiry)
    [running] = resume_clocks(when(work, "2026-11-24 09:00"), filed.inquiry)
    assert running.due_at == at("2026-11-25 17:30")
    assert running.due_soon_at == at("2026-11-24 17:30")
    for _ in range(2):
        note_due_soon(when(work, "2026-11-25 08:00"), filed.inquiry, running)
        note_breach(when(work, "2026-11-27 08:00"), filed.inquiry, running)
    assert facts(work, filed.inquiry) == [
        ("due_soon", at("2026-11-18 17:30")),
        ("due_soon", at("2026-11-24 17:30")),
        ("overdue", at("2026-11-25 17:30")),
    ]


def test_whoever_takes_over_while_it_stands_still_gets_it_standing(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（二）: the same limit under another name, paused or not."""
    filed, _ = filed_with_limit(work, org, "2026-11-16 09:00", 5)
    pause_clocks(when(work, "2026-11-17 10:00"), filed.inquiry)
    later = when(work, "2026-11-25 10:00")
    holding = hold(later, filed.inquiry, staff=org.people["business_a"])
    [taken] = [c for c in pass_on_clocks(later, filed.inquiry, holding) if c.duty == "handling-limit"]
    assert (taken.change, taken.remaining_days, taken.paused_at) == (
        ClockChange.TAKEOVER,
        4,
        at("2026-11-17 10:00"),
    )
    assert taken.bearer_staff_id == org.people["business_a"].id
    [running] = resume_clocks(when(work, "2026-11-26 10:00"), filed.inquiry)
    assert (running.due_at, running.bearer_staff_id) == (at("2026-12-02 17:30"), taken.bearer_staff_id)


def test_an_extension_adds_days_to_the_same_limit_and_is_warned_of_anew(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 七（一） 原则上."""
    filed = file(when(work, "2026-11-16 09:00"), org)
    [clock] = filed.clocks
    near = when(work, "2026-11-18 09:00")
    assert note_due_soon(near, filed.inquiry, clock) is not None
    reason, _ = store_text(near, filed.inquiry, "reason", "要向上级请示")
    extended = extend_clock(near, filed.inquiry, clock, days=2, reason_text_id=reason.id)
    assert (extended.due_at, extended.due_soon_at) == (at("2026-11-20 17:30"), at("2026-11-19 17:30"))
    assert (extended.working_days, extended.anchor_days, extended.change_text_id) == (2, 4, reason.id)
    assert extension_in(chain_of(work.session, clock)) is extended
    assert note_due_soon(when(work, "2026-11-20 09:00"), filed.inquiry, extended) is not None
    [ended] = end_clocks_by(when(work, "2026-11-20 17:30"), filed.inquiry, Event.CLOSED)
    assert (ended.end, ended.is_overdue_noted) == (ClockEnd.MET, False)
    assert [kind for kind, _ in facts(work, filed.inquiry)] == ["due_soon", "due_soon"]


def provisional(work: Work, org: SmallOrganisation) -> tuple[Filed, Clock]:
    """Asked on the last day of a year without a following calendar: 暂定 to Monday the 4th."""
    filed = file(when(work, "2026-12-31 10:00"), org)
    [clock] = filed.clocks
    assert (clock.due_at, clock.is_provisional) == (at("2027-01-04 17:30"), True)
    return filed, clock


def test_31_december_into_a_year_without_data_then_its_calendar(work: Work, org: SmallOrganisation) -> None:
    filed, clock = provisional(work, org)
    assert filed.inquiry.id in work.session.scalars(provisional_inquiries()).all()
    assert filed.inquiry.id in work.session.scalars(provisional_inquiries(at("2028-01-01 00:00"))).all()
    assert filed.inquiry.id not in work.session.scalars(provisional_inquiries(at("2027-01-01 00:00"))).all()
    before = when(work, "2026-12-31 11:00")
    assert recalculate_inquiry(before, filed.inquiry) is None

    arrived = when(work, "2026-12-31 12:00", ARRIVED)
    entry = recalculate_inquiry(arrived, filed.inquiry)
    assert entry is not None
    [counted] = running_clocks(work, filed.inquiry)
    assert (counted.due_at, counted.is_provisional, counted.change) == (
        at("2027-01-05 17:30"),
        False,
        ClockChange.CALENDAR,
    )
    assert (clock.end, clock.due_at) == (ClockEnd.SUPERSEDED, at("2027-01-04 17:30"))
    [told] = messages(work, filed.inquiry, "clock_recalculated")[:1]
    assert told.recipient_kind == "staff"
    assert told.payload["clocks"] == [counted.id]
    # Once more changes nothing and tells nobody.
    events = len(messages(work, filed.inquiry, "clock_recalculated"))
    assert recalculate_inquiry(when(work, "2027-01-02 09:00", ARRIVED), filed.inquiry) is None
    assert len(messages(work, filed.inquiry, "clock_recalculated")) == events
    entries = select(LedgerEntry.event).where(LedgerEntry.inquiry_id == filed.inquiry.id)
    assert sorted(work.session.scalars(entries)) == ["clock_recalculated", "filed"]


def test_a_calendar_that_confirms_the_end_takes_the_mark_and_tells_nobody(
    work: Work, org: SmallOrganisation
) -> None:
    filed, _ = provisional(work, org)
    same = WorkCalendar(official_days() | {date(2027, 1, 2): CalendarDay(False, "通知")})
    assert recalculate_inquiry(when(work, "2026-12-31 12:00", same), filed.inquiry) is not None
    [counted] = running_clocks(work, filed.inquiry)
    assert (counted.due_at, counted.is_provisional) == (at("2027-01-04 17:30"), False)
    assert messages(work, filed.inquiry, "clock_recalculated") == []


def test_what_has_ended_is_never_counted_again(work: Work, org: SmallOrganisation) -> None:
    filed, clock = provisional(work, org)
    end_clocks_by(when(work, "2027-01-04 09:00"), filed.inquiry, Event.CLOSED)
    assert recalculate_inquiry(when(work, "2027-01-04 10:00", ARRIVED), filed.inquiry) is None
    assert (clock.end, clock.due_at, clock.is_provisional) == (ClockEnd.MET, at("2027-01-04 17:30"), True)


def test_a_breach_of_a_provisional_end_is_undone_by_the_real_one(work: Work, org: SmallOrganisation) -> None:
    filed, clock = provisional(work, org)
    assert note_breach(when(work, "2027-01-04 18:00"), filed.inquiry, clock) is not None
    assert standing_breach(work.session, chain_of(work.session, clock)) is not None
    arrived = when(work, "2027-01-05 09:00", ARRIVED)
    assert recalculate_inquiry(arrived, filed.inquiry) is not None
    chain = chain_of(work.session, clock)
    assert standing_breach(work.session, chain) is None
    [ended] = end_clocks_by(when(work, "2027-01-05 17:30", ARRIVED), filed.inquiry, Event.CLOSED)
    assert (ended.id, ended.is_overdue_noted) == (chain[-1].id, False)


def test_a_real_end_missed_as_well_is_a_breach_at_its_own_moment(work: Work, org: SmallOrganisation) -> None:
    filed, clock = provisional(work, org)
    note_breach(when(work, "2027-01-04 18:00"), filed.inquiry, clock)
    recalculate_inquiry(when(work, "2027-01-20 09:00", ARRIVED), filed.inquiry)
    [counted] = running_clocks(work, filed.inquiry)
    assert note_breach(when(work, "2027-01-20 09:01", ARRIVED), filed.inquiry, counted) is not None
    assert note_breach(when(work, "2027-01-20 09:02", ARRIVED), filed.inquiry, counted) is None
    standing = standing_breach(work.session, chain_of(work.session, clock))
    assert standing is not None
    assert (standing.clock_id, standing.at) == (counted.id, at("2027-01-05 17:30"))


def test_a_paused_provisional_limit_gets_the_days_the_calendar_leaves_it(
    work: Work, org: SmallOrganisation
) -> None:
    filed, clock = filed_with_limit(work, org, "2026-12-30 09:00", 4)
    assert (clock.due_at, clock.is_provisional) == (at("2027-01-05 17:30"), True)
    [still] = pause_clocks(when(work, "2027-01-02 09:00"), filed.inquiry)
    assert still.remaining_days == 2
    assert recalculate_inquiry(when(work, "2027-01-03 09:00", ARRIVED), filed.inquiry) is not None
    counted = next(c for c in running_clocks(work, filed.inquiry) if c.duty == "handling-limit")
    # 31 December counted; the 4th, 5th and 6th are left.
    assert (counted.remaining_days, counted.is_provisional) == (3, False)
    assert counted.paused_at == still.paused_at
    assert messages(work, filed.inquiry, "clock_recalculated") == []
    resumed = next(
        c
        for c in resume_clocks(when(work, "2027-01-08 09:00", ARRIVED), filed.inquiry)
        if c.duty == "handling-limit"
    )
    # Sunday the 10th is worked.
    assert resumed.due_at == at("2027-01-12 17:30")


def test_a_limit_ends_at_the_hour_of_the_season_it_ends_in(work: Work, org: SmallOrganisation) -> None:
    """冬夏作息 (系统设定 close-of-business): the change of season lies inside the limit."""
    unit = org.unit
    unit.seasons = [
        UnitHours(unit_id=unit.id, starts_on="05-01", closes_at=time(18)),
        UnitHours(unit_id=unit.id, starts_on="10-01", closes_at=time(17)),
    ]
    work.session.flush()
    there = when(work, "2026-09-30 17:45")
    hours = there.hours_of(unit)
    assert (hours.close_of(date(2026, 9, 30)), hours.close_of(date(2026, 10, 8))) == (
        at("2026-09-30 18:00"),
        at("2026-10-08 17:00"),
    )
    [clock] = file(there, org).clocks
    assert (clock.due_at, clock.due_soon_at) == (at("2026-10-09 17:00"), at("2026-10-08 17:00"))
