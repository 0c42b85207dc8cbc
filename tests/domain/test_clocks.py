from __future__ import annotations

import time as process_time
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.calendar import CalendarRange, WorkCalendar
from backend.domain.clocks import (
    BusinessHours,
    Due,
    Remaining,
    Season,
    date_phrase,
    due_at_once,
    due_in_working_days,
    due_soon_at,
    due_soon_until,
    remaining,
    remaining_phrase,
)
from backend.domain.times import SHANGHAI, NaiveDateTime
from tests.domain.official_days import OFFICIAL

HOURS = BusinessHours()
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "days", "due_at", "provisional"),
    [
        pytest.param("2026-11-24 09:30:00", 2, "2026-11-26 17:30", False, id="plain week"),
        pytest.param("2026-11-24 00:00:00", 2, "2026-11-26 17:30", False, id="first instant of the day"),
        pytest.param("2026-11-24 23:59:59", 2, "2026-11-26 17:30", False, id="last second of the day"),
        pytest.param("2026-11-25 00:00:00", 2, "2026-11-27 17:30", False, id="a second later"),
        pytest.param("2026-09-30 20:00:00", 2, "2026-10-09 17:30", False, id="evening before a holiday"),
        pytest.param("2026-10-03 10:00:00", 2, "2026-10-09 17:30", False, id="start on a holiday"),
        pytest.param("2026-10-09 10:00:00", 1, "2026-10-10 17:30", False, id="due on a make-up Saturday"),
        pytest.param("2026-10-10 10:00:00", 1, "2026-10-12 17:30", False, id="start on a make-up Saturday"),
        pytest.param("2026-12-31 23:59:59", 2, "2027-01-04 17:30", True, id="into a year without data"),
    ],
)
def test_a_limit_in_working_days_ends_at_close_of_business(start, days, due_at, provisional):
    assert due_in_working_days(OFFICIAL, HOURS, at(start), days) == Due(at(due_at), provisional)


