"""How much one signed-in person may file: enough for any honest need, too little to drown an office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from backend.domain.times import SHANGHAI, local, local_date

SHORT_WINDOW = timedelta(minutes=10)
"""Also how long the same words count as the same matter."""
IN_SHORT_WINDOW = 5
IN_A_DAY = 20


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """The Beijing calendar day of `now`: its first moment and the next day's."""
    start = datetime.combine(local_date(now), time(), SHANGHAI)
    return start, start + timedelta(days=1)


def wait_before_filing(filed: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long to wait before one more; None when it may be filed now.

    `filed` are the moments of what this person filed, in any order; what lies neither in the window nor in today does
    not matter. Five in ten minutes, twenty in a Beijing day.
    """
    start, end = day_of(now)
    recent = sorted(local(moment) for moment in filed if moment > now - SHORT_WINDOW)
    waits = []
    if len(recent) >= IN_SHORT_WINDOW:
        # Free again as soon as fewer than five are left in the window.
        waits.append(recent[-IN_SHORT_WINDOW] + SHORT_WINDOW - now)
    if sum(moment >= start for moment in filed) >= IN_A_DAY:
        waits.append(end - now)
    return max(waits) if waits else None
