"""Take rows of the outbox by lease, and mark what became of them.

At least once, never lost: what a crash interrupts is taken again when its lease ends. Each claim has a token of its
own, so a worker that was too slow cannot mark a row that another has meanwhile.

Messages go in lanes (one person's WeChat): only the first row of a lane that is not over yet can be taken, so a lane
keeps its order and has one message under way at a time, however many workers on however many hosts. Jobs have none.

Two times are told apart. `now` is the application's: it says what is due. `server_now` is the database server's, by
which leases run on every host alike; a stepped or faked clock neither frees nor prolongs one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Table, bindparam, func, or_, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate, Update

from backend.models import OutboxItem
from backend.models.types import new_id

LEASE = timedelta(seconds=60)
BATCH = 20
"""Jobs taken at once."""
BACK_OFF = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800)) + 47 * (timedelta(hours=1),)
"""How long to wait after the first, second … failure; after the last comes `failed`. 47 h 42 min 40 s in all."""
TOO_OLD = timedelta(days=3)
"""A message that could not go out for so long goes out no more: it ends as `failed`, `expired`."""
EXPIRED = "expired"
LONGEST_PROBLEM = 200

Values = dict[str, Any]
"""New values of columns of a row."""

_TABLE: Table = OutboxItem.__table__  # type: ignore[assignment]
# Written out, not bound: only then can the partial indexes be used (performance.md section 3).
_CLAIMABLE = "state IN ('pending', 'leased')"


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
    unsure_since: datetime | None = None
    """When it was tried last without an answer, if it was."""

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


def claim_jobs(
    session: Session, topics: Collection[str], *, now: datetime, server_now: datetime, limit: int = BATCH
) -> list[Leased]:
    """Take up to `limit` jobs of these topics that are due and free, oldest first. Commit before working on them."""
    given = {"topics": list(topics), "now": now, "server_now": server_now, "limit": limit}
    return _take(session, _JOBS, given, LEASE)


def claim_messages(
    session: Session,
    recipient_kinds: Collection[str],
    *,
    now: datetime,
    server_now: datetime,
    limit: int,
    lease: timedelta = LEASE,
) -> list[Leased]:
    """Take up to `limit` messages to such recipients that are due, free and first in their lane, oldest first.

    Commit before working on them.
    """
    given = {"kinds": list(recipient_kinds), "now": now, "server_now": server_now, "limit": limit}
    return _take(session, _MESSAGES, given | {"oldest": now - TOO_OLD}, lease)


def _taking(*wanted: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """The statement that takes rows. Made once: to put it together takes longer than to run it."""
    row = _TABLE.c
    picked = (
        select(row.id)
        .where(
            text(f"outbox.{_CLAIMABLE}"),
            *wanted,
            row.available_at <= bindparam("now"),
            or_(row.leased_until.is_(None), row.leased_until <= bindparam("server_now")),
        )
        .order_by(row.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return (
        update(_TABLE)
        .where(row.id.in_(select(picked.c.id)))
        .values(
            state="leased",
            lease_owner=bindparam("token"),
            leased_until=bindparam("until"),
            attempts=row.attempts + 1,
        )
        .returning(
            row.id,
            row.lease_owner,
            row.kind,
            row.topic,
            row.inquiry_id,
            row.recipient_kind,
            row.recipient_id,
            row.payload,
            row.attempts,
            row.unsure_since,
        )
    )


def _first_in_lane() -> ColumnElement[bool]:
    earlier = _TABLE.alias("earlier")
    first = select(func.min(earlier.c.id)).where(
        earlier.c.lane == _TABLE.c.lane, text(f"earlier.{_CLAIMABLE}")
    )
    return or_(_TABLE.c.lane.is_(None), _TABLE.c.id == first.correlate(_TABLE).scalar_subquery())


_JOBS = _taking(_TABLE.c.kind == "job", _TABLE.c.topic.in_(bindparam("topics", expanding=True)))
_MESSAGES = _taking(
    _TABLE.c.kind == "message",
    _TABLE.c.recipient_kind.in_(bindparam("kinds", expanding=True)),
    _TABLE.c.created_at > bindparam("oldest"),
    _first_in_lane(),
)


def _take(
    session: Session, statement: ReturningUpdate[Any], given: dict[str, Any], lease: timedelta
) -> list[Leased]:
    own = {"token": new_id(), "until": given["server_now"] + lease}
    taken = session.connection().execute(statement, given | own)
    # RETURNING promises no order.
    return sorted((Leased(*row) for row in taken), key=lambda item: item.id)


def finish(session: Session, item: Leased, now: datetime) -> bool:
    """Mark a row done. False when the lease had passed to another meanwhile: it is that one's to mark."""
    return mark(session, [(item, finished(now))]) == 1


