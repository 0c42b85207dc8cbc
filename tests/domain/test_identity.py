"""Roles within a scope."""

from __future__ import annotations

import pytest

from backend.domain.actors import Actor
from backend.domain.identity import ASSIGNERS, NEVER_HOLDERS, UNIT_READERS, Grant, Identity
from backend.domain.vocabulary import Role


def who(*grants: Grant) -> Identity:
    return Identity("ann", "安", "unit", "desk", grants)


def test_roles_are_held_for_a_unit_or_for_a_section() -> None:
    ann = who(
        Grant(Role.HANDLER, "unit", "desk"),
        Grant(Role.GENERAL_POST, "unit", None),
        Grant(Role.HANDLER, "unit", "office"),
    )
    assert ann.actor == Actor("staff", "ann")
    assert ann.holds(Role.HANDLER)
    assert ann.holds(Role.AUDITOR, Role.GENERAL_POST)
    assert not ann.holds(Role.AUDITOR)
    assert not who().holds(*Role)
    assert ann.sections_with(Role.HANDLER) == {"desk", "office"}
    assert ann.units_with(Role.HANDLER) == set()
    assert ann.units_with(*UNIT_READERS) == {"unit"}


ASSIGNING = [
    (Grant(Role.SECTION_HEAD, "unit", "desk"), {("unit", "desk")}),
    (Grant(Role.DEPUTY_LEADER, "unit", "desk"), {("unit", "desk")}),
    (Grant(Role.GENERAL_POST, "unit", None), {("unit", "desk"), ("unit", "office"), ("unit", None)}),
    (Grant(Role.PRINCIPAL_LEADER, "unit", None), {("unit", "desk"), ("unit", "office"), ("unit", None)}),
    *((Grant(role, "unit", "desk"), set()) for role in (Role.HANDLER, Role.POST_HOLDER)),
    (Grant(Role.DISCIPLINE, "unit", None), {("unit", "desk"), ("unit", "office"), ("unit", None)}),
    *((Grant(role, "unit", None), set()) for role in (Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN)),
]


@pytest.mark.parametrize(("grant", "scope"), ASSIGNING)
def test_heads_the_general_post_discipline_and_leaders_assign_inside_their_scope(grant, scope) -> None:
    places = [("unit", "desk"), ("unit", "office"), ("unit", None), ("other", "desk2"), ("other", None)]
    assert {place for place in places if who(grant).may_assign(*place)} == scope


def test_every_role_was_thought_of() -> None:
    assert {grant.role for grant, _ in ASSIGNING} == set(Role)
    assert not NEVER_HOLDERS & (ASSIGNERS | UNIT_READERS)
