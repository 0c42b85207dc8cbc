"""Who is away, until when, and who keeps their post meanwhile (AB岗): for the people of the section and of the unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from backend.domain.clocks import date_phrase
from backend.domain.identity import SECTION_READERS, UNIT_READERS, Identity
from backend.models import Absence, Post, Staff
from backend.services.presence import keepers
from backend.services.work import Work

MOST = 20
"""So many are told by name; the number is of all."""


def who_is_away(work: Work, identity: Identity) -> dict[str, Any]:
    """`{count, people: [{name, section, until_text, posts: [{label, kept_by}]}]}` of today, each person once."""
    near = Staff.section_id.in_(identity.sections_with(*SECTION_READERS))
    units = identity.units_with(*UNIT_READERS)
    rows = work.session.execute(
        select(Staff.id, Absence.ends_at)
        .join(Absence, Absence.staff_id == Staff.id)
        .where(
            Staff.is_active,
            or_(near, Staff.unit_id.in_(units)),
            Absence.starts_at <= work.now,
            or_(Absence.ends_at.is_(None), Absence.ends_at > work.now),
        )
        .order_by(Staff.name, Staff.id)
    )
    ends: dict[str, list[datetime | None]] = defaultdict(list)
    for staff_id, ends_at in rows:
        ends[staff_id].append(ends_at)
    told = list(ends)[:MOST]
    people = {
        one.id: one
        for one in work.session.scalars(
            select(Staff).where(Staff.id.in_(told)).options(joinedload(Staff.section))
        )
    }
    posts = _posts(work, told)
    return {
        "count": len(ends),
        "people": [
            {
                "name": people[staff_id].name,
                "section": section.name if (section := people[staff_id].section) else None,
                "until_text": _until(work, ends[staff_id]),
                "posts": posts[staff_id],
            }
            for staff_id in told
        ],
    }


def _until(work: Work, ends: Collection[datetime | None]) -> str | None:
    """The last end of what overlaps; None while one of them has none."""
    known = [one for one in ends if one is not None]
    return date_phrase(max(known), work.now) if len(known) == len(ends) else None


def _posts(work: Work, staff_ids: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """What each of these people holds, and who keeps it now."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    held = select(Post).where(Post.holder_id.in_(staff_ids), Post.is_active).order_by(Post.kind, Post.id)
    for post in work.session.scalars(held):
        there = keepers(work.session, post, work.now)
        kept_by = there[0].name if there else "没有人替岗"
        found[post.holder_id or ""].append({"label": post.kind.label, "kept_by": kept_by})
    return found
