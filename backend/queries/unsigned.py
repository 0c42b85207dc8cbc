"""久未签收: nobody had signed for it at the close of the next working day (系统设定 unsigned-escalation)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from backend.domain.clocks import due_in_working_days
from backend.domain.identity import Identity
from backend.domain.times import SHANGHAI, local_date
from backend.models import Unit
from backend.services.work import Work

LONGEST_HOLIDAY = 30
"""Days after which every next working day is over."""


def unsigned_until(work: Work, identity: Identity) -> datetime:
    """What was received before this moment should have been signed for by now, by the hours of the person's unit."""
    hours = work.hours_of(work.session.get_one(Unit, identity.unit_id))
    pace = work.tools.statute.number("unsigned-escalation")
    today = local_date(work.now)
    for days in range(LONGEST_HOLIDAY):
        day = today - timedelta(days=days)
        begins = datetime.combine(day, time(), SHANGHAI)
        if due_in_working_days(work.calendar, hours, begins, pace).due_at < work.now:
            return begins + timedelta(days=1)
    return datetime.combine(today - timedelta(days=LONGEST_HOLIDAY), time(), SHANGHAI)
