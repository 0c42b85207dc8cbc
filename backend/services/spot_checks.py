"""抽查 by the general post and discipline, each or jointly, never by those checked (泸 二（二）4, 附件1-17; design 5).

A check is an entry of the unit's chain and nothing else: append-only, as often as they go. It moves nothing of the
inquiry, makes no `Rating` and fills no box of 附件2: those are the 回访's and the citizen's own; its grade stands with it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from backend.domain.errors import FieldInvalid, RoleRequired
from backend.domain.follow_ups import ensure_callable
from backend.domain.identity import Identity
from backend.domain.spot_checks import (
    ALONE,
    Checker,
    Handled,
    SpotCheck,
    can_go_together,
    ensure_checkable,
    ensure_whole,
    kinds_open,
)
from backend.domain.vocabulary import PostKind, Role
from backend.domain.vocabulary_contact import FollowUpLayer, SpotCheckBy, SpotCheckMethod
from backend.models import Holding, Inquiry, LedgerEntry, Post, PostDeputy, RoleGrant, Staff
from backend.queries.visibility import visible_to
from backend.services.follow_ups import closed_round
from backend.services.ledger import record
from backend.services.organising import identity_of
from backend.services.texts import store_text
from backend.services.work import Work

NOT_YOURS = "抽查由首问责任总岗和机关纪委进行；办理过这件事的人和科室不能抽查自己。"
FINDING = "finding"
_ROLES = {PostKind.GENERAL: Role.GENERAL_POST, PostKind.DISCIPLINE: Role.DISCIPLINE}
_WORKING = (Role.HANDLER, Role.POST_HOLDER, Role.SECTION_HEAD)
"""Roles by which somebody is of a section; a 分管领导 stands above it."""


def may_spot_check(work: Work, identity: Identity, inquiry: Inquiry) -> bool:
    """Whether checking this matter is the person's business, closed or not."""
    return bool(_own_kinds(work, identity, inquiry))


def ways_to_check(work: Work, identity: Identity, inquiry: Inquiry) -> list[SpotCheckBy]:
    """As what the person can check this matter."""
    own = _own_kinds(work, identity, inquiry)
    ways = [by for kind, by in ALONE.items() if kind in own]
    return [*ways, SpotCheckBy.JOINT] if partners(work, identity, inquiry) else ways


def partners(work: Work, identity: Identity, inquiry: Inquiry) -> list[Staff]:
    """Who can go with the person: of the other post, with no hand in the matter either, and allowed to see it."""
    own, handled = _own_kinds(work, identity, inquiry), _handled(work, inquiry)
    if not own:
        return []
    return [
        person
        for person in _keepers(work, inquiry.unit_id)
        if person.id != identity.staff_id
        and can_go_together(own, kinds_open(_checker(work, identity_of(person), inquiry.unit_id), handled))
        and _sees(work, person, inquiry)
    ]


def spot_check(work: Work, identity: Identity, inquiry: Inquiry, check: SpotCheck) -> LedgerEntry:
    """Put a check on record. Raises RoleRequired, FieldInvalid, SpotCheckNotPossible, FollowUpNotPossible."""
    if not may_spot_check(work, identity, inquiry):
        raise RoleRequired(NOT_YOURS)
    ensure_whole(check)
    if check.by not in ways_to_check(work, identity, inquiry):
        raise FieldInvalid("/by", "这件事您不能这样抽查。", "choice_invalid")
    if check.with_staff is not None and check.with_staff not in _ids(partners(work, identity, inquiry)):
        raise FieldInvalid("/with_staff", "这位同志不能和您一起抽查这件事。", "staff_unknown")
    ensure_checkable(inquiry.status)
    if check.how is SpotCheckMethod.PHONE:
        ensure_callable(closed_round(work, inquiry), inquiry.status)
    facts: dict[str, Any] = {
        "layer": FollowUpLayer.SAMPLE.value,
        "by": check.by.value,
        "how": check.how.value,
        "needs_rectification": check.needs_rectification,
    }
    for name, value in (("with", check.with_staff), ("result", check.result), ("grade", check.grade)):
        if value is not None:
            facts[name] = str(value)
    texts = {}
    if check.finding is not None:
        row, digest = store_text(work, inquiry, FINDING, check.finding)
        texts[FINDING] = (row.id, digest)
    return record(work, "spot_checked", inquiry, unit_id=inquiry.unit_id, facts=facts, texts=texts)


def _own_kinds(work: Work, identity: Identity, inquiry: Inquiry) -> frozenset[PostKind]:
    checker = _checker(work, identity, inquiry.unit_id)
    return kinds_open(checker, _handled(work, inquiry)) if checker.kinds else frozenset()


def _handled(work: Work, inquiry: Inquiry) -> Handled:
    rows = work.session.execute(
        select(Holding.staff_id, Holding.section_id, Holding.post_id, Post.kind)
        .outerjoin(Post, Post.id == Holding.post_id)
        .where(Holding.inquiry_id == inquiry.id)
    ).all()
    people = [inquiry.first_responder_id, inquiry.closed_by_id, *(row.staff_id for row in rows)]
    return Handled(
        frozenset(one for one in people if one is not None),
        frozenset(row.section_id for row in rows if row.section_id is not None),
        frozenset(row.post_id for row in rows if row.post_id is not None),
        frozenset(row.kind for row in rows if row.kind is not None),
    )


def _checker(work: Work, identity: Identity, unit_id: str) -> Checker:
    """The person as keeper, deputy (AB岗) or by role, in the unit."""
    kept = work.session.scalars(select(Post).where(Post.is_active, _kept_by(identity.staff_id))).all()
    kinds = {post.kind for post in kept if post.unit_id == unit_id}
    kinds |= {kind for kind, role in _ROLES.items() if unit_id in identity.units_with(role)}
    sections = set(identity.sections_with(*_WORKING))
    if identity.section_id is not None:
        sections.add(identity.section_id)
    return Checker(
        identity.staff_id,
        frozenset(sections),
        frozenset(post.id for post in kept),
        frozenset(kinds & ALONE.keys()),
    )


def _keepers(work: Work, unit_id: str) -> list[Staff]:
    """Everybody active in the unit who keeps or stands in for one of the two posts, or has its role."""
    granted = Staff.grants.any(
        and_(
            RoleGrant.unit_id == unit_id, RoleGrant.role.in_(_ROLES.values()), RoleGrant.section_id.is_(None)
        )
    )
    post = and_(Post.unit_id == unit_id, Post.kind.in_(ALONE), Post.is_active, _kept_by(Staff.id))
    return list(
        work.session.scalars(
            select(Staff)
            .where(Staff.is_active, or_(granted, exists().where(post)))
            .options(selectinload(Staff.grants))
            .order_by(Staff.name, Staff.id)
        )
    )


def _kept_by(staff_id: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    deputy = exists().where(PostDeputy.post_id == Post.id, PostDeputy.staff_id == staff_id)
    return or_(Post.holder_id == staff_id, deputy)


def _sees(work: Work, person: Staff, inquiry: Inquiry) -> bool:
    found = select(Inquiry.id).where(Inquiry.id == inquiry.id, visible_to(identity_of(person)))
    return work.session.scalar(found) is not None


def _ids(people: Collection[Staff]) -> set[str]:
    return {person.id for person in people}
