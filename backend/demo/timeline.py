"""When things happened in the demo: on working days in business hours of the weeks before now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from backend.domain.calendar import WorkCalendar
from backend.domain.clocks import BusinessHours, due_in_working_days
from backend.domain.times import SHANGHAI, local

NEARLY_DUE = -1
"""The day on which a limit of two working days had to start for its warning to be given and its end to be ahead."""

LATEST = time(11, 0)
"""What happens on day 0 happens before this time."""

_LIMIT = 2


@dataclass(frozen=True, slots=True)
class Timeline:
    """Counts working days back from day 0: today once the morning is over, else the last working day before it."""

    calendar: WorkCalendar
    now: datetime

    def moment(self, day: int, at: str) -> datetime:
        """`at` (HH:MM, Beijing time) on the working day `day` days before day 0, or on NEARLY_DUE."""
        return datetime.combine(self.workday(day), time.fromisoformat(at), tzinfo=SHANGHAI)

    def workday(self, day: int) -> date:
        """The date of a day of the story."""
        found = self._latest()
        for _ in range(self._nearly_due() if day == NEARLY_DUE else day):
            found = self.calendar.previous_workday(found)
        return found

    def _latest(self) -> date:
        here = local(self.now)
        if self.calendar.is_workday(here.date()) and here.time() >= LATEST:
            return here.date()
        return self.calendar.previous_workday(here.date())

    def _nearly_due(self) -> int:
        """The earliest day whose limit of two working days still runs; that of the day before it has ended."""
        day = 0
        while self._is_running(day + 1):
            day += 1
        return day

    def _is_running(self, day: int) -> bool:
        due = due_in_working_days(self.calendar, BusinessHours(), self.moment(day, "09:00"), _LIMIT)
        return due.due_at >= self.now
