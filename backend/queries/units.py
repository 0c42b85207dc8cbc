"""A unit as a visitor sees it: its sections, and where each is found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select

from backend.domain.errors import NotFound
from backend.domain.vocabulary import PostKind
from backend.models import Post, Section, Unit
from backend.services.work import Work, find_by_id


def unit_shape(work: Work, unit_id: str) -> dict[str, Any]:
    """An active unit with its active sections: `{id, name, measure, complaint_phone, sections: [{id, name, location}]}`.

    Raises NotFound.
    """
    unit = find_by_id(work.session, Unit, unit_id)
    if unit is None or not unit.is_active:
        raise NotFound("没有这个单位。")
    of_section = and_(Post.section_id == Section.id, Post.kind == PostKind.SECTION, Post.is_active)
    rows = work.session.execute(
        select(Section, Post.location)
        .outerjoin(Post, of_section)
        .where(Section.unit_id == unit.id, Section.is_active)
        .order_by(Section.name, Section.id)
    )
    return {
        "id": unit.id,
        "name": unit.name,
        "measure": unit.measure.value,
        "complaint_phone": unit.complaint_phone or None,
        "sections": [
            {"id": section.id, "name": section.name, "location": location or None}
            for section, location in rows
        ],
    }
