"""K-1: the sixth in ten minutes and the twenty-first in a day wait; until when is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.person_limits import wait_before_filing
from backend.domain.times import SHANGHAI

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=SHANGHAI)


def ago(*minutes: float) -> list[datetime]:
    return [NOON - timedelta(minutes=m) for m in minutes]


TABLE = {
    "nothing yet": ([], None),
    "four in ten minutes": (ago(0, 1, 2, 3), None),
    "five in ten minutes": (ago(0, 1, 2, 3, 9), 1),
    "five, in any order": (ago(3, 9, 0, 2, 1), 1),
    "the first of five is ten minutes old": (ago(0, 1, 2, 3, 10), None),
    "more than five, from before the limit": (ago(0, 1, 2, 3, 4, 5, 6), 6),
    "nineteen today": (ago(*range(20, 210, 10)), None),
    "twenty today": (ago(*range(20, 220, 10)), 12 * 60),
    "nineteen today, one before midnight": (ago(*range(20, 210, 10), 12 * 60 + 1), None),
    "the twentieth at the first moment of today": (ago(*range(20, 210, 10), 12 * 60), 12 * 60),
    "both: the longer wait": (ago(0, 1, 2, 3, 4, *range(20, 170, 10)), 12 * 60),
}


@pytest.mark.parametrize(("filed", "minutes"), TABLE.values(), ids=TABLE)
def test_how_long_one_person_waits(filed: list[datetime], minutes: float | None) -> None:
    expected = timedelta(minutes=minutes) if minutes is not None else None
    assert wait_before_filing(filed, NOON) == expected
    assert wait_before_filing([moment.astimezone(UTC) for moment in filed], NOON.astimezone(UTC)) == expected


def test_the_day_is_beijings() -> None:
    """At 23:59 of Beijing the day ends in a minute, whatever the day of UTC."""
    late = datetime(2026, 11, 16, 15, 59, tzinfo=UTC)
    filed = [late - timedelta(minutes=20 + m) for m in range(20)]
    assert wait_before_filing(filed, late) == timedelta(minutes=1)
    assert wait_before_filing(filed, late + timedelta(minutes=1)) is None
