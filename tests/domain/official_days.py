"""The official calendars of 2024 to 2026 for tests; 2027 is missing, as it is until the State Council's notice."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from backend.domain.calendar import CalendarDay, WorkCalendar

OFFICIAL_YEARS = (2024, 2025, 2026)
_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


def official_days() -> dict[date, CalendarDay]:
    """Every day of the official years, from an independent library."""
    days = {}
    day = date(OFFICIAL_YEARS[0], 1, 1)
    while day.year <= OFFICIAL_YEARS[-1]:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        days[day] = CalendarDay(not is_off, "chinesecalendar", _NAMES.get(name, ""))
        day += timedelta(days=1)
    return days


OFFICIAL = WorkCalendar(official_days())
WITHOUT_DATA = WorkCalendar({})
