"""The working days of 2024 to 2026 as the State Council's notices give them, written out by hand.

2027 is missing, as it is until its notice. Nothing here asks a calendar library: what the product seeds from one
is held against these days in `test_golden_due_dates.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from backend.domain.calendar import CalendarDay, WorkCalendar


class Holiday(NamedTuple):
    """One item of a notice: `first` to `last` are off; `made_up` are the Saturdays and Sundays worked for it."""

    name: str
    first: date
    last: date
    days: int
    """共 … 天, in the notice's own words: it tells a slip of the pen."""
    made_up: tuple[date, ...] = ()

    def dates(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


class Notice(NamedTuple):
    """国务院办公厅关于…年部分节假日安排的通知."""

    year: int
    number: str
    issued_on: date
    holidays: tuple[Holiday, ...]


NOTICES = (
    Notice(
        2024,
        "国办发明电〔2023〕7号",
        date(2023, 10, 25),
        (
            # 1月1日放假，与周末连休
            Holiday("元旦", date(2024, 1, 1), date(2024, 1, 1), 1),
            # 除夕（2月9日）: only encouraged as a day off, so it is a working day
            Holiday("春节", date(2024, 2, 10), date(2024, 2, 17), 8, (date(2024, 2, 4), date(2024, 2, 18))),
            Holiday("清明节", date(2024, 4, 4), date(2024, 4, 6), 3, (date(2024, 4, 7),)),
            Holiday("劳动节", date(2024, 5, 1), date(2024, 5, 5), 5, (date(2024, 4, 28), date(2024, 5, 11))),
            # 6月10日放假，与周末连休
            Holiday("端午节", date(2024, 6, 10), date(2024, 6, 10), 1),
            Holiday("中秋节", date(2024, 9, 15), date(2024, 9, 17), 3, (date(2024, 9, 14),)),
            Holiday(
                "国庆节", date(2024, 10, 1), date(2024, 10, 7), 7, (date(2024, 9, 29), date(2024, 10, 12))
            ),
        ),
    ),
    Notice(
        2025,
        "国办发明电〔2024〕12号",
        date(2024, 11, 12),
        (
            # 1月1日（周三）放假1天，不调休
            Holiday("元旦", date(2025, 1, 1), date(2025, 1, 1), 1),
            Holiday("春节", date(2025, 1, 28), date(2025, 2, 4), 8, (date(2025, 1, 26), date(2025, 2, 8))),
            Holiday("清明节", date(2025, 4, 4), date(2025, 4, 6), 3),
            Holiday("劳动节", date(2025, 5, 1), date(2025, 5, 5), 5, (date(2025, 4, 27),)),
            Holiday("端午节", date(2025, 5, 31), date(2025, 6, 2), 3),
            Holiday(
                "国庆节、中秋节",
                date(2025, 10, 1),
                date(2025, 10, 8),
                8,
                (date(2025, 9, 28), date(2025, 10, 11)),
            ),
        ),
    ),
    Notice(
        2026,
        "国办发明电〔2025〕7号",
        date(2025, 11, 4),
        (
            Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3), 3, (date(2026, 1, 4),)),
            Holiday("春节", date(2026, 2, 15), date(2026, 2, 23), 9, (date(2026, 2, 14), date(2026, 2, 28))),
            Holiday("清明节", date(2026, 4, 4), date(2026, 4, 6), 3),
            Holiday("劳动节", date(2026, 5, 1), date(2026, 5, 5), 5, (date(2026, 5, 9),)),
            Holiday("端午节", date(2026, 6, 19), date(2026, 6, 21), 3),
            Holiday("中秋节", date(2026, 9, 25), date(2026, 9, 27), 3),
            Holiday(
                "国庆节", date(2026, 10, 1), date(2026, 10, 7), 7, (date(2026, 9, 20), date(2026, 10, 10))
            ),
        ),
    ),
)

OFFICIAL_YEARS = tuple(notice.year for notice in NOTICES)
HOLIDAYS = {day: holiday for notice in NOTICES for holiday in notice.holidays for day in holiday.dates()}
"""Every day off that a notice names, with its holiday."""
MADE_UP = {day: holiday for notice in NOTICES for holiday in notice.holidays for day in holiday.made_up}
"""Every Saturday and Sunday that is worked, with its holiday."""


def works(day: date) -> bool:
    """Whether offices work on `day`: as the notice says, else Monday to Friday."""
    return day in MADE_UP or (day not in HOLIDAYS and day.weekday() < 5)


def days_of(years: tuple[int, ...]) -> list[date]:
    """Every day of consecutive years."""
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def official_days() -> dict[date, CalendarDay]:
    """Every day of the official years."""
    numbers = {notice.year: notice.number for notice in NOTICES}
    return {
        day: CalendarDay(works(day), numbers[day.year], HOLIDAYS[day].name if day in HOLIDAYS else "")
        for day in days_of(OFFICIAL_YEARS)
    }


def seeded_calendar() -> WorkCalendar:
    """The calendar the product counts with: seeded into a database from its library, and read back."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    from backend.models import CalendarDayRow
    from backend.services.calendar import seed_calendar, working_calendar
    from tests.support.rows import NOW

    engine = create_engine("sqlite://")
    try:
        CalendarDayRow.__table__.create(engine)  # type: ignore[attr-defined]
        with Session(engine) as session:
            seed_calendar(session, NOW, OFFICIAL_YEARS)
            return working_calendar(session)
    finally:
        engine.dispose()


OFFICIAL = WorkCalendar(official_days())
WITHOUT_DATA = WorkCalendar({})
