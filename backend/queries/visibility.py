"""Which inquiries a member of staff may see at all (the table of design 1). Outside it, nothing exists.

Conditions follow from the identity alone and never change, so each is put together once for an identity, which is
most of the work of a short request; an identity whose roles changed is another one.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from backend.domain.complaints import MADE_COMPLAINT
from backend.domain.identity import NEVER_HOLDERS, SECTION_READERS, UNIT_READERS, Identity
from backend.domain.vocabulary import DisputeLevel, DisputeState, HandoffState, PostKind, Role
from backend.models import (
    Dispute,
    Handoff,
    Holding,
    Inquiry,
    InquiryText,
    JointHandling,
    JointUnit,
    Post,
    PostDeputy,
)

per_identity = lru_cache(maxsize=256)
"""Keeps the condition of an identity for its next request."""


@per_identity
def visible_to(identity: Identity) -> ColumnElement[bool]:
    """SQL: this row of `inquiries` is in the person's chain, and is not a complaint about them or theirs."""
    if identity.holds(*NEVER_HOLDERS):
        return false()
    return and_(not_about(identity), or_(*_chains(identity)))


@per_identity
def not_about(identity: Identity) -> ColumnElement[bool]:
    """SQL: the person, their section and their unit are not whom it is about (design 4)."""
    clauses = [
        or_(Inquiry.subject_staff_id.is_(None), Inquiry.subject_staff_id != identity.staff_id),
        or_(Inquiry.subject_unit_id.is_(None), Inquiry.subject_unit_id != identity.unit_id),
    ]
    if identity.section_id is not None:
        clauses.append(
            or_(Inquiry.subject_section_id.is_(None), Inquiry.subject_section_id != identity.section_id)
        )
    return and_(*clauses)


@per_identity
def held_by(identity: Identity) -> ColumnElement[bool]:
    """SQL: the person holds it now, in person or as keeper or deputy of the holding post."""
    return exists().where(
        Holding.inquiry_id == Inquiry.id,
        Holding.ended_at.is_(None),
        or_(Holding.staff_id == identity.staff_id, Holding.post_id.in_(kept_posts(identity))),
    )


@per_identity
def offered_to(identity: Identity) -> ColumnElement[bool]:
    """SQL: an open offer waits for this person, a section they handle, or the unit whose general post they keep."""
    sections = identity.sections_with(Role.HANDLER)
    units = select(Post.unit_id).where(Post.kind == PostKind.GENERAL, Post.id.in_(kept_posts(identity)))
    return exists().where(
        Handoff.inquiry_id == Inquiry.id,
        Handoff.state == HandoffState.OFFERED,
        or_(
            Handoff.to_staff_id == identity.staff_id,
            and_(Handoff.to_staff_id.is_(None), Handoff.to_section_id.in_(sections)) if sections else false(),
            and_(
                Handoff.to_staff_id.is_(None), Handoff.to_section_id.is_(None), Handoff.to_unit_id.in_(units)
            ),
        ),
    )


def in_sections(sections: frozenset[str]) -> ColumnElement[bool]:
    """SQL: one of the sections holds or held it."""
    if not sections:
        return false()
    return exists().where(
        Holding.inquiry_id == Inquiry.id, Holding.section_id.in_(sections), _still_counts(Holding)
    )


def in_units(units: frozenset[str]) -> ColumnElement[bool]:
    """SQL: one of the units holds or held it, or was asked first and it is no complaint past the unit."""
    if not units:
        return false()
    return or_(
        Inquiry.unit_id.in_(units),
        and_(Inquiry.first_unit_id.in_(units), ~Inquiry.is_confidential),
        exists().where(Holding.inquiry_id == Inquiry.id, Holding.unit_id.in_(units), _still_counts(Holding)),
    )


def asked_jointly(identity: Identity) -> ColumnElement[bool]:
    """SQL: a unit whose affairs the person reads, or whose general post they keep, takes or took part (坛 六（三）)."""
    return exists().where(
        JointHandling.inquiry_id == Inquiry.id,
        JointUnit.joint_id == JointHandling.id,
        _one_of(JointUnit.unit_id, identity),
        _still_counts(JointHandling),
    )


