"""`make bench`: our way and the usual way of the same job, side by side in one run.

The two sides take turns, five rounds each; before that their answers are compared. What counts is the ratio of the
medians: it holds on another machine, the speeds do not. Ends with 1 when a ratio is below its target.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import chinese_calendar

from backend.domain.calendar import CalendarDay, WorkCalendar
from backend.domain.clocks import BusinessHours, due_in_working_days

ROUNDS = 5
LIMIT_DAYS = 15
FIRST, LAST = date(2019, 1, 1), date(2025, 11, 30)
"""Limits that start here end in years the library knows."""


@dataclass(frozen=True)
class Side:
    """One way of doing it. `job` does the work `times` times."""

    name: str
    times: int
    job: Callable[[int], None]

    def rate(self) -> float:
        """Times a second."""
        started = time.perf_counter()
        self.job(self.times)
        return self.times / (time.perf_counter() - started)


@dataclass(frozen=True)
class Comparison:
    """Our side against a peer; `target` is the least ratio of the medians."""

    title: str
    ours: Side
    peer: Side
    target: float

    def run(self) -> bool:
        """Measure, print, and say whether the target was met."""
        rounds = [(self.ours.rate(), self.peer.rate()) for _ in range(ROUNDS)]
        ours, peer = zip(*rounds, strict=True)
        ratio = median(ours) / median(peer)
        is_met = ratio >= self.target
        print(self.title)
        for side, rates in ((self.ours, ours), (self.peer, peer)):
            print(f"  {side.name}：{median(rates):,.0f} 次/秒（{ROUNDS} 轮，波动 {_spread(rates):.0%}）")
        print(f"  倍数：{ratio:,.0f}，目标 {self.target:,.0f}，{'达到' if is_met else '没有达到'}")
        return is_met


def _spread(rates: Sequence[float]) -> float:
    return (max(rates) - min(rates)) / median(rates)


def _days() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _library_due(day: date, count: int) -> date:
    """How chinesecalendar is used without a table: ask day after day."""
    while count:
        day += timedelta(days=1)
        count -= chinese_calendar.is_workday(day)
    return day


def due_times() -> list[Comparison]:
    """The end of a limit of 15 working days: as a day, and as the moment the API gives."""
    years = range(2019, max(chinese_calendar.holidays).year + 1)
    official = (date(year, 1, 1) + timedelta(days=n) for year in years for n in range(365))
    table = WorkCalendar(
        {day: CalendarDay(chinese_calendar.is_workday(day), "chinesecalendar") for day in official}
    )
    hours, days = BusinessHours(), _days()
    moments = [datetime(day.year, day.month, day.day, 2, 30, tzinfo=UTC) for day in days]
    for day in days[::7]:
        if table.add_working_days(day, LIMIT_DAYS).day != _library_due(day, LIMIT_DAYS):
            raise AssertionError(f"the two sides disagree about {day}")

    def count_days(times: int) -> None:
        for day in islice(cycle(days), times):
            table.add_working_days(day, LIMIT_DAYS)

    def count_moments(times: int) -> None:
        for moment in islice(cycle(moments), times):
            due_in_working_days(table, hours, moment, LIMIT_DAYS)

    def ask_library(times: int) -> None:
        for day in islice(cycle(days), times):
            _library_due(day, LIMIT_DAYS)

    peer = Side("chinesecalendar 逐日查询", 1_000, ask_library)
    return [
        Comparison(
            f"时限 {LIMIT_DAYS} 个工作日，到期日", Side("工作日表", 1_000_000, count_days), peer, 1000
        ),
        Comparison(
            f"时限 {LIMIT_DAYS} 个工作日，到期时刻", Side("工作日表", 200_000, count_moments), peer, 150
        ),
    ]


def main() -> int:
    results = [comparison.run() for comparison in due_times()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
