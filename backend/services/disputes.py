"""裁定: after the third refusal whoever stands above decides who takes a matter (design 4; 系统设定 third-refusal)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.domain.actors import SYSTEM
from backend.domain.complaints import Subject
from backend.domain.disputes import Refusal, is_dispute_due, levels_for, may_name_unit, units_concerned
from backend.domain.errors import (
    DisputeClosed,
    FieldInvalid,
    HandoffTargetUnavailable,
    RoleRequired,
    SubjectConflict,
)
from backend.domain.handoffs import Target
from backend.domain.identity import Identity
from backend.domain.states import Step
from backend.domain.vocabulary import DisputeLevel, DisputeState, HandoffState, PostKind, Role, Status
from backend.models import Coordinator, Dispute, Handoff, Holding, Inquiry, LedgerEntry, Post, Staff, Unit
from backend.models.types import new_id
from backend.services.changing import move
from backend.services.changing_clocks import pass_on_clocks, resume_clocks
from backend.services.clocks import end_clocks_by
from backend.services.holdings import bearers, hold, live_holding
from backend.services.ledger import lock_chains, record
from backend.services.outbox import message_citizen, message_staff
from backend.services.presence import keepers, people_with_role, section_post, unit_post
from backend.services.routing import oversight_post, subject_of_inquiry, unconcerned_keepers
from backend.services.targets import find_target
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event

_ONLY_OWN = "您只能裁定由本单位的科室或人员承办；涉及其他单位的，请提请上一级。"
_OUT_OF_SCOPE = {
    DisputeLevel.GENERAL_POST: _ONLY_OWN,
    DisputeLevel.UNIT_HEAD: _ONLY_OWN,
    DisputeLevel.COORDINATOR: "您只能裁定由所协调范围内的单位承办。",
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A dispute that is due: who decides it, and whose chains its entry goes to."""

    level: DisputeLevel
    arbiter_unit_id: str
    chains: frozenset[str]


def foresee_dispute(work: Work, inquiry: Inquiry) -> Foreseen | None:
    """Whether the last refusal was the third of this round, or the third since the last decision.

    None too where nobody stands above who could decide: then it may be offered on.
    """
    limit = work.tools.statute.number("third-refusal")
    refusals = _refusals(work, inquiry)
    if not is_dispute_due(len(refusals), _disputes_so_far(work, inquiry), limit):
        return None
    last = refusals[-limit:]
    holding = live_holding(work.session, inquiry)
    arbiter = _arbiter(work, inquiry, holding, last) if holding is not None else None
    if arbiter is None:
        return None
    level, unit_id = arbiter
    return Foreseen(level, unit_id, units_concerned(last) | {unit_id})


def begin_dispute(work: Work, inquiry: Inquiry, handoff: Handoff, foreseen: Foreseen) -> Dispute:
    """Open the dispute that the refusal of `handoff` brought about, and tell everybody concerned."""
    holding = live_holding(work.session, inquiry)
    dispute = Dispute(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        handoff_id=handoff.id,
        level=foreseen.level,
        arbiter_unit_id=foreseen.arbiter_unit_id,
        state=DisputeState.OPEN,
        opened_at=work.now,
    )
    work.session.add(dispute)
    work.session.flush()
    work = work.acting_as(SYSTEM)
    record(
        work,
        "dispute_opened",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=foreseen.chains,
        holding=holding,
        facts=_facts(dispute) | {"handoff": handoff.id},
    )
    _tell(work, inquiry, dispute, bearers(work.session, holding, work.now) if holding else [])
    message_citizen(work, "progress", inquiry, event="dispute_opened")
    return dispute


def arbiters(work: Work, inquiry: Inquiry, dispute: Dispute) -> list[Staff]:
    """The people who may decide now; never those a complaint is about."""
    return _people(work, dispute.level, dispute.arbiter_unit_id, subject_of_inquiry(inquiry))


