"""`/staff/inquiries/{number}/joint`: several units handle one matter, and the first one leads (坛 六（三）、七（三）)."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.queries.joints import joint_report
from backend.routes.api import Shown, access, show, show_read, submission
from backend.routes.documented import documented
from backend.routes.loading import by_number, find_visible
from backend.routes.openapi import BEARER
from backend.routes.operations import joints
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.answers import StepOut
from backend.schemas.answers_joint import JointReportOut
from backend.schemas.joints import JointIn, JointOpinionIn, JointPlanIn, JointReportIn, JointTaskDoneIn

bp = APIBlueprint("staff_joints", __name__, tag="共同办理")

HOLDER_CODES = ("not_holder", "illegal_transition")


@bp.post("/staff/inquiries/<number>/joint")
@documented(
    bp,
    summary="报告本单位负责人，请其他单位共同办理",
    answer=StepOut,
    body=JointIn,
    status=201,
    write=True,
    versioned=True,
    codes=(*HOLDER_CODES, "subject_conflict", "dispute_pending", "handoff_pending"),
    security=BEARER,
)
def start(number: str) -> Shown:
    """The holding unit leads; the report stands in its head's box, and three working days run (坛 六（三）)."""
    identity = access().staff
    return show(carry_out(joints.start(by_number(number, identity), identity), submission()))


@bp.post("/staff/inquiries/<number>/joint/opinions")
@documented(
    bp,
    summary="写意见或协商记录",
    answer=StepOut,
    body=JointOpinionIn,
    status=201,
    write=True,
    versioned=True,
    codes=HOLDER_CODES,
    security=BEARER,
)
def put_opinion(number: str) -> Shown:
    """By the lead's holder, and by the general post or head of a unit that was asked."""
    identity = access().staff
    return show(carry_out(joints.opinion(by_number(number, identity), identity), submission()))


@bp.post("/staff/inquiries/<number>/joint/plan")
@documented(
    bp,
    summary="记录商定的办理方案和各单位的任务",
    answer=StepOut,
    body=JointPlanIn,
    write=True,
    versioned=True,
    codes=(*HOLDER_CODES, "joint_already_planned", "joint_not_agreed"),
    security=BEARER,
)
def plan(number: str) -> Shown:
    """Once; what changes afterwards is put down as a record of talks."""
    identity = access().staff
    return show(carry_out(joints.plan(by_number(number, identity), identity), submission()))


@bp.post("/staff/inquiries/<number>/joint/report")
@documented(
    bp,
    summary="书面报告区委办公室或区政府办公室",
    answer=StepOut,
    body=JointReportIn,
    write=True,
    versioned=True,
    codes=(*HOLDER_CODES, "joint_already_referred"),
    security=BEARER,
)
def refer(number: str) -> Shown:
    """具体事项、各方理据 and 倾向性意见, all three; once."""
    identity = access().staff
    return show(carry_out(joints.report(by_number(number, identity), identity), submission()))


@bp.get("/staff/inquiries/<number>/joint/report")
@documented(bp, summary="书面报告的内容，附协商记录", answer=JointReportOut, security=BEARER)
def get_report(number: str) -> Shown:
    """The report as it was sent; 404 before."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, access().staff)
        return show_read(joint_report(work, inquiry), version=inquiry.version)


@bp.post("/staff/inquiries/<number>/joint/tasks")
@documented(
    bp,
    summary="报告本单位的任务完成",
    answer=StepOut,
    body=JointTaskDoneIn,
    write=True,
    versioned=True,
    codes=(*HOLDER_CODES, "joint_not_planned", "joint_task_already_done"),
    security=BEARER,
)
def finish_task(number: str) -> Shown:
    """By the general post of a unit that was asked, once."""
    identity = access().staff
    return show(carry_out(joints.task_done(by_number(number, identity), identity), submission()))
