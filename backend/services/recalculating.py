"""A year's official calendar has arrived: every running 暂定 limit is counted again (design 3). What has ended stays."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from backend.domain.actors import SYSTEM
from backend.domain.times import local
from backend.models import Clock, Inquiry, LedgerEntry
from backend.services.changing_clocks import recalculate_clock
from backend.services.clocks import running_clocks
from backend.services.holdings import bearers, live_holding
from backend.services.ledger import record
from backend.services.outbox import message_citizen, message_staff
from backend.services.work import Work


def provisional_inquiries(before: datetime | None = None) -> Select[str]:
    """Inquiries with a running 暂定 limit, in a stable order; with `before`, one that ends earlier than that."""
    query = select(Clock.inquiry_id).where(Clock.ended_at.is_(None), Clock.is_provisional)
    if before is not None:
        query = query.where(Clock.due_at < before)
    return query.order_by(Clock.inquiry_id).distinct()


def recalculate_inquiry(work: Work, inquiry: Inquiry) -> LedgerEntry | None:
    """Count the running 暂定 limits of an inquiry again; None when the calendar changes nothing about them.

    One ledger entry tells all of them. Citizen and holder are told only of an end that moved.
    """
    system = work.acting_as(SYSTEM)
    told, moved = [], []
    for clock in running_clocks(system, inquiry):
        after = recalculate_clock(system, inquiry, clock)
        if after is None:
            continue
        told.append(
            {
                "clock": after.id,
                "superseded": clock.id,
                "duty": clock.duty,
                "old_due_at": local(clock.due_at).isoformat(),
                "due_at": local(after.due_at).isoformat(),
                "provisional": after.is_provisional,
                "undid_breach": clock.is_overdue_noted and not after.is_overdue_noted,
            }
        )
        # While it stands still nobody counts on its end.
        if after.due_at != clock.due_at and after.paused_at is None:
            moved.append(after)
    if not told:
        return None
    entry = record(system, "clock_recalculated", inquiry, unit_id=inquiry.unit_id, facts={"clocks": told})
    if moved:
        holding = live_holding(work.session, inquiry)
        people = [person.id for person in bearers(work.session, holding, work.now)] if holding else []
        ids = [clock.id for clock in moved]
        message_staff(system, "clock_recalculated", inquiry, people, clocks=ids)
        message_citizen(system, "progress", inquiry, event="clock_recalculated", clocks=ids)
    return entry
