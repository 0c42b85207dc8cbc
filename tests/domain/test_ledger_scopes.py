"""Whose ledger is open to whom (the table of design 1; 泸 二（二）4)."""

from __future__ import annotations

import pytest

from backend.domain.identity import Grant, Identity
from backend.domain.ledger_scopes import LedgerScope, may_read_section, reads_ledgers, sees_own_grades
from backend.domain.vocabulary import Role

UNIT, SECTION = LedgerScope.UNIT, LedgerScope.SECTION


def somebody(role: Role, section: str | None = None) -> Identity:
    return Identity("p", "某", "u", section, (Grant(role, "u", section),))


@pytest.mark.parametrize(
    ("who", "own", "other", "own_grades"),
    [
        (somebody(Role.HANDLER, "s"), True, False, False),
        (somebody(Role.POST_HOLDER, "s"), True, False, False),
        (somebody(Role.SECTION_HEAD, "s"), True, False, False),
        (somebody(Role.DEPUTY_LEADER, "s"), True, False, False),
        (somebody(Role.GENERAL_POST), True, True, True),
        (somebody(Role.PRINCIPAL_LEADER), True, True, False),
        (somebody(Role.DISCIPLINE), True, True, True),
        (somebody(Role.OVERSEER), False, False, False),
        (somebody(Role.AUDITOR), False, False, False),
        (somebody(Role.SYSADMIN), False, False, False),
    ],
    ids=lambda value: value.grants[0].role.value if isinstance(value, Identity) else "",
)
def test_the_sections_people_read_theirs_and_the_units_readers_all(who, own, other, own_grades):
    assert reads_ledgers(who) is own
    assert may_read_section(who, "s", "u") is own
    assert may_read_section(who, "t", "u") is other
    assert not may_read_section(who, "x", "elsewhere")
    assert sees_own_grades(who, UNIT, "u") is own_grades
    assert not sees_own_grades(who, SECTION, "u"), "a 分台账 is the section's copy, whoever reads it"
    assert not sees_own_grades(who, UNIT, "elsewhere")


def test_whoever_may_see_no_inquiry_reads_no_ledger_whatever_else_they_are():
    both = Identity("p", "某", "u", "s", (Grant(Role.HANDLER, "u", "s"), Grant(Role.SYSADMIN, "u", None)))
    assert not reads_ledgers(both)
