"""Who is there: present staff, keepers of a post, sections somebody could accept for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from backend.domain.identity import NEVER_HOLDERS
from backend.domain.vocabulary import PostKind, Role
from backend.models import Absence, Post, PostDeputy, RoleGrant, Staff


def is_present(now: datetime) -> ColumnElement[bool]:
    """SQL: this row of `staff` is active and not absent at `now`."""
    absent = exists().where(
        Absence.staff_id == Staff.id,
        Absence.starts_at <= now,
        or_(Absence.ends_at.is_(None), Absence.ends_at > now),
    )
    return and_(Staff.is_active, ~absent)


def is_staff_present(session: Session, staff_id: str, now: datetime) -> bool:
    """Whether this person is active and not absent."""
    return session.scalar(select(Staff.id).where(Staff.id == staff_id, is_present(now))) is not None


def may_bear(now: datetime) -> ColumnElement[bool]:
    """SQL: this row of `staff` is present and of those who may hold an inquiry at all."""
    held = aliased(RoleGrant)
    barred = exists().where(held.staff_id == Staff.id, held.role.in_(NEVER_HOLDERS))
    return and_(is_present(now), ~barred)


def can_bear(session: Session, staff_id: str, now: datetime) -> bool:
    """Whether this person is present and of those who may hold an inquiry at all."""
    return session.scalar(select(Staff.id).where(Staff.id == staff_id, may_bear(now))) is not None


def present_handlers(session: Session, section_id: str, now: datetime) -> list[Staff]:
    """The people of a section who could accept an offer now, in a stable order."""
    handler = exists().where(
        RoleGrant.staff_id == Staff.id, RoleGrant.role == Role.HANDLER, RoleGrant.section_id == section_id
    )
    return list(session.scalars(select(Staff).where(handler, may_bear(now)).order_by(Staff.name, Staff.id)))


def people_with_role(
    session: Session, role: Role, now: datetime, *, unit_id: str, section_id: str | None = None
) -> list[Staff]:
    """Present people who hold `role` for the whole unit, or for one section of it, and may hold an inquiry at all."""
    granted = exists().where(
        RoleGrant.staff_id == Staff.id,
        RoleGrant.role == role,
        RoleGrant.unit_id == unit_id,
        RoleGrant.section_id.is_(None) if section_id is None else RoleGrant.section_id == section_id,
    )
    return list(session.scalars(select(Staff).where(granted, may_bear(now)).order_by(Staff.name, Staff.id)))


def keepers(session: Session, post: Post, now: datetime) -> list[Staff]:
    """Who keeps a post now: its holder, then its deputies in order (AB岗), else the head of its section or unit.

    Empty when nobody is present. The head stands in only when neither holder nor deputy is there.
    """
    deputies = select(PostDeputy.staff_id).where(PostDeputy.post_id == post.id).order_by(PostDeputy.position)
    wanted = [i for i in [post.holder_id, *session.scalars(deputies)] if i is not None]
    present = {s.id: s for s in session.scalars(select(Staff).where(Staff.id.in_(wanted), is_present(now)))}
    there = [present[staff_id] for staff_id in wanted if staff_id in present]
    if there:
        return there
    if post.kind is PostKind.SECTION:
        return people_with_role(
            session, Role.SECTION_HEAD, now, unit_id=post.unit_id, section_id=post.section_id
        )
    if post.kind is PostKind.GENERAL:
        return people_with_role(session, Role.PRINCIPAL_LEADER, now, unit_id=post.unit_id)
    return []


def unit_post(session: Session, unit_id: str, kind: PostKind) -> Post | None:
    """The unit's active general, discipline or oversight post."""
    return session.scalar(select(Post).where(Post.unit_id == unit_id, Post.kind == kind, Post.is_active))


def section_post(session: Session, section_id: str) -> Post | None:
    """The section's active 首问责任岗."""
    return session.scalar(select(Post).where(Post.section_id == section_id, Post.is_active))
