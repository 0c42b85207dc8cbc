"""What a hand-off may be offered to (design 4; 坛 六（二）、六（四）)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.complaints import Subject
from backend.domain.errors import HandoffTargetUnavailable, HandoffToSelf, SubjectConflict
from backend.domain.vocabulary import HandoffKind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who could accept, and where they belong."""

    staff_id: str
    section_id: str | None
    unit_id: str


@dataclass(frozen=True, slots=True)
class Target:
    """Where an offer goes, and who there could accept it now."""

    unit_id: str
    section_id: str | None
    staff_id: str | None
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Giver:
    """Who holds it now."""

    unit_id: str
    section_id: str | None
    staff_id: str


def check_target(giver: Giver, target: Target | None, subject: Subject) -> HandoffKind:
    """Which kind of hand-off this is.

    Raises HandoffTargetUnavailable for nobody, HandoffToSelf for the giver's own section or person,
    SubjectConflict when a complaint would reach whom it is about.
    """
    if target is None:
        raise HandoffTargetUnavailable("请选择要转交的科室或单位。")
    if target.staff_id == giver.staff_id:
        raise HandoffToSelf()
    same_unit = target.unit_id == giver.unit_id
    if same_unit and target.section_id == giver.section_id and target.staff_id is None:
        raise HandoffToSelf()
    if same_unit and target.section_id is None:
        raise HandoffTargetUnavailable("在本单位内转交，请选择科室。")
    if not target.people:
        raise HandoffTargetUnavailable()
    if subject.covers("", target.section_id, target.unit_id) or all(
        subject.covers(person.staff_id, person.section_id, person.unit_id) for person in target.people
    ):
        raise SubjectConflict()
    return HandoffKind.SECTION if same_unit else HandoffKind.UNIT
