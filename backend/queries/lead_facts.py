"""The facts of a lead: what the system knows of each element, and what speaks for whom it concerns."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.domain.accountability import (
    STAYS_BEHIND,
    Circumstances,
    Passing,
    Span,
    applied_late,
    exculpations,
    working_days_late,
)
from backend.domain.clocks import date_phrase
from backend.domain.times import local
from backend.domain.vocabulary import (
    ClockChange,
    ClockEnd,
    HandoffKind,
    HandoffState,
    LeadGround,
    OpinionKind,
    Strictness,
)
from backend.models import (
    Absence,
    AccountabilityLead,
    Clock,
    ClockFact,
    ExternalHandoff,
    Handoff,
    Inquiry,
    JointHandling,
    JointOpinion,
    LedgerEntry,
    Notice,
    NoticeDocument,
)
from backend.queries.lead_standing import is_breached
from backend.queries.people import place_name
from backend.services.clock_chains import chain_of, extension_in
from backend.services.work import Work

WRITTEN_TRANSFER = "written-transfer"
JOINT_PLAN = "joint-plan"
OVER_PRINCIPLE = "over-principle"


def evidence_of(work: Work, lead: AccountabilityLead) -> list[str]:
    """What the records say, in sentences; empty where a human reported what the system does not know."""
    if lead.ground is LeadGround.LATER_DEMAND:
        return _later_demand(work, lead)
    if lead.clock_id is not None:
        return _breach(work, work.session.get_one(Clock, lead.clock_id))
    found = []
    for clock in _breached(work, lead):
        found += _breach(work, clock)
    return found


def limit_of(work: Work, lead: AccountabilityLead) -> dict[str, Any] | None:
    """The limit behind a breach: its words, its end, how late, and the readings of ours that it rests on."""
    if lead.clock_id is None:
        return None
    clock = work.session.get_one(Clock, lead.clock_id)
    duty = work.tools.statute.duty(clock.measure, clock.duty)
    ended_at = chain_of(work.session, clock)[-1].ended_at
    late = working_days_late(work.calendar, clock.due_at, ended_at or work.now)
    readings = work.tools.statute.readings
    return {
        "id": clock.id,
        "title": duty.title,
        "clause": clock.clause,
        "quote": clock.quote,
        "strictness": clock.strictness.value,
        "strictness_label": clock.strictness.label,
        "starts_at": local(clock.starts_at).isoformat(),
        "starts_text": date_phrase(clock.starts_at, work.now),
        "due_at": local(clock.due_at).isoformat(),
        "due_text": f"{date_phrase(clock.due_at, work.now)} 前",
        "ended_text": date_phrase(ended_at, work.now) if ended_at is not None else None,
        "working_days_late": late,
        "provisional": clock.is_provisional,
        "readings": [readings[one].sentence for one in duty.readings if one in readings],
        "reading_label": work.tools.statute.reading_label,
    }


def handoffs_of_lead(work: Work, lead: AccountabilityLead) -> list[dict[str, str | None]]:
    """Every hand-off of the inquiry with its times, oldest first."""
    rows = work.session.scalars(
        select(Handoff).where(Handoff.inquiry_id == lead.inquiry_id).order_by(Handoff.offered_at, Handoff.id)
    )
    return [
        {
            "from": place_name(row.from_unit, row.from_section),
            "to": place_name(row.to_unit, row.to_section),
            "offered_text": date_phrase(row.offered_at, work.now),
            "state_label": row.state.label,
            "decided_text": date_phrase(row.decided_at, work.now) if row.decided_at else None,
        }
        for row in rows
    ]


def exculpations_of(work: Work, lead: AccountabilityLead) -> list[dict[str, Any]]:
    """The facts that stand beside a lead and speak for whom it concerns, each with its time."""
    return [
        {
            "kind": one.kind.value,
            "label": one.kind.label,
            "at": local(one.at).isoformat(),
            "at_text": date_phrase(one.at, work.now),
            "until_text": date_phrase(one.until, work.now) if one.until is not None else None,
        }
        for one in exculpations(_circumstances(work, lead))
    ]


def _breach(work: Work, clock: Clock) -> list[str]:
    duty = work.tools.statute.duty(clock.measure, clock.duty)
    last = chain_of(work.session, clock)[-1]
    late = working_days_late(work.calendar, clock.due_at, last.ended_at or work.now)
    amount = f"晚 {late} 个工作日" if late else "晚不满 1 个工作日"
    said = [f"“{duty.title}”应在{date_phrase(clock.due_at, work.now)}前完成，到期没有完成。"]
    if last.ended_at is None:
        said.append(f"到现在还没有完成，已{amount}。")
    elif last.end is ClockEnd.MET:
        said.append(f"{date_phrase(last.ended_at, work.now)}完成，{amount}。")
    if clock.strictness is Strictness.PRINCIPLE and extension_in(chain_of(work.session, clock)) is None:
        reading = work.tools.statute.readings.get(OVER_PRINCIPLE)
        if reading is not None:
            said.append(f"{work.tools.statute.reading_label}：{reading.sentence}")
    return said


def _breached(work: Work, lead: AccountabilityLead) -> list[Clock]:
    """The limits of the inquiry whose breach points to the same item, against the same person or unit."""
    rows = work.session.scalars(
        select(Clock)
        .join(ClockFact, ClockFact.clock_id == Clock.id)
        .where(
            Clock.inquiry_id == lead.inquiry_id,
            ClockFact.kind == "overdue",
            ClockFact.bearer_unit_id == lead.unit_id,
        )
        .order_by(Clock.due_at, Clock.id)
    )
    statute = work.tools.statute
    return [
        clock
        for clock in rows
        if statute.duty(clock.measure, clock.duty).accountability == lead.item
        and (lead.staff_id is None or clock.bearer_staff_id in {None, lead.staff_id})
        and is_breached(work, clock)
    ]


def _later_demand(work: Work, lead: AccountabilityLead) -> list[str]:
    notice = work.session.get_one(Notice, lead.notice_id)
    first = work.session.scalars(
        select(Notice).where(
            Notice.inquiry_id == notice.inquiry_id, Notice.round == notice.round, Notice.position == 1
        )
    ).one()
    unlisted = select(func.count()).where(
        NoticeDocument.notice_id == notice.id, NoticeDocument.is_unlisted.is_(True)
    )
    return [
        f"{date_phrase(first.given_at, work.now)}一次性告知了办理依据、时限、程序和所需资料。",
        f"{date_phrase(notice.given_at, work.now)}又要求清单以外的资料 {work.session.scalar(unlisted)} 项。",
    ]


def _circumstances(work: Work, lead: AccountabilityLead) -> Circumstances:
    session = work.session
    inquiry = session.get_one(Inquiry, lead.inquiry_id)
    clock = session.get(Clock, lead.clock_id) if lead.clock_id else None
    chain = chain_of(session, clock) if clock is not None else []
    absences = select(Absence).where(Absence.staff_id == lead.staff_id)
    passings = select(Handoff).where(Handoff.inquiry_id == inquiry.id, Handoff.from_unit_id == lead.unit_id)
    joint = _joint(work, inquiry, clock)
    return Circumstances(
        at=lead.at,
        pauses=tuple(Span(row.paused_at, row.ended_at) for row in chain if row.paused_at is not None),
        extended_at=tuple(row.created_at for row in chain if row.change is ClockChange.EXTENSION),
        recalculated=_recalculated(chain, clock),
        services=_services(work, inquiry, clock),
        passings=tuple(
            Passing(row.offered_at, row.decided_at, row.state) for row in session.scalars(passings)
        ),
        talks=_talks(work, joint),
        referred_at=joint.referred_at if joint is not None else None,
        absences=tuple(Span(row.starts_at, row.ends_at) for row in session.scalars(absences)),
        cancelled_at=chain[-1].ended_at if chain and chain[-1].end is ClockEnd.CANCELLED else None,
        ended_at=chain[-1].ended_at if chain else None,
        taken_over=_taken_over(work, lead, clock),
        applied_at=_applied_at(work, inquiry, chain),
    )


def _taken_over(work: Work, lead: AccountabilityLead, clock: Clock | None) -> tuple[datetime, ...]:
    """When another unit accepted what this one gave away, for a limit that stays with whoever was asked first."""
    if clock is None or clock.bearer_kind not in STAYS_BEHIND:
        return ()
    rows = work.session.scalars(
        select(Handoff.decided_at).where(
            Handoff.inquiry_id == lead.inquiry_id,
            Handoff.kind == HandoffKind.UNIT,
            Handoff.state == HandoffState.ACCEPTED,
            Handoff.from_unit_id == lead.unit_id,
            Handoff.decided_at >= clock.starts_at,
        )
    )
    return tuple(moment for moment in rows if moment is not None)


def _applied_at(work: Work, inquiry: Inquiry, chain: list[Clock]) -> datetime | None:
    """When a correction of the category brought this limit, where it was over or short by then."""
    if not chain:
        return None
    first = chain[0]
    entries = work.session.scalars(
        select(LedgerEntry.body).where(
            LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "reclassified", ~LedgerEntry.is_mirror
        )
    )
    started = {one["id"] for body in entries for one in json.loads(body)["facts"]["clocks"]}
    is_late = first.id in started and applied_late(
        work.calendar,
        starts_at=first.starts_at,
        due_at=first.due_at,
        working_days=first.working_days,
        at=first.created_at,
    )
    return first.created_at if is_late else None


def _recalculated(chain: list[Clock], clock: Clock | None) -> tuple[Any, ...]:
    """The ends that rows after this one got when the calendar came."""
    after = chain[chain.index(clock) + 1 :] if clock is not None else []
    return tuple(row.due_at for row in after if row.change is ClockChange.CALENDAR)


def _services(work: Work, inquiry: Inquiry, clock: Clock | None) -> tuple[Span, ...]:
    if clock is None or clock.duty != WRITTEN_TRANSFER:
        return ()
    rows = work.session.scalars(
        select(ExternalHandoff).where(
            ExternalHandoff.inquiry_id == inquiry.id, ExternalHandoff.served_at.is_not(None)
        )
    )
    return tuple(Span(row.served_at, row.served_recorded_at) for row in rows if row.served_at is not None)


def _joint(work: Work, inquiry: Inquiry, clock: Clock | None) -> JointHandling | None:
    if clock is None or clock.duty != JOINT_PLAN:
        return None
    return work.session.scalar(
        select(JointHandling)
        .where(JointHandling.inquiry_id == inquiry.id, JointHandling.reported_at <= clock.due_at)
        .order_by(JointHandling.reported_at.desc())
        .limit(1)
    )


def _talks(work: Work, joint: JointHandling | None) -> tuple[Any, ...]:
    if joint is None:
        return ()
    rows = work.session.scalars(
        select(JointOpinion.at).where(
            JointOpinion.joint_id == joint.id, JointOpinion.kind == OpinionKind.CONSULTATION
        )
    )
    return tuple(rows)
