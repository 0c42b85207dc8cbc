"""Find the unit, section or person that somebody names, and who there could take a matter on now."""

from __future__ import annotations

from backend.domain.handoffs import Person, Target
from backend.domain.vocabulary import PostKind
from backend.models import Section, Staff, Unit
from backend.services.presence import can_bear, keepers, present_handlers, unit_post
from backend.services.work import Work, find_by_id


def find_target(
    work: Work, to_unit_id: str | None, to_section_id: str | None, to_staff_id: str | None
) -> Target | None:
    """The target as it stands now; None when nobody is named, or somebody who is not there to be named.

    Without `to_unit_id` the unit is that of the section or person.
    """
    session = work.session
    staff = find_by_id(session, Staff, to_staff_id) if to_staff_id else None
    if to_staff_id and (staff is None or not staff.is_active):
        return None
    section_id = to_section_id or (staff.section_id if staff else None)
    section = find_by_id(session, Section, section_id) if section_id else None
    if section_id and (section is None or not section.is_active):
        return None
    named = section or staff
    unit_id = to_unit_id or (named.unit_id if named else None)
    unit = find_by_id(session, Unit, unit_id) if unit_id else None
    if unit is None or not unit.is_active:
        return None
    if section is not None and section.unit_id != unit.id:
        return None
    if staff is not None and (
        staff.unit_id != unit.id or (section is not None and staff.section_id != section.id)
    ):
        return None
    return Target(
        unit_id=unit.id,
        section_id=section.id if section else None,
        staff_id=staff.id if staff else None,
        people=tuple(Person(s.id, s.section_id, s.unit_id) for s in _who_could(work, unit, section, staff)),
    )


def _who_could(work: Work, unit: Unit, section: Section | None, staff: Staff | None) -> list[Staff]:
    """The people it would wait for: the one named, the section's handlers, or whoever keeps the general post."""
    if staff is not None:
        return [staff] if can_bear(work.session, staff.id, work.now) else []
    if section is not None:
        return present_handlers(work.session, section.id, work.now)
    post = unit_post(work.session, unit.id, PostKind.GENERAL)
    return keepers(work.session, post, work.now) if post is not None else []
