"""A section's reply templates, by title."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.models import ReplyTemplate, Section, Staff
from backend.services.reply_templates import READERS, WRITERS
from backend.services.work import Work

MOST = 500


def reply_templates(work: Work, identity: Identity, *, with_retired: bool = False) -> list[dict[str, Any]]:
    """Those of the person's sections; what is out of use only where it is asked for."""
    query = (
        select(ReplyTemplate, Section.name, Staff.name)
        .join(Section, Section.id == ReplyTemplate.section_id)
        .join(Staff, Staff.id == ReplyTemplate.changed_by_id)
        .where(ReplyTemplate.section_id.in_(identity.sections_with(*READERS)))
        .order_by(ReplyTemplate.is_active.desc(), ReplyTemplate.title, ReplyTemplate.id)
        .limit(MOST)
    )
    if not with_retired:
        query = query.where(ReplyTemplate.is_active)
    return [_shape(work, identity, *row) for row in work.session.execute(query)]


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
        "changed_text": date_phrase(row.changed_at, work.now),
        "may_change": row.section_id in identity.sections_with(*WRITERS),
    }
