"""The lines that joint handling (坛 六（三）、七（三）) writes into the timeline."""

from __future__ import annotations

from typing import Any

from backend.domain.joint import MOST_UNITS
from backend.domain.vocabulary import OpinionKind, ReportTo
from backend.models import Unit
from backend.services.work import Work

TITLES = {
    "joint_started": "请其他单位共同办理",
    "joint_opinion": "表明意见",
    "joint_planned": "商定办理方案",
    "joint_referred": "书面报告上级",
    "joint_task_done": "任务完成",
}
NOT_FOR_CITIZENS = frozenset({"joint_opinion"})
"""What units say among themselves; the citizen sees that each has answered."""
STAFF_ONLY_TEXTS = frozenset(
    {"joint_matter", "joint_plan", "joint_done", "report_matters", "report_positions", "report_opinion"}
)
TEXT_LABELS = {
    "joint_matter": "共同办理的事项：",
    "joint_opinion": "",
    "joint_consultation": "",
    "joint_plan": "方案：",
    "joint_done": "",
    "report_matters": "具体事项：",
    "report_positions": "各方理据：",
    "report_opinion": "倾向性意见：",
    **{f"joint_task_{place}": "任务：" for place in range(1, MOST_UNITS + 1)},
}


def joint_title(work: Work, event: str, facts: dict[str, Any]) -> str:
    """One of TITLES with the units and the kind that the entry names."""
    if event == "joint_started":
        names = "、".join(_unit(work, unit_id) for unit_id in facts["units"])
        return f"请{names}共同办理"
    if event == "joint_opinion":
        return f"{_unit(work, facts['unit'])}：{OpinionKind(facts['kind']).label}"
    if event == "joint_referred":
        return f"书面报告{ReportTo(facts['to']).label}"
    if event == "joint_task_done":
        return f"{_unit(work, facts['unit'])}：{TITLES[event]}"
    return TITLES[event]


def _unit(work: Work, unit_id: str) -> str:
    return work.session.get_one(Unit, unit_id).name