@per_identity
def in_joint_case(identity: Identity) -> ColumnElement[bool]:
    """SQL: it is handled jointly now, led by such a unit or by a section in the person's scope, or with it."""
    running = and_(JointHandling.inquiry_id == Inquiry.id, JointHandling.ended_at.is_(None))
    asked = and_(running, JointUnit.joint_id == JointHandling.id, _one_of(JointUnit.unit_id, identity))
    return or_(
        exists().where(running, _one_of(JointHandling.lead_unit_id, identity)),
        exists().where(asked),
        and_(exists().where(running), in_sections(identity.sections_with(Role.DEPUTY_LEADER))),
    )


def _one_of(unit_id: InstrumentedAttribute[str], identity: Identity) -> ColumnElement[bool]:
    kept = select(Post.unit_id).where(Post.kind == PostKind.GENERAL, Post.id.in_(kept_posts(identity)))
    return or_(unit_id.in_(identity.units_with(*UNIT_READERS)), unit_id.in_(kept))


@per_identity
def arbitrates(identity: Identity) -> ColumnElement[bool]:
    """SQL: an open dispute waits for this person's decision, as keeper of a post or as head (design 4)."""

    def kept(*kinds: PostKind) -> Select[str]:
        return select(Post.unit_id).where(Post.kind.in_(kinds), Post.id.in_(kept_posts(identity)))

    headed = identity.units_with(Role.PRINCIPAL_LEADER)
    unit, level = Dispute.arbiter_unit_id, Dispute.level
    return exists().where(
        Dispute.inquiry_id == Inquiry.id,
        Dispute.state == DisputeState.OPEN,
        or_(
            and_(level != DisputeLevel.GENERAL_POST, unit.in_(headed)) if headed else false(),
            and_(level == DisputeLevel.GENERAL_POST, unit.in_(kept(PostKind.GENERAL))),
            and_(level == DisputeLevel.COORDINATOR, unit.in_(kept(PostKind.GENERAL, PostKind.OVERSIGHT))),
        ),
    )


def kept_posts(identity: Identity) -> ScalarSelect[str]:
    """SQL: the posts this person keeps, stands in for, or heads."""
    deputised = select(PostDeputy.post_id).where(PostDeputy.staff_id == identity.staff_id)
    heads = identity.sections_with(Role.SECTION_HEAD)
    leads = identity.units_with(Role.PRINCIPAL_LEADER)
    clauses = [Post.holder_id == identity.staff_id, Post.id.in_(deputised)]
    if heads:
        clauses.append(Post.section_id.in_(heads))
    if leads:
        clauses.append(and_(Post.kind == PostKind.GENERAL, Post.unit_id.in_(leads)))
    return select(Post.id).where(Post.is_active, or_(*clauses)).scalar_subquery()


def _still_counts(past: type[Holding | JointHandling]) -> ColumnElement[bool]:
    """SQL: what ended before the inquiry turned into a complaint opens it to nobody any more (design 4)."""
    turned = exists().where(
        InquiryText.inquiry_id == past.inquiry_id,
        InquiryText.kind == MADE_COMPLAINT,
        InquiryText.created_at >= past.ended_at,
    )
    return or_(~Inquiry.is_confidential, past.ended_at.is_(None), ~turned)


def _offered_into_reach(sections: frozenset[str], units: frozenset[str]) -> ColumnElement[bool]:
    """SQL: an open offer to a section or unit whose affairs the person reads (column “offered” of design 1)."""
    targets: list[ColumnElement[bool]] = []
    if sections:
        targets.append(Handoff.to_section_id.in_(sections))
    if units:
        targets.append(Handoff.to_unit_id.in_(units))
    if not targets:
        return false()
    return exists().where(
        Handoff.inquiry_id == Inquiry.id, Handoff.state == HandoffState.OFFERED, or_(*targets)
    )


def _chains(identity: Identity) -> list[ColumnElement[bool]]:
    handled = identity.sections_with(*SECTION_READERS)
    past = exists().where(
        Holding.inquiry_id == Inquiry.id,
        or_(Holding.staff_id == identity.staff_id, Holding.post_id.in_(kept_posts(identity))),
        _still_counts(Holding),
    )
    return [
        past,
        offered_to(identity),
        asked_jointly(identity),
        arbitrates(identity),
        _offered_into_reach(
            identity.sections_with(Role.SECTION_HEAD, Role.DEPUTY_LEADER), identity.units_with(*UNIT_READERS)
        ),
        in_sections(handled),
        in_units(identity.units_with(*UNIT_READERS)),
    ]
