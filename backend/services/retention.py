"""What is past its time: counted first, removed only when told to. Never an inquiry, never a ledger (网络安全法 第二十三条（三）).

The hourly purge removes what nothing needs any more; here stands what is kept as a record for a while and may then go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Delete, Update

from backend.domain.times import local
from backend.models import AccessSession, ImportFile, Inquiry, OutboxItem

LEAST_DAYS = 184
"""Six calendar months are 181 to 184 days."""
USUAL_DAYS = 400
MISTAKES_KEPT_FOR = timedelta(days=30)
"""What was wrong with an imported file quotes it: no longer than it takes to correct it."""


AT_ONCE = 1_000
"""Rows in a unit of work: whoever waits for SQLite's one writer is refused after five seconds (design 7)."""


@dataclass(frozen=True, slots=True)
class Past:
    """A kind of row past its time: how many, and since when that is so."""

    name: str
    label: str
    before: datetime
    count: int


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    label: str
    table: type[Any]
    past: Callable[[datetime], ColumnElement[bool]]
    emptied: dict[str, Any] | None = None
    kept_for: timedelta | None = None


_KINDS = (
    _Kind(
        "sessions",
        "登录记录",
        AccessSession,
        lambda before: and_(AccessSession.expires_at < before, AccessSession.created_at < before),
    ),
    _Kind(
        "outbox",
        "发送记录和后台任务记录",
        OutboxItem,
        lambda before: and_(text("state IN ('done', 'failed')"), OutboxItem.finished_at < before),
    ),
    _Kind(
        "imports",
        "导入文件里的错误摘录",
        ImportFile,
        lambda before: and_(ImportFile.findings.is_not(None), ImportFile.finished_at < before),
        {"findings": None, "wrapped_key": None},
        MISTAKES_KEPT_FOR,
    ),
)


def past_their_time(session: Session, now: datetime, kept: timedelta) -> list[Past]:
    """How many rows of each kind could go; nothing is written."""
    found = []
    for kind in _KINDS:
        before = _before(kind, now, kept)
        query = select(func.count()).select_from(kind.table).where(kind.past(before))
        found.append(Past(kind.name, kind.label, before, session.scalar(query) or 0))
    return found


def remove(session: Session, name: str, now: datetime, kept: timedelta) -> int:
    """Remove the next rows of one kind that are past their time, at most so many at once. Returns how many."""
    kind = next(one for one in _KINDS if one.name == name)
    past = select(kind.table.id).where(kind.past(_before(kind, now, kept))).limit(AT_ONCE)
    these = kind.table.id.in_(past)
    statement: Delete | Update = delete(kind.table).where(these)
    if kind.emptied is not None:
        statement = update(kind.table).where(these).values(**kind.emptied)
    done = session.connection().execute(statement)
    return done.rowcount


def oldest_inquiry(session: Session) -> datetime | None:
    """Since when there are records that no command removes."""
    first = session.scalar(select(func.min(Inquiry.received_at)))
    return local(first) if first is not None else None


def _before(kind: _Kind, now: datetime, kept: timedelta) -> datetime:
    return now - (kind.kept_for or kept)
