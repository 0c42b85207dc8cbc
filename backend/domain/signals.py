"""Facts that may show 推诿 (坛 十（二）3 推诿扯皮): returns, A→B→A, last-hour transfers, silence. Never a verdict.

Every signal carries the hand-offs and times it rests on, so that a human can look and judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from backend.domain.times import local_date
from backend.domain.vocabulary import HandoffKind, HandoffState, Word

RETURNS_WORTH_SHOWING = 2


class SignalKind(Word):
    """What the facts show."""

    RETURNED_OFTEN = "returned_often", "多次退回"
    PING_PONG = "ping_pong", "转出后又转回"
    LAST_HOUR = "last_hour", "临期转交"
    REFUSED_WITHOUT_CLAUSE = "refused_without_clause", "退回没有写明依据"
    SILENT = "silent", "逾期不作声"


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
class Evidence:
    """One fact a signal rests on: which hand-off, and when; `duty` the limit, where it is about one."""

    handoff_id: str
    at: datetime
    duty: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """Facts of one kind, in the order in which they happened."""

    kind: SignalKind
    evidence: tuple[Evidence, ...]


def signals_of(handoffs: Sequence[HandoffFact], limits: Sequence[LimitFact]) -> tuple[Signal, ...]:
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
