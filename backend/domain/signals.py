"""Facts that may show 推诿 (坛 十（二）3 推诿扯皮): returns, A→B→A, last-hour transfers, silence. Never a verdict.

Every signal carries the hand-offs and times it rests on, so that a human can look and judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from backend.domain.identity import Identity
from backend.domain.times import local_date
from backend.domain.vocabulary import HandoffKind, HandoffState, Role, Word

RETURNS_WORTH_SHOWING = 2
UNIT_SUPERVISORS = (Role.DISCIPLINE, Role.PRINCIPAL_LEADER)
"""Who reads the signals of their unit whoever holds the matter."""


class SignalKind(Word):
    """What the facts show."""

    RETURNED_OFTEN = "returned_often", "多次退回"
    PING_PONG = "ping_pong", "转出后又转回"
    LAST_HOUR = "last_hour", "临期转交"
    REFUSED_WITHOUT_CLAUSE = "refused_without_clause", "退回没有写明依据"
    SILENT = "silent", "逾期不作声"
    OUTSIDE_CATALOGUE = "outside_catalogue", "目录以外的时限"


@dataclass(frozen=True, slots=True)
class HandoffFact:
    """One offer. `decided_at` is None while it waits; `clause_cited` None where nothing was recorded about it."""

    id: str
    kind: HandoffKind
    state: HandoffState
    from_unit_id: str
    from_section_id: str | None
    to_unit_id: str
    to_section_id: str | None
    offered_at: datetime
    decided_at: datetime | None
    clause_cited: bool | None


@dataclass(frozen=True, slots=True)
class LimitFact:
    """One limit of the matter, 即时 apart (such a one ends every day). `ended_at` is None while it runs."""

    duty: str
    starts_at: datetime
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A limit under another regime (坛 五) that staff stated themselves, the 事项目录 does not have it: how many days."""

    clock_id: str
    at: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact a signal rests on: which hand-off, and when; `duty` the limit, where it is about one.

    Of a limit outside the 事项目录 there is no hand-off: `clock_id` is the limit, `days` its working days.
    """

    handoff_id: str | None
    at: datetime
    duty: str | None = None
    clock_id: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """Facts of one kind, in the order in which they happened."""

    kind: SignalKind
    evidence: tuple[Evidence, ...]


def reads_signals(
    identity: Identity,
    units: Collection[str],
    sections: Collection[str],
    *,
    held_by_general_of: str | None,
) -> bool:
    """Whether this person supervises a matter that these units and sections hold or held (坛 十（二）3).

    Discipline and head for the unit, a deputy leader for the sections in scope, and the general post, unless it is
    the holder itself: `held_by_general_of` is the unit whose general post, or its keeper, holds it or held it last.
    """
    if identity.units_with(*UNIT_SUPERVISORS) & set(units):
        return True
    if identity.sections_with(Role.DEPUTY_LEADER) & set(sections):
        return True
    return bool(identity.units_with(Role.GENERAL_POST) & (set(units) - {held_by_general_of}))


def signals_of(
    handoffs: Sequence[HandoffFact], limits: Sequence[LimitFact], stated: Sequence[StatedFact] = ()
) -> tuple[Signal, ...]:
    """Every signal the facts of a matter give. `handoffs` come in the order in which they were offered."""
    found = (
        (SignalKind.RETURNED_OFTEN, _returned_often(handoffs)),
        (SignalKind.PING_PONG, _ping_pong(handoffs)),
        (SignalKind.LAST_HOUR, _last_hour(handoffs, limits)),
        (
            SignalKind.REFUSED_WITHOUT_CLAUSE,
            _decided(h for h in handoffs if h.state is HandoffState.RETURNED and h.clause_cited is False),
        ),
        (SignalKind.SILENT, _decided(h for h in handoffs if h.state is HandoffState.LAPSED)),
        (
            SignalKind.OUTSIDE_CATALOGUE,
            tuple(Evidence(None, fact.at, clock_id=fact.clock_id, days=fact.days) for fact in stated),
        ),
    )
    return tuple(Signal(kind, evidence) for kind, evidence in found if evidence)


def _returned_often(handoffs: Sequence[HandoffFact]) -> tuple[Evidence, ...]:
    returned = _decided(h for h in handoffs if h.state is HandoffState.RETURNED)
    return returned if len(returned) >= RETURNS_WORTH_SHOWING else ()


def _ping_pong(handoffs: Sequence[HandoffFact]) -> tuple[Evidence, ...]:
    """Accepted, and then given back to where it came from: unit to unit, or section to section of one unit."""
    taken = [h for h in handoffs if h.state is HandoffState.ACCEPTED and h.decided_at is not None]
    found: dict[str, Evidence] = {}
    for kind in HandoffKind:
        for there, back in pairwise([h for h in taken if h.kind is kind]):
            if _from(there) == _to(back) and _to(there) == _from(back):
                for handoff in (there, back):
                    found[handoff.id] = Evidence(handoff.id, handoff.offered_at)
    return tuple(sorted(found.values(), key=lambda fact: fact.at))


def _last_hour(handoffs: Sequence[HandoffFact], limits: Sequence[LimitFact]) -> tuple[Evidence, ...]:
    """Offered on the very day a running limit is due (系统设定 last-hour)."""
    found: dict[tuple[str, str], Evidence] = {}
    for handoff in handoffs:
        at = handoff.offered_at
        for limit in limits:
            running = limit.starts_at < at and (limit.ended_at is None or at <= limit.ended_at)
            if running and local_date(at) == local_date(limit.due_at):
                found[handoff.id, limit.duty] = Evidence(handoff.id, at, limit.duty)
    return tuple(found.values())


def _decided(handoffs: Iterable[HandoffFact]) -> tuple[Evidence, ...]:
    return tuple(Evidence(h.id, h.decided_at) for h in handoffs if h.decided_at is not None)


def _from(handoff: HandoffFact) -> tuple[str, str | None]:
    return handoff.from_unit_id, None if handoff.kind is HandoffKind.UNIT else handoff.from_section_id


def _to(handoff: HandoffFact) -> tuple[str, str | None]:
    return handoff.to_unit_id, None if handoff.kind is HandoffKind.UNIT else handoff.to_section_id
