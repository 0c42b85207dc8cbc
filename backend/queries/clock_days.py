"""The days of a limit as a list: counted, skipped, made up, each with its reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from backend.domain.calendar import DayFact, WorkCalendar
from backend.domain.clocks import WEEKDAYS, BusinessHours
from backend.domain.times import local_date


def counted_days(calendar: WorkCalendar, start: date, end: date) -> list[dict[str, Any]]:
    """The day it began, which does not count (参照民法典 203), and every day up to `end`."""
    return _numbered(calendar.explain(start, max(start, end)))


def days_at_once(
    calendar: WorkCalendar, hours: BusinessHours, start: datetime, end: date
) -> list[dict[str, Any]]:
    """即时: the working day itself, or after hours and on days off the next working day, until it closes."""
    first = local_date(start)
    facts = []
    for fact in calendar.explain(first - timedelta(days=1), max(first, end))[1:]:
        close = f"{hours.close_of(fact.day):%H:%M}"
        if fact.day == end:
            which = "当个工作日" if fact.day == first else "下一个工作日"
            facts.append(fact._replace(counted=True, reason=f"{which}，{close} 下班前"))
        elif fact.day == first and fact.counted:
            facts.append(fact._replace(counted=False, reason=f"{close} 下班以后收到"))
        else:
            facts.append(fact._replace(counted=False))
    return _numbered(facts)


def _numbered(facts: list[DayFact]) -> list[dict[str, Any]]:
    days, number = [], 0
    for fact in facts:
        number += fact.counted
        days.append(
            {
                "day": fact.day.isoformat(),
                "day_text": f"{fact.day.month}月{fact.day.day}日（周{WEEKDAYS[fact.day.weekday()]}）",
                "counted": fact.counted,
                "number": number if fact.counted else None,
                "reason": fact.reason,
                "provisional": fact.provisional,
            }
        )
    return days
