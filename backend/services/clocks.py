"""Start and end the limits that the statute sets. A clock's row never changes what it says (see changing_clocks)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from backend.domain.actors import SYSTEM
from backend.domain.clocks import Due, due_at_once, due_in_working_days, due_soon_at
from backend.domain.times import local
from backend.domain.vocabulary import BearerKind, ClockEnd, LimitBasis
from backend.models import Clock, ClockFact, Handoff, Holding, Inquiry, Unit, UnitPromise
from backend.models.types import new_id
from backend.services.leads import lead_from_breach
from backend.services.ledger import lock_chains, record
from backend.services.presence import keepers
from backend.services.work import Work
from backend.statute.model import Duty, Event, LimitKind


@dataclass(frozen=True, slots=True)
class StatedLimit:
    """Days that the law leaves to be stated (坛 六（一） 办理时限), with where they come from."""

    days: int
    kind: LimitBasis
    basis_text_id: str | None = None
    matter_id: str | None = None
    notice_id: str | None = None


def running_clocks(work: Work, inquiry: Inquiry) -> list[Clock]:
    """The limits that have not ended, paused ones included, oldest first."""
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
    without: Collection[str] = (),
) -> list[Clock]:
    """Start every limit that `trigger` starts under the inquiry's measure. `since` is the legal start.

    Where the measure sets no limit nothing starts: none is ever invented. A unit's own promise (承诺时限) starts
    beside the law's limit, where it has made one. `without` are the duties whose limit is there already.
    """
    started: list[Clock] = []
    duties = work.tools.statute.duties_started_by(
        inquiry.measure, trigger, inquiry.category, inquiry.is_written
    )
    for duty in duties:
        if not duty.has_limit or duty.id in without:
            continue
        days, stated = duty.limit.days, None
        if duty.limit.kind is LimitKind.STATED:
            continue  # starts when somebody states the days (start_stated_clock)
        if duty.limit.kind is LimitKind.PROMISED:
            promise = _promise(work, inquiry)
            if promise is None:
                continue
            days, stated = promise.working_days, StatedLimit(promise.working_days, LimitBasis.PROMISED)
        started.append(_start(work, inquiry, duty, days, since, holding, handoff, stated))
    work.session.flush()
    return started


def start_stated_clock(
    work: Work, inquiry: Inquiry, duty_id: str, stated: StatedLimit, *, since: datetime, holding: Holding
) -> Clock:
    """Start a limit whose days a notice or the 事项目录 states (坛 六（一）、十（一）2; 坛 五). Raises KeyError."""
    duty = work.tools.statute.duty(inquiry.measure, duty_id)
    clock = _start(work, inquiry, duty, stated.days, since, holding, None, stated)
    work.session.flush()
    return clock


def end_clocks_by(
    work: Work,
    inquiry: Inquiry,
    trigger: Event,
    *,
    handoff: Handoff | None = None,
    at: datetime | None = None,
) -> list[Clock]:
    """End every running limit that this event meets or makes pointless. Returns the ended ones.

    A limit met late keeps its breach: the fact is written here if the worker has not yet written it. `at` is the legal
    moment of an event that is recorded later (送达): what was done in time is no breach, whenever it is written down.
    """
    ended = []
    for clock in running_clocks(work, inquiry):
        duty = work.tools.statute.duty(clock.measure, clock.duty)
        if clock.handoff_id is not None and handoff is not None and clock.handoff_id != handoff.id:
            continue
        if trigger in duty.met_by:
            end_clock(work, inquiry, clock, ClockEnd.MET, at=at)
        elif trigger in duty.cancelled_by:
            end_clock(work, inquiry, clock, ClockEnd.CANCELLED, at=at)
        else:
            continue
        ended.append(clock)
    work.session.flush()
    return ended


def end_clocks_of(work: Work, inquiry: Inquiry, handoff: Handoff) -> None:
    """End the limits on a hand-off that is over. What was breached by then stays breached."""
    for clock in running_clocks(work, inquiry):
        if clock.handoff_id == handoff.id:
            end_clock(work, inquiry, clock, ClockEnd.CANCELLED)


def note_breach(work: Work, inquiry: Inquiry, clock: Clock) -> ClockFact | None:
    """Write the breach as one fact at the legal moment, with the lead it points to; None when it already stands."""
    if clock.is_overdue_noted or clock.paused_at is not None:
        return None
    clock.is_overdue_noted = True
    lock_chains(work.session, (inquiry.unit_id, clock.bearer_unit_id))
    fact = _fact(work, inquiry, clock, "overdue", clock.due_at)
    lead_from_breach(work, inquiry, clock, fact)
    return fact


def note_due_soon(work: Work, inquiry: Inquiry, clock: Clock) -> ClockFact | None:
    """Write once that a limit is near; None when it stands or does not apply."""
    if clock.is_due_soon_noted or clock.due_soon_at is None or clock.paused_at is not None:
        return None
    clock.is_due_soon_noted = True
    return _fact(work, inquiry, clock, "due_soon", clock.due_soon_at)


def end_clock(
    work: Work, inquiry: Inquiry, clock: Clock, end: ClockEnd, *, at: datetime | None = None
) -> None:
    """End one limit, at the legal moment `at` or now; one that ends late has its breach noted first."""
    ended_at = at or work.now
    if ended_at > clock.due_at:
        note_breach(work, inquiry, clock)
    clock.ended_at = ended_at
    clock.end = end
    work.session.flush()


def due_from(work: Work, unit_id: str, since: datetime, days: int | None) -> tuple[Due, datetime | None]:
    """The end of `days` working days (None: 即时) from `since` under the unit's hours, and when to warn."""
    hours = work.hours_of(work.session.get_one(Unit, unit_id))
    if days is None:
        due = due_at_once(work.calendar, hours, since)
    else:
        due = due_in_working_days(work.calendar, hours, since, days)
    return due, due_soon_at(work.calendar, hours, since, due.due_at)


