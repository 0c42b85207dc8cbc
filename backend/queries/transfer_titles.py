"""The lines that hand-offs beyond an offer write into the timeline: letters (坛 六（四）), disputes, results."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.clocks import date_phrase
from backend.domain.vocabulary import DisputeLevel, HandoffKind, HandoffMode
from backend.models import ExternalHandoff, Section, Staff, Unit
from backend.queries.people import place_name
from backend.services.work import Work

TITLES = {
    "addressed_outside": "拟书面移交",
    "external_cancelled": "取消书面移交",
    "result_back": "移交事项的结果",
    "dispute_opened": "多次退回，提请裁定由谁承办",
    "dispute_escalated": "提请单位主要负责人裁定",
    "dispute_decided": "裁定",
}
TEXT_LABELS = {"receipt": "送达凭据：", "result": ""}
STAFF_ONLY_TEXTS = frozenset({"receipt"})
"""What proves the 送达 may name somebody of the other authority."""


def transfer_title(work: Work, event: str, facts: dict[str, Any]) -> str:
    """One line for an event of TITLES."""
    title = TITLES[event]
    if "external" in facts:
        letter = work.session.get_one(ExternalHandoff, facts["external"])
        if event == "addressed_outside":
            return f"{title}给{letter.name}，等待送达"
        return f"{letter.name}：{title}" if event == "result_back" else f"{title}给{letter.name}"
    if event == "dispute_opened":
        return f"{title}：{_arbiter(work, facts)}"
    if event == "dispute_decided":
        return f"{_arbiter(work, facts)}{title}：由{_named(work, facts)}承办"
    return title


def verb(facts: dict[str, Any]) -> str:
    """领办导办 or 转交 inside the unit (坛 六（二）), 移交 to another unit (坛 六（四）; 泸 附件2)."""
    if facts.get("mode") == HandoffMode.ESCORT:
        return HandoffMode.ESCORT.label
    return "移交" if facts.get("kind") == HandoffKind.UNIT else HandoffMode.TRANSFER.label


def served(work: Work, facts: dict[str, Any]) -> str:
    """What an entry of closing adds once the letter was served: when, and that it was in time."""
    if "served_at" not in facts:
        return ""
    when = date_phrase(datetime.fromisoformat(facts["served_at"]), work.now)
    return f"（{when}送达{'，在时限以内' if facts.get('served_in_time') else ''}）"


def _arbiter(work: Work, facts: dict[str, Any]) -> str:
    unit = work.session.get_one(Unit, facts["arbiter_unit"])
    level = DisputeLevel(facts["level"])
    return unit.name if level is DisputeLevel.COORDINATOR else f"{unit.name}{level.label}"


def _named(work: Work, facts: dict[str, Any]) -> str:
    session = work.session
    unit = session.get_one(Unit, facts["to_unit"])
    section = session.get(Section, facts["to_section"]) if facts.get("to_section") else None
    staff = session.get(Staff, facts["to_staff"]) if facts.get("to_staff") else None
    place = place_name(unit, section)
    return f"{place} {staff.name}" if staff is not None else place
