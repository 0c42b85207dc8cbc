"""Whom a matter can be handed to: active units and sections, and who is present there."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from backend.domain.identity import Identity
from backend.domain.vocabulary import Role
from backend.models import RoleGrant, Section, Staff, Unit
from backend.queries.people import ref
from backend.services.presence import may_bear
from backend.services.work import Work


def directory(work: Work, identity: Identity) -> list[dict[str, Any]]:
    """Units with their sections and present handlers, the own unit first.

    Names of people are read and given for the own unit only: another unit decides itself who takes a matter on, and
    of its sections it is only said whether somebody is there. The number of queries does not depend on the units.
    """
    units = list(work.session.scalars(select(Unit).where(Unit.is_active).order_by(Unit.name, Unit.id)))
    units.sort(key=lambda unit: unit.id != identity.unit_id)
    sections: dict[str, list[Section]] = defaultdict(list)
    for section in work.session.scalars(
        select(Section).where(Section.is_active).order_by(Section.name, Section.id)
    ):
        sections[section.unit_id].append(section)
    present = _present_handlers(work, identity.unit_id)
    staffed = _staffed_sections(work)
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "organ_type": unit.organ_type.value,
            "sections": [
                {
                    "id": section.id,
                    "name": section.name,
                    "kind": section.kind.value,
                    "staffed": section.id in staffed,
                    "may_assign": identity.may_assign(unit.id, section.id),
                    "staff": [ref(staff) for staff in present.get(section.id, [])],
                }
                for section in sections[unit.id]
            ],
        }
        for unit in units
    ]


def _present_handlers(work: Work, unit_id: str) -> dict[str, list[Staff]]:
    """The people of one unit, by section."""
    rows = work.session.execute(
        select(RoleGrant.section_id, Staff)
        .join(Staff, RoleGrant.staff_id == Staff.id)
        .where(RoleGrant.role == Role.HANDLER, RoleGrant.unit_id == unit_id, may_bear(work.now))
        .order_by(Staff.name, Staff.id)
    )
    by_section: dict[str, list[Staff]] = defaultdict(list)
    for section_id, staff in rows:
        if section_id is not None:
            by_section[section_id].append(staff)
    return by_section


def _staffed_sections(work: Work) -> frozenset[str]:
    """Sections with at least one present handler, of every unit."""
    rows = work.session.scalars(
        select(RoleGrant.section_id)
        .join(Staff, RoleGrant.staff_id == Staff.id)
        .where(RoleGrant.role == Role.HANDLER, RoleGrant.section_id.is_not(None), may_bear(work.now))
        .group_by(RoleGrant.section_id)
    )
    return frozenset(section_id for section_id in rows if section_id is not None)
