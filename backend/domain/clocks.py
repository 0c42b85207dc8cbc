"""When a limit ends, when to warn, and how much is left, in words.

A limit is kept up to and including the instant `due_at` (届满 takes in the last moment, 民法典
第一千二百五十九条 by analogy); it is overdue from the first instant after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from backend.domain.calendar import WorkCalendar
from backend.domain.times import SHANGHAI, local, local_date, require_aware

DEFAULT_CLOSE = time(17, 30)
WEEKDAYS = "一二三四五六日"


class Season(NamedTuple):
    """From `starts_on` (month and day, 05-01) of every year on, the unit closes at `closes_at`."""

    starts_on: str
    closes_at: time


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When a unit closes, in Beijing time. With `seasons` (冬夏作息) they alone say so, else `closes_at` does.

    The seasons run round the year: before the first one of a year the last one holds. Each day has the hours of
    that day, so a limit that ends after a change of season ends at the new hour. Raises ValueError for a time that
    carries its own zone, a day that not every year has, and seasons that are not in order.
    """

    closes_at: time = DEFAULT_CLOSE
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        times = (self.closes_at, *(season.closes_at for season in self.seasons))
        if any(one.tzinfo is not None for one in times):
            raise ValueError("business hours are Beijing time and carry no zone")
        starts = [season.starts_on for season in self.seasons]
        for start in starts:
            # Of a year that is no leap year: a season begins in every year.
            if date.fromisoformat(f"2001-{start}").strftime("%m-%d") != start:
                raise ValueError(f"a season starts on a month and a day such as 05-01, not {start}")
        if sorted(set(starts)) != starts:
            raise ValueError("seasons stand in the order of the year, each day once")

    def closes_on(self, day: date) -> time:
        """When the unit closes on `day`."""
        if not self.seasons:
            return self.closes_at
        month_day = f"{day.month:02d}-{day.day:02d}"
        begun = [season for season in self.seasons if season.starts_on <= month_day]
        return (begun or self.seasons)[-1].closes_at

    def close_of(self, day: date) -> datetime:
        """Close of business on `day`, aware."""
        return datetime.combine(day, self.closes_on(day), tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit; `provisional` (暂定) while a year on the way has no official calendar."""

    due_at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of a limit, or by how much it was missed.

    `working_days` is never negative: those after today up to the day due, or, when `overdue`, those that
    have begun since the day due. `same_day`: it is, or was, due today.
    """

    overdue: bool
    working_days: int
    same_day: bool


def due_in_working_days(calendar: WorkCalendar, hours: BusinessHours, start: datetime, days: int) -> Due:
    """Close of business of the `days`th working day after the Beijing day of `start` (参照民法典 201、203).

    Raises ValueError for days < 1, NaiveDateTime, CalendarRange.
    """
    due = calendar.add_working_days(local_date(start), days)
    return Due(hours.close_of(due.day), due.provisional)


def due_at_once(calendar: WorkCalendar, hours: BusinessHours, start: datetime) -> Due:
    """即时: close of business of the same working day; outside hours, of the next working day.

    Hours end at the instant of closing: with a close at 17:30, what arrives at 17:29:59 is due at 17:30
    the same day, what arrives at 17:30:00 sharp is due the next working day, so that a limit always ends
    after it starts. Any hour of the morning belongs to the same day. Raises NaiveDateTime, CalendarRange.
    """
    day = local_date(start)
    first = day if start < hours.close_of(day) else day + timedelta(days=1)
    due = calendar.on_or_next_workday(first)
    return Due(hours.close_of(due.day), due.provisional)


def due_soon_at(
    calendar: WorkCalendar, hours: BusinessHours, start: datetime, due_at: datetime
) -> datetime | None:
    """When to warn: close of business one working day before the day due; None if that is not after `start`.

    Raises NaiveDateTime, CalendarRange.
    """
    require_aware(start)
    warning = hours.close_of(calendar.previous_workday(local_date(due_at)))
    return warning if warning > start else None


def due_soon_until(calendar: WorkCalendar, hours: BusinessHours, now: datetime) -> datetime:
    """The same asked of a moment: what is due before the answer, and not over yet, is near.

    For limits that keep no moment of warning of their own. Raises NaiveDateTime, CalendarRange.
    """
    today = local_date(now)
    first = today if now < hours.close_of(today) else today + timedelta(days=1)
    last = calendar.on_or_next_workday(first).day
    return datetime.combine(last + timedelta(days=1), time(), SHANGHAI)


def remaining(calendar: WorkCalendar, now: datetime, due_at: datetime) -> Remaining:
    """How `due_at` stands at `now`. Raises NaiveDateTime, CalendarRange."""
    overdue = require_aware(now) > require_aware(due_at)
    today, due_day = local_date(now), local_date(due_at)
    between = calendar.working_days_between(today, due_day)
    return Remaining(overdue, -between if overdue else between, today == due_day)


def remaining_phrase(calendar: WorkCalendar, now: datetime, due_at: datetime) -> str:
    """The same in Chinese: 今天 17:30 前 / 还有 2 个工作日 / 今天已超期 / 已超期 1 个工作日.

    Between the day due and the next working day, such as a weekend, the phrase says 不满 1 个工作日.
    Raises NaiveDateTime, CalendarRange.
    """
    left = remaining(calendar, now, due_at)
    if left.same_day:
        return "今天已超期" if left.overdue else f"今天 {local(due_at):%H:%M} 前"
    amount = f" {left.working_days} 个工作日" if left.working_days else "不满 1 个工作日"
    return f"已超期{amount}" if left.overdue else f"还有{amount}"


def date_phrase(moment: datetime, now: datetime) -> str:
    """`moment` as 11月24日（周二）17:30, in Beijing time; with the year when it is not the year of `now`.

    Raises NaiveDateTime.
    """
    at = local(moment)
    year = "" if at.year == local(now).year else f"{at.year}年"
    return f"{year}{at.month}月{at.day}日（周{WEEKDAYS[at.weekday()]}）{at:%H:%M}"
