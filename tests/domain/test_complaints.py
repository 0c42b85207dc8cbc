"""Whom a complaint is about, and which posts may therefore take it."""

from __future__ import annotations

import pytest

from backend.domain.complaints import Place, Subject, complaint_posts, subject_of
from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import AboutKind, PostKind

DESK = Place("unit", "desk", PostKind.SECTION, "ann")
GENERAL = Place("unit", None, PostKind.GENERAL, "gus")
DISCIPLINE = Place("unit", None, PostKind.DISCIPLINE, "dot")
EMPTY_POST = Place("unit", "desk", PostKind.SECTION, None)
NO_POST = Place("unit", "desk", None, None)
BARE_UNIT = Place("unit", None, None, None)
A = AboutKind

CASES = [
    (None, DESK, Subject(section_id="desk")),
    (A.OTHER, DESK, Subject(section_id="desk")),
    (A.SECTION, DESK, Subject(section_id="desk")),
    (A.SIGN_HOLDER, DESK, Subject(staff_id="ann", section_id="desk")),
    (A.SIGN_HOLDER, EMPTY_POST, Subject(section_id="desk")),
    (A.SIGN_HOLDER, NO_POST, Subject(section_id="desk")),
    (A.UNIT, DESK, Subject(unit_id="unit")),
    (A.UNIT, GENERAL, Subject(unit_id="unit")),
    (A.SIGN_HOLDER, GENERAL, Subject(staff_id="gus", unit_id="unit")),
    (A.SIGN_HOLDER, DISCIPLINE, Subject(staff_id="dot", unit_id="unit")),
    (None, GENERAL, Subject(staff_id="gus", unit_id="unit")),
    (A.OTHER, GENERAL, Subject(staff_id="gus", unit_id="unit")),
    (A.SECTION, GENERAL, Subject(staff_id="gus", unit_id="unit")),
    (None, DISCIPLINE, Subject(staff_id="dot", unit_id="unit")),
    (None, BARE_UNIT, Subject()),
]


@pytest.mark.parametrize(("about", "place", "subject"), CASES)
def test_the_subject_follows_from_what_was_named_and_where(about, place, subject) -> None:
    assert subject_of(about, place) == subject


@pytest.mark.parametrize("about", [A.SECTION, A.SIGN_HOLDER])
def test_where_there_is_no_section_and_no_sign_neither_can_be_meant(about) -> None:
    with pytest.raises(FieldInvalid) as refused:
        subject_of(about, BARE_UNIT)
    assert (refused.value.pointer, refused.value.field_code) == ("/about/kind", "choice_invalid")


def test_about_those_who_would_decide_it_goes_to_the_lead_office_alone() -> None:
    assert complaint_posts(Subject(unit_id="unit")) == (PostKind.OVERSIGHT,)
    chain = (PostKind.DISCIPLINE, PostKind.GENERAL, PostKind.OVERSIGHT)
    for subject in (Subject(), Subject(staff_id="ann"), Subject(section_id="desk")):
        assert complaint_posts(subject) == chain


COVERED = [
    (Subject(staff_id="ann"), ("ann", "desk", "unit"), True),
    (Subject(staff_id="ann"), ("bob", "desk", "unit"), False),
    (Subject(section_id="desk"), ("bob", "desk", "unit"), True),
    (Subject(section_id="desk"), ("bob", None, "unit"), False),
    (Subject(unit_id="unit"), ("bob", None, "unit"), True),
    (Subject(unit_id="unit"), ("bob", "desk", "other"), False),
    (Subject(), ("ann", None, "unit"), False),
]


@pytest.mark.parametrize(("subject", "person", "covered"), COVERED)
def test_it_covers_the_person_their_section_and_their_unit(subject, person, covered) -> None:
    assert subject.covers(*person) is covered
