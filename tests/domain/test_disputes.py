"""When nobody takes a matter: which refusal is one too many, and who decides (系统设定 third-refusal)."""

from __future__ import annotations

import pytest

from backend.domain.disputes import Refusal, is_dispute_due, levels_for, may_name_unit, units_concerned
from backend.domain.vocabulary import DisputeLevel

L = DisputeLevel


@pytest.mark.parametrize(
    ("refusals", "disputes", "due"),
    [(1, 0, False), (2, 0, False), (3, 0, True), (3, 1, False), (5, 1, False), (6, 1, True), (4, 0, True)],
)
def test_every_third_refusal_goes_up_once(refusals, disputes, due) -> None:
    assert is_dispute_due(refusals, disputes, 3) is due


INSIDE, BETWEEN, OTHER = Refusal("1", "a", "a"), Refusal("2", "a", "b"), Refusal("3", "a", "c")


@pytest.mark.parametrize(
    ("last", "levels"),
    [
        ([INSIDE, INSIDE, INSIDE], (L.GENERAL_POST, L.UNIT_HEAD, L.COORDINATOR)),
        ([INSIDE, BETWEEN, INSIDE], (L.COORDINATOR, L.UNIT_HEAD)),
        ([BETWEEN, OTHER, BETWEEN], (L.COORDINATOR, L.UNIT_HEAD)),
    ],
)
def test_inside_a_unit_the_general_post_decides_and_between_units_the_coordinator(last, levels) -> None:
    assert levels_for(last) == levels


def test_the_units_concerned_are_those_of_the_hand_offs() -> None:
    assert units_concerned([INSIDE, BETWEEN, OTHER]) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("level", "unit", "is_in_scope", "may"),
    [
        (L.GENERAL_POST, "a", True, True),
        (L.GENERAL_POST, "b", True, False),
        (L.UNIT_HEAD, "a", False, True),
        (L.UNIT_HEAD, "b", True, False),
        (L.COORDINATOR, "a", False, False),
        (L.COORDINATOR, "b", True, True),
        (L.COORDINATOR, "b", False, False),
    ],
)
def test_inside_a_unit_one_names_its_own_people_and_a_coordinator_those_it_settles_for(
    level, unit, is_in_scope, may
) -> None:
    assert may_name_unit(level, "a", unit, is_in_scope=is_in_scope) is may
