"""Whom a hand-off may be offered to."""

from __future__ import annotations

import pytest

from backend.domain.complaints import Subject
from backend.domain.errors import HandoffTargetUnavailable, HandoffToSelf, SubjectConflict
from backend.domain.handoffs import Giver, Person, Target, check_target
from backend.domain.vocabulary import HandoffKind

ANN = Person("ann", "desk", "unit")
BOB = Person("bob", "office", "unit")
EVE = Person("eve", "far", "other")
NOBODY = Subject()
AT_DESK = Giver("unit", "desk", "ann")
AT_GENERAL_POST = Giver("unit", None, "ann")


def to(unit: str, section: str | None = None, staff: str | None = None, *people: Person) -> Target:
    return Target(unit, section, staff, people)


CASES = [
    ("another section", AT_DESK, to("unit", "office", None, BOB), NOBODY, HandoffKind.SECTION),
    ("a person of another section", AT_DESK, to("unit", "office", "bob", BOB), NOBODY, HandoffKind.SECTION),
    (
        "a colleague of the same section",
        AT_DESK,
        to("unit", "desk", "cat", Person("cat", "desk", "unit")),
        NOBODY,
        HandoffKind.SECTION,
    ),
    ("another unit", AT_DESK, to("other", None, None, EVE), NOBODY, HandoffKind.UNIT),
    ("a section of another unit", AT_DESK, to("other", "far", None, EVE), NOBODY, HandoffKind.UNIT),
    (
        "from the general post to a section",
        AT_GENERAL_POST,
        to("unit", "desk", None, BOB),
        NOBODY,
        HandoffKind.SECTION,
    ),
    ("nobody named", AT_DESK, None, NOBODY, HandoffTargetUnavailable),
    ("an empty section", AT_DESK, to("unit", "office"), NOBODY, HandoffTargetUnavailable),
    ("an empty unit", AT_DESK, to("other"), NOBODY, HandoffTargetUnavailable),
    ("the own unit at large", AT_DESK, to("unit", None, None, BOB), NOBODY, HandoffTargetUnavailable),
    ("the own section", AT_DESK, to("unit", "desk", None, ANN), NOBODY, HandoffToSelf),
    ("the own section, empty", AT_DESK, to("unit", "desk"), NOBODY, HandoffToSelf),
    ("oneself", AT_DESK, to("unit", "desk", "ann", ANN), NOBODY, HandoffToSelf),
    ("oneself in another section", AT_DESK, to("unit", "office", "ann", ANN), NOBODY, HandoffToSelf),
    ("the general post to itself", AT_GENERAL_POST, to("unit", None, None, ANN), NOBODY, HandoffToSelf),
    (
        "the person complained about",
        AT_DESK,
        to("unit", "office", "bob", BOB),
        Subject(staff_id="bob"),
        SubjectConflict,
    ),
    (
        "their section",
        AT_DESK,
        to("unit", "office", None, BOB, ANN),
        Subject(section_id="office"),
        SubjectConflict,
    ),
    ("their unit", AT_DESK, to("other", None, None, EVE), Subject(unit_id="other"), SubjectConflict),
    (
        "a unit kept only by the person",
        AT_DESK,
        to("other", None, None, EVE),
        Subject(staff_id="eve"),
        SubjectConflict,
    ),
    (
        "a unit kept only by their section",
        AT_DESK,
        to("other", None, None, EVE),
        Subject(section_id="far"),
        SubjectConflict,
    ),
    (
        "a colleague beside the person",
        AT_DESK,
        to("unit", "office", None, BOB, Person("dan", "office", "unit")),
        Subject(staff_id="bob"),
        HandoffKind.SECTION,
    ),
    (
        "empty before the subject",
        AT_DESK,
        to("unit", "office"),
        Subject(section_id="office"),
        HandoffTargetUnavailable,
    ),
]


@pytest.mark.parametrize(
    ("giver", "target", "subject", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_target_is_another_section_or_unit_with_somebody_there(giver, target, subject, expected) -> None:
    if isinstance(expected, HandoffKind):
        assert check_target(giver, target, subject) is expected
    else:
        with pytest.raises(expected):
            check_target(giver, target, subject)
