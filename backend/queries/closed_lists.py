"""What is closed, the newest first, out of the lists that closing wrote (services/closed_lists.py).

However much lies in the archive, a page is read from the places this person looks from, a few rows each.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select, tuple_, union_all

from backend.domain.identity import SECTION_READERS, UNIT_READERS, Identity
from backend.domain.vocabulary import PostKind, Status
from backend.models import ClosedPlace, Inquiry, Post
from backend.queries.list_filters import Filters
from backend.queries.visibility import kept_posts, visible_to
from backend.queries.walking import Place, Walked, walk
from backend.services.closed_lists import JOINT
from backend.services.work import Work


def closed_page(work: Work, identity: Identity, filters: Filters, cursor: str | None) -> Walked:
    """One page of the closed box. Raises CursorInvalid."""
    places = _places(work, identity)

    def source(below: Place | None, limit: int) -> Select[datetime, str]:
        return _newest(places, below, limit)

    keep = [Inquiry.status == Status.CLOSED, visible_to(identity), *filters.conditions(work.now)]
    return walk(work, source, keep, cursor)


def closed_count(work: Work, identity: Identity, cap: int) -> int:
    """How many the closed box holds, up to `cap`: of the newest so many, those this person may see."""
    newest = _newest(_places(work, identity), None, cap).subquery()
    found = select(Inquiry.id).where(
        Inquiry.id.in_(select(newest.c.inquiry_id)), Inquiry.status == Status.CLOSED, visible_to(identity)
    )
    looked_at = work.session.scalar(select(func.count()).select_from(newest)) or 0
    if looked_at == cap:
        return cap
    return work.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _places(work: Work, identity: Identity) -> list[str]:
    """Where this person looks from: themselves, the posts they keep, their sections and units, joint cases of these."""
    kept = list(
        work.session.execute(
            select(Post.id, Post.unit_id, Post.kind).where(Post.id.in_(kept_posts(identity)))
        )
    )
    units = identity.units_with(*UNIT_READERS)
    asked = units | {unit_id for _, unit_id, kind in kept if kind is PostKind.GENERAL}
    sections = identity.sections_with(*SECTION_READERS)
    posts = {post_id for post_id, _, _ in kept}
    return sorted({identity.staff_id, *posts, *sections, *units, *(f"{JOINT}{unit}" for unit in asked)})


def _newest(places: list[str], below: Place | None, limit: int) -> Select[datetime, str]:
    """The newest of several lists, each inquiry once: as many of each as are asked for of all."""
    at, inquiry_id = ClosedPlace.closed_at, ClosedPlace.inquiry_id
    lists = []
    for place in places:
        one = select(at.label("at"), inquiry_id.label("inquiry_id")).where(ClosedPlace.place == place)
        if below is not None:
            one = one.where(tuple_(at, inquiry_id) < tuple_(*below))
        newest = one.order_by(at.desc(), inquiry_id.desc()).limit(limit).subquery()
        lists.append(select(newest.c.at, newest.c.inquiry_id))
    merged = union_all(*lists).subquery()
    columns = merged.c.at, merged.c.inquiry_id
    return select(*columns).distinct().order_by(*(column.desc() for column in columns)).limit(limit)
