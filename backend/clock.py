"""The only place that reads the time. Everything else is given `now`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from flask import current_app


class Clock(Protocol):
    """Tells the current time as an aware datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FileClock:
    """Time shared by several processes of one rehearsal: the ISO 8601 text in a file, read at every call.

    Refused in production by `preflight`. Raises ValueError when the file holds no aware time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        moment = datetime.fromisoformat(self._path.read_text("ascii").strip())
        if moment.tzinfo is None:
            raise ValueError("the clock file must hold a time with its offset")
        return moment.astimezone(UTC)


def now() -> datetime:
    """The time of the running application."""
    clock: Clock = current_app.extensions["shouwen_clock"]
    return clock.now()
