"""Who is away, until when, and who keeps their post meanwhile (AB岗): for the people of the section and of the unit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from backend.domain.clocks import date_phrase
from backend.domain.identity import SECTION_READERS, UNIT_READERS, Identity
from backend.models import Absence, Post, Staff
from backend.services.presence import keepers
from backend.services.work import Work

MOST = 20


def who_is_away(work: Work, identity: Identity) -> list[dict[str, Any]]:
    """`[{name, section, until_text, posts: [{label, kept_by}]}]` of today."""
    near = Staff.section_id.in_(identity.sections_with(*SECTION_READERS))
    units = identity.units_with(*UNIT_READERS)
    rows = work.session.execute(
        select(Staff, Absence.ends_at)
        .join(Absence, Absence.staff_id == Staff.id)
        .where(
            Staff.is_active,
            or_(near, Staff.unit_id.in_(units)),
            Absence.starts_at <= work.now,
            or_(Absence.ends_at.is_(None), Absence.ends_at > work.now),
        )
        .order_by(Staff.name, Staff.id)
        .limit(MOST)
    )
    return [
        {
            "name": person.name,
            "section": person.section.name if person.section else None,
            "until_text": date_phrase(ends_at, work.now) if ends_at else None,
            "posts": _posts(work, person),
        }
        for person, ends_at in rows
    ]


def _posts(work: Work, person: Staff) -> list[dict[str, str]]:
    held = work.session.scalars(select(Post).where(Post.holder_id == person.id, Post.is_active))
    return [
        {
            "label": post.kind.label,
            "kept_by": "、".join(staff.name for staff in keepers(work.session, post, work.now)[:1])
            or "没有人替岗",
        }
        for post in held
    ]
