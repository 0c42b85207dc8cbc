"""The limits of an inquiry as people read them: title, clause, quote, who answers for it, until when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase, remaining_phrase
from backend.domain.times import local
from backend.domain.vocabulary import BearerKind, ClockEnd
from backend.models import Clock, Inquiry, Staff, Unit
from backend.services.work import Work
from backend.statute.model import Terms


def clocks_of(work: Work, inquiry: Inquiry) -> list[dict[str, Any]]:
    """Every limit but the superseded ones, oldest first; `state` says how each stands at `work.now`."""
    rows = work.session.scalars(
        select(Clock)
        .where(Clock.inquiry_id == inquiry.id, Clock.end.is_distinct_from(ClockEnd.SUPERSEDED))
        .order_by(Clock.starts_at, Clock.created_at, Clock.id)
    )
    return [clock_shape(work, clock) for clock in rows]


def clock_shape(work: Work, clock: Clock) -> dict[str, Any]:
    """One limit: the words of the law, its bearer, its end, and how it stands at `work.now`."""
    duty = work.tools.statute.duty(clock.measure, clock.duty)
    terms = work.tools.statute.measures[clock.measure].terms
    bearer_unit = work.session.get_one(Unit, clock.bearer_unit_id)
    bearer_staff = work.session.get(Staff, clock.bearer_staff_id) if clock.bearer_staff_id else None
    bearer_label = _bearer_word(work, clock, terms)
    who = f"{bearer_unit.name} {bearer_staff.name}" if bearer_staff else bearer_unit.name
    ended_at = clock.ended_at if clock.ended_at is not None and clock.ended_at <= work.now else None
    overdue = (ended_at or work.now) > clock.due_at
    return {
        "id": clock.id,
        "duty": clock.duty,
        "title": duty.title,
        "clause": clock.clause,
        "short_clause": duty.short_clause,
        "quote": clock.quote,
        "strictness": clock.strictness.value,
        "strictness_label": clock.strictness.label,
        "bearer": {
            "kind": clock.bearer_kind.value,
            "unit": {"id": bearer_unit.id, "name": bearer_unit.name},
            "person": {"id": bearer_staff.id, "name": bearer_staff.name} if bearer_staff else None,
        },
        "bearer_label": f"{bearer_label}：{who}",
        "starts_at": local(clock.starts_at).isoformat(),
        "due_at": local(clock.due_at).isoformat(),
        "due_text": f"{date_phrase(clock.due_at, work.now)} 前",
        "remaining_text": None if ended_at else remaining_phrase(work.calendar, work.now, clock.due_at),
        "state": _state(work, clock, clock.end if ended_at else None, overdue),
        "provisional": clock.is_provisional,
        "ended_at": local(ended_at).isoformat() if ended_at else None,
        "end": clock.end.value if clock.end and ended_at else None,
        "readings": [
            work.tools.statute.readings[reading].sentence
            for reading in duty.readings
            if reading in work.tools.statute.readings
        ],
        "reading_label": work.tools.statute.reading_label,
    }


def no_limit_note(work: Work, inquiry: Inquiry, clocks: list[dict[str, Any]]) -> str | None:
    """What the page says where the law sets no limit; the consult's two days are never lent to other categories."""
    return None if clocks else work.tools.statute.measures[inquiry.measure].no_limit_note


def _bearer_word(work: Work, clock: Clock, terms: Terms) -> str:
    """What the measure calls whoever answers for this limit; 坛 六（二）: 该承办人承接首问责任."""
    if clock.bearer_kind is BearerKind.FIRST_UNIT:
        return terms.first_unit
    if clock.bearer_kind is not BearerKind.FIRST_RESPONDER:
        return clock.bearer_kind.label
    first = work.session.get_one(Inquiry, clock.inquiry_id).first_responder_id
    if clock.bearer_staff_id is not None and clock.bearer_staff_id != first:
        return f"承接首问责任的{BearerKind.HOLDER.label}"
    return terms.first_responder


def _state(work: Work, clock: Clock, end: ClockEnd | None, overdue: bool) -> str:
    if end is ClockEnd.CANCELLED:
        return "cancelled"
    if end is ClockEnd.MET:
        return "met_late" if overdue else "met"
    if overdue:
        return "overdue"
    if clock.due_soon_at is not None and work.now >= clock.due_soon_at:
        return "due_soon"
    return "running"
