"""Units and sections after they were made: renamed, placed elsewhere in the tree, closed (泸 二（一）; 坛 四).

Nothing is closed while a matter is open in it: it would have nobody to answer for it.
"""

from __future__ import annotations

from datetime import time

from sqlalchemy import ColumnElement, func, or_, select

from backend.domain.errors import DomainError, FieldInvalid
from backend.domain.vocabulary import HandoffState, OrganType, SectionKind, Status
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import (
    Handoff,
    Holding,
    Inquiry,
    JointHandling,
    JointUnit,
    Post,
    RoleGrant,
    Section,
    Staff,
    Unit,
)
from backend.services.organisation_changes import changed, note_change
from backend.services.organising import ensure_unit_name_free
from backend.services.posts import close_post
from backend.services.staff_accounts import revoke_role
from backend.services.work import Work


class UnitHasOpenCases(DomainError):
    """A unit with open inquiries, or offers and joint cases that wait for it. `count` says how many."""

    code = "unit_has_open_cases"


class SectionHasOpenCases(DomainError):
    code = "section_has_open_cases"


def change_unit(
    work: Work,
    unit: Unit,
    *,
    name: str,
    organ_type: OrganType,
    parent: Unit | None,
    closes_at: time | None,
    address: str,
    complaint_phone: str,
) -> None:
    """What is known of a unit, and where it stands in the tree. Raises FieldInvalid."""
    if name != unit.name:
        ensure_unit_name_free(work, name, unit)
    above = parent
    while above is not None:
        if above.id == unit.id:
            raise FieldInvalid("/parent", "上级单位不能是自己或者自己的下级。")
        above = above.parent
    was = unit.parent.name if unit.parent else None
    facts = changed(
        unit,
        name=name,
        organ_type=organ_type,
        parent_id=parent.id if parent else None,
        closes_at=closes_at,
        address=address,
        complaint_phone=complaint_phone,
    )
    work.session.flush()
    if "parent_id" in facts:
        work.session.expire(unit, ["parent"])
        facts["parent"] = [was, parent.name if parent else None]
        del facts["parent_id"]
    if facts:
        note_change(work, ChangeKind.UNIT_CHANGED, unit.id, facts)


def close_unit(work: Work, unit: Unit) -> None:
    """Close a unit: its sections and posts with it, its signs out of use. Raises UnitHasOpenCases, FieldInvalid."""
    _lock(work, Unit, unit.id)
    count = _open_at(work, unit)
    if count:
        raise UnitHasOpenCases(count=count)
    if work.session.scalar(select(Unit.id).where(Unit.parent_id == unit.id, Unit.is_active).limit(1)):
        raise FieldInvalid("/form", "还有下级单位，请先撤销下级单位，或者把它们归到别的单位。")
    _ensure_nobody_left(work, Staff.unit_id == unit.id, "这个单位")
    for section in work.session.scalars(select(Section).where(Section.unit_id == unit.id, Section.is_active)):
        close_section(work, section)
    for post in work.session.scalars(select(Post).where(Post.unit_id == unit.id, Post.is_active)):
        close_post(work, post)
    unit.is_active = False
    note_change(work, ChangeKind.UNIT_CLOSED, unit.id, {"name": unit.name})


def change_section(work: Work, section: Section, *, name: str, kind: SectionKind, is_dedicated: bool) -> None:
    """Name, kind, and whether it is the unit's 专门科室, which passes from the one that was (泸 一). Raises FieldInvalid."""
    siblings = select(Section).where(Section.unit_id == section.unit_id, Section.id != section.id)
    if work.session.scalar(siblings.where(Section.name == name)) is not None:
        raise FieldInvalid("/name", "这个单位已经有同名的科室。")
    former = work.session.scalar(siblings.where(Section.is_dedicated)) if is_dedicated else None
    if former is not None:
        former.is_dedicated = False
        work.session.flush()
        note_change(
            work,
            ChangeKind.SECTION_CHANGED,
            former.unit_id,
            {"is_dedicated": [True, False]},
            section=former,
        )
    facts = changed(section, name=name, kind=kind, is_dedicated=is_dedicated)
    work.session.flush()
    if facts:
        note_change(work, ChangeKind.SECTION_CHANGED, section.unit_id, facts, section=section)


def close_section(work: Work, section: Section) -> None:
    """Close a section, its post and signs with it. Raises SectionHasOpenCases, FieldInvalid."""
    _lock(work, Section, section.id)
    held = select(func.count()).where(Holding.section_id == section.id, Holding.ended_at.is_(None))
    offered = select(func.count()).where(
        Handoff.to_section_id == section.id, Handoff.state == HandoffState.OFFERED
    )
    count = (work.session.scalar(held) or 0) + (work.session.scalar(offered) or 0)
    if count:
        raise SectionHasOpenCases(count=count)
    _ensure_nobody_left(work, Staff.section_id == section.id, "这个科室")
    for post in work.session.scalars(select(Post).where(Post.section_id == section.id, Post.is_active)):
        close_post(work, post)
    # Of leaders and of people who were moved out of it: nobody is in it any more.
    granted = select(RoleGrant).where(RoleGrant.section_id == section.id).order_by(RoleGrant.id)
    for grant in work.session.scalars(granted).all():
        revoke_role(work, grant.staff, grant)
    section.is_active = section.is_dedicated = False
    note_change(work, ChangeKind.SECTION_CLOSED, section.unit_id, {"name": section.name}, section=section)


def _open_at(work: Work, unit: Unit) -> int:
    """Open inquiries it holds, was offered, leads or takes part in."""
    offered = select(Handoff.inquiry_id).where(
        Handoff.to_unit_id == unit.id, Handoff.state == HandoffState.OFFERED
    )
    asked = (
        select(JointHandling.inquiry_id)
        .outerjoin(JointUnit, JointUnit.joint_id == JointHandling.id)
        .where(
            JointHandling.ended_at.is_(None),
            or_(JointHandling.lead_unit_id == unit.id, JointUnit.unit_id == unit.id),
        )
    )
    open_here = select(func.count()).where(
        Inquiry.status != Status.CLOSED,
        or_(Inquiry.unit_id == unit.id, Inquiry.id.in_(offered), Inquiry.id.in_(asked)),
    )
    return work.session.scalar(open_here) or 0


def _ensure_nobody_left(work: Work, there: ColumnElement[bool], where: str) -> None:
    left = work.session.scalar(select(func.count()).where(Staff.is_active, there))
    if left:
        raise FieldInvalid("/form", f"{where}还有 {left} 位在用的工作人员，请先调走或者停用。")


def _lock(work: Work, kind: type[Unit | Section], row_id: str) -> None:
    """Whatever is filed or offered here waits until this is decided."""
    work.session.scalars(select(kind.id).where(kind.id == row_id).with_for_update()).one()