def _start(
    work: Work,
    inquiry: Inquiry,
    duty: Duty,
    days: int | None,
    since: datetime,
    holding: Holding,
    handoff: Handoff | None,
    stated: StatedLimit | None,
) -> Clock:
    bearer_unit_id, bearer_staff_id = _bearer(work, duty.bearer, holding, handoff)
    due, due_soon = due_from(work, bearer_unit_id, since, days)
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
        working_days=days,
        anchor_at=since,
        anchor_days=days,
        is_provisional=due.provisional,
        basis_kind=stated.kind if stated else None,
        basis_text_id=stated.basis_text_id if stated else None,
        matter_id=stated.matter_id if stated else None,
        notice_id=stated.notice_id if stated else None,
        created_at=work.now,
    )
    work.session.add(clock)
    return clock


def _promise(work: Work, inquiry: Inquiry) -> UnitPromise | None:
    return work.session.scalar(
        select(UnitPromise).where(
            UnitPromise.unit_id == inquiry.first_unit_id,
            UnitPromise.category == inquiry.category,
            UnitPromise.ended_at.is_(None),
        )
    )


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


def _bearer(
    work: Work, kind: BearerKind, holding: Holding, handoff: Handoff | None
) -> tuple[str, str | None]:
    if kind is BearerKind.FIRST_UNIT:
        # A unit that took the matter over and finds that others are needed leads in its turn.
        return holding.unit_id, None
    if kind is BearerKind.COMPETENT_AUTHORITY and handoff is not None:
        return handoff.to_unit_id, None
    if kind is BearerKind.FIRST_RESPONDER and holding.post is not None:
        there = keepers(work.session, holding.post, work.now)
        return holding.unit_id, there[0].id if there else None
    return holding.unit_id, holding.staff_id
