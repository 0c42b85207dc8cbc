"""The end of a limit of 15 working days: from the table built once, and as chinesecalendar is used without one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice

import chinese_calendar

from backend.domain.calendar import CalendarDay, WorkCalendar
from backend.domain.clocks import BusinessHours, due_in_working_days
from bench.harness import Comparison, Side, Trial

LIMIT_DAYS = 15
FIRST, LAST = date(2019, 1, 1), date(2025, 11, 30)
"""Limits that start here end in years the library knows."""


@dataclass(frozen=True)
class Times:
    """How often each side does it in one round."""

    library: int = 1_000
    days: int = 1_000_000
    moments: int = 200_000
    explanations: int = 200_000


def trials(times: Times | None = None) -> Iterator[Trial]:
    """The day due, the moment due, and the day due with every day on the way explained.

    Raises AssertionError when table and library disagree about a day.
    """
    times = times or Times()
    table, hours = _table(), BusinessHours()
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    moments = [datetime(day.year, day.month, day.day, 2, 30, tzinfo=UTC) for day in days]
    for day in days[::7]:
        _compare(table, day)

    def count_days(times: int) -> None:
        for day in islice(cycle(days), times):
            table.add_working_days(day, LIMIT_DAYS)

    def count_moments(times: int) -> None:
        for moment in islice(cycle(moments), times):
            due_in_working_days(table, hours, moment, LIMIT_DAYS)

    def explain(times: int) -> None:
        for day in islice(cycle(days), times):
            table.explain(day, table.add_working_days(day, LIMIT_DAYS).day)

    def ask_library(times: int) -> None:
        for day in islice(cycle(days), times):
            _library_due(day)

    peer = Side("chinesecalendar 逐日查询", times.library, ask_library)
    limit = f"时限 {LIMIT_DAYS} 个工作日"
    yield Comparison(f"{limit}，到期日", Side("工作日表", times.days, count_days), peer, 1000)
    yield Comparison(f"{limit}，到期时刻", Side("工作日表", times.moments, count_moments), peer, 150)
    explained = Side("工作日表，逐日说明", times.explanations, explain)
    yield Comparison(f"{limit}，到期日和怎么算的", explained, peer, 100)


def _table() -> WorkCalendar:
    years = range(2019, max(chinese_calendar.holidays).year + 1)
    official = (date(year, 1, 1) + timedelta(days=n) for year in years for n in range(365))
    return WorkCalendar(
        {day: CalendarDay(chinese_calendar.is_workday(day), "chinesecalendar") for day in official}
    )


def _library_due(day: date) -> date:
    """How chinesecalendar is used without a table: ask day after day."""
    count = LIMIT_DAYS
    while count:
        day += timedelta(days=1)
        count -= chinese_calendar.is_workday(day)
    return day


def _compare(table: WorkCalendar, day: date) -> None:
    due = table.add_working_days(day, LIMIT_DAYS).day
    counted = sum(fact.counted for fact in table.explain(day, due))
    if due != _library_due(day) or counted != LIMIT_DAYS:
        raise AssertionError(f"the two sides disagree about {day}")
