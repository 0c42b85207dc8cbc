"""Databases full of open limits, for the scan that looks for those that have passed.

The real migrations make the tables, one valid inquiry with one limit is written, and SQL copies both: whatever columns
they have, the copies have too. One inquiry a limit, foreign keys in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from backend.database import db, unit_of_work
from backend.domain.times import SHANGHAI
from backend.models import Clock, Inquiry
from backend.models.types import UtcDateTime
from tests.support import rows
from tests.support.databases import SQLITE, Databases, bare_app

NOW = datetime(2026, 11, 24, 17, 31, tzinfo=SHANGHAI)
"""A minute after close of business: what fell due today has just passed."""
CLOSE = datetime(2026, 11, 24, 17, 30, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
LIMIT = 2 * DAY
FIRST = 10**12
"""Copies are numbered from here: thirteen digits, as inquiries are."""
HORIZON = 15
"""Open limits end on one of so many coming days."""


@dataclass(frozen=True)
class OpenClocks:
    """A database with `open` running limits, `due` of which have passed and wait to be noted."""

    app: Flask
    open: int
    due: int


@contextmanager
def open_clocks(databases: Databases, kind: str, folder: Path, size: int, due: int) -> Iterator[OpenClocks]:
    """A fresh database of a kind, removed at the end. `size` is a multiple of `due`, at least ten times as much."""
    with databases.migrated(kind) as url, bare_app(url, folder) as app:
        with app.app_context():
            _fill(kind, size, due)
        yield OpenClocks(app, size, due)


def _fill(kind: str, size: int, due: int) -> None:
    with unit_of_work() as session:
        unit = rows.unit(session)
        inquiry = rows.inquiry(session, unit)
        sample = rows.clock(session, inquiry, due_at=CLOSE + DAY, due_soon_at=CLOSE)
        _copy(session, inquiry.id, sample.id, size, due)
    # As autovacuum does on a live server; SQLite is used without.
    if kind != SQLITE:
        with db.engine.begin() as connection:
            connection.execute(text("ANALYZE clocks"))


def _copy(session: Session, inquiry_id: str, clock_id: str, size: int, due: int) -> None:
    """Copy both rows until there are `size` open limits, the sample among them."""
    moments = _moments(session, size // due)
    first = literal(FIRST, BigInteger)
    numbers = select(first.label("n")).cte("numbers", recursive=True)
    # The sample is one of them.
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < first + (size - 2)))
    n, written = numbers.c.n, cast(numbers.c.n, String)
    copied = literal("c" * 19) + written
    _insert_copies(
        session,
        Inquiry.__table__,
        inquiry_id,
        numbers,
        {"id": copied, "number": written, "tracking_hash": literal("t" * 51) + written},
    )
    of_moments = {column.name: column for column in moments.c if column.name != "position"}
    _insert_copies(
        session,
        Clock.__table__,
        clock_id,
        numbers.join(moments, moments.c.position == (n - first) % (size // due)),
        {"id": copied, "inquiry_id": copied, "anchor_at": moments.c.starts_at, **of_moments},
    )


def _insert_copies(
    session: Session, table: Any, row_id: str, source: FromClause, given: dict[str, ColumnElement[Any]]
) -> None:
    """INSERT … SELECT of one row of a table, as often as `source` has rows; columns not `given` as they are."""
    sample = table.alias("sample")
    columns = [given.get(column.name, sample.c[column.name]) for column in table.columns]
    copies = select(*columns).select_from(source.join(sample, sample.c.id == row_id))
    session.execute(insert(table).from_select([column.name for column in table.columns], copies))


def _moments(session: Session, kinds: int) -> Table:
    """The ways a limit stands, in a temporary table; limits take turns, so that every kind lies scattered.

    One in `kinds` has just passed. Of the others a tenth is overdue and noted, a tenth is paused past its day, and
    the rest ends on the coming days.
    """
    table = Table(
        "bench_moments",
        MetaData(),
        Column("position", Integer, primary_key=True),
        Column("starts_at", UtcDateTime),
        Column("due_at", UtcDateTime),
        Column("due_soon_at", UtcDateTime),
        Column("paused_at", UtcDateTime),
        Column("remaining_days", Integer),
        Column("is_due_soon_noted", Boolean),
        Column("is_overdue_noted", Boolean),
        prefixes=["TEMPORARY"],
    )
    table.create(session.connection())
    session.execute(insert(table), [_moment(position) for position in range(kinds)])
    return table


def _moment(position: int) -> dict[str, Any]:
    is_noted, is_paused = position % 10 == 1, position % 10 == 2
    if position == 0:
        due_at = CLOSE
    elif is_noted or is_paused:
        due_at = CLOSE - (1 + position % HORIZON) * DAY
    else:
        due_at = CLOSE + (1 + position % HORIZON) * DAY
    return {
        "position": position,
        "starts_at": due_at - LIMIT,
        "due_at": due_at,
        "due_soon_at": due_at - DAY,
        "paused_at": due_at - DAY if is_paused else None,
        "remaining_days": 1 if is_paused else None,
        "is_due_soon_noted": due_at - DAY <= NOW,
        "is_overdue_noted": is_noted,
    }
