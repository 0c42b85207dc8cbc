"""Take rows of the outbox by lease, and mark what became of them.

At least once, never lost: what a crash interrupts is taken again when its lease ends. Each claim has a token of its
own, so a worker that was too slow cannot mark a row that another has meanwhile.

Messages go in lanes (one person's WeChat): a lane has one message under way at a time, however many workers on however
many hosts. What it tells about one inquiry goes out in order: while one waits, those after it about the same inquiry
wait too, and no other. Jobs have no lane.

Two times are told apart. `now` is the application's: it says what is due. `server_now` is the database server's, by
which leases run on every host alike; a stepped or faked clock neither frees nor prolongs one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import ReturningUpdate, Update

from backend.models import OutboxItem
from backend.models.types import new_id

LEASE = timedelta(seconds=60)
BATCH = 20
"""Jobs taken at once."""
WINDOW = 2
"""For each message wanted, so many are looked at: where one lane has more than that at the front, the next claim finds that
lane under way and looks past it."""
BACK_OFF = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800)) + 47 * (timedelta(hours=1),)
"""How long to wait after the first, second … failure; after the last comes `failed`. 47 h 42 min 40 s in all."""
TOO_OLD = timedelta(days=3)
"""A message that could not go out for so long goes out no more: it ends as `failed`, `expired`."""
EXPIRED = "expired"
LONGEST_PROBLEM = 200

Columns = ReadOnlyColumnCollection[str, Column[Any]]
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
    """Take up to `limit` messages to such recipients, oldest first and one of a lane: the first that is due and that
    nothing earlier about the same inquiry holds up, where none of its lane is under way.

    Commit at once: on PostgreSQL other workers wait for it. Two that choose at the same moment would not see each
    other's choice and could take two of one lane.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME)
    given = _about_messages(recipient_kinds, now, server_now, WINDOW * limit)
    return _take(session, _MESSAGES, given | {"limit": limit}, lease)


def has_messages(
    session: Session, recipient_kinds: Collection[str], *, now: datetime, server_now: datetime
) -> bool:
    """Whether there is a message to such recipients to be taken."""
    given = _about_messages(recipient_kinds, now, server_now, 1)
    return session.connection().scalar(_ANY_MESSAGE, given) is not None


def _about_messages(
    kinds: Collection[str], now: datetime, server_now: datetime, window: int
) -> dict[str, Any]:
    oldest = now - TOO_OLD
    return {"kinds": list(kinds), "now": now, "server_now": server_now, "oldest": oldest, "window": window}


def _is_due(row: Columns) -> tuple[ColumnElement[bool], ...]:
    return (
        row.available_at <= bindparam("now"),
        or_(row.leased_until.is_(None), row.leased_until <= bindparam("server_now")),
    )


def _taking(chosen: Select[Any]) -> ReturningUpdate[Any]:
    """The statement that takes the chosen rows. Made once: to put it together takes longer than to run it."""
    row = _TABLE.c
    picked = chosen.with_for_update(skip_locked=True).cte("picked")
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


def _can_go() -> Select[Any]:
    """Messages nothing holds up, in their order; `window` of them at most, which may be several of one lane.

    Scalar subqueries throughout: each is a short walk, and no planner makes a join of them.
    """
    row = _TABLE.c
    earlier, other = _TABLE.alias("earlier"), _TABLE.alias("other")
    under_way = select(other.c.id).where(
        other.c.lane == row.lane,
        text("other.state = 'leased'"),
        other.c.leased_until > bindparam("server_now"),
    )
    held_up = select(earlier.c.id).where(
        earlier.c.lane == row.lane,
        text(f"earlier.{_CLAIMABLE}"),
        earlier.c.id < row.id,
        earlier.c.inquiry_id.is_not_distinct_from(row.inquiry_id),
    )
    return (
        select(row.id, row.lane)
        .where(
            text(f"outbox.{_CLAIMABLE}"),
            row.kind == "message",
            *_is_due(row),
            row.recipient_kind.in_(bindparam("kinds", expanding=True)),
            row.created_at > bindparam("oldest"),
            *(
                or_(row.lane.is_(None), obstacle.limit(1).correlate(_TABLE).scalar_subquery().is_(None))
                for obstacle in (under_way, held_up)
            ),
        )
        .order_by(row.id)
        .limit(bindparam("window"))
    )


def _due_jobs() -> Select[Any]:
    row = _TABLE.c
    return (
        select(row.id)
        .where(
            text(f"outbox.{_CLAIMABLE}"),
            row.kind == "job",
            row.topic.in_(bindparam("topics", expanding=True)),
            *_is_due(row),
        )
        .order_by(row.id)
        .limit(bindparam("limit"))
    )


def _one_of_each_lane() -> Select[Any]:
    row = _TABLE.c
    can_go = _can_go().cte("can_go")
    firsts = (
        select(func.min(can_go.c.id))
        .group_by(func.coalesce(can_go.c.lane, cast(can_go.c.id, String)))
        .order_by(func.min(can_go.c.id))
        .limit(bindparam("limit"))
    )
    return select(row.id).where(row.id.in_(firsts), text(f"outbox.{_CLAIMABLE}"), *_is_due(row))


_JOBS = _taking(_due_jobs())
_MESSAGES = _taking(_one_of_each_lane())
_ANY_MESSAGE = _can_go()
# The planner likes to look at a whole lane, or table, where the first row on the way will do.
_ONE_AT_A_TIME = select(
    func.pg_advisory_xact_lock(0x6F7574626F78),  # "outbox"
    func.set_config("enable_bitmapscan", "off", True),
    func.set_config("enable_seqscan", "off", True),
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
    for columns, rows in by_columns.items():
        count += session.connection().execute(_marking(columns), rows).rowcount
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
