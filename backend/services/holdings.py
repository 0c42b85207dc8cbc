"""Pass an inquiry from one holder to the next; the database keeps it to one at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import Holding, Inquiry, Post, Staff
from backend.models.types import new_id
from backend.services.presence import keepers
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


def hold(work: Work, inquiry: Inquiry, *, post: Post | None = None, staff: Staff | None = None) -> Holding:
    """End the live holding, if any, and begin a new one by a post or by a person in their section."""
    release(work, inquiry)
    if post is not None:
        unit_id, section_id = post.unit_id, post.section_id
    elif staff is not None:
        unit_id, section_id = staff.unit_id, staff.section_id
    else:
        raise ValueError("a holding needs a post or a person")
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
    inquiry.unit_id = unit_id
    work.session.flush()
    return holding


def release(work: Work, inquiry: Inquiry) -> None:
    """End the live holding."""
    holding = live_holding(work.session, inquiry)
    if holding is not None:
        holding.ended_at = work.now
        work.session.flush()


def bearers(session: Session, holding: Holding, now: datetime) -> list[Staff]:
    """The people who can act for a holding now: the person, or the keepers of the post."""
    if holding.staff_id is not None:
        staff = session.get(Staff, holding.staff_id)
        return [staff] if staff is not None else []
    post = session.get(Post, holding.post_id) if holding.post_id else None
    return keepers(session, post, now) if post is not None else []
