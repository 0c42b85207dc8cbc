from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from backend.domain.times import SHANGHAI, NaiveDateTime, local, local_date, require_aware


def test_an_aware_moment_passes_unchanged():
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert require_aware(moment) is moment


@pytest.mark.parametrize("rule", [require_aware, local, local_date])
def test_a_naive_moment_is_refused_by_every_rule(rule):
    with pytest.raises(NaiveDateTime):
        rule(datetime(2026, 11, 24, 9, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=SHANGHAI), date(2026, 11, 24)),
        (datetime(2026, 11, 25, 0, 0, 0, tzinfo=SHANGHAI), date(2026, 11, 25)),
        (datetime(2026, 11, 24, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 16, 0, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 12, 31, 11, 0, tzinfo=timezone(timedelta(hours=-5))), date(2027, 1, 1)),
    ],
)
def test_the_day_is_the_beijing_day(moment, day):
    assert local_date(moment) == day


def test_the_zone_has_no_daylight_saving_in_the_years_of_the_calendar():
    day = datetime(2000, 1, 1, 12, tzinfo=SHANGHAI)
    offsets = {(day + timedelta(days=n)).utcoffset() for n in range(36_890)}
    assert offsets == {timedelta(hours=8)}
