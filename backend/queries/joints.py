"""A joint case as it is shown: to the citizen which units and how far, to the office every word of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.codes import CODES
from backend.domain.clocks import date_phrase
from backend.domain.errors import JointNotAgreed, NotFound
from backend.domain.identity import Identity
from backend.domain.joint import exculpates
from backend.domain.states import Step, allowed
from backend.domain.times import local
from backend.domain.vocabulary import ClockEnd, OpinionKind, ReportTo, Status
from backend.models import Clock, Inquiry, InquiryText, JointHandling, JointOpinion, JointUnit, Staff, Unit
from backend.queries.clocks import clock_shape
from backend.queries.people import ref
from backend.services.joint_acts import own_task
from backend.services.joints import (
    JOINT_DUTY,
    PLAN_DUTY,
    REPORT_DUTY,
    joint_opinions,
    joint_units,
    latest_joint,
    may_be_agreed,
    open_joint,
    part_of,
    sets_duty,
)
from backend.services.texts import read_text
from backend.services.work import Work

REPORT_TITLE = "关于共同办理事项协调情况的报告"


def joint_of(work: Work, inquiry: Inquiry, *, for_staff: bool) -> dict[str, Any] | None:
    """The joint case that runs or ran last; None where there was none.

    The citizen learns which units, since when, how the plan stands and what each does; what units say among
    themselves stays in the office.
    """
    joint = latest_joint(work.session, inquiry)
    if joint is None:
        return None
    words = _Words(work, inquiry)
    units = joint_units(work.session, joint)
    shape = _for_everybody(work, inquiry, joint, units, words)
    return shape | _for_staff(work, inquiry, joint, units, words) if for_staff else shape


def joint_report(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """The written report as a document, with the 协商记录 as its appendix. Raises NotFound before it was sent."""
    joint = latest_joint(work.session, inquiry)
    if joint is None or joint.referred_at is None or joint.report_to is None or joint.referred_by_id is None:
        raise NotFound("这件事没有书面报告。")
    words = _Words(work, inquiry)
    duty = work.tools.statute.duty(inquiry.measure, REPORT_DUTY)
    return {
        "number": inquiry.number,
        "title": REPORT_TITLE,
        "clause": duty.clause,
        "quote": "……".join(duty.quote),
        "unit": ref(work.session.get_one(Unit, joint.lead_unit_id)),
        **_address(joint.report_to),
        "matter": words.of(joint.matter_text_id),
        "units": [ref(work.session.get_one(Unit, row.unit_id)) for row in joint_units(work.session, joint)],
        "matters": words.of(joint.report_matter_text_id),
        "positions": words.of(joint.report_positions_text_id),
        "opinion": words.of(joint.report_opinion_text_id),
        "consultations": [
            # A paper is read in another year too.
            _opinion(work, row, words) | {"said_at_text": f"{_date(row.at)} {local(row.at):%H:%M}"}
            for row in joint_opinions(work.session, joint)
            if row.kind is OpinionKind.CONSULTATION and row.at <= joint.referred_at
        ],
        "referred_by": ref(work.session.get_one(Staff, joint.referred_by_id)),
        "referred_at": local(joint.referred_at).isoformat(),
        "date_text": _date(joint.referred_at),
    }


def joint_actions(
    work: Work, identity: Identity, inquiry: Inquiry, *, holds: bool, is_free: bool
) -> list[dict[str, Any]]:
    """What this person can do to begin joint handling, or in its course. `is_free`: nothing else waits for an answer."""
    base = f"/api/v1/staff/inquiries/{inquiry.number}/joint"
    actions = []
    if holds and is_free and allowed(inquiry.status, Step.START_JOINT):
        actions.append(_action("start_joint", "请其他单位共同办理", base, ["units", "matter", "found_at"]))
    joint = open_joint(work.session, inquiry) if inquiry.status is Status.JOINT else None
    if joint is None:
        return actions
    if part_of(work, identity, inquiry, joint) is not None:
        actions.append(_action("joint_opinion", "写意见或协商记录", f"{base}/opinions", ["text", "kind"]))
    if holds and joint.planned_at is None and may_be_agreed(work.session, joint):
        actions.append(_action("plan_joint", "记录办理方案", f"{base}/plan", ["plan", "tasks"]))
    if holds and joint.referred_at is None and sets_duty(work.tools.statute, inquiry.measure, REPORT_DUTY):
        fields = ["to", "matters", "positions", "opinion"]
        actions.append(_action("refer_joint", "书面报告上级", f"{base}/report", fields))
    row = own_task(work, identity, joint) if joint.planned_at is not None else None
    if row is not None and row.done_at is None:
        actions.append(_action("finish_joint_task", "报告任务完成", f"{base}/tasks", ["text"]))
    return actions


class _Words:
    """The texts of one inquiry, opened one by one."""

    def __init__(self, work: Work, inquiry: Inquiry) -> None:
        self._work = work
        self._inquiry = inquiry

    def of(self, text_id: str | None) -> str | None:
        row = self._work.session.get(InquiryText, text_id) if text_id else None
        return read_text(self._work.tools, self._inquiry, row) if row is not None else None


def _for_everybody(
    work: Work, inquiry: Inquiry, joint: JointHandling, units: list[JointUnit], words: _Words
) -> dict[str, Any]:
    statute = work.tools.statute
    known = sets_duty(statute, inquiry.measure, JOINT_DUTY)
    duty = statute.duty(inquiry.measure, JOINT_DUTY) if known else None
    clock = _plan_clock(work, inquiry, joint)
    return {
        "id": joint.id,
        "round": joint.round,
        "state": joint.state.value,
        "state_label": joint.state.label,
        "clause": duty.clause if duty else None,
        "provided_by_us": duty is None,
        "lead": ref(work.session.get_one(Unit, joint.lead_unit_id)),
        **_moment(work, "started", joint.reported_at),
        **_moment(work, "planned", joint.planned_at),
        **_moment(work, "referred", joint.referred_at),
        **_moment(work, "ended", joint.ended_at),
        **_address(joint.report_to),
        "plan_clock": clock_shape(work, clock) if clock is not None else None,
        "units": [_unit(work, row, words) for row in units],
    }


def _for_staff(
    work: Work, inquiry: Inquiry, joint: JointHandling, units: list[JointUnit], words: _Words
) -> dict[str, Any]:
    opinions = [_opinion(work, row, words) for row in joint_opinions(work.session, joint)]
    return {
        "matter": words.of(joint.matter_text_id),
        "started_by": ref(work.session.get_one(Staff, joint.started_by_id)),
        **_moment(work, "found", joint.found_at),
        "plan": words.of(joint.plan_text_id),
        "opinions": opinions,
        "exculpation": _exculpation(work, inquiry, joint, opinions),
        "has_report": joint.referred_at is not None,
        "plan_refusal": _plan_refusal(work, joint),
        "reading_label": work.tools.statute.reading_label,
        "units": [_unit(work, row, words) | {"done_text": words.of(row.done_text_id)} for row in units],
    }


def _unit(work: Work, row: JointUnit, words: _Words) -> dict[str, Any]:
    return {
        "unit": ref(work.session.get_one(Unit, row.unit_id)),
        "answered": row.cooperated_at is not None,
        **_moment(work, "answered", row.cooperated_at),
        "task": words.of(row.task_text_id),
        "done": row.done_at is not None,
        **_moment(work, "done", row.done_at),
    }


def _opinion(work: Work, row: JointOpinion, words: _Words) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "kind_label": row.kind.label,
        "unit": ref(work.session.get_one(Unit, row.unit_id)),
        "by": ref(work.session.get_one(Staff, row.staff_id)),
        "text": words.of(row.text_id),
        **_moment(work, "said", row.at),
    }


def _exculpation(
    work: Work, inquiry: Inquiry, joint: JointHandling, opinions: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The 协商记录 beside a plan or report that came late, or has not come (系统设定 joint-report-late)."""
    clock = _plan_clock(work, inquiry, joint)
    if clock is None:
        return []
    settled_at = clock.ended_at or work.now
    return [
        row
        for row in opinions
        if row["kind"] == OpinionKind.CONSULTATION.value
        and exculpates(datetime.fromisoformat(row["said_at"]), settled_at=settled_at, due_at=clock.due_at)
    ]


