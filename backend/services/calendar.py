"""The calendar of working days: seeded from chinesecalendar, replaced year by year by what an office loads.

A year without rows has no official data yet: limits that reach it are 暂定 (design 3).
"""

from __future__ import annotations

import csv
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from backend.domain.calendar import FIRST_DAY, LAST_DAY, CalendarDay, WorkCalendar
from backend.domain.times import SHANGHAI
from backend.models import CalendarDayRow

FIRST_SEEDED_YEAR = 2019
"""The year of 坛; nothing this system keeps is older."""
COLUMNS = ["date", "is_workday", "note"]
LONGEST = 80
"""Characters of a source or a note."""
MAKE_UP = "调休"
SEEDED_FROM = "chinesecalendar"
"""How the source of a seeded year begins."""

_NOTES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
_ALWAYS_OFF = ((1, 1), (5, 1), (10, 1))
"""元旦, 劳动节 and 国庆节 are days off in every year (全国年节及纪念日放假办法 第二条)."""
_YES_OR_NO = {"1": True, "true": True, "是": True, "0": False, "false": False, "否": False}
_SATURDAY = 5

Key = TypeVar("Key")
_KEPT = 4
_calendars: OrderedDict[tuple[URL, date | None, datetime | None], WorkCalendar] = OrderedDict()
_tables: OrderedDict[frozenset[tuple[date, CalendarDay]], WorkCalendar] = OrderedDict()
_calendars_lock = threading.Lock()


class CalendarInvalid(ValueError):
    """A calendar that cannot be taken; the text is one Chinese line for whoever loads it."""


class OfficialDay(NamedTuple):
    """One day of an official notice; `note` names the holiday, or 调休."""

    day: date
    is_workday: bool
    note: str = ""


def seed_calendar(session: Session, now: datetime, years: Iterable[int] | None = None) -> list[int]:
    """Fill years that have no rows from chinesecalendar; by default 2019 to the last year it knows.

    A year that has rows is left alone, whoever loaded them. Returns the years filled.
    Raises CalendarInvalid for a year the library does not know.
    """
    from chinese_calendar.constants import holidays

    first, last = min(holidays).year, max(holidays).year
    wanted = range(FIRST_SEEDED_YEAR, last + 1) if years is None else years
    present = {day.year for day in session.scalars(select(CalendarDayRow.day))}
    missing = sorted(set(wanted) - present)
    if missing and not first <= missing[0] <= missing[-1] <= last:
        raise CalendarInvalid(f"chinesecalendar 只有 {first} 年到 {last} 年的放假安排")
    source = f"{SEEDED_FROM} {version(SEEDED_FROM)}（国务院办公厅放假通知）"
    stamp = _next_stamp(session, now)
    for year in missing:
        _insert(session, map(_seeded, _days_of(year)), source, stamp)
    return missing


def read_calendar_csv(lines: Iterable[str]) -> list[OfficialDay]:
    """The days of a CSV file with the header `date,is_workday,note`; `is_workday` is 1/0, true/false or 是/否.

    Raises CalendarInvalid with the number of the first bad line.
    """
    table = csv.reader(lines)
    if [name.strip() for name in next(table, [])] != COLUMNS:
        raise CalendarInvalid(f"第 1 行要是 {','.join(COLUMNS)}")
    days = []
    for cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(COLUMNS):
            raise CalendarInvalid(f"第 {table.line_num} 行要有 {len(COLUMNS)} 列")
        text, answer, note = (cell.strip() for cell in cells)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise CalendarInvalid(f"第 {table.line_num} 行的日期要写成 2027-01-01") from None
        if answer.lower() not in _YES_OR_NO:
            raise CalendarInvalid(f"第 {table.line_num} 行的 is_workday 要是 1 或 0")
        days.append(OfficialDay(day, _YES_OR_NO[answer.lower()], note))
    return days


def load_calendar(session: Session, now: datetime, rows: Iterable[OfficialDay], source: str) -> int:
    """Replace one year by an official notice and return the year.

    `rows` may be the whole year or only its holidays and make-up days: a day not named is an ordinary weekday or
    weekend. `source` names the notice. Raises CalendarInvalid.
    """
    named = _checked(list(rows), source)
    year = next(iter(named)).year
    stamp = _next_stamp(session, now)
    session.execute(delete(CalendarDayRow).where(_of_year(year)))
    whole = (named.get(day) or OfficialDay(day, day.weekday() < _SATURDAY) for day in _days_of(year))
    _insert(session, whole, source, stamp)
    return year


def official_until(session: Session) -> datetime:
    """The end of the last year that has data; the beginning of the table's first year when none has."""
    last = session.scalar(select(func.max(CalendarDayRow.day)))
    return datetime(last.year + 1 if last else FIRST_DAY.year, 1, 1, tzinfo=SHANGHAI)


