"""Whom a hand-off may be offered to, what a return cites, and when a letter can have been served."""

from __future__ import annotations

from datetime import datetime

import pytest

from backend.domain.complaints import Subject
from backend.domain.errors import FieldInvalid, HandoffTargetUnavailable, HandoffToSelf, SubjectConflict
from backend.domain.handoffs import (
    Giver,
    Person,
    Target,
    check_outside,
    check_service,
    check_target,
    cites_a_basis,
)
from backend.domain.times import SHANGHAI
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


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("《金坛区行政审批局职能配置规定》", True),
        ("《》", False),
        ("《 》", False),
        ("第六条", True),
        ("第六条第（四）项", True),
        ("第（四）项", True),
        ("第12条", True),
        ("第１２款", True),
        ("第 三 章", True),
        ("三定方案", True),
        ("“三定”规定", True),
        ("权责清单第 5 项", True),
        ("见权责事项清单", True),
        ("责任清单", True),
        ("不归我们管", False),
        ("第三次退回", False),
        ("按规定", False),
        ("一条龙服务", False),
        ("", False),
    ],
)
def test_a_return_cites_a_document_or_an_article(text, cited) -> None:
    """泸 的退回写职责依据；坛 六（二）、六（四）."""
    assert cites_a_basis(text) is cited
    assert cites_a_basis("不属于我科", text) is cited


@pytest.mark.parametrize(
    ("name", "address", "phone", "pointer"),
    [
        ("税务局", "某路 1 号", "", None),
        ("税务局", "", "0519-1", None),
        ("", "某路 1 号", "0519-1", "/external/name"),
        ("税务局", "", "", "/external/address"),
    ],
)
def test_an_outside_authority_has_a_name_and_a_way_to_reach_it(name, address, phone, pointer) -> None:
    """坛 六（四）: 引导至该事项主管部门."""
    if pointer is None:
        check_outside(name, address, phone)
        return
    with pytest.raises(FieldInvalid) as refused:
        check_outside(name, address, phone)
    assert refused.value.pointer == pointer


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("served", "made", "received", "now", "fits"),
    [
        pytest.param(at(17, 10), at(16, 15), at(16, 9), at(18, 9), True, id="the next day"),
        pytest.param(at(16, 15), at(16, 15), at(16, 9), at(18, 9), True, id="the minute of the letter"),
        pytest.param(
            at(16, 14, 59), at(16, 15), at(16, 9), at(18, 9), False, id="a minute before the letter"
        ),
        pytest.param(at(15, 23, 59), at(16, 15), at(15, 9), at(18, 9), False, id="the day before the letter"),
        pytest.param(at(16, 8), at(16, 15), at(16, 9), at(18, 9), False, id="before the matter came"),
        pytest.param(at(18, 9), at(16, 15), at(16, 9), at(18, 9), True, id="this moment"),
        pytest.param(at(18, 9, 1), at(16, 15), at(16, 9), at(18, 9), False, id="a minute from now"),
    ],
)
def test_a_letter_is_served_between_its_minute_and_now(served, made, received, now, fits) -> None:
    """坛 六（四） 送达."""
    if fits:
        check_service(served, made, received, now)
        return
    with pytest.raises(FieldInvalid) as refused:
        check_service(served, made, received, now)
    assert refused.value.pointer == "/served_at"
