"""The work list: boxes with counts, a page at a time by keyset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select, tuple_

from backend.domain.boxes import Box
from backend.domain.clocks import due_soon_until
from backend.domain.identity import NEVER_HOLDERS, SECTION_READERS, UNIT_READERS, Identity
from backend.domain.vocabulary import Role, Status
from backend.models import Inquiry, Unit
from backend.queries.closed_lists import closed_count, closed_page
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.list_filters import NO_FILTERS, Filters, is_due_soon, is_overdue
from backend.queries.unsigned import unsigned_until
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
from backend.queries.walking import PAGE
from backend.queries.work_items import work_items
from backend.services.work import Work

COUNT_CAP = 1000
"""Counts stop here and read “999+”: an exact count of a long list is not worth its cost."""
IN_HAND = frozenset({Box.TODO, Box.OFFERED, Box.MINE, Box.DUE_SOON})
"""Boxes of what a person holds or is offered: that puts it into their chain, and the chain is not searched again."""
WATCHERS = (Role.SECTION_HEAD, Role.DEPUTY_LEADER)
"""Who watches over sections: what lies in them too long is theirs to see."""
OPEN = Inquiry.status != literal_column("'closed'")
"""SQL with the word itself in it: only then is the index of what is open used (performance.md section 3)."""


def work_list(
    work: Work, identity: Identity, box: Box, cursor: str | None, filters: Filters = NO_FILTERS
) -> dict[str, Any]:
    """One page of a box: `{items, next_cursor}`. Open boxes run oldest first, closed newest first.

    A page of the closed box may hold fewer lines and still lead on, where a filter lets little through.
    Raises CursorInvalid.
    """
    if box is Box.CLOSED:
        walked = closed_page(work, identity, filters, cursor)
        return {"items": work_items(work, walked.inquiries), "next_cursor": walked.next_cursor}
    key = (Inquiry.received_at, Inquiry.id)
    query = select(Inquiry).where(*conditions(work, identity, box), *filters.conditions(work.now))
    if cursor:
        query = query.where(tuple_(*key) > read_cursor(cursor))
    rows = list(work.session.scalars(query.order_by(*key).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = write_cursor(page[-1].received_at, page[-1].id) if len(rows) > PAGE else None
    return {"items": work_items(work, page), "next_cursor": more}


def box_counts(work: Work, identity: Identity) -> dict[str, int]:
    """How many each box holds, up to COUNT_CAP."""
    counts = {Box.CLOSED.value: closed_count(work, identity, COUNT_CAP)}
    for box in set(Box) - {Box.CLOSED}:
        page = select(Inquiry.id).where(*conditions(work, identity, box)).limit(COUNT_CAP).subquery()
        counts[box.value] = work.session.scalar(select(func.count()).select_from(page)) or 0
    return counts


def own_boxes(identity: Identity, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The boxes this person has, in their order, with what was counted: `{name, label, total}`."""
    return [
        {"name": box.value, "label": box.label, "total": counts[box.value]}
        for box in Box
        if _has(identity, box, counts[box.value])
    ]


def conditions(work: Work, identity: Identity, box: Box) -> list[ColumnElement[bool]]:
    """What puts an inquiry into a box."""
    if box is Box.CLOSED:
        return [visible_to(identity), Inquiry.status == Status.CLOSED]
    if box is Box.UNSIGNED:
        until = unsigned_until(work, identity)
        waits = Inquiry.status == Status.FILED, Inquiry.received_at < until
        return [OPEN, visible_to(identity), *waits, _watched(identity)]
    held = held_by(identity)
    if box is Box.DUE_SOON:
        near = is_due_soon(work.now, _near(work, identity))
        return [OPEN, _in_chain(identity, box), held, near]
    by_box: dict[Box, list[ColumnElement[bool]]] = {
        Box.TODO: [Inquiry.status == Status.FILED, held],
        Box.OFFERED: [Inquiry.status == Status.IN_HANDOFF, offered_to(identity)],
        Box.MINE: [Inquiry.status != Status.FILED, held],
        Box.JOINT: [in_joint_case(identity)],
        Box.OVERDUE: [or_(held, _watched(identity)), is_overdue(work.now)],
        Box.DISPUTES: [arbitrates(identity)],
        Box.SECTION: [in_sections(identity.sections_with(*SECTION_READERS))],
        Box.UNIT: [in_units(identity.units_with(*UNIT_READERS))],
    }
    return [OPEN, _in_chain(identity, box), *by_box[box]]


def _in_chain(identity: Identity, box: Box) -> ColumnElement[bool]:
    """SQL: this person may see it."""
    in_hand = box in IN_HAND and not identity.holds(*NEVER_HOLDERS)
    return not_about(identity) if in_hand else visible_to(identity)


def _has(identity: Identity, box: Box, total: int) -> bool:
    if box is Box.UNIT:
        return bool(identity.units_with(*UNIT_READERS))
    if box is Box.DISPUTES:
        return bool(total)
    if box is Box.UNSIGNED:
        return bool(identity.units_with(*UNIT_READERS) or identity.sections_with(*WATCHERS))
    if box is Box.JOINT:
        # A deputy of the general post (AB岗) has no role that says so: then the box comes with the first case.
        return bool(identity.units_with(*UNIT_READERS) or total)
    return box is not Box.SECTION or bool(identity.sections_with(*SECTION_READERS))


def _near(work: Work, identity: Identity) -> datetime:
    """Until when a limit counts as near, by the hours of the person's unit."""
    hours = work.hours_of(work.session.get_one(Unit, identity.unit_id))
    return due_soon_until(work.calendar, hours, work.now)


def _watched(identity: Identity) -> ColumnElement[bool]:
    """SQL: it lies in a section this person heads or leads, or in a unit whose affairs they read."""
    heads = identity.sections_with(*WATCHERS)
    return or_(in_sections(heads), in_units(identity.units_with(*UNIT_READERS)))
