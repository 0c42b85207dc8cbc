"""催办 once a Beijing day by the citizen; 督办 and 批示 by those above, each inside their scope."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from backend.domain.identity import Identity
from backend.domain.times import SHANGHAI, local_date
from backend.domain.vocabulary import Role, SupervisionKind

SUPERVISORS: dict[SupervisionKind, tuple[Role, ...]] = {
    SupervisionKind.SUPERVISION: (
        Role.PRINCIPAL_LEADER,
        Role.DEPUTY_LEADER,
        Role.DISCIPLINE,
        Role.GENERAL_POST,
    ),
    SupervisionKind.INSTRUCTION: (Role.PRINCIPAL_LEADER, Role.DEPUTY_LEADER),
}
"""Who may, the highest first: 督办 by leaders, discipline and the general post; 批示 by leaders alone."""


def supervising_role(
    identity: Identity, kind: SupervisionKind, units: Collection[str], sections: Collection[str]
) -> Role | None:
    """In which role this person may supervise a matter of these units and sections; None: not at all.

    A deputy leader does so for the sections in scope, everybody else for the unit.
    """
    for role in SUPERVISORS[kind]:
        if identity.units_with(role) & set(units) or identity.sections_with(role) & set(sections):
            return role
    return None


def next_reminder_at(last: datetime) -> datetime:
    """When the citizen may urge again: 00:00 Beijing time of the next day, whatever zone the machine is in.

    Raises NaiveDateTime.
    """
    return datetime.combine(local_date(last) + timedelta(days=1), time(), SHANGHAI)