def test_a_limit_is_counted_from_the_beijing_day_of_a_moment_in_another_zone():
    start = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)  # already the 25th in Beijing
    assert due_in_working_days(OFFICIAL, HOURS, start, 1).due_at == at("2026-11-26 17:30")


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def process_zone(request, monkeypatch):
    """The zone this process keeps, for the test."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        process_time.tzset()
        yield
    process_time.tzset()


@pytest.mark.usefixtures("process_zone")
def test_the_zone_of_the_process_makes_no_difference():
    start = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    due = due_in_working_days(WorkCalendar({}), BusinessHours(), start, 1)
    assert due.due_at.isoformat() == "2026-11-26T17:30:00+08:00"


@pytest.mark.parametrize(
    ("start", "due_at", "provisional"),
    [
        pytest.param("2026-11-24 09:00:00", "2026-11-24 17:30", False, id="in hours"),
        pytest.param("2026-11-24 00:00:00", "2026-11-24 17:30", False, id="night before opening"),
        pytest.param("2026-11-24 17:29:59", "2026-11-24 17:30", False, id="a second before close"),
        pytest.param("2026-11-24 17:30:00", "2026-11-25 17:30", False, id="close sharp"),
        pytest.param("2026-11-24 23:59:59", "2026-11-25 17:30", False, id="late evening"),
        pytest.param("2026-11-27 17:30:00", "2026-11-30 17:30", False, id="Friday after close"),
        pytest.param("2026-11-28 10:00:00", "2026-11-30 17:30", False, id="Saturday"),
        pytest.param("2026-09-30 18:00:00", "2026-10-08 17:30", False, id="evening before a holiday"),
        pytest.param("2026-10-01 10:00:00", "2026-10-08 17:30", False, id="holiday"),
        pytest.param("2026-10-10 10:00:00", "2026-10-10 17:30", False, id="make-up Saturday"),
        pytest.param("2026-12-31 17:29:59", "2026-12-31 17:30", False, id="last day with data"),
        pytest.param("2026-12-31 17:30:00", "2027-01-01 17:30", True, id="into a year without data"),
    ],
)
def test_at_once_means_close_of_business_of_the_same_or_the_next_working_day(start, due_at, provisional):
    assert due_at_once(OFFICIAL, HOURS, at(start)) == Due(at(due_at), provisional)


def test_a_unit_with_other_hours_closes_at_its_own_time():
    summer = BusinessHours(time(18, 0))
    assert due_at_once(OFFICIAL, summer, at("2026-11-24 17:30:00")).due_at == at("2026-11-24 18:00")
    assert due_in_working_days(OFFICIAL, summer, at("2026-11-24 17:30:00"), 1).due_at == at(
        "2026-11-25 18:00"
    )


def test_business_hours_carry_no_zone_of_their_own():
    with pytest.raises(ValueError, match="no zone"):
        BusinessHours(time(17, 30, tzinfo=UTC))


@given(start=MOMENTS, days=st.integers(1, 20))
def test_every_limit_ends_after_it_starts_on_a_working_day(start, days):
    for due in (due_at_once(OFFICIAL, HOURS, start), due_in_working_days(OFFICIAL, HOURS, start, days)):
        assert due.due_at > start
        assert OFFICIAL.is_workday(due.due_at.date())
        assert due.due_at.timetz().replace(tzinfo=None) == time(17, 30)


@given(start=MOMENTS)
def test_at_once_never_ends_later_than_one_working_day(start):
    assert due_at_once(OFFICIAL, HOURS, start).due_at <= due_in_working_days(OFFICIAL, HOURS, start, 1).due_at


@pytest.mark.parametrize(
    ("start", "due_at", "warning"),
    [
        ("2026-11-24 09:30:00", "2026-11-26 17:30", "2026-11-25 17:30"),
        ("2026-09-30 09:30:00", "2026-10-08 17:30", "2026-09-30 17:30"),
        ("2026-10-09 18:00:00", "2026-10-12 17:30", "2026-10-10 17:30"),
        ("2026-11-24 17:29:59", "2026-11-25 17:30", "2026-11-24 17:30"),
        ("2026-11-24 17:30:00", "2026-11-25 17:30", None),
        ("2026-11-24 09:30:00", "2026-11-24 17:30", None),
        ("2026-11-28 09:30:00", "2026-11-30 17:30", None),
    ],
)
def test_the_warning_comes_one_working_day_before_unless_that_is_not_after_the_start(start, due_at, warning):
    expected = None if warning is None else at(warning)
    assert due_soon_at(OFFICIAL, HOURS, at(start), at(due_at)) == expected


@given(now=MOMENTS, due_at=MOMENTS)
def test_until_when_a_limit_is_near_says_the_same_as_when_it_becomes_near(
    now: datetime, due_at: datetime
) -> None:
    warning = due_soon_at(OFFICIAL, HOURS, datetime(2023, 6, 1, tzinfo=SHANGHAI), due_at)
    assert warning is not None
    assert (warning <= now) == (due_at < due_soon_until(OFFICIAL, HOURS, now))


DUE = "2026-11-26 17:30:00"  # a Thursday
FRIDAY_DUE = "2026-11-27 17:30:00"


@pytest.mark.parametrize(
    ("now", "due_at", "expected", "phrase"),
    [
        ("2026-11-24 09:00:00", DUE, Remaining(False, 2, False), "还有 2 个工作日"),
        ("2026-11-24 23:59:59", DUE, Remaining(False, 2, False), "还有 2 个工作日"),
        ("2026-11-25 00:00:00", DUE, Remaining(False, 1, False), "还有 1 个工作日"),
        ("2026-11-26 00:00:00", DUE, Remaining(False, 0, True), "今天 17:30 前"),
        ("2026-11-26 17:30:00", DUE, Remaining(False, 0, True), "今天 17:30 前"),
        ("2026-11-26 17:30:01", DUE, Remaining(True, 0, True), "今天已超期"),
        ("2026-11-26 23:59:59", DUE, Remaining(True, 0, True), "今天已超期"),
        ("2026-11-27 00:00:00", DUE, Remaining(True, 1, False), "已超期 1 个工作日"),
        ("2026-11-30 09:00:00", DUE, Remaining(True, 2, False), "已超期 2 个工作日"),
        ("2026-11-28 09:00:00", FRIDAY_DUE, Remaining(True, 0, False), "已超期不满 1 个工作日"),
        # A due day that a later official calendar made a holiday, seen from the weekend before it.
        ("2026-10-02 09:00:00", "2026-10-03 17:30:00", Remaining(False, 0, False), "还有不满 1 个工作日"),
        ("2026-10-01 09:00:00", "2026-10-10 17:30:00", Remaining(False, 3, False), "还有 3 个工作日"),
    ],
)
def test_what_remains_is_told_in_working_days(now, due_at, expected, phrase):
    assert remaining(OFFICIAL, at(now), at(due_at)) == expected
    assert remaining_phrase(OFFICIAL, at(now), at(due_at)) == phrase


def test_the_hour_in_the_phrase_is_beijing_time():
    due_at = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    assert remaining_phrase(OFFICIAL, at("2026-11-26 08:00:00"), due_at) == "今天 17:30 前"


@pytest.mark.parametrize(
    ("moment", "now", "phrase"),
    [
        (at("2026-11-24 17:30:00"), at("2026-11-20 09:00:00"), "11月24日（周二）17:30"),
        (at("2027-01-04 08:05:00"), at("2026-12-31 23:59:59"), "2027年1月4日（周一）08:05"),
        (at("2026-11-29 00:00:00"), at("2027-01-01 00:00:00"), "2026年11月29日（周日）00:00"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), at("2027-03-01 09:00:00"), "1月1日（周五）00:00"),
    ],
)
def test_a_date_is_told_with_its_weekday_and_the_year_only_when_it_differs(moment, now, phrase):
    assert date_phrase(moment, now) == phrase


NAIVE = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001
AWARE = at("2026-11-24 09:00:00")


WITHOUT_ZONE = {
    "due_in_working_days": lambda: due_in_working_days(OFFICIAL, HOURS, NAIVE, 2),
    "due_at_once": lambda: due_at_once(OFFICIAL, HOURS, NAIVE),
    "due_soon_at, start": lambda: due_soon_at(OFFICIAL, HOURS, NAIVE, AWARE),
    "due_soon_at, due": lambda: due_soon_at(OFFICIAL, HOURS, AWARE, NAIVE),
    "remaining, now": lambda: remaining(OFFICIAL, NAIVE, AWARE),
    "remaining, due": lambda: remaining(OFFICIAL, AWARE, NAIVE),
    "date_phrase, moment": lambda: date_phrase(NAIVE, AWARE),
    "date_phrase, now": lambda: date_phrase(AWARE, NAIVE),
}


@pytest.mark.parametrize("ask", WITHOUT_ZONE.values(), ids=WITHOUT_ZONE.keys())
def test_moments_without_a_zone_are_refused(ask):
    with pytest.raises(NaiveDateTime):
        ask()


def test_a_moment_outside_the_calendar_is_refused():
    with pytest.raises(CalendarRange):
        due_in_working_days(OFFICIAL, HOURS, datetime(2101, 1, 3, tzinfo=SHANGHAI), 2)
    assert HOURS.close_of(date(2026, 11, 24)) == at("2026-11-24 17:30")


SUMMER_AND_WINTER = BusinessHours(seasons=(Season("05-01", time(18, 0)), Season("10-01", time(17, 0))))


@pytest.mark.parametrize(
    ("day", "closes_at"),
    [
        ("2026-04-30", "17:00"),
        ("2026-05-01", "18:00"),
        ("2026-09-30", "18:00"),
        ("2026-10-01", "17:00"),
        ("2026-12-31", "17:00"),
        # Before the first season of a year the last one of the year before goes on.
        ("2027-01-01", "17:00"),
        ("2028-02-29", "17:00"),
    ],
)
def test_each_day_has_the_hours_of_its_season(day, closes_at):
    assert SUMMER_AND_WINTER.close_of(date.fromisoformat(day)) == at(f"{day} {closes_at}")
    assert BusinessHours(time(16)).close_of(date.fromisoformat(day)) == at(f"{day} 16:00")


@pytest.mark.parametrize(
    ("start", "days", "due_at", "warning"),
    [
        # Begun in summer hours, over in winter hours, and the other way round.
        ("2026-09-29 10:00", 2, "2026-10-08 17:00", "2026-09-30 18:00"),
        ("2026-09-30 17:45", 2, "2026-10-09 17:00", "2026-10-08 17:00"),
        ("2026-04-29 10:00", 2, "2026-05-06 18:00", "2026-04-30 17:00"),
    ],
)
def test_a_change_of_season_inside_a_limit(start, days, due_at, warning):
    due = due_in_working_days(OFFICIAL, SUMMER_AND_WINTER, at(start), days)
    assert due == Due(at(due_at), False)
    assert due_soon_at(OFFICIAL, SUMMER_AND_WINTER, at(start), due.due_at) == at(warning)


@pytest.mark.parametrize(
    ("start", "due_at"),
    [
        ("2026-09-30 17:30:00", "2026-09-30 18:00"),
        ("2026-09-30 17:59:59", "2026-09-30 18:00"),
        ("2026-09-30 18:00:00", "2026-10-08 17:00"),
        ("2026-10-08 17:00:00", "2026-10-09 17:00"),
        ("2026-04-30 17:00:00", "2026-05-06 18:00"),
    ],
)
def test_at_once_asks_for_the_hours_of_the_day_concerned(start, due_at):
    assert due_at_once(OFFICIAL, SUMMER_AND_WINTER, at(start)) == Due(at(due_at), False)


@pytest.mark.parametrize(
    "seasons",
    [
        (Season("10-01", time(17)), Season("05-01", time(18))),
        (Season("05-01", time(17)), Season("05-01", time(18))),
        (Season("02-29", time(17)),),
        (Season("5-1", time(17)),),
        (Season("13-01", time(17)),),
        (Season("W10-", time(17)),),
        (Season("05-01", time(17, tzinfo=UTC)),),
    ],
)
def test_seasons_that_are_none_are_refused(seasons):
    with pytest.raises(ValueError):  # noqa: PT011
        BusinessHours(seasons=seasons)
