"""A year's official calendar has arrived: 暂定 limits and open offers are counted again (design 3). What ended stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, func, select, text, union

from backend.domain.actors import SYSTEM
from backend.domain.times import local, local_date
from backend.models import CalendarDayRow, Clock, Handoff, Inquiry, LedgerEntry
from backend.services.changing import open_offer
from backend.services.changing_clocks import recalculate_clock
from backend.services.clocks import running_clocks
from backend.services.holdings import bearers, live_holding
from backend.services.ledger import record
from backend.services.outbox import message_citizen, message_staff
from backend.services.silence import counted_again
from backend.services.work import Work


def provisional_inquiries(before: datetime | None = None) -> CompoundSelect[str]:
    """Inquiries to be counted again, in a stable order: with a running 暂定 limit, with `before` one that ends earlier
    than that; and with an open offer that was made before the calendar at hand was there.
    """
    limits = select(Clock.inquiry_id).where(Clock.ended_at.is_(None), Clock.is_provisional)
    if before is not None:
        limits = limits.where(Clock.due_at < before)
    loaded = select(func.max(CalendarDayRow.loaded_at)).scalar_subquery()
    offers = select(Handoff.inquiry_id).where(text("state = 'offered'"), Handoff.offered_at <= loaded)
    return union(limits, offers).order_by("inquiry_id")


def recalculate_inquiry(work: Work, inquiry: Inquiry) -> LedgerEntry | None:
    """Count the running 暂定 limits of an inquiry and its open offer again; None when the calendar changes nothing.

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
    offer = _offer_again(system, inquiry)
    if not told and not offer:
        return None
    facts = {"clocks": told, **offer}
    entry = record(system, "clock_recalculated", inquiry, unit_id=inquiry.unit_id, facts=facts)
    if moved:
        holding = live_holding(work.session, inquiry)
        people = [person.id for person in bearers(work.session, holding, work.now)] if holding else []
        ids = [clock.id for clock in moved]
        message_staff(system, "clock_recalculated", inquiry, people, clocks=ids)
        message_citizen(system, "progress", inquiry, event="clock_recalculated", clocks=ids)
    return entry


def _offer_again(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """Count the silence of an open offer again; what the entry says of it, empty when it lapses on the same day."""
    offer = open_offer(work, inquiry)
    if offer is None:
        return {}
    old, new = offer.lapses_at, counted_again(work, offer)
    if local_date(new) == local_date(old):
        return {}
    offer.lapses_at = new
    work.session.flush()
    return {
        "handoff": offer.id,
        "old_lapses_at": local(old).isoformat(),
        "lapses_at": local(new).isoformat(),
    }
