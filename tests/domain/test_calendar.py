from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.calendar import (
    FIRST_DAY,
    LAST_DAY,
    CalendarDay,
    CalendarRange,
    DayFact,
    DueDay,
    WorkCalendar,
)
from tests.domain.official_days import OFFICIAL, WITHOUT_DATA, official_days

SPAN = st.dates(date(2023, 6, 1), date(2028, 6, 1))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # Saturday, made up for National Day
        (date(2026, 10, 11), False),
        (date(2026, 1, 4), True),  # Sunday, made up for New Year
        (date(2026, 1, 2), False),
        (date(2027, 1, 1), True),  # no data: a Friday like any other, and provisional
        (date(2027, 1, 2), False),
        (FIRST_DAY, False),  # a Saturday
        (LAST_DAY, True),  # a Friday
    ],
)
def test_a_day_works_or_does_not(day, works):
    assert OFFICIAL.is_workday(day) is works


def test_every_official_day_is_as_the_source_says():
    assert all(OFFICIAL.is_workday(day) is row.workday for day, row in official_days().items())


@pytest.mark.parametrize(("year", "official"), [(2023, False), (2024, True), (2026, True), (2027, False)])
def test_a_year_is_official_once_it_has_data(year, official):
    assert OFFICIAL.is_official(date(year, 7, 1)) is official


def test_one_row_makes_its_year_official_and_leaves_the_other_days_ordinary():
    calendar = WorkCalendar({date(2027, 1, 1): CalendarDay(workday=False, source="通知", note="元旦")})
    assert calendar.add_working_days(date(2026, 12, 31), 1) == DueDay(date(2027, 1, 4), False)


@pytest.mark.parametrize(
    ("start", "n", "due", "provisional"),
    [
        pytest.param(date(2026, 11, 24), 2, date(2026, 11, 26), False, id="plain week"),
        pytest.param(date(2026, 11, 27), 2, date(2026, 12, 1), False, id="over a weekend"),
        pytest.param(date(2026, 9, 30), 1, date(2026, 10, 8), False, id="eve of National Day"),
        pytest.param(date(2026, 9, 30), 3, date(2026, 10, 10), False, id="ends on a make-up Saturday"),
        pytest.param(date(2024, 9, 27), 1, date(2024, 9, 29), False, id="make-up Sunday before a holiday"),
        pytest.param(date(2024, 9, 27), 2, date(2024, 9, 30), False, id="the eve counts"),
        pytest.param(date(2024, 9, 27), 3, date(2024, 10, 8), False, id="over National Day 2024"),
        pytest.param(date(2026, 2, 14), 1, date(2026, 2, 24), False, id="from a make-up Saturday"),
        pytest.param(date(2026, 2, 17), 2, date(2026, 2, 25), False, id="starts on Spring Festival"),
        pytest.param(date(2026, 11, 28), 1, date(2026, 11, 30), False, id="starts on a Saturday"),
        pytest.param(
            date(2025, 12, 31), 2, date(2026, 1, 5), False, id="over New Year with a make-up Sunday"
        ),
        pytest.param(date(2026, 12, 31), 1, date(2027, 1, 1), True, id="into a year without data"),
        pytest.param(date(2026, 12, 30), 1, date(2026, 12, 31), False, id="last day with data"),
        pytest.param(date(2026, 12, 30), 2, date(2027, 1, 1), True, id="second day without data"),
        pytest.param(date(2023, 12, 29), 1, date(2024, 1, 2), True, id="a weekend without data on the way"),
        pytest.param(date(2023, 12, 31), 1, date(2024, 1, 2), False, id="only the start lacks data"),
        pytest.param(date(2024, 2, 28), 1, date(2024, 2, 29), False, id="leap day"),
    ],
)
def test_a_limit_in_working_days_ends_on_its_last_day(start, n, due, provisional):
    assert OFFICIAL.add_working_days(start, n) == DueDay(due, provisional)


