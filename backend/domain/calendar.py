"""Working days. One table is built from the calendar data; after that every due date is a few look-ups.

Counting follows 民法典 第二百零一条 and 第二百零三条 by analogy (a reading of ours): the day itself does not
count, and a limit of N working days ends on the Nth working day after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)
_FIRST = FIRST_DAY.toordinal()
_LAST = LAST_DAY.toordinal()
_SATURDAY = 5


class CalendarRange(ValueError):
    """A day outside 2000–2100, or a limit that would end there."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What an official source says about one day; `note` names the holiday, empty for ordinary days."""

    workday: bool
    source: str
    note: str = ""


class DueDay(NamedTuple):
    """A day reached by counting; `provisional` (暂定) when a day counted on the way has no official data."""

    day: date
    provisional: bool


class DayFact(NamedTuple):
    """One day in the explanation of a due date; `reason` is the Chinese sentence shown beside it."""

    day: date
    counted: bool
    reason: str
    provisional: bool


class WorkCalendar:
    """The working days of 2000–2100.

    `days` holds the official rows. A year with at least one row is official: a day of it without a row is
    an ordinary weekday or weekend. In a year without rows Monday to Friday count, and every answer that
    rests on such a year is provisional. Raises CalendarRange for rows outside the range.
    """

    def __init__(self, days: Mapping[date, CalendarDay]) -> None:
        for day in days:
            self._index(day)
        self._days = dict(days)
        self._official_years = frozenset(day.year for day in self._days)
        self._facts_by_year: dict[int, list[DayFact]] = {}
        # _before[i] counts the working days, _unofficial_before[i] the days without official data, among the
        # i days before index i; index 0 is FIRST_DAY. The answers stand ready per working day, in order: as
        # official and as provisional ones, and how many days without official data there are up to each.
        self._before: list[int] = [0]
        self._unofficial_before: list[int] = [0]
        self._official: list[DueDay] = []
        self._provisional: list[DueDay] = []
        self._unofficial_upto: list[int] = []
        unofficial = 0
        for ordinal in range(_FIRST, _LAST + 1):
            day = date.fromordinal(ordinal)
            row = self._days.get(day)
            unofficial += day.year not in self._official_years
            if row.workday if row else day.weekday() < _SATURDAY:
                self._official.append(DueDay(day, False))
                self._provisional.append(DueDay(day, True))
                self._unofficial_upto.append(unofficial)
            self._before.append(len(self._official))
            self._unofficial_before.append(unofficial)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`: make-up Saturdays yes, holidays no. Raises CalendarRange."""
        at = self._index(day)
        return self._before[at + 1] > self._before[at]

    def is_official(self, day: date) -> bool:
        """Whether the year of `day` has official data. Raises CalendarRange."""
        self._index(day)
        return day.year in self._official_years

    def add_working_days(self, day: date, n: int) -> DueDay:
        """The `n`th working day after `day`, which itself does not count (参照民法典 201、203).

        Raises ValueError for n < 1 and CalendarRange when the answer is not within the table.
        """
        if n < 1:
            raise ValueError("a limit has at least one working day")
        after = self._index(day) + 1
        return self._reach(after, self._before[after] + n - 1)

    def on_or_next_workday(self, day: date) -> DueDay:
        """`day` itself when it is a working day, else the next one. Raises CalendarRange."""
        at = self._index(day)
        return self._reach(at, self._before[at])

    def previous_workday(self, day: date) -> date:
        """The last working day before `day`. Raises CalendarRange."""
        rank = self._before[self._index(day)] - 1
        if rank < 0:
            raise CalendarRange(f"no working day before {day.isoformat()} in the table")
        return self._official[rank].day

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and with `b`; negative if `b` is earlier. Raises CalendarRange."""
        return self._before[self._index(b) + 1] - self._before[self._index(a) + 1]

    def explain(self, start: date, due: date) -> list[DayFact]:
        """Every day from `start` (当日不计入) to `due`, counted or skipped, with the reason.

        Raises ValueError when `due` is before `start`, and CalendarRange.
        """
        if self._index(due) < self._index(start):
            raise ValueError("a limit cannot end before it starts")
        facts = [DayFact(start, False, "当日不计入", False)]
        following = start + timedelta(days=1)
        for year in range(following.year, due.year + 1):
            new_year = date(year, 1, 1).toordinal()
            first = max(following.toordinal() - new_year, 0)
            facts.extend(self._facts(year)[first : due.toordinal() - new_year + 1])
        return facts

    def _reach(self, start: int, rank: int) -> DueDay:
        """Working day number `rank` of the table, reached by looking at the days from index `start` on."""
        if rank >= len(self._official):
            raise CalendarRange(f"a limit ends after {LAST_DAY.isoformat()}")
        if self._unofficial_upto[rank] > self._unofficial_before[start]:
            return self._provisional[rank]
        return self._official[rank]

    def _index(self, day: date) -> int:
        if isinstance(day, datetime):
            # A datetime is a date to Python, but its day depends on a time zone: times.local_date decides.
            raise TypeError("a calendar day is needed, not a moment")
        ordinal = day.toordinal()
        if not _FIRST <= ordinal <= _LAST:
            raise CalendarRange(f"{day.isoformat()} is outside {FIRST_DAY.year}–{LAST_DAY.year}")
        return ordinal - _FIRST

    def _facts(self, year: int) -> list[DayFact]:
        """The facts of a whole year, made once: explanations are read more often than calendars change."""
        facts = self._facts_by_year.get(year)
        if facts is None:
            first = date(year, 1, 1).toordinal()
            last = date(year, 12, 31).toordinal()
            facts = [self._fact(date.fromordinal(ordinal)) for ordinal in range(first, last + 1)]
            self._facts_by_year[year] = facts
        return facts

    def _fact(self, day: date) -> DayFact:
        counted = self.is_workday(day)
        if day.year not in self._official_years:
            return DayFact(day, counted, "暂按周末推算", True)
        row = self._days.get(day)
        on_weekend = day.weekday() >= _SATURDAY
        if counted:
            reason = "调休上班" if on_weekend else "工作日"
        elif row is not None and row.note:
            reason = f"法定节假日：{row.note}"
        else:
            reason = "周末" if on_weekend else "法定节假日"
        return DayFact(day, counted, reason, False)
