"""Every due date of 2024 to 2026, against a count made day by day from nothing but the State Council's notices.

The calendar is the one the product seeds. The independent count knows neither the product's table nor the library
it is seeded from, and keeps Beijing time as a fixed offset of eight hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from backend.domain.clocks import BusinessHours, Due, due_at_once, due_in_working_days
from tests.domain.due_date_cases import BEIJING, CASES
from tests.domain.official_days import (
    HOLIDAYS,
    MADE_UP,
    NOTICES,
    OFFICIAL_YEARS,
    days_of,
    seeded_calendar,
    works,
)

HOURS = BusinessHours()
LIMITS = (1, 2, 3, 5, 15)
TIMES = (time(0), time(9), time(17, 29, 59), time(17, 30), time(23, 59, 59))
CLOSE = time(17, 30)
DAYS = days_of(OFFICIAL_YEARS)
NO_DATA = 2027
SHOWN = 10
"""So many of the wrong answers are told."""


@pytest.fixture(scope="module")
def calendar():
    return seeded_calendar()


def beijing(day, at):
    return datetime.combine(day, at, tzinfo=BEIJING)


def closing(day):
    """The end of a limit on `day`; in the year without data it is 暂定."""
    return Due(beijing(day, CLOSE), day.year == NO_DATA)


def count_by_hand(day, limits):
    """The days on which limits of so many working days end, the day itself not counted: {limit: day}."""
    ends, counted = {}, 0
    while len(ends) < len(limits):
        day += timedelta(days=1)
        if works(day):
            counted += 1
            if counted in limits:
                ends[counted] = day
    return ends


def told(wrong, asked):
    lines = [f"{start} + {limit}: {got} instead of {want}" for start, limit, got, want in wrong[:SHOWN]]
    return "\n".join([f"{len(wrong)} of {asked} due moments are wrong, such as", *lines])


def test_every_limit_of_three_years_ends_as_the_notices_say(calendar):
    wrong, asked = [], 0
    for day in DAYS:
        ends = count_by_hand(day, LIMITS)
        for limit, due_day in ends.items():
            expected = closing(due_day)
            for at in TIMES:
                start = beijing(day, at)
                asked += 1
                # As a form gives it, and as the database keeps it.
                for same in (start, start.astimezone(UTC)):
                    due = due_in_working_days(calendar, HOURS, same, limit)
                    if due != expected:
                        wrong.append((same, limit, due, expected))
    assert not wrong, told(wrong, asked)
    assert asked == 1096 * 5 * 5


def test_at_once_ends_the_same_working_day_or_the_next_on_every_day_of_three_years(calendar):
    wrong, asked = [], 0
    for day in DAYS:
        next_day = count_by_hand(day, (1,))[1]
        for at in TIMES:
            start = beijing(day, at)
            expected = closing(day if works(day) and at < CLOSE else next_day)
            asked += 1
            due = due_at_once(calendar, HOURS, start.astimezone(UTC))
            if due != expected:
                wrong.append((start, "即时", due, expected))
    assert not wrong, told(wrong, asked)
    assert asked == 1096 * 5


def test_every_explanation_of_three_years_counts_the_days_the_notices_count(calendar):
    wrong = []
    for start in DAYS:
        due = count_by_hand(start, (15,))[15]
        first, *others = calendar.explain(start, due)
        if (first.day, first.reason) != (start, "当日不计入") or others[-1].day != due:
            wrong.append((start, first, others[-1]))
        for fact in others:
            said = (fact.counted, fact.provisional, fact.reason.partition("：")[0])
            if said != (works(fact.day), fact.day.year == NO_DATA, reason_by_hand(fact.day)):
                wrong.append((start, fact))
    assert wrong[:SHOWN] == []


def reason_by_hand(day):
    if day.year == NO_DATA:
        return "暂按周末推算"
    if day in HOLIDAYS:
        return "法定节假日"
    if day in MADE_UP:
        return "调休上班"
    return "工作日" if day.weekday() < 5 else "周末"


@pytest.mark.parametrize("case", CASES, ids=[f"{case.name} ({case.clause})" for case in CASES])
def test_a_limit_worked_out_on_paper_ends_when_the_paper_says(calendar, case):
    if case.days is None:
        due = due_at_once(calendar, HOURS, case.moment())
    else:
        due = due_in_working_days(calendar, HOURS, case.moment(), case.days)
    assert due == case.expected()


def test_no_two_cases_on_paper_share_a_name():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.number)
def test_a_notice_was_copied_without_a_slip(notice):
    """Its own words check it: so many days each, make-up days on weekends, nothing twice."""
    off = [day for holiday in notice.holidays for day in holiday.dates()]
    made_up = [day for holiday in notice.holidays for day in holiday.made_up]
    assert [len(list(holiday.dates())) for holiday in notice.holidays] == [h.days for h in notice.holidays]
    assert {day.year for day in off + made_up} == {notice.year}
    assert all(day.weekday() >= 5 for day in made_up)
    assert len({*off, *made_up}) == len(off + made_up)
    assert notice.issued_on < date(notice.year, 1, 1)
    # A working day is only ever moved, never given away: what falls away on weekdays beyond the days off by law
    # (全国年节及纪念日放假办法: 11, since its revision of November 2024 13) is worked on a weekend.
    weekdays_off = sum(day.weekday() < 5 for day in off)
    assert weekdays_off - len(made_up) == (11 if notice.year < 2025 else 13)