def may_decide(work: Work, identity: Identity, inquiry: Inquiry, dispute: Dispute) -> bool:
    """Whether the dispute is open and this person is of those who decide it."""
    is_open = dispute.state is DisputeState.OPEN
    return is_open and identity.staff_id in {staff.id for staff in arbiters(work, inquiry, dispute)}


def decide_dispute(
    work: Work,
    identity: Identity,
    inquiry: Inquiry,
    dispute: Dispute,
    *,
    to_unit_id: str | None,
    to_section_id: str | None,
    to_staff_id: str | None,
    reason: str,
) -> LedgerEntry:
    """Name the unit (its general post), section or person who holds from now, with the reason.

    Raises DisputeClosed, RoleRequired, FieldInvalid, HandoffTargetUnavailable, SubjectConflict, IllegalTransition.
    """
    _ensure_decides(work, identity, inquiry, dispute)
    target = find_target(work, to_unit_id, to_section_id, to_staff_id)
    if target is None:
        raise HandoffTargetUnavailable("请选择由谁承办。")
    is_in_scope = _is_in_scope(work, dispute.arbiter_unit_id, target.unit_id)
    if not may_name_unit(dispute.level, dispute.arbiter_unit_id, target.unit_id, is_in_scope=is_in_scope):
        raise FieldInvalid("/to_unit", _OUT_OF_SCOPE[dispute.level])
    post, staff = _named_holder(work, inquiry, target)
    from_unit_id, before = inquiry.unit_id, inquiry.status
    former = live_holding(work.session, inquiry)
    told = bearers(work.session, former, work.now) if former is not None else []
    mirrors = _concerned(work, inquiry, dispute) | {from_unit_id, dispute.arbiter_unit_id}
    # Limits that are over by now write to the chains of their own first.
    lock_chains(work.session, mirrors | {target.unit_id, inquiry.first_unit_id})
    move(inquiry, Step.DECIDE)
    row, digest = store_text(work, inquiry, "reason", reason)
    holding = hold(work, inquiry, post=post, staff=None if post else staff)
    _end_transfer_limit(work, inquiry, from_unit_id)
    pass_on_clocks(work, inquiry, holding, staff_id=staff.id)
    if before is Status.AWAITING_CITIZEN:
        resume_clocks(work, inquiry)
    dispute.state = DisputeState.DECIDED
    dispute.decided_at = work.now
    dispute.decided_by_id = identity.staff_id
    dispute.decision_text_id = row.id
    dispute.to_unit_id, dispute.to_section_id = holding.unit_id, holding.section_id
    dispute.to_staff_id = holding.staff_id
    work.session.flush()
    entry = record(
        work,
        "dispute_decided",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=mirrors,
        holding=holding,
        facts=_facts(dispute)
        | {
            "from_unit": from_unit_id,
            "to_unit": dispute.to_unit_id,
            "to_section": dispute.to_section_id,
            "to_staff": dispute.to_staff_id,
        },
        texts={"reason": (row.id, digest)},
    )
    told += bearers(work.session, holding, work.now)
    message_staff(work, "dispute_decided", inquiry, [person.id for person in told], dispute=dispute.id)
    message_citizen(work, "progress", inquiry, event="dispute_decided")
    return entry


def escalate_dispute(
    work: Work, identity: Identity, inquiry: Inquiry, dispute: Dispute, *, reason: str
) -> LedgerEntry:
    """The general post passes it on to the unit head (design 4). Raises DisputeClosed, RoleRequired,
    HandoffTargetUnavailable when no head is there."""
    _ensure_decides(work, identity, inquiry, dispute)
    if dispute.level is not DisputeLevel.GENERAL_POST:
        raise RoleRequired("只有首问责任总岗可以提请单位主要负责人裁定。")
    subject = subject_of_inquiry(inquiry)
    if not _people(work, DisputeLevel.UNIT_HEAD, dispute.arbiter_unit_id, subject):
        raise HandoffTargetUnavailable("单位主要负责人暂时不在岗，请由总岗裁定。")
    row, digest = store_text(work, inquiry, "reason", reason)
    dispute.level = DisputeLevel.UNIT_HEAD
    # No step of the inquiry's life: it stays where it is, but whoever looks must see it has moved on.
    inquiry.version += 1
    work.session.flush()
    entry = record(
        work,
        "dispute_escalated",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=live_holding(work.session, inquiry),
        facts=_facts(dispute),
        texts={"reason": (row.id, digest)},
    )
    _tell(work, inquiry, dispute, [])
    return entry


