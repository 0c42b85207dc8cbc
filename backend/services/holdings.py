"""Pass an inquiry from one holder to the next; the database keeps it to one at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.domain.errors import HandoffTargetUnavailable
from backend.domain.vocabulary import PostKind, Role
from backend.models import ContentCheck, Holding, Inquiry, Post, Staff
from backend.models.types import new_id
from backend.services.presence import is_staff_present, keepers, people_with_role, unit_post
from backend.services.work import Work


def live_holding(session: Session, inquiry: Inquiry) -> Holding | None:
    """Who holds it now; None once closed."""
    return session.scalar(select(Holding).where(Holding.inquiry_id == inquiry.id, Holding.ended_at.is_(None)))


def last_holding(session: Session, inquiry: Inquiry) -> Holding | None:
    """Who holds it, or held it last."""
    return session.scalar(
        select(Holding)
        .where(Holding.inquiry_id == inquiry.id)
        .order_by(Holding.ended_at.is_not(None), Holding.ended_at.desc(), Holding.started_at.desc())
        .limit(1)
    )


def round_began(session: Session, inquiry: Inquiry) -> datetime:
    """When this round began: the first with its receipt, a later one when it was reopened, which names a holder."""
    if inquiry.round == 1:
        return inquiry.received_at
    first = select(func.min(Holding.started_at)).where(
        Holding.inquiry_id == inquiry.id, Holding.round == inquiry.round
    )
    return session.scalar(first) or inquiry.received_at


def hold(work: Work, inquiry: Inquiry, *, post: Post | None = None, staff: Staff | None = None) -> Holding:
    """End the live holding, if any, and begin a new one by a post or by a person in their section."""
    release(work, inquiry)
    bearer = post or staff
    if bearer is None:
        raise ValueError("a holding needs a post or a person")
    _ensure_still_there(work.session, bearer)
    unit_id, section_id = bearer.unit_id, bearer.section_id
    holding = Holding(
        id=new_id(),
        inquiry_id=inquiry.id,
        unit_id=unit_id,
        section_id=section_id,
        post_id=post.id if post else None,
        staff_id=None if post else (staff.id if staff else None),
        round=inquiry.round,
        started_at=work.now,
    )
    work.session.add(holding)
    if inquiry.unit_id != unit_id:
        # Whoever reviews for the unit that holds it now looks at what is doubtful.
        moved = update(ContentCheck).where(ContentCheck.inquiry_id == inquiry.id).values(unit_id=unit_id)
        work.session.execute(moved)
        inquiry.unit_id = unit_id
    work.session.flush()
    return holding


def _ensure_still_there(session: Session, bearer: Post | Staff) -> None:
    """Who leaves at this very moment takes nothing on any more: whoever closes them has the row locked, then counts.

    Raises HandoffTargetUnavailable. SQLite has one writer, who has read the row in this transaction.
    """
    if session.get_bind().dialect.name == "postgresql":
        kind = type(bearer)
        there = select(kind.is_active).where(kind.id == bearer.id).with_for_update(read=True, key_share=True)
        if not session.scalar(there):
            raise HandoffTargetUnavailable()


def release(work: Work, inquiry: Inquiry) -> None:
    """End the live holding."""
    holding = live_holding(work.session, inquiry)
    if holding is not None:
        # A clock set back must not end a holding before it began.
        holding.ended_at = max(work.now, holding.started_at)
        work.session.flush()


def bearers(session: Session, holding: Holding, now: datetime) -> list[Staff]:
    """The people who can act for a holding now: the person, or the keepers of the post.

    While the person is away the head of the section, else the unit's general post, acts for them: somebody who is
    there always bears it.
    """
    if holding.staff_id is not None:
        person = session.get_one(Staff, holding.staff_id)
        if is_staff_present(session, person.id, now):
            return [person]
        return [person, *_stand_ins(session, holding, now)]
    post = session.get(Post, holding.post_id) if holding.post_id else None
    return keepers(session, post, now) if post is not None else []


def _stand_ins(session: Session, holding: Holding, now: datetime) -> list[Staff]:
    if holding.section_id is not None:
        heads = people_with_role(
            session, Role.SECTION_HEAD, now, unit_id=holding.unit_id, section_id=holding.section_id
        )
        if heads:
            return [head for head in heads if head.id != holding.staff_id]
    post = unit_post(session, holding.unit_id, PostKind.GENERAL)
    return keepers(session, post, now) if post is not None else []
