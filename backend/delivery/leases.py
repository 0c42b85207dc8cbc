"""Take rows of the outbox by lease, and mark what became of them.

At least once, never lost: what a crash interrupts is taken again when its lease ends. Each claim has a token of its
own, so a worker that was too slow cannot mark a row that another has meanwhile.

Two times are told apart. `now` is the application's: it says what is due. `server_now` is the database server's, by
which leases run on every host alike; a stepped or faked clock neither frees nor prolongs one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, text, update
from sqlalchemy.orm import Session

from backend.models import OutboxItem
from backend.models.types import new_id

LEASE = timedelta(seconds=60)
BATCH = 20
"""Rows taken at once: at most so many are done twice when a worker is killed."""
BACK_OFF = tuple(
    timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 3600, 4 * 3600, 8 * 3600, 24 * 3600)
)
"""How long to wait after the first, second … failure; after the last comes `failed`. A day and a half in all."""
LONGEST_PROBLEM = 200

Topics = Mapping[str, Collection[str]]
"""Which topics to take, by kind (`message`, `job`): those that somebody here can handle. The others wait."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A row taken, and the token that says so. `attempts` counts this one."""

    id: int
    token: str
    kind: str
    topic: str
    inquiry_id: str | None
    recipient_kind: str | None
    recipient_id: str | None
    payload: dict[str, Any]
    attempts: int

    @property
    def is_exhausted(self) -> bool:
        """Whether it ran out of attempts without anyone telling why: its workers died of it."""
        return self.attempts > len(BACK_OFF) + 1


def server_time(session: Session) -> datetime:
    """The database server's time, aware."""
    if session.get_bind().dialect.name == "postgresql":
        return session.scalars(select(func.clock_timestamp())).one()
    return datetime.fromisoformat(
        session.scalars(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))).one()
    ).replace(tzinfo=UTC)


def claim(
    session: Session, topics: Topics, *, now: datetime, server_now: datetime, limit: int = BATCH
) -> list[Leased]:
    """Take up to `limit` rows that are due and free, longest waiting first. Commit before working on them."""
    token = new_id()
    picked = (
        select(OutboxItem.id)
        .where(
            # Written out, not bound: only then can the partial index be used (performance.md section 3).
            text("state IN ('pending', 'leased')"),
            or_(
                *(
                    and_(OutboxItem.kind == kind, OutboxItem.topic.in_(wanted))
                    for kind, wanted in topics.items()
                )
            ),
            OutboxItem.available_at <= now,
            or_(OutboxItem.leased_until.is_(None), OutboxItem.leased_until <= server_now),
        )
        .order_by(OutboxItem.available_at, OutboxItem.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    taken = session.execute(
        update(OutboxItem)
        .where(OutboxItem.id.in_(select(picked.c.id)))
        .values(
            state="leased",
            lease_owner=token,
            leased_until=server_now + LEASE,
            attempts=OutboxItem.attempts + 1,
        )
        .returning(
            OutboxItem.available_at,
            OutboxItem.id,
            OutboxItem.lease_owner,
            OutboxItem.kind,
            OutboxItem.topic,
            OutboxItem.inquiry_id,
            OutboxItem.recipient_kind,
            OutboxItem.recipient_id,
            OutboxItem.payload,
            OutboxItem.attempts,
        )
        .execution_options(synchronize_session=False)
    )
    # RETURNING promises no order.
    return [Leased(*facts) for _, *facts in sorted(taken, key=lambda row: (row.available_at, row.id))]


def finish(session: Session, item: Leased, now: datetime) -> bool:
    """Mark a row done. False when the lease had passed to another meanwhile: it is that one's to mark."""
    return _mark(session, item, {"state": "done", "finished_at": now, "problem": None})


def fail(session: Session, item: Leased, problem: str, now: datetime) -> bool:
    """Put a row back for a later attempt, or end it as `failed` after the last. `problem` is a code, no text of anyone.

    False when the lease had passed to another meanwhile.
    """
    values: dict[str, Any] = {"problem": problem[:LONGEST_PROBLEM]}
    if item.attempts > len(BACK_OFF):
        values |= {"state": "failed", "finished_at": now}
    else:
        values |= {"state": "pending", "available_at": now + BACK_OFF[item.attempts - 1]}
    return _mark(session, item, values)


def release(session: Session, items: Iterable[Leased]) -> None:
    """Give back rows that were not begun, as if they had never been taken."""
    for item in items:
        _mark(session, item, {"state": "pending", "attempts": item.attempts - 1})


def _mark(session: Session, item: Leased, values: Mapping[str, Any]) -> bool:
    marked = session.scalar(
        update(OutboxItem)
        .where(OutboxItem.id == item.id, OutboxItem.state == "leased", OutboxItem.lease_owner == item.token)
        .values(lease_owner=None, leased_until=None, **values)
        .returning(OutboxItem.id)
        .execution_options(synchronize_session=False)
    )
    return marked is not None
