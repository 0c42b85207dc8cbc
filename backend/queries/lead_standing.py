"""Leads whose fact no longer stands: they stay on record, say so and why, and are counted nowhere (坛 十; 泸 三（三）)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from backend.domain.clocks import date_phrase
from backend.domain.vocabulary import ClockChange, ClockEnd
from backend.models import AccountabilityLead, Clock
from backend.services.clock_chains import chain_of, standing_breach
from backend.services.work import Work

NO_LONGER_STANDS = "所依据的超期事实已不成立"


def fallen_facts(work: Work, leads: Collection[AccountabilityLead]) -> dict[str, str]:
    """By lead, why its breach is none any more; whoever is not in it rests on a fact that stands.

    One statement for a page; only what the calendar moved, or was met in time after all, is looked at more closely.
    """
    breaches = {lead.id: lead for lead in leads if lead.clock_id is not None}
    if not breaches:
        return {}
    own, other = aliased(Clock), aliased(Clock)
    doubtful = work.session.scalars(
        select(AccountabilityLead.id)
        .join(own, AccountabilityLead.clock_id == own.id)
        .join(
            other,
            and_(other.inquiry_id == own.inquiry_id, other.duty == own.duty, other.round == own.round),
        )
        .where(
            AccountabilityLead.id.in_(breaches),
            or_(
                other.change == ClockChange.CALENDAR,
                and_(other.end == ClockEnd.MET, other.ended_at <= other.due_at),
            ),
        )
        .distinct()
    ).all()
    found = {lead_id: _why_fallen(work, breaches[lead_id]) for lead_id in doubtful}
    return {lead_id: why for lead_id, why in found.items() if why is not None}


def is_breached(work: Work, clock: Clock) -> bool:
    """Whether the limit that `clock` is a row of has a breach that stands."""
    return standing_breach(work.session, chain_of(work.session, clock)) is not None


def _why_fallen(work: Work, lead: AccountabilityLead) -> str | None:
    clock = work.session.get_one(Clock, lead.clock_id)
    chain = chain_of(work.session, clock)
    fact = standing_breach(work.session, chain)
    # A breach noted later, under an end that the calendar moved out, is a fact of its own with its own lead.
    if fact is not None and fact.at <= lead.at:
        return None
    last = chain[-1]
    if last.end is ClockEnd.MET and last.ended_at is not None and last.ended_at <= last.due_at:
        return f"这项时限在{date_phrase(last.ended_at, work.now)}已经完成，没有超过，只是登记晚了。"
    moved = [row for row in chain if row.change is ClockChange.CALENDAR][-1]
    return f"原来的期限是暂定的，放假安排公布后，应在{date_phrase(moved.due_at, work.now)}前完成。"
