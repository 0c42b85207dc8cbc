"""The forms of joint handling (坛 六（三）、七（三）), and the acts they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.loading import by_number
from backend.routes.operations import joints
from backend.routes.pages.forms import FormKind, filled, moment_of
from backend.routes.pages.steps import Step

UNIT = "unit_"
"""A box to tick for each other unit, called by its id; a form of a browser tells one value under one name."""
TASK = "task_"
"""What a unit does, under its id."""

JOINT = FormKind(
    ("units", "matter", "found_at"),
    {
        "units": "请选择共同办理的单位。",
        "matter": "请写明哪些事要一起办。",
        "found_at": "请把日期和时间都选上。",
    },
    families=(UNIT,),
)
OPINION = FormKind(("kind", "text"), {"kind": "请选择是意见还是协商记录。", "text": "请写下内容。"})
PLAN = FormKind(("plan",), {"plan": "请写明办理方案。"}, families=(TASK,))
REPORT = FormKind(
    ("to", "matters", "positions", "opinion"),
    {
        "to": "请选择主送哪里。",
        "matters": "请列明具体事项。",
        "positions": "请列明各方理据。",
        "opinion": "请提出倾向性意见。",
    },
)
TASK_DONE = FormKind(("text",), {"text": "请写明做了什么。"})


def joint(form: Mapping[str, str]) -> dict[str, Any]:
    """The ticked units, and the rest as it is written."""
    data = filled(form, "matter")
    if units := [name.removeprefix(UNIT) for name in _family(form, UNIT)]:
        data["units"] = units
    if form.get("found_at"):
        data["found_at"] = moment_of(form["found_at"])
    return data


def opinion(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "kind", "text")


def plan(form: Mapping[str, str]) -> dict[str, Any]:
    """The plan, and a task for each unit beside which something is written."""
    tasks = [{"unit": name.removeprefix(TASK), "task": form[name]} for name in _family(form, TASK)]
    return filled(form, "plan") | ({"tasks": tasks} if tasks else {})


def report(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "to", "matters", "positions", "opinion")


def task_done(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "text")


def partners(units: list[dict[str, Any]], shape: dict[str, Any]) -> list[dict[str, str]]:
    """Whom the lead can ask: every other active unit of the directory."""
    own = ((shape["holder"] or {}).get("unit") or {}).get("id")
    return [{"id": unit["id"], "name": unit["name"]} for unit in units if unit["id"] != own]


def _family(form: Mapping[str, str], prefix: str) -> list[str]:
    return sorted(name for name in form if name.startswith(prefix) and form[name].strip())


STEPS = {
    "joint": Step("start_joint", JOINT, joint, lambda number, who: joints.start(by_number(number, who), who)),
    "joint_opinions": Step(
        "joint_opinion", OPINION, opinion, lambda number, who: joints.opinion(by_number(number, who), who)
    ),
    "joint_plan": Step(
        "plan_joint", PLAN, plan, lambda number, who: joints.plan(by_number(number, who), who)
    ),
    "joint_report": Step(
        "refer_joint", REPORT, report, lambda number, who: joints.report(by_number(number, who), who)
    ),
    "joint_tasks": Step(
        "finish_joint_task",
        TASK_DONE,
        task_done,
        lambda number, who: joints.task_done(by_number(number, who), who),
    ),
}
"""Every act of a joint case by its address below the inquiry."""