def _ensure_decides(work: Work, identity: Identity, inquiry: Inquiry, dispute: Dispute) -> None:
    if dispute.state is not DisputeState.OPEN:
        raise DisputeClosed(state=dispute.state.value)
    if not may_decide(work, identity, inquiry, dispute):
        raise RoleRequired("这件事不由您裁定。")


def _refusals(work: Work, inquiry: Inquiry) -> list[Refusal]:
    """The offers of this round that were returned or met with silence, in order."""
    rows = work.session.scalars(
        select(Handoff)
        .join(Holding, Handoff.from_holding_id == Holding.id)
        .where(
            Handoff.inquiry_id == inquiry.id,
            Holding.round == inquiry.round,
            Handoff.state.in_((HandoffState.RETURNED, HandoffState.LAPSED)),
        )
        .order_by(Handoff.decided_at, Handoff.offered_at, Handoff.id)
    )
    return [Refusal(row.id, row.from_unit_id, row.to_unit_id) for row in rows]


def _disputes_so_far(work: Work, inquiry: Inquiry) -> int:
    count = select(func.count()).where(Dispute.inquiry_id == inquiry.id, Dispute.round == inquiry.round)
    return work.session.scalar(count) or 0


def _concerned(work: Work, inquiry: Inquiry, dispute: Dispute) -> frozenset[str]:
    """The units of the refusals this dispute is about: those up to the one that opened it."""
    limit = work.tools.statute.number("third-refusal")
    refusals = _refusals(work, inquiry)
    place = next(i for i, refusal in enumerate(refusals, 1) if refusal.handoff_id == dispute.handoff_id)
    return units_concerned(refusals[max(place - limit, 0) : place])


def _arbiter(
    work: Work, inquiry: Inquiry, holding: Holding, last: list[Refusal]
) -> tuple[DisputeLevel, str] | None:
    """The first level at which somebody is there and is no party to it."""
    session, subject = work.session, subject_of_inquiry(inquiry)
    unit = session.get_one(Unit, holding.unit_id)
    for level in levels_for(last):
        candidates: Iterable[str] = (unit.id,)
        if level is DisputeLevel.COORDINATOR:
            candidates = _coordinators(work, unit, units_concerned(last))
        for unit_id in candidates:
            people = _people(work, level, unit_id, subject)
            if people and not _is_party(work, level, holding, last, people):
                return level, unit_id
    return None


def _is_party(
    work: Work, level: DisputeLevel, holding: Holding, last: list[Refusal], people: list[Staff]
) -> bool:
    """Whether who would decide is who holds it or gave it away: the person, or the general post itself."""
    if holding.staff_id in {person.id for person in people}:
        return True
    if level is not DisputeLevel.GENERAL_POST:
        return False
    ids = [refusal.handoff_id for refusal in last]
    givers = select(Holding.post_id).join(Handoff, Handoff.from_holding_id == Holding.id)
    posts = set(work.session.scalars(givers.where(Handoff.id.in_(ids)))) | {holding.post_id}
    general = unit_post(work.session, holding.unit_id, PostKind.GENERAL)
    return general is not None and general.id in posts


def _coordinators(work: Work, unit: Unit, concerned: frozenset[str]) -> Iterator[str]:
    """The unit set for the nearest part of the tree that holds all units concerned, then the lead office above.

    A unit that is itself concerned settles nothing.
    """
    for scope in _upward(unit):
        set_ = work.session.get(Coordinator, scope.id)
        if set_ is not None and set_.unit_id not in concerned and _all_below(work, scope, concerned):
            yield set_.unit_id
    post = oversight_post(work.session, unit)
    if post is not None and post.unit_id not in concerned:
        yield post.unit_id


