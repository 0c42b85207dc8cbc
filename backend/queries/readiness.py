"""What an operator should look at although requests are being served."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from backend.models import CalendarDayRow, ChannelState, OutboxItem
from backend.models.outbox import TEMPLATE_REFUSED

ASK_FROM_MONTH = 11
"""From 1 November the next year's calendar is asked for."""


REFUSED_FOR = timedelta(days=1)
"""How long a template that WeChat refused is told of."""


def warnings_at(session: Session, today: date) -> list[str]:
    """Stable codes: `calendar_missing:<year>` for a year without official data."""
    years = [today.year] + ([today.year + 1] if today.month >= ASK_FROM_MONTH else [])
    return [f"calendar_missing:{year}" for year in years if not _has_year(session, year)]


def closed_ways_out(session: Session) -> list[str]:
    """Stable codes: `channel_closed:<name>:<problem>` for a way out through which nothing is sent at the moment."""
    rows = session.execute(select(ChannelState.name, ChannelState.problem).order_by(ChannelState.name))
    return [f"channel_closed:{row.name}:{row.problem}" for row in rows]


def refused_templates(session: Session, now: datetime) -> list[str]:
    """Stable codes: `template_refused:<our template>:<problem>` for what WeChat has refused since yesterday, whomever it
    was for, or refuses still.
    """
    found = (
        select(OutboxItem.sent_with, OutboxItem.problem)
        # Written out, not bound: only then can the partial index be used (performance.md section 3).
        .where(
            text(TEMPLATE_REFUSED),
            or_(OutboxItem.finished_at.is_(None), OutboxItem.finished_at > now - REFUSED_FOR),
            OutboxItem.sent_with.is_not(None),
        )
        .distinct()
        .order_by(OutboxItem.sent_with, OutboxItem.problem)
    )
    return [f"template_refused:{row.sent_with}:{row.problem}" for row in session.execute(found)]


def _has_year(session: Session, year: int) -> bool:
    count = select(func.count()).where(
        CalendarDayRow.day >= date(year, 1, 1), CalendarDayRow.day <= date(year, 12, 31)
    )
    return bool(session.scalar(count))
