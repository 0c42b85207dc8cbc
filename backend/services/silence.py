"""How long an offer may stay unanswered (系统设定 offer-silence), also while a year has no official calendar."""

from __future__ import annotations

from datetime import datetime

from backend.domain.clocks import due_in_working_days
from backend.domain.times import local_date
from backend.models import Handoff, Unit
from backend.services.work import Work


def is_provisional(work: Work, offer: Handoff) -> bool:
    """Whether the day on which the offer lapses is only 暂定: its year has no official data yet."""
    return not work.calendar.is_official(local_date(offer.lapses_at))


def counted_again(work: Work, offer: Handoff) -> datetime:
    """When the offer lapses, by the calendar at hand and the hours of the unit that made it."""
    return _close_after(work, offer, offer.offered_at, work.tools.statute.number("offer-silence"))


def is_over(work: Work, offer: Handoff) -> bool:
    """Whether silence has returned the offer by now. A 暂定 day may turn out a holiday: one more working day is left."""
    if is_provisional(work, offer):
        return work.now > _close_after(work, offer, offer.lapses_at, 1)
    return work.now > offer.lapses_at


def _close_after(work: Work, offer: Handoff, since: datetime, days: int) -> datetime:
    hours = work.hours_of(work.session.get_one(Unit, offer.from_unit_id))
    return due_in_working_days(work.calendar, hours, since, days).due_at
