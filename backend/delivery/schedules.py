"""What runs every so often, once for all workers together.

Slots are counted by the database server's time, so workers on several hosts agree on them and a rehearsal under a
clock that stands still is served like any other. A slot whose worker died is lost; the next one finds all it left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.delivery import (
    calendar_duties,
    content_checks,
    duties,
    exporting,
    follow_up_duties,
    refusal_duties,
)
from backend.models import ScheduleSlot


@dataclass(frozen=True, slots=True)
class Schedule:
    """`run` is called in an application context and leaves off early when its event is set."""

    name: str
    every_seconds: int
    run: Callable[[Event], None]

    def slot(self, server_now: datetime) -> str:
        """The slot a moment lies in, named by its beginning."""
        beginning = int(server_now.timestamp()) // self.every_seconds * self.every_seconds
        return datetime.fromtimestamp(beginning, UTC).isoformat()


SCHEDULES = (
    # Breaches first: returning an offer ends limits, and whoever let one pass is to be told before.
    Schedule("note-overdue", 30, duties.note_overdue),
    Schedule("lapse-offers", 30, duties.lapse_offers),
    Schedule("note-near", 60, duties.note_near),
    Schedule("tell-unsigned", 300, duties.tell_unsigned),
    Schedule("follow-ups", 300, follow_up_duties.follow_up),
    Schedule("expire-messages", 60, duties.expire_messages),
    Schedule("recalculate", 3600, calendar_duties.recalculate),
    Schedule("ask-for-calendar", 24 * 3600, calendar_duties.ask_for_calendar),
    Schedule("tell-of-refusals", 3600, refusal_duties.tell_of_refusals),
    Schedule("give-up-checks", 300, content_checks.give_up),
    Schedule("sweep-exports", 60, exporting.sweep),
    Schedule("purge", 3600, duties.purge),
)


def take_slot(session: Session, schedule: Schedule, slot: str, now: datetime) -> bool:
    """Whether this slot of the schedule is now ours to run; False when another worker was first."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    taken = session.scalar(
        insert(ScheduleSlot)
        .values(name=schedule.name, slot=slot, taken_at=now)
        .on_conflict_do_nothing()
        .returning(ScheduleSlot.slot)
    )
    return taken is not None
