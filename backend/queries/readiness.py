"""What an operator should look at although requests are being served."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.models import CalendarDayRow, ChannelState

ASK_FROM_MONTH = 11
"""From 1 November the next year's calendar is asked for."""


def warnings_at(session: Session, today: date) -> list[str]:
    """Stable codes: `calendar_missing:<year>` for a year without official data."""
    years = [today.year] + ([today.year + 1] if today.month >= ASK_FROM_MONTH else [])
    return [f"calendar_missing:{year}" for year in years if not _has_year(session, year)]


def closed_ways_out(session: Session) -> list[str]:
    """Stable codes: `channel_closed:<name>:<problem>` for a way out through which nothing is sent at the moment."""
    rows = session.execute(select(ChannelState.name, ChannelState.problem).order_by(ChannelState.name))
    return [f"channel_closed:{row.name}:{row.problem}" for row in rows]


def _has_year(session: Session, year: int) -> bool:
    count = select(func.count()).where(
        CalendarDayRow.day >= date(year, 1, 1), CalendarDayRow.day <= date(year, 12, 31)
    )
    return bool(session.scalar(count))
