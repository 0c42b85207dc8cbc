"""Who bears a new inquiry: the post of the sign, or for a complaint somebody it is not about (design 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.complaints import Place, Subject, complaint_posts
from backend.domain.errors import FieldInvalid, SignRetired, SignUnknown
from backend.domain.numbers import fold_sign_code
from backend.domain.vocabulary import PostKind, Role
from backend.models import Inquiry, Post, Section, Sign, Staff, Unit
from backend.services.presence import keepers, people_with_role, section_post, unit_post
from backend.services.work import Work, find_by_id


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an inquiry arrives: the unit, the section and post asked, and the sign if there was one."""

    unit: Unit
    section: Section | None
    post: Post | None
    sign: Sign | None

    @property
    def place(self) -> Place:
        # On a unit's page nobody stands at the general post: it merely takes what no section was chosen for.
        asked = self.post if self.sign is not None or self.section is not None else None
        return Place(
            unit_id=self.unit.id,
            section_id=self.section.id if self.section else None,
            post_kind=asked.kind if asked else None,
            post_holder_id=asked.holder_id if asked else None,
        )


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who bears it from the first moment: a post with its present keeper, or a person."""

    post: Post | None
    staff: Staff | None


def find_sign(session: Session, code: str) -> Sign:
    """The live sign of a typed or scanned code. Raises SignUnknown, SignRetired (with the successor's code)."""
    folded = fold_sign_code(code)
    sign = session.scalar(select(Sign).where(Sign.code == folded)) if folded else None
    if sign is None:
        raise SignUnknown()
    if sign.retired_at is not None:
        raise SignRetired(successor_code=sign.successor.code if sign.successor else None)
    return sign


def destination_of_sign(session: Session, code: str) -> Destination:
    """Where scanning this sign leads."""
    sign = find_sign(session, code)
    return Destination(sign.post.unit, sign.post.section, sign.post, sign)


def destination_without_sign(session: Session, unit_id: str, section_id: str | None) -> Destination:
    """Where choosing a unit, and perhaps a section, leads. Raises FieldInvalid for an unknown one."""
    unit = find_by_id(session, Unit, unit_id)
    if unit is None or not unit.is_active:
        raise FieldInvalid("/unit", "没有这个单位。", "unit_unknown")
    if section_id is None:
        return Destination(unit, None, unit_post(session, unit.id, PostKind.GENERAL), None)
    section = find_by_id(session, Section, section_id)
    if section is None or section.unit_id != unit.id or not section.is_active:
        raise FieldInvalid("/section", "这个单位没有这个科室。", "section_unknown")
    return Destination(unit, section, section_post(session, section.id), None)


def bearer_of(work: Work, destination: Destination) -> Bearer:
    """Who bears an ordinary inquiry: the post asked, else the general post, else the unit's head.

    When nobody in the unit is present the post asked bears it all the same: the citizen's words are never
    refused because an office is empty.
    """
    general = unit_post(work.session, destination.unit.id, PostKind.GENERAL)
    for post in (destination.post, general):
        if post is not None and post.is_active and (there := keepers(work.session, post, work.now)):
            return Bearer(post, there[0])
    heads = people_with_role(work.session, Role.PRINCIPAL_LEADER, work.now, unit_id=destination.unit.id)
    if heads:
        return Bearer(None, heads[0])
    return Bearer(_any_post(work, destination, general), None)


def _any_post(work: Work, destination: Destination, general: Post | None) -> Post:
    post = destination.post or general
    if post is None:
        post = work.session.scalar(
            select(Post)
            .where(Post.unit_id == destination.unit.id, Post.is_active)
            .order_by(Post.kind, Post.id)
        )
    if post is None:
        raise FieldInvalid("/unit", "这个单位还没有设置首问责任岗。", "unit_unknown")
    return post


def complaint_bearer_of(work: Work, destination: Destination, subject: Subject) -> Bearer:
    """Who bears a complaint: the first post of the chain with a present keeper whom it is not about.

    Where there is none, a post whose holder is merely away; then the unit's head; at the very last a post whose keepers
    are hidden from it, so that the citizen's words are kept all the same.
    """
    away: Post | None = None
    for kind in complaint_posts(subject):
        for unit_id in _units_for(work.session, destination.unit, kind):
            post = unit_post(work.session, unit_id, kind)
            if post is None:
                continue
            if there := unconcerned_keepers(work, post, subject):
                return Bearer(post, there[0])
            if away is None and not (post.holder and _concerns(subject, post.holder)):
                away = post
    if away is not None:
        return Bearer(away, None)
    heads = people_with_role(work.session, Role.PRINCIPAL_LEADER, work.now, unit_id=destination.unit.id)
    for head in heads:
        if not _concerns(subject, head):
            return Bearer(None, head)
    return Bearer(_any_post(work, destination, None), None)


def oversight_post(session: Session, unit: Unit) -> Post | None:
    """The post of the lead office for a unit: of the nearest unit at or above it, or beside one of those, that has one."""
    for unit_id in _units_for(session, unit, PostKind.OVERSIGHT):
        post = unit_post(session, unit_id, PostKind.OVERSIGHT)
        if post is not None:
            return post
    return None


def unconcerned_keepers(work: Work, post: Post, subject: Subject) -> list[Staff]:
    """Who keeps a post now and is not whom the inquiry is about."""
    return [staff for staff in keepers(work.session, post, work.now) if not _concerns(subject, staff)]


def subject_of_inquiry(inquiry: Inquiry) -> Subject:
    """Whom the inquiry must be kept from; nobody unless it is a complaint."""
    return Subject(inquiry.subject_staff_id, inquiry.subject_section_id, inquiry.subject_unit_id)


def _concerns(subject: Subject, staff: Staff) -> bool:
    return subject.covers(staff.id, staff.section_id, staff.unit_id)


def _units_for(session: Session, unit: Unit, kind: PostKind) -> Iterator[str]:
    """The unit itself; for the lead office every unit above it, then the lead offices beside those above."""
    if kind is not PostKind.OVERSIGHT:
        yield unit.id
        return
    above: Unit | None = unit
    while above is not None:
        yield above.id
        beside = (
            select(Unit.id).where(Unit.parent_id == above.id, Unit.is_active).order_by(Unit.name, Unit.id)
        )
        yield from session.scalars(beside)
        above = above.parent