def _is_in_scope(work: Work, arbiter_unit_id: str, unit_id: str) -> bool:
    """Whether a coordinator settles for this unit: it is set for a unit at or above it, or is its lead office."""
    unit = work.session.get_one(Unit, unit_id)
    for scope in _upward(unit):
        set_ = work.session.get(Coordinator, scope.id)
        if set_ is not None and set_.unit_id == arbiter_unit_id:
            return True
    post = oversight_post(work.session, unit)
    return post is not None and post.unit_id == arbiter_unit_id


def _upward(unit: Unit | None) -> Iterator[Unit]:
    while unit is not None:
        yield unit
        unit = unit.parent


def _all_below(work: Work, scope: Unit, concerned: frozenset[str]) -> bool:
    units = (work.session.get_one(Unit, unit_id) for unit_id in concerned)
    return all(any(above.id == scope.id for above in _upward(unit)) for unit in units)


def _people(work: Work, level: DisputeLevel, unit_id: str, subject: Subject) -> list[Staff]:
    """Who decides at a level: the general post's keepers; the unit head; of a coordinator both, and its lead office."""
    session, found = work.session, []
    heads = people_with_role(session, Role.PRINCIPAL_LEADER, work.now, unit_id=unit_id)
    kinds = {
        DisputeLevel.GENERAL_POST: (PostKind.GENERAL,),
        DisputeLevel.UNIT_HEAD: (),
        DisputeLevel.COORDINATOR: (PostKind.GENERAL, PostKind.OVERSIGHT),
    }[level]
    for kind in kinds:
        post = unit_post(session, unit_id, kind)
        found += keepers(session, post, work.now) if post is not None else []
    if level is not DisputeLevel.GENERAL_POST:
        found += heads
    return [staff for staff in found if not subject.covers(staff.id, staff.section_id, staff.unit_id)]


def _named_holder(work: Work, inquiry: Inquiry, target: Target) -> tuple[Post | None, Staff]:
    """The post that holds, with who answers for it now; or the person alone. Raises HandoffTargetUnavailable,
    SubjectConflict."""
    session, subject = work.session, subject_of_inquiry(inquiry)
    if not target.people:
        raise HandoffTargetUnavailable()
    people = [p for p in target.people if not subject.covers(p.staff_id, p.section_id, p.unit_id)]
    if subject.covers("", target.section_id, target.unit_id) or not people:
        raise SubjectConflict()
    if target.staff_id is not None:
        return None, session.get_one(Staff, target.staff_id)
    if target.section_id is not None:
        post = section_post(session, target.section_id)
    else:
        post = unit_post(session, target.unit_id, PostKind.GENERAL)
    there = unconcerned_keepers(work, post, subject) if post is not None else []
    if post is not None and there:
        return post, there[0]
    return None, session.get_one(Staff, people[0].staff_id)


def _end_transfer_limit(work: Work, inquiry: Inquiry, from_unit_id: str) -> None:
    """Deciding is as good as serving (坛 六（四）): another unit takes it, or it is the unit's own duty."""
    is_ours = inquiry.unit_id == from_unit_id
    end_clocks_by(work, inquiry, Event.COMPETENCE_CONFIRMED if is_ours else Event.UNIT_HANDOFF_SERVED)


def _tell(work: Work, inquiry: Inquiry, dispute: Dispute, also: list[Staff]) -> None:
    """The arbiter's people and the lead office; `also` are told that it waits."""
    unit = work.session.get_one(Unit, inquiry.unit_id)
    lead = oversight_post(work.session, unit)
    people = [*arbiters(work, inquiry, dispute), *also]
    if lead is not None:
        people += keepers(work.session, lead, work.now)
    ids = [person.id for person in people]
    message_staff(work, "dispute", inquiry, ids, dispute=dispute.id, level=dispute.level.value)


def _facts(dispute: Dispute) -> dict[str, str | None]:
    return {
        "dispute": dispute.id,
        "level": dispute.level.value,
        "arbiter_unit": dispute.arbiter_unit_id,
    }
