"""A section's reply templates, by title."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, tuple_

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.times import local
from backend.models import ReplyTemplate, Section, Staff
from backend.queries.cursors import read_cursor, write_cursor
from backend.services.reply_templates import READERS, WRITERS
from backend.services.work import Work

PAGE = 20
MOST = 500
"""Titles to choose from, of all the sections a person works for."""
_KEY = (ReplyTemplate.changed_at, ReplyTemplate.id)


def template_titles(work: Work, identity: Identity) -> list[tuple[str, str]]:
    """`(id, title)` of those in use in the person's sections, by title: what can be put into an answer."""
    rows = work.session.execute(
        select(ReplyTemplate.id, ReplyTemplate.title)
        .where(ReplyTemplate.section_id.in_(identity.sections_with(*READERS)), ReplyTemplate.is_active)
        .order_by(ReplyTemplate.title, ReplyTemplate.id)
        .limit(MOST)
    )
    return [(template_id, title) for template_id, title in rows]


def reply_templates(
    work: Work, identity: Identity, cursor: str | None, *, with_retired: bool = False
) -> dict[str, Any]:
    """One page of those of the person's sections, the last changed first; what is out of use only where it is asked for.

    Raises CursorInvalid.
    """
    query = (
        select(ReplyTemplate, Section.name, Staff.name)
        .join(Section, Section.id == ReplyTemplate.section_id)
        .join(Staff, Staff.id == ReplyTemplate.changed_by_id)
        .where(ReplyTemplate.section_id.in_(identity.sections_with(*READERS)))
        .order_by(*(column.desc() for column in _KEY))
        .limit(PAGE + 1)
    )
    if not with_retired:
        query = query.where(ReplyTemplate.is_active)
    if cursor:
        query = query.where(tuple_(*_KEY) < read_cursor(cursor))
    rows = work.session.execute(query).all()
    page = rows[:PAGE]
    more = write_cursor(page[-1][0].changed_at, page[-1][0].id) if len(rows) > PAGE else None
    return {"items": [_shape(work, identity, *row) for row in page], "next_cursor": more}


def template_shape(work: Work, identity: Identity, row: ReplyTemplate) -> dict[str, Any]:
    section = work.session.get_one(Section, row.section_id)
    return _shape(work, identity, row, section.name, work.session.get_one(Staff, row.changed_by_id).name)


def _shape(work: Work, identity: Identity, row: ReplyTemplate, section: str, by: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "section": {"id": row.section_id, "name": section},
        "title": row.title,
        "body": row.body,
        "active": row.is_active,
        "changed_by": by,
        "changed_at": local(row.changed_at).isoformat(),
        "changed_text": date_phrase(row.changed_at, work.now),
        "may_change": row.section_id in identity.sections_with(*WRITERS),
    }
