"""Start, end and pass on the limits that the statute sets. A clock's row never changes what it says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from backend.domain.actors import SYSTEM
from backend.domain.clocks import Due, due_at_once, due_in_working_days, due_soon_at
from backend.domain.times import local
from backend.domain.vocabulary import BearerKind, ClockEnd
from backend.models import Clock, ClockFact, Handoff, Holding, Inquiry, Unit
from backend.models.types import new_id
from backend.services.ledger import record
from backend.services.work import Work
from backend.statute.model import Duty, Event


def running_clocks(work: Work, inquiry: Inquiry) -> list[Clock]:
    """The limits that have not ended, oldest first."""
    return list(
        work.session.scalars(
            select(Clock)
            .where(Clock.inquiry_id == inquiry.id, Clock.ended_at.is_(None))
            .order_by(Clock.starts_at, Clock.id)
        )
    )


def start_clocks(
    work: Work,
    inquiry: Inquiry,
    trigger: Event,
    *,
    since: datetime,
    holding: Holding,
    handoff: Handoff | None = None,
) -> list[Clock]:
    """Start every limit that `trigger` starts under the inquiry's measure. `since` is the legal start.

    Where the measure sets no limit nothing starts: none is ever invented.
    """
    started: list[Clock] = []
    duties = work.tools.statute.duties_started_by(
        inquiry.measure, trigger, inquiry.category, inquiry.is_written
    )
    for duty in duties:
        if not duty.has_limit:
            continue
        bearer_unit_id, bearer_staff_id = _bearer(duty.bearer, inquiry, holding, handoff)
        due, due_soon = _due(work, duty, since, bearer_unit_id)
        clock = Clock(
            id=new_id(),
            inquiry_id=inquiry.id,
            round=inquiry.round,
            duty=duty.id,
            measure=inquiry.measure,
            clause=duty.clause,
            quote="……".join(duty.quote),
            strictness=duty.strictness,
            bearer_kind=duty.bearer,
            bearer_unit_id=bearer_unit_id,
            bearer_staff_id=bearer_staff_id,
            handoff_id=handoff.id if handoff else None,
            starts_at=since,
            due_at=due.due_at,
            due_soon_at=due_soon,
            working_days=duty.limit.days,
            is_provisional=due.provisional,
            created_at=work.now,
        )
        work.session.add(clock)
        started.append(clock)
    work.session.flush()
    return started


def end_clocks_by(
    work: Work, inquiry: Inquiry, trigger: Event, *, handoff: Handoff | None = None
) -> list[Clock]:
    """End every running limit that this event meets or makes pointless. Returns the ended ones.

    A limit met late keeps its breach: the fact is written here if the worker has not yet written it.
    """
    ended = []
    for clock in running_clocks(work, inquiry):
        duty = work.tools.statute.duty(clock.measure, clock.duty)
        if clock.handoff_id is not None and handoff is not None and clock.handoff_id != handoff.id:
            continue
        if trigger in duty.met_by:
            _end(work, inquiry, clock, ClockEnd.MET)
        elif trigger in duty.cancelled_by:
            _end(work, inquiry, clock, ClockEnd.CANCELLED)
        else:
            continue
        ended.append(clock)
    work.session.flush()
    return ended


def end_clocks_of(work: Work, inquiry: Inquiry, handoff: Handoff) -> None:
    """End the limits on a hand-off that is over. What was breached by then stays breached."""
    for clock in running_clocks(work, inquiry):
        if clock.handoff_id == handoff.id:
            _end(work, inquiry, clock, ClockEnd.CANCELLED)


def pass_on_clocks(
    work: Work, inquiry: Inquiry, holding: Holding, *, staff_id: str | None = None
) -> list[Clock]:
    """The receiver takes over 首问责任 (坛 六（二）、七（二）): the same limit, the same `due_at`, another bearer.

    The bearer is the holding person, or `staff_id` where a post holds.
    """
    bearer_id = holding.staff_id or staff_id
    passed = []
    for clock in running_clocks(work, inquiry):
        if clock.bearer_kind is not BearerKind.FIRST_RESPONDER or clock.bearer_staff_id == bearer_id:
            continue
        _end(work, inquiry, clock, ClockEnd.SUPERSEDED)
        successor = Clock(
            id=new_id(),
            inquiry_id=clock.inquiry_id,
            round=clock.round,
            duty=clock.duty,
            measure=clock.measure,
            clause=clock.clause,
            quote=clock.quote,
            strictness=clock.strictness,
            bearer_kind=clock.bearer_kind,
            bearer_unit_id=holding.unit_id,
            bearer_staff_id=bearer_id,
            handoff_id=clock.handoff_id,
            starts_at=clock.starts_at,
            due_at=clock.due_at,
            due_soon_at=clock.due_soon_at,
            working_days=clock.working_days,
            is_provisional=clock.is_provisional,
            supersedes_id=clock.id,
            created_at=work.now,
            is_due_soon_noted=clock.is_due_soon_noted,
            is_overdue_noted=clock.is_overdue_noted,
        )
        work.session.add(successor)
        passed.append(successor)
    work.session.flush()
    return passed


def note_breach(work: Work, inquiry: Inquiry, clock: Clock) -> ClockFact | None:
    """Write the breach as one fact at the legal moment; None when it already stands."""
    if clock.is_overdue_noted:
        return None
    clock.is_overdue_noted = True
    return _fact(work, inquiry, clock, "overdue", clock.due_at)


def note_due_soon(work: Work, inquiry: Inquiry, clock: Clock) -> ClockFact | None:
    """Write once that a limit is near; None when it stands or does not apply."""
    if clock.is_due_soon_noted or clock.due_soon_at is None:
        return None
    clock.is_due_soon_noted = True
    return _fact(work, inquiry, clock, "due_soon", clock.due_soon_at)


def _fact(work: Work, inquiry: Inquiry, clock: Clock, kind: str, at: datetime) -> ClockFact:
    holder = work.session.scalar(
        select(Holding)
        .where(Holding.inquiry_id == inquiry.id, Holding.started_at <= at)
        .order_by(Holding.started_at.desc())
        .limit(1)
    )
    fact = ClockFact(
        clock_id=clock.id,
        kind=kind,
        at=at,
        recorded_at=work.now,
        bearer_unit_id=clock.bearer_unit_id,
        bearer_staff_id=clock.bearer_staff_id,
        holding_id=holder.id if holder else None,
    )
    work.session.add(fact)
    record(
        work.acting_as(SYSTEM),
        f"clock_{kind}",
        inquiry,
        unit_id=inquiry.unit_id,
        facts={"clock": clock.id, "duty": clock.duty, "legal_moment": local(at).isoformat()},
    )
    return fact


def _end(work: Work, inquiry: Inquiry, clock: Clock, end: ClockEnd) -> None:
    if work.now > clock.due_at:
        note_breach(work, inquiry, clock)
    clock.ended_at = work.now
    clock.end = end
    work.session.flush()


def _bearer(
    kind: BearerKind, inquiry: Inquiry, holding: Holding, handoff: Handoff | None
) -> tuple[str, str | None]:
    if kind is BearerKind.FIRST_UNIT:
        return inquiry.first_unit_id, None
    if kind is BearerKind.COMPETENT_AUTHORITY and handoff is not None:
        return handoff.to_unit_id, None
    if kind is BearerKind.FIRST_RESPONDER and inquiry.round == 1:
        return holding.unit_id, holding.staff_id or inquiry.first_responder_id
    return holding.unit_id, holding.staff_id


def _due(work: Work, duty: Duty, since: datetime, bearer_unit_id: str) -> tuple[Due, datetime | None]:
    unit = work.session.get_one(Unit, bearer_unit_id)
    hours = work.hours_of(unit)
    if duty.limit.days is None:
        due = due_at_once(work.calendar, hours, since)
    else:
        due = due_in_working_days(work.calendar, hours, since, duty.limit.days)
    return due, due_soon_at(work.calendar, hours, since, due.due_at)
