"""Lines of a work list: what each says of its inquiry, its limit, and who has it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend.domain.clocks import date_phrase, remaining_phrase
from backend.domain.identity import Identity
from backend.domain.numbers import display_number
from backend.domain.states import Step, allowed
from backend.domain.times import local
from backend.models import Clock, Holding, Inquiry, InquiryText, Post
from backend.queries.clocks import WAITING, clock_state, due_text
from backend.queries.external_limits import external_limits
from backend.queries.people import holder_of
from backend.services.texts import read_text
from backend.services.work import Work


def work_items(work: Work, page: list[Inquiry]) -> list[dict[str, Any]]:
    """A line for each inquiry, in the order given; the number of queries does not depend on how many."""
    ids = [inquiry.id for inquiry in page]
    clocks = next_clocks(work.session, ids)
    holders = live_holders(work.session, ids)
    summaries = summaries_of(work, page)
    externals = external_limits(work, page)
    return [
        _item(work, i, clocks.get(i.id), holders.get(i.id), summaries.get(i.id))
        | {"external": externals.get(i.id)}
        for i in page
    ]


def assignable(work: Work, identity: Identity, items: list[dict[str, Any]]) -> set[str]:
    """The numbers of those lines that this person may assign to somebody as they stand."""
    rows = work.session.execute(
        select(Inquiry.number, Inquiry.status, Holding.unit_id, Holding.section_id)
        .join(Holding, Holding.inquiry_id == Inquiry.id)
        .where(Inquiry.number.in_([item["number"] for item in items]), Holding.ended_at.is_(None))
    )
    return {
        number
        for number, status, unit_id, section_id in rows
        if allowed(status, Step.ASSIGN) and identity.may_assign(unit_id, section_id)
    }


def live_holders(session: Session, ids: list[str]) -> dict[str, Holding]:
    """Who holds each inquiry now, with all that a line of the list says of them."""
    rows = session.scalars(
        select(Holding)
        .where(Holding.inquiry_id.in_(ids), Holding.ended_at.is_(None))
        .options(
            joinedload(Holding.unit),
            joinedload(Holding.section),
            joinedload(Holding.post).joinedload(Post.holder),
            joinedload(Holding.staff),
        )
    )
    return {holding.inquiry_id: holding for holding in rows}


def next_clocks(session: Session, ids: list[str]) -> dict[str, Clock]:
    """The running limit that ends first, for each inquiry; one that stands still only where no other runs."""
    rows = session.scalars(
        select(Clock)
        .where(Clock.inquiry_id.in_(ids), Clock.ended_at.is_(None))
        .order_by(Clock.paused_at.is_(None), Clock.due_at.desc())
    )
    return {clock.inquiry_id: clock for clock in rows}


def summaries_of(work: Work, page: list[Inquiry]) -> dict[str, str]:
    """The latest staff-written summary of each, where there is one."""
    by_id = {inquiry.id: inquiry for inquiry in page}
    rows = work.session.scalars(
        select(InquiryText)
        .where(InquiryText.inquiry_id.in_(by_id), InquiryText.kind == "summary")
        .order_by(InquiryText.created_at)
    )
    return {row.inquiry_id: read_text(work.tools, by_id[row.inquiry_id], row) for row in rows}


def _item(
    work: Work, inquiry: Inquiry, clock: Clock | None, holding: Holding | None, summary: str | None
) -> dict[str, Any]:
    is_paused = clock is not None and clock.paused_at is not None
    return {
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "summary": summary,
        "category": inquiry.category.value,
        "category_label": inquiry.category.label,
        "late_entry": inquiry.is_late_entry,
        "status": inquiry.status.value,
        "status_label": inquiry.outcome.label if inquiry.outcome else inquiry.status.label,
        "version": inquiry.version,
        "received_at": local(inquiry.received_at).isoformat(),
        "received_text": date_phrase(inquiry.received_at, work.now),
        "due_at": local(clock.due_at).isoformat() if clock and not is_paused else None,
        "due_text": due_text(clock, work) if clock else None,
        "remaining_text": _remaining(work, clock) if clock else None,
        "clock_state": clock_state(work, clock) if clock else None,
        "provisional": clock.is_provisional if clock else False,
        "holder_text": holder_of(holding)["text"] if holding is not None else None,
    }


def _remaining(work: Work, clock: Clock) -> str:
    if clock.paused_at is not None:
        return WAITING[True]
    return remaining_phrase(work.calendar, work.now, clock.due_at)
