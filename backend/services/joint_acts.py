"""What is put on record while units handle together (坛 六（三）): opinions and talks, the plan, the report, the tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.errors import IllegalTransition, JointNotAgreed, NotHolder
from backend.domain.identity import Identity
from backend.domain.joint import check_plan, check_report, check_task_done
from backend.domain.states import Step, next_status
from backend.domain.vocabulary import JointState, OpinionKind, ReportTo
from backend.models import Inquiry, JointHandling, JointOpinion, JointUnit, LedgerEntry
from backend.models.types import new_id
from backend.services.changing import ensure_holder, move
from backend.services.clocks import end_clocks_by, start_clocks
from backend.services.holdings import bearers, live_holding
from backend.services.joints import (
    REPORT_DUTY,
    joint_units,
    keeps_general_post,
    may_be_agreed,
    open_joint,
    part_of,
    partners,
    sets_duty,
)
from backend.services.ledger import record
from backend.services.locking import lock_concerned
from backend.services.outbox import message_citizen, message_staff
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event


@dataclass(frozen=True, slots=True)
class Task:
    """What one of the other units does."""

    unit_id: str
    text: str


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """列明具体事项、各方理据，并提出倾向性意见: all three."""

    to: ReportTo
    matters: str
    positions: str
    opinion: str


def put_opinion(
    work: Work, identity: Identity, inquiry: Inquiry, *, kind: OpinionKind, text: str
) -> tuple[JointOpinion, LedgerEntry]:
    """Put an opinion or a record of talks (协商记录) on record in the name of the own unit.

    The first word of a unit that was asked is its 主动配合. Raises NotHolder, IllegalTransition.
    """
    joint = _running(work, inquiry)
    part = part_of(work, identity, inquiry, joint)
    if part is None:
        raise NotHolder()
    move(inquiry, Step.WORK_JOINTLY)
    row, digest = store_text(work, inquiry, f"joint_{kind.value}", text)
    opinion = JointOpinion(
        id=new_id(),
        joint_id=joint.id,
        unit_id=part.unit_id,
        staff_id=identity.staff_id,
        kind=kind,
        text_id=row.id,
        at=work.now,
    )
    work.session.add(opinion)
    is_first = part.row is not None and _cooperated(work, inquiry, part.row)
    entry = record(
        work,
        "joint_opinion",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=(part.unit_id,),
        holding=live_holding(work.session, inquiry),
        facts={
            "joint": joint.id,
            "opinion": opinion.id,
            "unit": part.unit_id,
            "kind": kind.value,
            "is_first": is_first,
            "all_answered": _all_answered(work, joint),
        },
        texts={f"joint_{kind.value}": (row.id, digest)},
    )
    _tell(work, "joint_opinion", inquiry, joint)
    return opinion, entry


def plan_joint(
    work: Work, identity: Identity, inquiry: Inquiry, *, plan: str, tasks: Sequence[Task]
) -> LedgerEntry:
    """Put the agreed plan (商定办理方案) on record, once, with a task for each unit that has one.

    It ends the three working days; agreed late, the breach stays. A plan may also follow the written report, when the
    office above has decided. Nothing is agreed before every unit has spoken or talks are on record.
    Raises NotHolder, FieldInvalid, JointAlreadyPlanned, JointNotAgreed, IllegalTransition.
    """
    holding = ensure_holder(work, identity, inquiry, Step.WORK_JOINTLY)
    joint = _running(work, inquiry)
    rows = {row.unit_id: row for row in joint_units(work.session, joint)}
    check_plan(joint.planned_at, [task.unit_id for task in tasks], rows)
    if not may_be_agreed(work.session, joint):
        raise JointNotAgreed()
    lock_concerned(work, inquiry)
    move(inquiry, Step.WORK_JOINTLY)
    text, digest = store_text(work, inquiry, "joint_plan", plan)
    texts = {"joint_plan": (text.id, digest)}
    for place, task in enumerate(tasks, start=1):
        task_text, task_digest = store_text(work, inquiry, "joint_task", task.text)
        rows[task.unit_id].task_text_id = task_text.id
        texts[f"joint_task_{place}"] = (task_text.id, task_digest)
    joint.state = JointState.PLANNED
    joint.plan_text_id = text.id
    joint.planned_at = work.now
    joint.planned_by_id = identity.staff_id
    end_clocks_by(work, inquiry, Event.JOINT_PLANNED)
    entry = record(
        work,
        "joint_planned",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=rows,
        holding=holding,
        facts={"joint": joint.id, "tasks": [task.unit_id for task in tasks]},
        texts=texts,
    )
    _tell(work, "joint_planned", inquiry, joint)
    message_citizen(work, "progress", inquiry, event="joint_planned")
    return entry


def refer_joint(work: Work, identity: Identity, inquiry: Inquiry, report: WrittenReport) -> LedgerEntry:
    """Report in writing to 区委办公室 or 区政府办公室 what could not be settled, once (坛 六（三）).

    It ends the three working days like a plan; sent late, they stay overdue, and the 协商记录 stand beside it.
    Raises NotHolder, JointAlreadyReferred, IllegalTransition (also under a measure that knows no such report).
    """
    holding = ensure_holder(work, identity, inquiry, Step.WORK_JOINTLY)
    joint = _running(work, inquiry)
    if not sets_duty(work.tools.statute, inquiry.measure, REPORT_DUTY):
        raise IllegalTransition(
            "这件事适用的办法没有规定书面报告上级，请把协商情况写成协商记录。",
            status=inquiry.status.value,
            step=Step.WORK_JOINTLY.value,
        )
    check_report(joint.referred_at)
    lock_concerned(work, inquiry)
    move(inquiry, Step.WORK_JOINTLY)
    stored = {
        "report_matters": store_text(work, inquiry, "report_matters", report.matters),
        "report_positions": store_text(work, inquiry, "report_positions", report.positions),
        "report_opinion": store_text(work, inquiry, "report_opinion", report.opinion),
    }
    joint.state = JointState.REFERRED
    joint.report_to = report.to
    joint.report_matter_text_id = stored["report_matters"][0].id
    joint.report_positions_text_id = stored["report_positions"][0].id
    joint.report_opinion_text_id = stored["report_opinion"][0].id
    joint.referred_at = work.now
    joint.referred_by_id = identity.staff_id
    start_clocks(work, inquiry, Event.JOINT_DISAGREED, since=work.now, holding=holding)
    end_clocks_by(work, inquiry, Event.JOINT_REFERRED)
    entry = record(
        work,
        "joint_referred",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=[row.unit_id for row in joint_units(work.session, joint)],
        holding=holding,
        facts={"joint": joint.id, "to": report.to.value},
        texts={role: (row.id, digest) for role, (row, digest) in stored.items()},
    )
    _tell(work, "joint_referred", inquiry, joint)
    message_citizen(work, "progress", inquiry, event="joint_referred")
    return entry


def finish_task(work: Work, identity: Identity, inquiry: Inquiry, *, text: str) -> LedgerEntry:
    """A participant's general post reports what its unit has done (积极作为), once.

    Raises NotHolder, JointNotPlanned, JointTaskAlreadyDone, IllegalTransition.
    """
    joint = _running(work, inquiry)
    row = own_task(work, identity, joint)
    if row is None:
        raise NotHolder("报告任务完成的，是参加共同办理单位的首问责任总岗。")
    check_task_done(joint.planned_at, row.done_at)
    move(inquiry, Step.WORK_JOINTLY)
    done, digest = store_text(work, inquiry, "joint_done", text)
    row.done_text_id = done.id
    row.done_at = work.now
    is_first = _cooperated(work, inquiry, row)
    entry = record(
        work,
        "joint_task_done",
        inquiry,
        unit_id=inquiry.unit_id,
        mirror_unit_ids=(row.unit_id,),
        holding=live_holding(work.session, inquiry),
        facts={
            "joint": joint.id,
            "unit": row.unit_id,
            "is_first": is_first,
            "all_answered": _all_answered(work, joint),
        },
        texts={"joint_done": (done.id, digest)},
    )
    _tell(work, "joint_task_done", inquiry, joint)
    return entry


def own_task(work: Work, identity: Identity, joint: JointHandling) -> JointUnit | None:
    """The part of the unit whose general post this person keeps now, if it was asked."""
    rows = joint_units(work.session, joint)
    return next((row for row in rows if keeps_general_post(work, identity, row.unit_id)), None)


def _running(work: Work, inquiry: Inquiry) -> JointHandling:
    """The joint case that runs. Raises IllegalTransition when there is none."""
    next_status(inquiry.status, Step.WORK_JOINTLY)
    joint = open_joint(work.session, inquiry)
    if joint is None:
        raise AssertionError("an inquiry under joint handling has an open joint case")
    return joint


def _cooperated(work: Work, inquiry: Inquiry, row: JointUnit) -> bool:
    """主动配合 is on record from the unit's first word. True when this was it."""
    if row.cooperated_at is not None:
        return False
    row.cooperated_at = work.now
    end_clocks_by(work, inquiry, Event.JOINT_ANSWERED)
    return True


def _all_answered(work: Work, joint: JointHandling) -> bool:
    """Whether every unit that was asked has spoken by now: only then was 主动配合 done by all of them."""
    return all(row.cooperated_at is not None for row in joint_units(work.session, joint))


def _tell(work: Work, topic: str, inquiry: Inquiry, joint: JointHandling) -> None:
    """One message to whoever acts for the lead and to each unit that takes part; none to whoever acts."""
    holding = live_holding(work.session, inquiry)
    told = {staff.id for staff in bearers(work.session, holding, work.now)} if holding is not None else set()
    for row in joint_units(work.session, joint):
        told |= {staff.id for staff in partners(work, row.unit_id)}
    message_staff(work, topic, inquiry, told, joint=joint.id)