def working_calendar(session: Session) -> WorkCalendar:
    """The table every due date is counted with. Two looks into indexes tell whether the one at hand is still good."""
    bind = session.get_bind()
    url = bind.engine.url if isinstance(bind, Connection) else bind.url
    last, newest = session.execute(
        select(
            select(func.max(CalendarDayRow.day)).scalar_subquery(),
            select(func.max(CalendarDayRow.loaded_at)).scalar_subquery(),
        )
    ).one()
    key = (url, last, newest)
    with _calendars_lock:
        calendar = _calendars.get(key)
        if calendar is None:
            calendar = _calendars[key] = _table_of(_official_days(session))
        _shorten(_calendars, key)
    return calendar


def _table_of(days: dict[date, CalendarDay]) -> WorkCalendar:
    """The table of these days; equal days, from whichever database or engine, share one. Called under the lock."""
    key = frozenset(days.items())
    table = _tables.get(key)
    if table is None:
        table = _tables[key] = WorkCalendar(days)
    _shorten(_tables, key)
    return table


def _shorten(kept: OrderedDict[Key, WorkCalendar], used: Key) -> None:
    kept.move_to_end(used)
    while len(kept) > _KEPT:
        kept.popitem(last=False)


def calendar_as_of(session: Session, moment: datetime, years: Iterable[int]) -> WorkCalendar:
    """The table as it was at `moment`: of `years`, those whose rows came later had no data then."""
    later = {
        year
        for year in years
        if (session.scalar(select(func.min(CalendarDayRow.loaded_at)).where(_of_year(year))) or moment)
        > moment
    }
    if not later:
        return working_calendar(session)
    known = {day: row for day, row in _official_days(session).items() if day.year not in later}
    with _calendars_lock:
        return _table_of(known)


def sources_of(session: Session, years: Iterable[int]) -> dict[int, str]:
    """Where the data of each of these years come from; a year without data is left out."""
    found = {
        year: session.scalar(select(CalendarDayRow.source).where(_of_year(year)).limit(1)) for year in years
    }
    return {year: source for year, source in found.items() if source is not None}


def _of_year(year: int) -> ColumnElement[bool]:
    return CalendarDayRow.day.between(date(year, 1, 1), date(year, 12, 31))


def _official_days(session: Session) -> dict[date, CalendarDay]:
    columns = (CalendarDayRow.day, CalendarDayRow.is_workday, CalendarDayRow.source, CalendarDayRow.note)
    return {
        row.day: CalendarDay(row.is_workday, row.source, row.note)
        for row in session.execute(select(*columns))
    }


def _checked(rows: list[OfficialDay], source: str) -> dict[date, OfficialDay]:
    if not rows:
        raise CalendarInvalid("表里没有日期")
    if not source or len(source) > LONGEST:
        raise CalendarInvalid(f"来源要写明，最多 {LONGEST} 个字")
    named: dict[date, OfficialDay] = {}
    for row in rows:
        if row.day in named:
            raise CalendarInvalid(f"{row.day} 出现了两次")
        if len(row.note) > LONGEST:
            raise CalendarInvalid(f"{row.day} 的说明最多 {LONGEST} 个字")
        named[row.day] = row
    years = {day.year for day in named}
    if len(years) > 1:
        raise CalendarInvalid(f"一次只能载入一年，表里有 {min(years)} 年和 {max(years)} 年")
    year = years.pop()
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise CalendarInvalid(f"只能载入 {FIRST_DAY.year} 年到 {LAST_DAY.year} 年")
    for month, number in _ALWAYS_OFF:
        festival = named.get(date(year, month, number))
        if festival is None or festival.is_workday:
            raise CalendarInvalid(f"表里 {month} 月 {number} 日不是放假的日子，请核对放假通知")
    return named


def _seeded(day: date) -> OfficialDay:
    from chinese_calendar import get_holiday_detail

    is_off, name = get_holiday_detail(day)
    if not is_off:
        return OfficialDay(day, True, MAKE_UP if day.weekday() >= _SATURDAY else "")
    return OfficialDay(day, False, _NOTES.get(name, "") if name else "")


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _insert(session: Session, days: Iterable[OfficialDay], source: str, stamp: datetime) -> None:
    session.execute(
        insert(CalendarDayRow),
        [{**day._asdict(), "source": source, "loaded_at": stamp} for day in days],
    )


def _next_stamp(session: Session, now: datetime) -> datetime:
    """`now`, or a moment after the newest row: every load shows, even under a clock that stands still."""
    newest = session.scalar(select(func.max(CalendarDayRow.loaded_at)))
    return now if newest is None or now > newest else newest + timedelta(microseconds=1)
