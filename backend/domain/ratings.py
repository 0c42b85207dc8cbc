"""When a citizen may rate, and change, a closed round (design 5)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.domain.errors import NotRateable
from backend.domain.times import SHANGHAI, local
from backend.domain.vocabulary import Outcome, Status

CHANGE_WINDOW = timedelta(days=7)
"""A grade may be changed once within this time."""


def ensure_rateable(
    status: Status, outcome: Outcome | None, closed_at: datetime | None, now: datetime, window: timedelta
) -> None:
    """A closed round that was not withdrawn can be rated until `window` after closing. Raises NotRateable."""
    if status is not Status.CLOSED or closed_at is None:
        raise NotRateable("办结以后才能评价。")
    if outcome is Outcome.WITHDRAWN:
        raise NotRateable("撤回的事项不评价。")
    if now > closed_at + window:
        raise NotRateable(f"评价期限是办结后 {window.days} 天，已经过了。")


def shown_to_staff_until(now: datetime) -> datetime:
    """Staff see grades in weekly batches: at `now`, those given before this moment, the last Monday, Beijing time.

    A grade changed since shows as it stood then, so that no moment at which something changes points to a person.
    """
    today = local(now).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), SHANGHAI)


def shown_to_staff_from(rated_at: datetime) -> datetime:
    """From when on staff see a grade, or anything that tells of it: the Monday after it was given."""
    return shown_to_staff_until(rated_at) + timedelta(days=7)


def can_change(rated_at: datetime, changed_at: datetime | None, now: datetime) -> bool:
    """Whether the one change is still open."""
    return changed_at is None and now <= rated_at + CHANGE_WINDOW
