"""Whom a complaint is about, and who must therefore never see it (design 4)."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import AboutKind, PostKind

MADE_COMPLAINT = "made_complaint"
"""Kind of the text that says why an inquiry became a complaint: what was held before then opens it to nobody."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The person, section or unit a complaint is about; all None when the citizen named somebody else in words."""

    staff_id: str | None = None
    section_id: str | None = None
    unit_id: str | None = None

    def covers(self, staff_id: str, section_id: str | None, unit_id: str) -> bool:
        """Whether this member of staff is, or belongs to, whom the complaint is about."""
        return (
            (self.staff_id is not None and self.staff_id == staff_id)
            or (self.section_id is not None and self.section_id == section_id)
            or (self.unit_id is not None and self.unit_id == unit_id)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where the complaint was filed: the post of the sign, or the unit and section chosen without one."""

    unit_id: str
    section_id: str | None
    post_kind: PostKind | None
    post_holder_id: str | None


def subject_of(about: AboutKind | None, place: Place) -> Subject:
    """Whom a complaint is about. Raises FieldInvalid for 这个科室 or 这块岗牌 where there is none.

    Without 投诉对象, and for somebody named in words, the place it was filed at is kept from it as well: the
    citizen stood there, and nobody has yet looked who is meant.
    """
    if about is AboutKind.UNIT:
        return Subject(unit_id=place.unit_id)
    if place.post_kind in {PostKind.GENERAL, PostKind.DISCIPLINE}:
        # It may be about those who would decide on it: it goes to the lead office, past the whole unit.
        return Subject(staff_id=place.post_holder_id, unit_id=place.unit_id)
    if about in {AboutKind.SECTION, AboutKind.SIGN_HOLDER} and place.section_id is None:
        raise FieldInvalid("/about/kind", "这里没有科室和岗牌，请另选投诉对象。", "choice_invalid")
    if about is AboutKind.SIGN_HOLDER:
        return Subject(staff_id=place.post_holder_id, section_id=place.section_id)
    return Subject(section_id=place.section_id)


def complaint_posts(subject: Subject) -> tuple[PostKind, ...]:
    """Which posts may take a complaint, in order: discipline, else general, else the lead office."""
    if subject.unit_id is not None:
        return (PostKind.OVERSIGHT,)
    return (PostKind.DISCIPLINE, PostKind.GENERAL, PostKind.OVERSIGHT)