@pytest.mark.parametrize("n", [0, -1])
def test_a_limit_of_no_days_is_refused(n):
    with pytest.raises(ValueError, match="at least one"):
        OFFICIAL.add_working_days(date(2026, 11, 24), n)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 10), DueDay(date(2026, 10, 10), False)),
        (date(2026, 10, 1), DueDay(date(2026, 10, 8), False)),
        (date(2026, 12, 31), DueDay(date(2026, 12, 31), False)),
        (date(2027, 1, 1), DueDay(date(2027, 1, 1), True)),
        (date(2023, 12, 31), DueDay(date(2024, 1, 2), True)),
        (FIRST_DAY, DueDay(date(2000, 1, 3), True)),
    ],
)
def test_the_day_itself_or_the_next_working_day(day, expected):
    assert OFFICIAL.on_or_next_workday(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 10, 12), date(2026, 10, 10)),
        (date(2026, 10, 4), date(2026, 9, 30)),
        (date(2026, 11, 25), date(2026, 11, 24)),
    ],
)
def test_the_previous_working_day_is_before_the_day(day, expected):
    assert OFFICIAL.previous_workday(day) == expected


@pytest.mark.parametrize(
    ("a", "b", "count"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2026, 11, 24), date(2026, 11, 26), 2),
        (date(2026, 11, 26), date(2026, 11, 24), -2),
        (date(2026, 11, 28), date(2026, 11, 29), 0),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
        (date(2026, 10, 10), date(2026, 9, 30), -3),
    ],
)
def test_working_days_between_leave_out_the_first_day_and_take_in_the_last(a, b, count):
    assert OFFICIAL.working_days_between(a, b) == count


def test_an_explanation_names_every_day_of_a_holiday_with_its_make_up_day():
    assert OFFICIAL.explain(date(2026, 9, 30), date(2026, 10, 10)) == [
        DayFact(date(2026, 9, 30), False, "当日不计入", False),
        *(DayFact(date(2026, 10, n), False, "法定节假日：国庆节", False) for n in range(1, 8)),
        DayFact(date(2026, 10, 8), True, "工作日", False),
        DayFact(date(2026, 10, 9), True, "工作日", False),
        DayFact(date(2026, 10, 10), True, "调休上班", False),
    ]


def test_an_explanation_says_where_it_only_assumes():
    assert OFFICIAL.explain(date(2026, 12, 31), date(2027, 1, 4)) == [
        DayFact(date(2026, 12, 31), False, "当日不计入", False),
        DayFact(date(2027, 1, 1), True, "暂按周末推算", True),
        DayFact(date(2027, 1, 2), False, "暂按周末推算", True),
        DayFact(date(2027, 1, 3), False, "暂按周末推算", True),
        DayFact(date(2027, 1, 4), True, "暂按周末推算", True),
    ]


def test_an_explanation_starting_on_the_last_day_of_a_year_holds_no_day_twice():
    days = [fact.day for fact in OFFICIAL.explain(date(2025, 12, 31), date(2026, 1, 5))]
    assert days == [date(2025, 12, 31) + timedelta(days=n) for n in range(6)]


def test_a_weekend_and_a_holiday_without_a_name_have_their_own_words():
    calendar = WorkCalendar({date(2027, 3, 1): CalendarDay(workday=False, source="通知")})
    reasons = [fact.reason for fact in calendar.explain(date(2027, 2, 26), date(2027, 3, 2))]
    assert reasons == ["当日不计入", "周末", "周末", "法定节假日", "工作日"]


def test_an_explanation_of_the_day_alone_is_that_day():
    day = date(2026, 11, 24)
    assert OFFICIAL.explain(day, day) == [DayFact(day, False, "当日不计入", False)]


def test_an_explanation_backwards_is_refused():
    with pytest.raises(ValueError, match="before it starts"):
        OFFICIAL.explain(date(2026, 11, 24), date(2026, 11, 23))


