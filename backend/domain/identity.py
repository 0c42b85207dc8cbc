"""Who a signed-in member of staff is, and which roles they hold where."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.actors import Actor
from backend.domain.vocabulary import Role

UNIT_READERS = frozenset({Role.GENERAL_POST, Role.PRINCIPAL_LEADER, Role.DISCIPLINE})
"""Roles that read every inquiry of their unit (design 1)."""

SECTION_ROLES = (Role.HANDLER, Role.POST_HOLDER, Role.SECTION_HEAD, Role.DEPUTY_LEADER)
"""Roles that are held for one section; every other role is held for the whole unit."""

SECTION_READERS = frozenset(SECTION_ROLES)
"""Roles that read every inquiry of their section, or of the sections in their scope (design 1)."""

NEVER_HOLDERS = frozenset({Role.AUDITOR, Role.SYSADMIN})
"""Roles that see no inquiry at all (design 1): whoever holds one can neither read nor bear any."""

SECOND_FACTOR = frozenset(
    {Role.PRINCIPAL_LEADER, Role.DEPUTY_LEADER, Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN}
)
"""Roles whose holders sign in with a one-time code beside the password."""

ASSIGNERS = frozenset(
    {Role.SECTION_HEAD, Role.GENERAL_POST, Role.DISCIPLINE, Role.PRINCIPAL_LEADER, Role.DEPUTY_LEADER}
)
"""Roles that assign inside their scope without an offer (the table of design 1)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in a unit, or in one section of it."""

    role: Role
    unit_id: str
    section_id: str | None


@dataclass(frozen=True, slots=True)
class Identity:
    """A member of staff at this moment; rebuilt at every request, so that losing a role takes effect at once."""

    staff_id: str
    name: str
    unit_id: str
    section_id: str | None
    grants: tuple[Grant, ...]

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.staff_id)

    def holds(self, *roles: Role) -> bool:
        """Whether one of the roles is held anywhere."""
        return any(grant.role in roles for grant in self.grants)

    def units_with(self, *roles: Role) -> frozenset[str]:
        """Units in which one of the roles is held for the whole unit."""
        return frozenset(g.unit_id for g in self.grants if g.role in roles and g.section_id is None)

    def sections_with(self, *roles: Role) -> frozenset[str]:
        """Sections for which one of the roles is held."""
        return frozenset(g.section_id for g in self.grants if g.role in roles and g.section_id is not None)

    def may_assign(self, unit_id: str, section_id: str | None) -> bool:
        """Section head, general post and leaders assign inside their scope (design 4)."""
        if unit_id in self.units_with(*ASSIGNERS):
            return True
        return section_id is not None and section_id in self.sections_with(*ASSIGNERS)
