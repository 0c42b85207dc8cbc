"""When a round may be rated, when a grade may be changed, and until when staff have seen it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.domain.errors import NotRateable
from backend.domain.ratings import can_change, ensure_rateable, shown_to_staff_until
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Outcome, Status

CLOSED = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)
WINDOW = timedelta(days=30)
SECOND = timedelta(seconds=1)

RATEABLE = [
    (Status.CLOSED, Outcome.ANSWERED, CLOSED, CLOSED, True),
    (Status.CLOSED, Outcome.REFUSED, CLOSED, CLOSED + WINDOW, True),
    (Status.CLOSED, Outcome.COMPLETED, CLOSED, CLOSED + WINDOW + SECOND, False),
    (Status.CLOSED, Outcome.WITHDRAWN, CLOSED, CLOSED, False),
    (Status.CLOSED, Outcome.ANSWERED, None, CLOSED, False),
    *((status, None, None, CLOSED, False) for status in Status if status is not Status.CLOSED),
]


@pytest.mark.parametrize(("status", "outcome", "closed_at", "now", "rateable"), RATEABLE)
def test_a_closed_round_is_rated_within_its_window(status, outcome, closed_at, now, rateable) -> None:
    if rateable:
        ensure_rateable(status, outcome, closed_at, now, WINDOW)
    else:
        with pytest.raises(NotRateable):
            ensure_rateable(status, outcome, closed_at, now, WINDOW)


def test_the_window_named_is_the_one_set() -> None:
    with pytest.raises(NotRateable, match="办结后 5 天"):
        ensure_rateable(
            Status.CLOSED, Outcome.ANSWERED, CLOSED, CLOSED + timedelta(days=6), timedelta(days=5)
        )


CHANGES = [
    (None, timedelta(), True),
    (None, timedelta(days=7), True),
    (None, timedelta(days=7) + SECOND, False),
    (CLOSED + SECOND, timedelta(days=1), False),
]


@pytest.mark.parametrize(("changed_at", "later", "possible"), CHANGES)
def test_a_grade_is_changed_once_within_seven_days(changed_at, later, possible) -> None:
    assert can_change(CLOSED, changed_at, CLOSED + later) is possible


MONDAYS = [
    ("2026-11-16T00:00:00+08:00", "2026-11-16"),
    ("2026-11-15T23:59:59+08:00", "2026-11-09"),
    ("2026-11-22T23:59:59+08:00", "2026-11-16"),
    # In UTC still Sunday, in Beijing already Monday.
    ("2026-11-22T16:00:00+00:00", "2026-11-23"),
    ("2027-01-02T12:00:00+08:00", "2026-12-28"),
]


@pytest.mark.parametrize(("now", "monday"), MONDAYS)
def test_staff_see_what_was_given_before_the_last_monday(now, monday) -> None:
    expected = datetime.fromisoformat(f"{monday}T00:00:00+08:00")
    assert shown_to_staff_until(datetime.fromisoformat(now)) == expected
