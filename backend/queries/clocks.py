"""The limits of an inquiry as people read them: title, clause, quote, who answers for it, until when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase, remaining_phrase
from backend.domain.times import local
from backend.domain.vocabulary import BearerKind, ClockEnd, Strictness
from backend.models import Clock, Inquiry, InquiryText, Matter, Staff, Unit, UnitPromise
from backend.services.texts import read_text
from backend.services.work import Work
from backend.statute.model import Interpretation, Terms

OWN_PROMISE = "本单位承诺"
WAITING = {False: "暂停计算：等您补充材料", True: "暂停计算：等服务对象补充材料"}
"""A limit that stands still, as the citizen and as the office read it."""


def clocks_of(work: Work, inquiry: Inquiry, *, for_staff: bool = False) -> list[dict[str, Any]]:
    """Every limit but the superseded ones, oldest first; `state` says how each stands at `work.now`."""
    rows = work.session.scalars(
        select(Clock)
        .where(Clock.inquiry_id == inquiry.id, Clock.end.is_distinct_from(ClockEnd.SUPERSEDED))
        .order_by(Clock.starts_at, Clock.created_at, Clock.id)
    )
    return [clock_shape(work, clock, for_staff=for_staff) for clock in rows]


def clock_shape(work: Work, clock: Clock, *, for_staff: bool = False) -> dict[str, Any]:
    """One limit: the words of the law, its bearer, its end, and how it stands at `work.now`."""
    duty = work.tools.statute.duty(clock.measure, clock.duty)
    inquiry = work.session.get_one(Inquiry, clock.inquiry_id)
    bearer_unit = work.session.get_one(Unit, clock.bearer_unit_id)
    bearer_staff = work.session.get(Staff, clock.bearer_staff_id) if clock.bearer_staff_id else None
    ended_at = clock.ended_at if clock.ended_at is not None and clock.ended_at <= work.now else None
    is_paused = clock.paused_at is not None
    overdue = not is_paused and (ended_at or work.now) > clock.due_at
    remaining = remaining_phrase(work.calendar, work.now, clock.due_at)
    if is_paused:
        remaining = WAITING[for_staff]
    door = "/api/v1/staff/inquiries" if for_staff else "/api/v1/inquiries"
    return {
        "id": clock.id,
        "duty": clock.duty,
        "title": duty.title,
        "clause": clock.clause,
        "short_clause": duty.short_clause,
        "quote": clock.quote,
        "strictness": clock.strictness.value,
        "strictness_label": OWN_PROMISE if clock.strictness is Strictness.PROMISE else clock.strictness.label,
        "bearer": {
            "kind": clock.bearer_kind.value,
            "unit": {"id": bearer_unit.id, "name": bearer_unit.name},
            "person": {"id": bearer_staff.id, "name": bearer_staff.name} if bearer_staff else None,
        },
        "bearer_label": bearer_text(work, clock),
        "starts_at": local(clock.starts_at).isoformat(),
        "due_at": local(clock.due_at).isoformat(),
        "due_text": due_text(clock, work),
        "remaining_text": None if ended_at else remaining,
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
        "paused_text": None if ended_at or not is_paused else remaining,
        "change": clock.change.value if clock.change else None,
        "change_label": clock.change.label if clock.change else None,
        "change_reason": text_of(work, inquiry, clock.change_text_id),
        "basis": basis_of(work, inquiry, clock),
        "interpretations": [interpretation_shape(one) for one in duty.interpretations],
        "explain": f"{door}/{inquiry.number}/clocks/{clock.id}",
    }


def due_text(clock: Clock, work: Work) -> str:
    """Until when, as people say it; of a limit that stands still, how much of it is left."""
    if clock.paused_at is None:
        return f"{date_phrase(clock.due_at, work.now)} 前"
    left = f"还剩 {clock.remaining_days} 个工作日" if clock.remaining_days else "剩余不满 1 个工作日"
    return f"暂停，{left}"


def bearer_text(work: Work, clock: Clock) -> str:
    """Who answers for it, under the measure's own word: 首问负责人：某局 某人."""
    unit = work.session.get_one(Unit, clock.bearer_unit_id)
    staff = work.session.get(Staff, clock.bearer_staff_id) if clock.bearer_staff_id else None
    word = _bearer_word(work, clock, work.tools.statute.measures[clock.measure].terms)
    return f"{word}：{unit.name} {staff.name}" if staff else f"{word}：{unit.name}"


def basis_of(work: Work, inquiry: Inquiry, clock: Clock) -> dict[str, Any] | None:
    """Where the days of a stated or promised limit come from; None where the measure itself sets them."""
    if clock.basis_kind is None:
        return None
    matter = work.session.get(Matter, clock.matter_id) if clock.matter_id else None
    text = text_of(work, inquiry, clock.basis_text_id)
    if matter is not None:
        text = matter.basis
    elif text is None and clock.strictness is Strictness.PROMISE:
        text = _promise_basis(work, inquiry, clock)
    return {
        "kind": clock.basis_kind.value,
        "label": clock.basis_kind.label,
        "days": clock.working_days,
        "text": text,
        "matter": {"id": matter.id, "name": matter.name} if matter is not None else None,
        "regime_label": matter.regime.label if matter is not None and matter.regime else None,
    }


def interpretation_shape(one: Interpretation) -> dict[str, Any]:
    """An official 解释, which stands where a reading of ours stood (坛 十三)."""
    return {"document": one.document, "issued_on": one.issued_on.isoformat(), "text": one.text}


def text_of(work: Work, inquiry: Inquiry, text_id: str | None) -> str | None:
    """A text of the inquiry in clear."""
    row = work.session.get(InquiryText, text_id) if text_id else None
    return read_text(work.tools, inquiry, row) if row is not None else None


def no_limit_note(work: Work, inquiry: Inquiry, clocks: list[dict[str, Any]]) -> str | None:
    """What the page says where the law sets no limit; the consult's two days are never lent to other categories.

    A unit's own promise is no limit of the law.
    """
    if any(clock["strictness"] != Strictness.PROMISE.value for clock in clocks):
        return None
    return work.tools.statute.measures[inquiry.measure].no_limit_note


def _promise_basis(work: Work, inquiry: Inquiry, clock: Clock) -> str | None:
    """Where the promise of so many days was published: the newest one of them when this row began."""
    return work.session.scalar(
        select(UnitPromise.basis)
        .where(
            UnitPromise.unit_id == inquiry.first_unit_id,
            UnitPromise.working_days == clock.working_days,
            UnitPromise.created_at <= clock.created_at,
        )
        .order_by(UnitPromise.category != inquiry.category, UnitPromise.created_at.desc())
        .limit(1)
    )


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


def clock_state(work: Work, clock: Clock) -> str:
    """How a limit that has not ended stands at `work.now`."""
    if clock.paused_at is not None:
        return "paused"
    if work.now > clock.due_at:
        return "overdue"
    if clock.due_soon_at is not None and work.now >= clock.due_soon_at:
        return "due_soon"
    return "running"


def _state(work: Work, clock: Clock, end: ClockEnd | None, overdue: bool) -> str:
    if end is ClockEnd.CANCELLED:
        return "cancelled"
    if end is ClockEnd.MET:
        return "met_late" if overdue else "met"
    return clock_state(work, clock)
