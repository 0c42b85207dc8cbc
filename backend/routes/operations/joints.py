"""共同办理 as writes: begin, speak, plan, report upward, report a task done."""

from __future__ import annotations

from typing import Any

from backend.domain.errors import NotHolder
from backend.domain.identity import Identity
from backend.models import Inquiry
from backend.routes.answers import step_answer
from backend.routes.loading import Load
from backend.routes.operations.shared import Authorise, found_inquiry, holder_only, staff_step
from backend.routes.pipeline import Operation, Result
from backend.schemas.joints import JointIn, JointOpinionIn, JointPlanIn, JointReportIn, JointTaskDoneIn
from backend.services.holdings import live_holding
from backend.services.joint_acts import (
    Task,
    WrittenReport,
    finish_task,
    own_task,
    plan_joint,
    put_opinion,
    refer_joint,
)
from backend.services.joints import JointRequest, latest_joint, part_of, start_joint
from backend.services.work import Work


def start(load: Load, identity: Identity) -> Operation:
    """即时报告, and ask the other units."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        request = JointRequest(tuple(data["units"]), data["matter"], data.get("found_at"))
        joint, entry = start_joint(work, identity, found, request)
        return Result(found, entry, joint.id)

    return Operation(
        "start_joint", JointIn, load, act, step_answer, holder_only(identity), needs_version=True, status=201
    )


def opinion(load: Load, identity: Identity) -> Operation:
    """意见 or 协商记录, in the name of the own unit."""

    def act(work: Work, inquiry: Inquiry | None, data: dict[str, Any]) -> Result:
        found = found_inquiry(inquiry)
        said, entry = put_opinion(work, identity, found, kind=data["kind"], text=data["text"])
        return Result(found, entry, said.id)

    return Operation(
        "joint_opinion",
        JointOpinionIn,
        load,
        act,
        step_answer,
        _with_a_part(identity),
        needs_version=True,
        status=201,
    )


def plan(load: Load, identity: Identity) -> Operation:
    """商定办理方案, with a task for each unit that has one."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        tasks = [Task(one["unit"], one["task"]) for one in data.get("tasks", [])]
        return plan_joint(work, identity, inquiry, plan=data["plan"], tasks=tasks)

    return staff_step("plan_joint", JointPlanIn, load, step, holder_only(identity))


def report(load: Load, identity: Identity) -> Operation:
    """书面报告区委办公室或区政府办公室."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return refer_joint(work, identity, inquiry, WrittenReport(**data))

    return staff_step("refer_joint", JointReportIn, load, step, holder_only(identity))


def task_done(load: Load, identity: Identity) -> Operation:
    """A participant's general post: what its unit has done."""

    def step(work: Work, inquiry: Inquiry, data: dict[str, Any]) -> Any:
        return finish_task(work, identity, inquiry, text=data["text"])

    return staff_step("finish_joint_task", JointTaskDoneIn, load, step, _with_a_task(identity))


def _with_a_part(identity: Identity) -> Authorise:
    """The lead's holder and whoever speaks for a unit that was asked; where nobody was, as for any step."""

    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        found = found_inquiry(inquiry)
        joint = latest_joint(work.session, found)
        if joint is None:
            holder_only(identity)(work, found)
        elif live_holding(work.session, found) is not None and part_of(work, identity, found, joint) is None:
            raise NotHolder()

    return authorise


def _with_a_task(identity: Identity) -> Authorise:
    def authorise(work: Work, inquiry: Inquiry | None) -> None:
        found = found_inquiry(inquiry)
        joint = latest_joint(work.session, found)
        if joint is None:
            holder_only(identity)(work, found)
        elif live_holding(work.session, found) is not None and own_task(work, identity, joint) is None:
            raise NotHolder("报告任务完成的，是参加共同办理单位的首问责任总岗。")

    return authorise
