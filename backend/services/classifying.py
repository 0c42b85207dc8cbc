"""更正首问类别, with the reason: what limits fall away or come, and what turning into a complaint hides (design 4)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from backend.domain.classifying import (
    RELEASING_POSTS,
    RELEASING_ROLES,
    Standing,
    becomes_complaint,
    check_change,
    falls_away,
)
from backend.domain.complaints import MADE_COMPLAINT, Subject, subject_of
from backend.domain.errors import RoleRequired
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import AboutKind, Category, Channel, ClockEnd
from backend.models import Clock, Holding, Inquiry, LedgerEntry, Sign
from backend.services.changing import ensure_holder, move, name_first_responder
from backend.services.changing_clocks import pass_on_clocks
from backend.services.clocks import end_clock, running_clocks, start_clocks
from backend.services.filing import counts_as_written
from backend.services.holdings import bearers, hold, live_holding, round_began
from backend.services.ledger import lock_chains, record
from backend.services.outbox import message_citizen, message_staff
from backend.services.pending import give_up_pending
from backend.services.routing import Bearer, Destination, complaint_bearer_of
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


@dataclass(frozen=True, slots=True)
class Reclassification:
    """What the holder corrects. `about` is 投诉对象, as at filing; `channel` None leaves 首问方式 as it is."""

    category: Category
    reason: str
    channel: Channel | None = None
    about: AboutKind | None = None
    about_name: str | None = None


def may_classify(work: Work, identity: Identity, inquiry: Inquiry) -> bool:
    """Whether this holder may: a complaint is only released by those whom complaints go to."""
    if inquiry.category is not Category.COMPLAINT:
        return True
    holding = live_holding(work.session, inquiry)
    if holding is None:
        return True
    by_post = holding.post is not None and holding.post.kind in RELEASING_POSTS
    return by_post or identity.holds(*RELEASING_ROLES)


def reclassify_inquiry(
    work: Work, identity: Identity, inquiry: Inquiry, change: Reclassification
) -> LedgerEntry:
    """Correct the category, or 首问方式; the citizen is told why. No running must is shed, and no time is gained.

    Into a complaint: whom it is about is kept from it, and it goes to whom complaints go to. Out of one: whoever holds
    it keeps it, and it is hidden no longer.
    Raises FieldInvalid, NotHolder, RoleRequired, IllegalTransition.
    """
    standing = Standing(inquiry.category, inquiry.channel, inquiry.source, inquiry.status)
    check_change(standing, change.category, change.channel, names_subject=change.about is not None)
    holding = ensure_holder(work, identity, inquiry, Step.CLASSIFY)
    if not may_classify(work, identity, inquiry):
        raise RoleRequired()
    turns = becomes_complaint(inquiry.category, change.category)
    destination = _filed_at(work, inquiry)
    subject = subject_of(change.about, destination.place) if turns else Subject()
    bearer = complaint_bearer_of(work, destination, subject) if turns else None
    move(inquiry, Step.CLASSIFY)
    texts = _texts(work, inquiry, change, turns=turns)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    if turns:
        named |= give_up_pending(work, inquiry)
    _lock(work, inquiry, bearer)
    ended = _end_limits(work, inquiry, change.category)
    _reclassify(inquiry, change, subject)
    if bearer is not None:
        holding = _take_over(work, inquiry, bearer)
    changes = change.category is not standing.category
    started = _start_limits(work, inquiry, holding, ended) if changes else []
    entry = record(
        work,
        "reclassified",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={
            "old_category": standing.category.value,
            "new_category": inquiry.category.value,
            "old_channel": standing.channel.value,
            "new_channel": inquiry.channel.value,
            "written": inquiry.is_written,
            "about": inquiry.about_kind.value if inquiry.about_kind else None,
            "ended": [clock.id for clock in ended],
            "clocks": [{"id": c.id, "duty": c.duty, "due_at": local(c.due_at).isoformat()} for c in started],
            **named,
        },
        texts=texts,
    )
    if turns:
        told = [staff.id for staff in bearers(work.session, holding, work.now)]
        message_staff(work, "reclassified", inquiry, told)
    message_citizen(work, "reclassified", inquiry, category=inquiry.category.value)
    return entry


def _filed_at(work: Work, inquiry: Inquiry) -> Destination:
    """Where the citizen stood: a complaint is first of all about that place, wherever the matter has gone since."""
    sign = work.session.get(Sign, inquiry.sign_id) if inquiry.sign_id else None
    if sign is not None:
        # A complaint has no first section of its own: the sign says where the citizen stood.
        return Destination(inquiry.first_unit, sign.post.section, sign.post, sign)
    return Destination(inquiry.first_unit, inquiry.first_section, inquiry.first_post, sign)


def _texts(
    work: Work, inquiry: Inquiry, change: Reclassification, *, turns: bool
) -> dict[str, tuple[str, str]]:
    words = {"reason": (MADE_COMPLAINT if turns else "reason", change.reason)}
    if change.about_name:
        words["about_name"] = ("about_name", change.about_name)
    kept = {role: store_text(work, inquiry, kind, text) for role, (kind, text) in words.items()}
    return {role: (row.id, digest) for role, (row, digest) in kept.items()}


def _lock(work: Work, inquiry: Inquiry, bearer: Bearer | None) -> None:
    """Take every chain that a breach, the change itself or the new holder may write to, in one order."""
    units = {inquiry.unit_id, *(clock.bearer_unit_id for clock in running_clocks(work, inquiry))}
    for somebody in (bearer.post, bearer.staff) if bearer else ():
        if somebody is not None:
            units.add(somebody.unit_id)
    lock_chains(work.session, units)


def _reclassify(inquiry: Inquiry, change: Reclassification, subject: Subject) -> None:
    inquiry.category = change.category
    inquiry.channel = change.channel or inquiry.channel
    inquiry.is_written = inquiry.is_written or counts_as_written(
        inquiry.category, inquiry.source, inquiry.channel
    )
    if change.category is Category.COMPLAINT and inquiry.is_confidential:
        return  # only 首问方式 was corrected: whom it is about stays
    inquiry.is_confidential = change.category is Category.COMPLAINT
    inquiry.about_kind = change.about
    inquiry.subject_staff_id = subject.staff_id
    inquiry.subject_section_id = subject.section_id
    inquiry.subject_unit_id = subject.unit_id


def _take_over(work: Work, inquiry: Inquiry, bearer: Bearer) -> Holding:
    """It passes to whom complaints go to, with every limit that still runs."""
    holding = hold(work, inquiry, post=bearer.post, staff=None if bearer.post else bearer.staff)
    pass_on_clocks(work, inquiry, holding, staff_id=bearer.staff.id if bearer.staff else None)
    return holding


def _end_limits(work: Work, inquiry: Inquiry, category: Category) -> list[Clock]:
    """End what no longer binds; whatever is late by now keeps its breach."""
    if category is inquiry.category:
        return []
    ended = []
    for clock in running_clocks(work, inquiry):
        duty = work.tools.statute.duty(clock.measure, clock.duty)
        binds = duty.binds(category, inquiry.is_written)
        if Event.RECLASSIFIED in duty.cancelled_by and falls_away(clock.strictness, binds=binds):
            end_clock(work, inquiry, clock, ClockEnd.CANCELLED)
            ended.append(clock)
    return ended


def _start_limits(work: Work, inquiry: Inquiry, holding: Holding, ended: list[Clock]) -> list[Clock]:
    """What filing starts for the new category and the round does not have: from the round's beginning, no time gained."""
    return start_clocks(
        work,
        inquiry,
        Event.FILED if inquiry.round == 1 else Event.REOPENED,
        since=round_began(work.session, inquiry),
        holding=holding,
        without=_had(work, inquiry, ended),
    )


def _had(work: Work, inquiry: Inquiry, ended: list[Clock]) -> set[str]:
    """Duties whose limit the round has or had; what a correction ended comes back with its category."""
    entries = work.session.scalars(
        select(LedgerEntry).where(
            LedgerEntry.inquiry_id == inquiry.id,
            LedgerEntry.event == "reclassified",
            ~LedgerEntry.is_mirror,
        )
    )
    corrected = {clock_id for entry in entries for clock_id in json.loads(entry.body)["facts"]["ended"]}
    corrected |= {clock.id for clock in ended}
    clocks = work.session.scalars(
        select(Clock).where(
            Clock.inquiry_id == inquiry.id,
            Clock.round == inquiry.round,
            Clock.end.is_distinct_from(ClockEnd.SUPERSEDED),
        )
    )
    return {clock.duty for clock in clocks if clock.id not in corrected}
