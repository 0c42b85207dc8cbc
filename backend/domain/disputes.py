"""Nobody takes it: when a matter goes up, and to whom (design 4; 系统设定 third-refusal)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.vocabulary import DisputeLevel


@dataclass(frozen=True, slots=True)
class Refusal:
    """An offer that was returned, or that nobody answered in time."""

    handoff_id: str
    from_unit_id: str
    to_unit_id: str

    @property
    def is_between_units(self) -> bool:
        return self.from_unit_id != self.to_unit_id


def is_dispute_due(refusals: int, disputes: int, limit: int) -> bool:
    """Whether this refusal is one too many: the `limit`-th of the round, or again the `limit`-th since a decision.

    `refusals` and `disputes` are those of the round, this refusal included.
    """
    return refusals // limit > disputes


def levels_for(last: Sequence[Refusal]) -> tuple[DisputeLevel, ...]:
    """Who may decide, in order: inside one unit the general post, then the unit head; between units the coordinator.

    `last` are the refusals the dispute is about. Whoever is a party or has nobody there is passed over by the caller;
    where no coordinator is to be had, the head of the giving unit decides what the unit itself does.
    """
    if any(refusal.is_between_units for refusal in last):
        return (DisputeLevel.COORDINATOR, DisputeLevel.UNIT_HEAD)
    return (DisputeLevel.GENERAL_POST, DisputeLevel.UNIT_HEAD, DisputeLevel.COORDINATOR)


def units_concerned(last: Sequence[Refusal]) -> frozenset[str]:
    """The units whose hand-offs the dispute is about."""
    return frozenset(unit for refusal in last for unit in (refusal.from_unit_id, refusal.to_unit_id))


def may_name_unit(level: DisputeLevel, arbiter_unit_id: str, unit_id: str, *, is_in_scope: bool) -> bool:
    """Inside a unit one decides about that unit alone; a coordinator about those it settles for."""
    return is_in_scope if level is DisputeLevel.COORDINATOR else unit_id == arbiter_unit_id