OUTSIDE = {
    "is_workday": lambda: OFFICIAL.is_workday(date(1999, 12, 31)),
    "is_official": lambda: OFFICIAL.is_official(date(2101, 1, 1)),
    "start before the table": lambda: OFFICIAL.add_working_days(date(1999, 12, 31), 1),
    "due after the table": lambda: OFFICIAL.add_working_days(LAST_DAY, 1),
    "on_or_next_workday": lambda: OFFICIAL.on_or_next_workday(date(2101, 1, 1)),
    "previous_workday": lambda: OFFICIAL.previous_workday(date(2000, 1, 2)),
    "working_days_between": lambda: OFFICIAL.working_days_between(FIRST_DAY, date(1900, 1, 1)),
    "explain": lambda: OFFICIAL.explain(LAST_DAY, date(2101, 1, 1)),
    "a row": lambda: WorkCalendar({date(1999, 1, 1): CalendarDay(workday=False, source="通知")}),
}


@pytest.mark.parametrize("ask", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_days_outside_the_table_are_refused_not_guessed(ask):
    with pytest.raises(CalendarRange):
        ask()


def test_a_moment_is_not_taken_for_a_day():
    with pytest.raises(TypeError):
        OFFICIAL.is_workday(datetime(2026, 11, 24, 23, 0))  # noqa: DTZ001


def test_the_first_and_the_last_day_of_the_table_can_be_reached():
    assert WITHOUT_DATA.add_working_days(FIRST_DAY, 1).day == date(2000, 1, 3)
    assert WITHOUT_DATA.add_working_days(date(2100, 12, 30), 1).day == LAST_DAY
    assert WITHOUT_DATA.previous_workday(date(2000, 1, 4)) == date(2000, 1, 3)


def slow_due(works, official_years, start, n):
    """The due day found by looking at one day after the other."""
    day, provisional = start, False
    while n:
        day += timedelta(days=1)
        provisional = provisional or day.year not in official_years
        n -= works(day)
    return DueDay(day, provisional)


OFFICIAL_DAYS = official_days()


def works_by_hand(day):
    row = OFFICIAL_DAYS.get(day)
    return row.workday if row else day.weekday() < 5


@given(start=SPAN, n=st.integers(1, 60))
def test_the_table_agrees_with_counting_day_by_day(start, n):
    assert OFFICIAL.add_working_days(start, n) == slow_due(works_by_hand, {2024, 2025, 2026}, start, n)


@given(
    rows=st.dictionaries(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=40),
    start=st.dates(date(2023, 12, 1), date(2027, 1, 31)),
    n=st.integers(1, 30),
)
@settings(max_examples=25, deadline=None)
def test_any_calendar_agrees_with_counting_day_by_day(rows, start, n):
    calendar = WorkCalendar({day: CalendarDay(workday, "通知") for day, workday in rows.items()})
    years = {day.year for day in rows}
    due = slow_due(lambda day: rows.get(day, day.weekday() < 5), years, start, n)
    assert calendar.add_working_days(start, n) == due
    assert calendar.working_days_between(start, due.day) == n


@given(start=SPAN, n=st.integers(1, 40))
def test_an_explanation_counts_as_many_days_as_the_limit_has(start, n):
    due = OFFICIAL.add_working_days(start, n)
    facts = OFFICIAL.explain(start, due.day)
    assert [fact.day for fact in facts] == [start + timedelta(days=i) for i in range(len(facts))]
    assert facts[-1].day == due.day
    assert sum(fact.counted for fact in facts) == n
    assert any(fact.provisional for fact in facts) is due.provisional


@given(a=SPAN, b=SPAN)
def test_between_is_the_opposite_backwards(a, b):
    assert OFFICIAL.working_days_between(a, b) == -OFFICIAL.working_days_between(b, a)


@given(day=SPAN)
def test_next_and_previous_enclose_a_day(day):
    following = OFFICIAL.on_or_next_workday(day).day
    assert works_by_hand(following)
    assert OFFICIAL.previous_workday(day) < day <= following
    assert OFFICIAL.working_days_between(OFFICIAL.previous_workday(day), following) == 1
