"""What every job starts from: a unit of work in the system's name, and what this installation was set up with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import current_app

from backend import clock
from backend.database import reading, unit_of_work
from backend.domain.actors import SYSTEM
from backend.services.calendar import working_calendar
from backend.services.work import Work
from backend.settings import Settings


class NotNow(Exception):
    """A job cannot be done before a time everybody knows. The attempt does not count."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


@contextmanager
def system_work() -> Iterator[Work]:
    """A unit of work at the application's time, committed at the end of the block."""
    with unit_of_work() as session:
        calendar = working_calendar(session)
        yield Work(session, SYSTEM, clock.now(), current_app.extensions["shouwen_tools"], calendar)


@contextmanager
def reading_work() -> Iterator[Work]:
    """The same for reads, on the reader engine."""
    with reading() as session:
        calendar = working_calendar(session)
        yield Work(session, SYSTEM, clock.now(), current_app.extensions["shouwen_tools"], calendar)


def settings() -> Settings:
    """The settings of the running application."""
    made: Settings = current_app.extensions["shouwen_settings"]
    return made
