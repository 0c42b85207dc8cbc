"""Whose ledger somebody may read (the table of design 1): the section's people their 分台账, the unit's readers both."""

from __future__ import annotations

from backend.domain.identity import NEVER_HOLDERS, SECTION_READERS, UNIT_READERS, Identity
from backend.domain.vocabulary import Role, Word


class LedgerScope(Word):
    """泸 二（二）4: 1本总台账, and 1本分台账 for each section."""

    SECTION = "section", "分台账"
    UNIT = "unit", "总台账"


FIRST_YEAR, LAST_YEAR = 2000, 2200
"""No ledger is older, and no year that somebody asks for is later."""

OWN_GRADE_READERS = (Role.GENERAL_POST, Role.DISCIPLINE)
"""In whose hands the 总台账 shows the citizen's own grade (design 5)."""


def reads_ledgers(identity: Identity) -> bool:
    """Whether any ledger is this person's to read: auditor and sysadmin see no inquiry, the overseer figures."""
    if identity.holds(*NEVER_HOLDERS):
        return False
    return bool(readable_units(identity) or readable_sections(identity))


def readable_units(identity: Identity) -> frozenset[str]:
    """Units whose 总台账 the person reads, and so every 分台账 of theirs."""
    return identity.units_with(*UNIT_READERS)


def readable_sections(identity: Identity) -> frozenset[str]:
    """Sections whose 分台账 the person reads as one of theirs, or as the leader they are assigned to."""
    return identity.sections_with(*SECTION_READERS)


def may_read_section(identity: Identity, section_id: str, unit_id: str) -> bool:
    """Whether this section's 分台账 is open to the person."""
    return section_id in readable_sections(identity) or unit_id in readable_units(identity)


def sees_own_grades(identity: Identity, scope: LedgerScope, unit_id: str) -> bool:
    """Whether this copy shows the citizen's own grade: the 总台账 for the general post and discipline.

    A 分台账 is the section's copy whoever reads or prints it: what was left out of it cannot get there by a detour.
    """
    return scope is LedgerScope.UNIT and unit_id in identity.units_with(*OWN_GRADE_READERS)
