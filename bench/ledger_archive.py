"""An office with a long ledger: one matter is filed and closed, and its line stands in the year as often as wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from sqlalchemy import delete, insert, select

from backend.clock import now
from backend.database import db, reading
from backend.domain.actors import SYSTEM
from backend.domain.identity import Identity
from backend.models import LedgerRow, Staff
from backend.services.calendar import working_calendar
from backend.services.organising import identity_of
from backend.services.work import Work
from bench.archives import BATCH, Archive, archive, copied_name
from tests.support.databases import Databases

WHO = "window-head"
"""Who reads it."""


@contextmanager
def long_ledger(databases: Databases, kind: str, folder: Path, lines: int) -> Iterator[tuple[str, Path]]:
    """Where the database is, and the folder of its keys."""
    with archive(databases, kind, folder, lines) as made:
        _copy_line(made)
        yield made.office.settings.database_url, made.office.settings.data_dir


@contextmanager
def reader_of(app: APIFlask) -> Iterator[tuple[Work, Identity]]:
    """A unit of reading by the head of the section whose ledger it is."""
    with app.app_context(), reading() as session:
        person = session.scalars(select(Staff).where(Staff.username == WHO)).one()
        work = Work(session, SYSTEM, now(), app.extensions["shouwen_tools"], working_calendar(session))
        yield work, identity_of(person)


def _copy_line(made: Archive) -> None:
    """Every copied matter gets the line of the first, dated like it; open ones leave the ledger."""
    with made.office.app.app_context(), db.engine.begin() as connection:
        closed = LedgerRow.closed_at.is_not(None)
        row: dict[str, Any] = dict(
            connection.execute(select(LedgerRow.__table__).where(closed)).one()._mapping
        )
        connection.execute(delete(LedgerRow).where(~closed))
        for start in range(1, made.closed, BATCH):
            numbers = range(start, min(start + BATCH, made.closed))
            connection.execute(insert(LedgerRow), [_line(n, row) for n in numbers])


def _line(n: int, sample: dict[str, Any]) -> dict[str, Any]:
    earlier = timedelta(minutes=n)
    moments = {name: sample[name] - earlier for name in ("received_at", "taken_at", "closed_at")}
    named = {"id": copied_name("r", n), "inquiry_id": copied_name("c", n)}
    return sample | moments | named | {"texts": {"content": copied_name("x", n)}}