def fail(session: Session, item: Leased, problem: str, now: datetime) -> bool:
    """Put a row back for a later attempt, or end it as `failed` after the last. `problem` is a code, no text of anyone.

    False when the lease had passed to another meanwhile.
    """
    return mark(session, [(item, put_off(item, problem, now))]) == 1


def release(session: Session, items: Iterable[Leased]) -> None:
    """Give back rows that were not begun, as if they had never been taken."""
    mark(session, [(item, given_back(item)) for item in items])


def finished(now: datetime) -> Values:
    """What a row holds that is done."""
    return {"state": "done", "finished_at": now, "problem": None}


def ended(problem: str, now: datetime) -> Values:
    """What a row holds that will never be done."""
    return {"state": "failed", "finished_at": now, "problem": problem[:LONGEST_PROBLEM]}


def put_off(item: Leased, problem: str, now: datetime) -> Values:
    """What a row holds after an attempt that failed."""
    if item.attempts > len(BACK_OFF):
        return ended(problem, now)
    wait = BACK_OFF[item.attempts - 1]
    return {"state": "pending", "problem": problem[:LONGEST_PROBLEM], "available_at": now + wait}


def given_back(item: Leased) -> Values:
    """What a row holds whose attempt does not count."""
    return {"state": "pending", "attempts": item.attempts - 1}


def mark(session: Session, marks: Iterable[tuple[Leased, Values]]) -> int:
    """Write what became of rows, one statement for all that change the same columns.

    Returns how many were marked: the lease of the others had passed to another meanwhile, whose they are to mark.
    """
    count = 0
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for item, values in marks:
        row = {"item": item.id, "token": item.token, **values}
        by_columns.setdefault(tuple(values), []).append(row)
    connection = session.connection()
    for columns, rows in by_columns.items():
        if len(rows) > 1 and connection.dialect.name == "postgresql":
            lists = {name: [row[name] for row in rows] for name in rows[0]}
            count += connection.execute(_marking_lists(columns), lists).rowcount
        else:
            count += connection.execute(_marking(columns), rows).rowcount
    return count


@cache
def _marking(columns: tuple[str, ...]) -> Update:
    return (
        update(_TABLE)
        .where(
            _TABLE.c.id == bindparam("item"),
            _TABLE.c.state == "leased",
            _TABLE.c.lease_owner == bindparam("token"),
        )
        .values(lease_owner=None, leased_until=None, **{name: bindparam(name) for name in columns})
    )


@cache
def _marking_lists(columns: tuple[str, ...]) -> Update:
    """The same for many rows in one round trip: a list for each column."""
    types = {"item": _TABLE.c.id.type, "token": _TABLE.c.lease_owner.type}
    types |= {name: _TABLE.c[name].type for name in columns}
    lists = [bindparam(name, type_=ARRAY(kind)) for name, kind in types.items()]
    told = func.unnest(*lists).table_valued(*(Column(name, kind) for name, kind in types.items()))
    told = told.render_derived("told")
    return (
        update(_TABLE)
        .where(
            _TABLE.c.id == told.c.item,
            _TABLE.c.state == "leased",
            _TABLE.c.lease_owner == told.c.token,
        )
        .values(lease_owner=None, leased_until=None, **{name: told.c[name] for name in columns})
    )


def expire(session: Session, now: datetime, server_now: datetime) -> int:
    """End every message nobody could send for too long, whatever held it up. Returns how many."""
    ended_now = session.connection().execute(
        update(_TABLE)
        .where(
            text(_CLAIMABLE),
            _TABLE.c.kind == "message",
            _TABLE.c.created_at <= now - TOO_OLD,
            or_(_TABLE.c.leased_until.is_(None), _TABLE.c.leased_until <= server_now),
        )
        .values(lease_owner=None, leased_until=None, **ended(EXPIRED, now))
    )
    return ended_now.rowcount
