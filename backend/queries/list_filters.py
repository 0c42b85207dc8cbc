"""What narrows a list: the same for every box, for what is closed, and for a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_

from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Category, Channel, ClockEnd, Status
from backend.models import Clock, ExternalNumber, Holding, Inquiry


@dataclass(frozen=True, slots=True)
class Filters:
    """Each is left out while it is None. `since` and `until` are days of receipt on Beijing's calendar, both counted."""

    category: Category | None = None
    channel: Channel | None = None
    status: Status | None = None
    section_id: str | None = None
    late_entry: bool | None = None
    overdue: bool | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == Filters()

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """SQL: this row of `inquiries` is one of them."""
        found: list[ColumnElement[bool]] = []
        for column, wanted in (
            (Inquiry.category, self.category),
            (Inquiry.channel, self.channel),
            (Inquiry.status, self.status),
            (Inquiry.is_late_entry, self.late_entry),
        ):
            if wanted is not None:
                found.append(column == wanted)
        if self.section_id is not None:
            found.append(_in_section(self.section_id))
        if self.overdue:
            found.append(or_(is_overdue(now), was_overdue()))
        if self.since is not None:
            found.append(Inquiry.received_at >= _midnight(self.since))
        if self.until is not None:
            found.append(Inquiry.received_at < _midnight(self.until + timedelta(days=1)))
        return found


NO_FILTERS = Filters()


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """SQL: a running limit is over, or another system's; one that stands still is not."""
    return or_(exists().where(_RUNNING, Clock.due_at < now), _outside(ExternalNumber.due_at < now))


def is_due_soon(now: datetime, until: datetime) -> ColumnElement[bool]:
    """SQL: a running limit is near, or another system's, which is near when it ends before `until`."""
    own = exists().where(_RUNNING, Clock.due_soon_at <= now, Clock.due_at >= now)
    return or_(own, _outside(ExternalNumber.due_at >= now, ExternalNumber.due_at < until))


def was_overdue() -> ColumnElement[bool]:
    """SQL: it is closed, and a limit was missed until then.

    The last row of a limit's chain says whether a breach stands: one that a later calendar undid does not.
    """
    breach = exists().where(
        Clock.inquiry_id == Inquiry.id,
        Clock.end.is_distinct_from(ClockEnd.SUPERSEDED),
        Clock.is_overdue_noted,
    )
    outside = exists().where(
        ExternalNumber.inquiry_id == Inquiry.id, ExternalNumber.due_at < Inquiry.closed_at
    )
    return and_(Inquiry.status == Status.CLOSED, or_(breach, outside))


_RUNNING = and_(Clock.inquiry_id == Inquiry.id, Clock.ended_at.is_(None), Clock.paused_at.is_(None))


def _outside(*limit: ColumnElement[bool]) -> ColumnElement[bool]:
    """SQL: it is open, and another system (12345) set such a limit."""
    wanted = exists().where(ExternalNumber.inquiry_id == Inquiry.id, *limit)
    return and_(Inquiry.closed_at.is_(None), wanted)


def _in_section(section_id: str) -> ColumnElement[bool]:
    """SQL: the section was asked first, or held it; what of it may be seen is asked elsewhere."""
    held = exists().where(Holding.inquiry_id == Inquiry.id, Holding.section_id == section_id)
    return or_(Inquiry.first_section_id == section_id, held)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