def _plan_refusal(work: Work, joint: JointHandling) -> str | None:
    """Why no plan can be put on record yet; None where one can, or nothing is left to plan."""
    if joint.planned_at is not None or joint.ended_at is not None or may_be_agreed(work.session, joint):
        return None
    return CODES[JointNotAgreed.code].detail


def _plan_clock(work: Work, inquiry: Inquiry, joint: JointHandling) -> Clock | None:
    """The three working days of this joint case, as they stand."""
    return work.session.scalar(
        select(Clock)
        .where(
            Clock.inquiry_id == inquiry.id,
            Clock.round == joint.round,
            Clock.duty == PLAN_DUTY,
            Clock.end.is_distinct_from(ClockEnd.SUPERSEDED),
        )
        .order_by(Clock.created_at.desc())
        .limit(1)
    )


def _moment(work: Work, name: str, moment: datetime | None) -> dict[str, str | None]:
    return {
        f"{name}_at": local(moment).isoformat() if moment is not None else None,
        f"{name}_at_text": date_phrase(moment, work.now) if moment is not None else None,
    }


def _address(to: ReportTo | None) -> dict[str, str | None]:
    return {
        "report_to": to.value if to is not None else None,
        "report_to_label": to.label if to is not None else None,
    }


def _date(moment: datetime) -> str:
    day = local(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _action(name: str, label: str, href: str, fields: list[str]) -> dict[str, Any]:
    return {"name": name, "label": label, "method": "POST", "href": href, "fields": fields}
