"""What the calendar of working days brings about: 暂定 limits are counted again, and a missing year is asked for.

One inquiry, one unit of work, as in `duties`: what is interrupted is taken up where it stopped, and what is done
already is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import Event
from typing import NamedTuple

import structlog
from flask import current_app
from sqlalchemy import CompoundSelect, select
from sqlalchemy.orm import Session

from backend import clock
from backend.database import reading, unit_of_work
from backend.domain.actors import SYSTEM
from backend.domain.times import local_date
from backend.domain.vocabulary import Role
from backend.models import Inquiry, RoleGrant, Staff
from backend.queries.readiness import warnings_at
from backend.services.calendar import official_until, working_calendar
from backend.services.outbox import notify_office
from backend.services.presence import is_present
from backend.services.recalculating import provisional_inquiries, recalculate_inquiry
from backend.services.work import Work

ASKED = (Role.SYSADMIN, Role.OVERSEER)
"""Who is asked for a missing year: whoever loads it, and the lead office."""

_log = structlog.get_logger("calendar")


class Recalculated(NamedTuple):
    """How many inquiries were counted again, and how many could not be."""

    changed: int
    failed: int


def recalculate_all(stop: Event | None = None) -> Recalculated:
    """Count every running 暂定 limit and open offer again, right after a year was loaded."""
    return _recalculate(provisional_inquiries(), stop)


def recalculate(stop: Event) -> None:
    """What a load left undone: limits still 暂定 although their year has data by now."""
    with reading() as session:
        left = provisional_inquiries(before=official_until(session))
    _recalculate(left, stop)


def ask_for_calendar(_stop: Event) -> None:
    """From 1 November on, and while a year has no data, ask for it once a day (design 3)."""
    now = clock.now()
    today = local_date(now)
    with reading() as session:
        missing = warnings_at(session, today)
    if not missing:
        return
    years = [int(warning.partition(":")[2]) for warning in missing]
    with unit_of_work() as session:
        work = Work(session, SYSTEM, now, current_app.extensions["shouwen_tools"], working_calendar(session))
        notify_office(
            work, "calendar_missing", people_asked(session, now), once=today.isoformat(), years=years
        )


def people_asked(session: Session, now: datetime) -> Sequence[str]:
    """Whoever looks after the system and is present."""
    granted = select(RoleGrant.staff_id).where(RoleGrant.role.in_(ASKED))
    return session.scalars(select(Staff.id).where(Staff.id.in_(granted), is_present(now))).all()


def _recalculate(wanted: CompoundSelect[str], stop: Event | None) -> Recalculated:
    with reading() as session:
        inquiry_ids = session.scalars(wanted).all()
    changed = failed = 0
    for inquiry_id in inquiry_ids:
        if stop is not None and stop.is_set():
            break
        try:
            with unit_of_work() as session:
                inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True)
                tools = current_app.extensions["shouwen_tools"]
                work = Work(session, SYSTEM, clock.now(), tools, working_calendar(session))
                changed += recalculate_inquiry(work, inquiry) is not None
        except Exception:  # noqa: BLE001 - one bad item stops no other
            failed += 1
            _log.exception("item failed", inquiry=inquiry_id)
    return Recalculated(changed, failed)
