"""The work list: boxes with counts, a page at a time by keyset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from backend.domain.boxes import Box
from backend.domain.clocks import date_phrase, remaining_phrase
from backend.domain.identity import NEVER_HOLDERS, SECTION_READERS, UNIT_READERS, Identity
from backend.domain.numbers import display_number
from backend.domain.times import local
from backend.domain.vocabulary import Role, Status
from backend.models import Clock, Holding, Inquiry, InquiryText, Post
from backend.queries.clocks import WAITING, clock_state, due_text
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.people import holder_of
from backend.queries.visibility import (
    arbitrates,
    held_by,
    in_joint_case,
    in_sections,
    in_units,
    not_about,
    offered_to,
    visible_to,
)
from backend.services.texts import read_text
from backend.services.work import Work

PAGE = 20
COUNT_CAP = 1000
"""Counts stop here and read “1000+”: an exact count of a long list is not worth its cost."""
IN_HAND = frozenset({Box.TODO, Box.OFFERED, Box.MINE, Box.DUE_SOON})
"""Boxes of what a person holds or is offered: that puts it into their chain, and the chain is not searched again."""


def work_list(work: Work, identity: Identity, box: Box, cursor: str | None) -> dict[str, Any]:
    """One page of a box: `{items, next_cursor}`. Open boxes run oldest first, closed newest first.

    Raises CursorInvalid.
    """
    newest_first = box is Box.CLOSED
    key = (Inquiry.closed_at if newest_first else Inquiry.received_at, Inquiry.id)
    query = select(Inquiry).where(*conditions(work, identity, box))
    if cursor:
        place = tuple_(*key)
        at = read_cursor(cursor)
        query = query.where(place < at if newest_first else place > at)
    order = [column.desc() for column in key] if newest_first else list(key)
    rows = list(work.session.scalars(query.order_by(*order).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = _cursor(page[-1], newest_first=newest_first) if len(rows) > PAGE else None
    return {"items": _items(work, page), "next_cursor": more}


def box_counts(work: Work, identity: Identity) -> dict[str, int]:
    """How many each open box holds, up to COUNT_CAP."""
    counts = {}
    for box in Box:
        if box is Box.CLOSED:
            continue
        page = select(Inquiry.id).where(*conditions(work, identity, box)).limit(COUNT_CAP).subquery()
        counts[box.value] = work.session.scalar(select(func.count()).select_from(page)) or 0
    return counts


def conditions(work: Work, identity: Identity, box: Box) -> list[ColumnElement[bool]]:
    """What puts an inquiry into a box."""
    open_ = Inquiry.status != Status.CLOSED
    held = held_by(identity)
    by_box: dict[Box, list[ColumnElement[bool]]] = {
        Box.TODO: [Inquiry.status == Status.FILED, held],
        Box.OFFERED: [Inquiry.status == Status.IN_HANDOFF, offered_to(identity)],
        Box.MINE: [open_, Inquiry.status != Status.FILED, held],
        Box.JOINT: [open_, in_joint_case(identity)],
        Box.DUE_SOON: [open_, held, _clock(work.now, overdue=False)],
        Box.OVERDUE: [open_, _in_reach(identity, held), _clock(work.now, overdue=True)],
        Box.DISPUTES: [open_, arbitrates(identity)],
        Box.SECTION: [open_, in_sections(identity.sections_with(*SECTION_READERS))],
        Box.UNIT: [open_, in_units(identity.units_with(*UNIT_READERS))],
        Box.CLOSED: [Inquiry.status == Status.CLOSED],
    }
    in_hand = box in IN_HAND and not identity.holds(*NEVER_HOLDERS)
    return [not_about(identity) if in_hand else visible_to(identity), *by_box[box]]


def _in_reach(identity: Identity, held: ColumnElement[bool]) -> ColumnElement[bool]:
    heads = identity.sections_with(Role.SECTION_HEAD, Role.DEPUTY_LEADER)
    return or_(held, in_sections(heads), in_units(identity.units_with(*UNIT_READERS)))


def _clock(now: datetime, *, overdue: bool) -> ColumnElement[bool]:
    """SQL: a running limit is near, or over; one that stands still is neither."""
    running = and_(Clock.inquiry_id == Inquiry.id, Clock.ended_at.is_(None), Clock.paused_at.is_(None))
    if overdue:
        return exists().where(running, Clock.due_at < now)
    return exists().where(running, Clock.due_soon_at <= now, Clock.due_at >= now)


def _items(work: Work, page: list[Inquiry]) -> list[dict[str, Any]]:
    ids = [inquiry.id for inquiry in page]
    clocks = next_clocks(work.session, ids)
    holders = live_holders(work.session, ids)
    summaries = summaries_of(work, page)
    return [_item(work, i, clocks.get(i.id), holders.get(i.id), summaries.get(i.id)) for i in page]


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


def _cursor(inquiry: Inquiry, *, newest_first: bool) -> str:
    at = inquiry.closed_at if newest_first else inquiry.received_at
    if at is None:
        raise ValueError("an inquiry in the closed box has a time of closing")
    return write_cursor(at, inquiry.id)
