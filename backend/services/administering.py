"""What a system administrator runs: the own unit and every unit below it, and nothing of any inquiry (design 1).

In a lead office, which stands beside the units it leads, that is the unit above it and every unit below that one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary import PostKind, Role
from backend.models import Post, Section, Staff, Unit
from backend.services.work import Work, find_by_id

READERS = (Role.SYSADMIN, Role.AUDITOR)
"""Who sees what was changed; only the first of them changes anything."""
LEAD_OFFICE_REFUSED = "牵头部门管到上级单位和它下面的所有单位，要由上级单位的系统管理办，或者用命令行。"


def administered(work: Work, identity: Identity, *roles: Role) -> list[str]:
    """The units within reach of these roles, of sysadmin by default: each before those below it."""
    below: dict[str | None, list[str]] = defaultdict(list)
    above: dict[str, str | None] = {}
    for unit_id, parent_id in work.session.execute(
        select(Unit.id, Unit.parent_id).order_by(Unit.name, Unit.id)
    ):
        below[parent_id].append(unit_id)
        above[unit_id] = parent_id
    leading = set(
        work.session.scalars(select(Post.unit_id).where(Post.kind == PostKind.OVERSIGHT, Post.is_active))
    )
    held = identity.units_with(*(roles or (Role.SYSADMIN,)))
    roots = {(above[unit_id] if unit_id in leading else None) or unit_id for unit_id in held}
    reached: dict[str, None] = {}
    waiting = sorted(roots, reverse=True)
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in reached:
            reached[unit_id] = None
            waiting.extend(reversed(below[unit_id]))
    return list(reached)


def ensure_administrator(identity: Identity) -> None:
    """Whoever is no sysadmin finds nothing here. Raises NotFound."""
    if not identity.holds(Role.SYSADMIN):
        raise NotFound()


def is_hung_by(work: Work, identity: Identity, unit: Unit) -> bool:
    """Whether this person may hang the unit elsewhere in the tree: not the own one, nor what hangs beyond their reach."""
    if unit.parent_id is None or unit.id in identity.units_with(Role.SYSADMIN):
        return False
    return unit.parent_id in administered(work, identity)


def may_make_lead_office(unit: Unit, reach: Collection[str]) -> bool:
    """Whether who administers `reach` may make this unit a lead office.

    A lead office leads the unit above it and every unit below that one (design 4), and its administrator runs them:
    nobody gives what they have not got themselves.
    """
    return (unit.parent_id or unit.id) in reach


def ensure_may_make_lead_office(work: Work, identity: Identity, unit: Unit, pointer: str) -> None:
    """Raises FieldInvalid."""
    if not may_make_lead_office(unit, administered(work, identity)):
        raise FieldInvalid(pointer, LEAD_OFFICE_REFUSED)


def find_unit(work: Work, identity: Identity, unit_id: str) -> Unit:
    """A unit within reach. Raises NotFound."""
    unit = find_by_id(work.session, Unit, unit_id)
    if unit is None or unit.id not in administered(work, identity):
        raise NotFound()
    return unit


def find_section(work: Work, identity: Identity, section_id: str) -> Section:
    section = find_by_id(work.session, Section, section_id)
    if section is None:
        raise NotFound()
    find_unit(work, identity, section.unit_id)
    return section


def find_post(work: Work, identity: Identity, post_id: str) -> Post:
    post = find_by_id(work.session, Post, post_id)
    if post is None:
        raise NotFound()
    find_unit(work, identity, post.unit_id)
    return post


def find_staff(work: Work, identity: Identity, staff_id: str) -> Staff:
    staff = find_by_id(work.session, Staff, staff_id)
    if staff is None:
        raise NotFound()
    find_unit(work, identity, staff.unit_id)
    return staff


def ensure_not_oneself(identity: Identity, staff: Staff) -> None:
    """Nobody gives themselves powers, nor shuts themselves out. Raises FieldInvalid."""
    if identity.staff_id == staff.id:
        raise FieldInvalid("/form", "不能改自己的角色、科室和账号状态，请由另一位系统管理办理。")


def chosen_unit(work: Work, identity: Identity, unit_id: str, pointer: str) -> Unit:
    """A unit in use within reach that a form names. Raises FieldInvalid."""
    unit = find_by_id(work.session, Unit, unit_id)
    if unit is None or not unit.is_active or unit.id not in administered(work, identity):
        raise FieldInvalid(pointer, "没有这个单位。", "unit_unknown")
    return unit


def chosen_section(work: Work, unit: Unit, section_id: str | None, pointer: str) -> Section | None:
    """A section in use of the unit; None where none is named. Raises FieldInvalid."""
    if section_id is None:
        return None
    section = find_by_id(work.session, Section, section_id)
    if section is None or section.unit_id != unit.id or not section.is_active:
        raise FieldInvalid(pointer, "这个单位没有这个科室。", "section_unknown")
    return section


def chosen_staff(work: Work, unit_id: str, staff_id: str | None, pointer: str) -> Staff | None:
    """Somebody in use of the unit; None where nobody is named. Raises FieldInvalid."""
    if staff_id is None:
        return None
    staff = find_by_id(work.session, Staff, staff_id)
    if staff is None or staff.unit_id != unit_id or not staff.is_active:
        raise FieldInvalid(pointer, "这个单位没有这位工作人员。", "staff_unknown")
    return staff
