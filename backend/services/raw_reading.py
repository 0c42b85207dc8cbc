"""Columns as they lie in the database, for whoever believes nothing of it (核验台账)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, LargeBinary, cast
from sqlalchemy.orm import Session

from backend.domain.times import local


class Raw:
    """Columns as they lie on the disk. SQLite keeps any bytes in any column, and reading them as what they ought to
    be would fail for the whole query instead of showing one bad place; PostgreSQL keeps to its types."""

    def __init__(self, session: Session) -> None:
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"

    def bytes(self, column: Any) -> ColumnElement[Any]:
        return cast(column, LargeBinary) if self._is_sqlite else column

    def number(self, column: Any) -> ColumnElement[Any]:
        return cast(column, Integer) if self._is_sqlite else column


def as_bytes(value: bytes | str | None) -> bytes:
    return value.encode("utf-8") if isinstance(value, str) else bytes(value or b"")


def as_text(value: bytes | str | None) -> str | None:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def as_moment(value: bytes | datetime | None) -> str | None:
    """The moment as the body writes it; what is no moment stays as it is and agrees with nothing."""
    if isinstance(value, datetime):
        return local(value).isoformat()
    written = as_text(value)
    try:
        return local(datetime.fromisoformat(written or "").replace(tzinfo=UTC)).isoformat()
    except ValueError:
        return written


def as_json(value: Any) -> Any:
    """What a JSON column holds; what is no JSON stays as it is and agrees with nothing."""
    try:
        return json.loads(value) if isinstance(value, bytes | str) else value
    except (ValueError, RecursionError):
        return value
