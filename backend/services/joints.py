"""共同办理 (坛 六（三）、七（三）): the report to the head, who takes part, and the end with the inquiry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from backend.domain.identity import Identity
from backend.domain.joint import check_units, found_moment, is_agreed
from backend.domain.states import Step
from backend.domain.times import local
from backend.domain.vocabulary import JointState, OpinionKind, PostKind, Role
from backend.domain.vocabulary import Measure as MeasureId
from backend.models import (
    Holding,
    Inquiry,
    JointHandling,
    JointOpinion,
    JointUnit,
    LedgerEntry,
    RoleGrant,
    Section,
    Staff,
    Unit,
)
from backend.models.types import new_id
from backend.services.changing import acts_for, ensure_holder, move, name_first_responder
from backend.services.changing_clocks import resume_clocks
from backend.services.clocks import end_clocks_by, start_clocks
from backend.services.holdings import live_holding, round_began
from backend.services.ledger import record
from backend.services.locking import lock_concerned
from backend.services.outbox import message_citizen, message_staff
from backend.services.pending import ensure_nothing_pending
from backend.services.presence import is_staff_present, keepers, people_with_role, unit_post
from backend.services.routing import subject_of_inquiry
from backend.services.texts import store_text
from backend.services.work import Work, is_id
from backend.statute.model import Event, Statute

REPORT_DUTY = "joint-written-report"
PLAN_DUTY = "joint-plan"
JOINT_DUTY = "report-joint"


@dataclass(frozen=True, slots=True)
class JointRequest:
    """What the holder asks: the other units, what has to be handled together, and since when that is known."""

    unit_ids: tuple[str, ...]
    matter: str
    found_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """In whose name somebody acts in a joint case. `row` is None for the lead."""

    unit_id: str
    row: JointUnit | None


def start_joint(
    work: Work, identity: Identity, inquiry: Inquiry, request: JointRequest
) -> tuple[JointHandling, LedgerEntry]:
    """Report to the head that several units are needed, and ask the others (坛 六（三）, for consultations 七（三）).

    The report is due 即时 from `found_at`; once it stands in the head's box, opened or not, the first unit has three
    working days. Under 泸 no limit starts: its 方案 says nothing of joint handling.
    Raises NotHolder, FieldInvalid, SubjectConflict, DisputePending, HandoffPending, IllegalTransition.
    """
    holding = ensure_holder(work, identity, inquiry, Step.START_JOINT)
    ensure_nothing_pending(work, inquiry)
    check_units(
        request.unit_ids,
        lead_unit_id=holding.unit_id,
        active=_active(work.session, request.unit_ids),
        kept_from=_units_concerned(work.session, inquiry),
    )
    found_at = found_moment(request.found_at, since=_held_since(work, inquiry, holding), now=work.now)
    lock_concerned(work, inquiry, *request.unit_ids)
    move(inquiry, Step.START_JOINT)
    named = name_first_responder(work, inquiry, holding, identity.staff_id)
    matter, digest = store_text(work, inquiry, "joint_matter", request.matter)
    # Whoever waited for documents waits no longer: the units begin.
    resume_clocks(work, inquiry)
    start_clocks(work, inquiry, Event.JOINT_ASKED, since=found_at, holding=holding)
    end_clocks_by(work, inquiry, Event.JOINT_REPORTED)
    start_clocks(work, inquiry, Event.JOINT_REPORTED, since=work.now, holding=holding)
    joint = JointHandling(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        lead_unit_id=holding.unit_id,
        state=JointState.REPORTED,
        matter_text_id=matter.id,
        found_at=found_at,
        started_by_id=identity.staff_id,
        reported_at=work.now,
    )
    work.session.add(joint)
    work.session.flush()
    work.session.add_all(
        JointUnit(id=new_id(), joint_id=joint.id, unit_id=unit_id, asked_at=work.now)
        for unit_id in request.unit_ids
    )
    work.session.flush()
    entry = record(
        work,
        "joint_started",
        inquiry,
        unit_id=inquiry.unit_id,
        # None of those asked can deny it.
        mirror_unit_ids=request.unit_ids,
        holding=holding,
        facts={
            "joint": joint.id,
            "lead": joint.lead_unit_id,
            "units": list(request.unit_ids),
            "found_at": local(found_at).isoformat(),
            **named,
        },
        texts={"joint_matter": (matter.id, digest)},
    )
    message_staff(work, "joint_reported", inquiry, _ids(heads(work, joint.lead_unit_id)), joint=joint.id)
    for unit_id in request.unit_ids:
        message_staff(work, "joint_asked", inquiry, _ids(partners(work, unit_id)), joint=joint.id)
    message_citizen(work, "progress", inquiry, event="joint_started")
    return joint, entry


def end_joint(work: Work, inquiry: Inquiry) -> list[str]:
    """Closing or withdrawing ends the joint case; the citizen has one answer. Returns the units that took part."""
    joint = open_joint(work.session, inquiry)
    if joint is None:
        return []
    joint.ended_at = work.now
    work.session.flush()
    units = [row.unit_id for row in joint_units(work.session, joint)]
    for unit_id in units:
        message_staff(work, "joint_ended", inquiry, _ids(partners(work, unit_id)), joint=joint.id)
    return units


def open_joint(session: Session, inquiry: Inquiry) -> JointHandling | None:
    """The joint case that runs."""
    return session.scalar(
        select(JointHandling).where(JointHandling.inquiry_id == inquiry.id, JointHandling.ended_at.is_(None))
    )


def latest_joint(session: Session, inquiry: Inquiry) -> JointHandling | None:
    """The joint case that runs, or ran last, in whichever round."""
    return session.scalar(
        select(JointHandling)
        .where(JointHandling.inquiry_id == inquiry.id)
        .order_by(JointHandling.round.desc(), JointHandling.reported_at.desc())
        .limit(1)
    )


def joint_units(session: Session, joint: JointHandling) -> list[JointUnit]:
    """The other units, by name."""
    return list(
        session.scalars(
            select(JointUnit)
            .join(Unit, JointUnit.unit_id == Unit.id)
            .where(JointUnit.joint_id == joint.id)
            .order_by(Unit.name, Unit.id)
        )
    )


def joint_opinions(session: Session, joint: JointHandling) -> list[JointOpinion]:
    """What was said and talked, oldest first."""
    return list(
        session.scalars(
            select(JointOpinion)
            .where(JointOpinion.joint_id == joint.id)
            .order_by(JointOpinion.at, JointOpinion.id)
        )
    )


def has_talked(session: Session, joint: JointHandling) -> bool:
    """Whether a record of talks (协商记录) stands."""
    said = exists().where(JointOpinion.joint_id == joint.id, JointOpinion.kind == OpinionKind.CONSULTATION)
    return bool(session.scalar(select(said)))


def may_be_agreed(session: Session, joint: JointHandling) -> bool:
    """Whether a plan can be put on record: what the units said shows that it can have been agreed (坛 六（三）)."""
    answered = [row.cooperated_at is not None for row in joint_units(session, joint)]
    return is_agreed(answered, has_talked=has_talked(session, joint))


def part_of(work: Work, identity: Identity, inquiry: Inquiry, joint: JointHandling) -> Part | None:
    """In whose name this person speaks: the lead's holder, else a participant's general post or head."""
    holding = live_holding(work.session, inquiry)
    if holding is not None and acts_for(work, identity, holding):
        return Part(joint.lead_unit_id, None)
    leads = identity.units_with(Role.PRINCIPAL_LEADER)
    there = is_staff_present(work.session, identity.staff_id, work.now)
    for row in joint_units(work.session, joint):
        if (there and row.unit_id in leads) or keeps_general_post(work, identity, row.unit_id):
            return Part(row.unit_id, row)
    return None


def keeps_general_post(work: Work, identity: Identity, unit_id: str) -> bool:
    """Whether this person keeps the unit's 首问责任总岗 now."""
    return identity.staff_id in {staff.id for staff in _general_keepers(work, unit_id)}


def heads(work: Work, unit_id: str) -> list[Staff]:
    """Who is told as head of the first unit: its 主要领导, or whoever keeps its general post, or whoever is away."""
    return (
        people_with_role(work.session, Role.PRINCIPAL_LEADER, work.now, unit_id=unit_id)
        or _general_keepers(work, unit_id)
        or _away(work, unit_id)
    )


def partners(work: Work, unit_id: str) -> list[Staff]:
    """Who is told at a unit that was asked: its general post; with nobody there, its head though away."""
    return _general_keepers(work, unit_id) or heads(work, unit_id)


def sets_duty(statute: Statute, measure: MeasureId, duty_id: str) -> bool:
    """Whether the measure has this duty: 坛 knows joint handling, 泸 does not, and has it from this product."""
    return any(duty.id == duty_id for duty in statute.measures[measure].duties)


def _held_since(work: Work, inquiry: Inquiry, holding: Holding) -> datetime:
    """Since when the holder could find it out: the first of a round since the round began, another since they took it."""
    earlier = exists().where(
        Holding.inquiry_id == inquiry.id, Holding.round == inquiry.round, Holding.ended_at.is_not(None)
    )
    if work.session.scalar(select(earlier)):
        return holding.started_at
    return round_began(work.session, inquiry)


def _general_keepers(work: Work, unit_id: str) -> list[Staff]:
    post = unit_post(work.session, unit_id, PostKind.GENERAL)
    return keepers(work.session, post, work.now) if post is not None else []


def _away(work: Work, unit_id: str) -> list[Staff]:
    """Head and general post of a unit where nobody is present: the message waits for them."""
    head = select(RoleGrant.staff_id).where(
        RoleGrant.role == Role.PRINCIPAL_LEADER, RoleGrant.unit_id == unit_id, RoleGrant.section_id.is_(None)
    )
    people = list(
        work.session.scalars(
            select(Staff).where(Staff.is_active, Staff.id.in_(head)).order_by(Staff.name, Staff.id)
        )
    )
    post = unit_post(work.session, unit_id, PostKind.GENERAL)
    if not people and post is not None and post.holder is not None and post.holder.is_active:
        people = [post.holder]
    return people


def _active(session: Session, unit_ids: Iterable[str]) -> set[str]:
    wanted = [unit_id for unit_id in unit_ids if is_id(unit_id)]
    return set(session.scalars(select(Unit.id).where(Unit.id.in_(wanted), Unit.is_active)))


def _units_concerned(session: Session, inquiry: Inquiry) -> set[str]:
    """The units a complaint is about: the one named, and that of the section or person named."""
    subject = subject_of_inquiry(inquiry)
    units = {subject.unit_id} if subject.unit_id else set()
    if subject.section_id:
        units.add(session.get_one(Section, subject.section_id).unit_id)
    if subject.staff_id:
        units.add(session.get_one(Staff, subject.staff_id).unit_id)
    return units


def _ids(people: Iterable[Staff]) -> list[str]:
    return [staff.id for staff in people]
