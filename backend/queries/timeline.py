"""What happened, in order: the chain's entries of one inquiry in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.handoffs import RETURN_BASIS
from backend.domain.times import local
from backend.domain.vocabulary import Grade, Outcome
from backend.models import Inquiry, InquiryText, LedgerEntry, Section, Staff, Unit
from backend.queries import (
    classification,
    closing,
    follow_up_titles,
    joint_titles,
    notices,
    privacy_titles,
    sign_offs,
    spot_checks,
    transfer_titles,
    urging,
)
from backend.queries.folding import folded_of
from backend.queries.lead_titles import LEAD_TEXT_LABELS, LEAD_TITLES, lead_title
from backend.queries.limits import LIMIT_EVENTS, limit_title
from backend.queries.people import place_name
from backend.services.texts import read_text
from backend.services.work import Work

TITLES = {
    "filed": "提交",
    "confirmed": "签收",
    "offered": "转交",
    "accepted": "承接",
    "returned": "退回",
    "lapsed": "逾期未承接，退回原承办方",
    "assigned": "分派",
    "supplemented": notices.SUPPLEMENT_TITLE,
    "attached": "添加附件",
    "closed": "办结",
    "withdrawn": "撤回",
    "reopened": "重新打开",
    "rated": "评价",
    "rating_changed": "修改评价",
    "clock_due_soon": "时限将到",
    "clock_overdue": "超过时限",
    "matter_named": "认定事项和办理时限",
    "clock_extended": "延长时限",
    "clock_recalculated": "放假安排公布，时限重新计算",
    **joint_titles.TITLES,
    **notices.TITLES,
    **transfer_titles.TITLES,
    "reclassified": "更正类别",
    **urging.TITLES,
    **follow_up_titles.TITLES,
    **privacy_titles.TITLES,
    **sign_offs.TITLES,
    **spot_checks.TITLES,
    **LEAD_TITLES,
}

CONFIDENTIAL_TO_STAFF = frozenset({"rated", "rating_changed"})
"""A rating moves nothing that staff see (design 5)."""

NOT_FOR_CITIZENS = frozenset(
    {
        "clock_due_soon",
        *joint_titles.NOT_FOR_CITIZENS,
        *privacy_titles.NOT_FOR_CITIZENS,
        *sign_offs.TITLES,
        *spot_checks.TITLES,
    }
)
"""What goes on inside the office."""

_TEXT_LABELS = {
    "content": "",
    "reason": "理由：",
    "clause": "职责依据：",
    "basis": "依据：",
    "remedy": "救济途径：",
    "limit_basis": "时限依据：",
    "reply": "",
    "supplement": "",
    "comment": "",
    "file_name": "",
    **joint_titles.TEXT_LABELS,
    **notices.TEXT_LABELS,
    **transfer_titles.TEXT_LABELS,
    **closing.TEXT_LABELS,
    **urging.TEXT_LABELS,
    **follow_up_titles.TEXT_LABELS,
    **privacy_titles.TEXT_LABELS,
    **sign_offs.TEXT_LABELS,
    **spot_checks.TEXT_LABELS,
    **LEAD_TEXT_LABELS,
}
_STAFF_ONLY_TEXTS = {
    "summary",
    *joint_titles.STAFF_ONLY_TEXTS,
    *transfer_titles.STAFF_ONLY_TEXTS,
    *urging.STAFF_ONLY_TEXTS,
    *sign_offs.STAFF_ONLY_TEXTS,
}
_UNIT_ONLY_TEXTS = follow_up_titles.UNIT_ONLY_TEXTS | spot_checks.UNIT_ONLY_TEXTS


def timeline_of(
    work: Work, inquiry: Inquiry, *, for_staff: bool, leads: frozenset[str] = frozenset()
) -> list[dict[str, Any]]:
    """Every entry, oldest first: `{event, at, at_text, title, by, text, round, status, folded}`.

    What concerns a lead stands here for those alone who may see it: `leads` are its ids.
    """
    entries = work.session.scalars(
        select(LedgerEntry).where(LedgerEntry.inquiry_id == inquiry.id, ~LedgerEntry.is_mirror)
    ).all()
    bodies = [(entry, json.loads(entry.body)) for entry in entries]
    bodies.sort(key=lambda pair: (pair[1]["version"], pair[0].recorded_at, pair[0].sequence))
    hidden = CONFIDENTIAL_TO_STAFF | privacy_titles.FOR_NOBODY if for_staff else NOT_FOR_CITIZENS
    folded = folded_of(work, inquiry).texts if for_staff else frozenset()
    texts = _texts(work, inquiry)
    labels = _TEXT_LABELS | {"clause": f"{RETURN_BASIS[inquiry.measure]}："}
    return [
        _shape(work, entry, body, texts, labels, for_staff=for_staff)
        | {"folded": not folded.isdisjoint(ref["id"] for ref in body.get("texts", {}).values())}
        for entry, body in bodies
        if entry.event not in hidden and (entry.event not in LEAD_TITLES or body["facts"]["lead"] in leads)
    ]


def _texts(work: Work, inquiry: Inquiry) -> dict[str, str]:
    rows = work.session.scalars(select(InquiryText).where(InquiryText.inquiry_id == inquiry.id))
    return {row.id: read_text(work.tools, inquiry, row) for row in rows}


def _shape(
    work: Work,
    entry: LedgerEntry,
    body: dict[str, Any],
    texts: dict[str, str],
    labels: dict[str, str],
    *,
    for_staff: bool,
) -> dict[str, Any]:
    hidden = _UNIT_ONLY_TEXTS if for_staff else _STAFF_ONLY_TEXTS
    shown = {
        role: texts.get(ref["id"], "") for role, ref in body.get("texts", {}).items() if role not in hidden
    }
    words = [
        f"{labels.get(role, '')}{text}"
        for role, text in sorted(shown.items(), key=_place)
        if role != "about_name"
    ]
    return {
        "event": entry.event,
        "at": local(entry.recorded_at).isoformat(),
        "at_text": date_phrase(entry.recorded_at, work.now),
        "title": _title(work, entry.event, follow_up_titles.without_grade(body) if for_staff else body),
        "by": _by(work, body["actor"]) if for_staff else _by_for_citizens(work, entry.event, body),
        "text": "\n".join(words) if words else None,
        "round": body["round"],
        "status": body["status"],
    }


def _by_for_citizens(work: Work, event: str, body: dict[str, Any]) -> str:
    return urging.supervisor_of(event, body.get("facts", {})) or _by(work, body["actor"])


def _place(shown: tuple[str, str]) -> int:
    """Texts of one entry stand in the order of their labels: an entry's own order is that of the alphabet."""
    return list(_TEXT_LABELS).index(shown[0]) if shown[0] in _TEXT_LABELS else -1


def _title(work: Work, event: str, body: dict[str, Any]) -> str:
    facts = body.get("facts", {})
    title = TITLES[event]
    if event == "offered":
        return f"{transfer_titles.verb(facts)}给{_target(work, facts)}"
    if event in {"accepted", "returned", "lapsed"}:
        said = "人员变动，退回原承办方" if facts.get("left") else title
        return f"{_target(work, facts)}：{said}"
    if event == "assigned":
        staff = work.session.get(Staff, facts["to_staff"])
        return f"{title}给{staff.name}" if staff else title
    for events, tell in _TOLD_ELSEWHERE:
        if event in events:
            return tell(work, event, facts)
    if event in CONFIDENTIAL_TO_STAFF:
        return f"{title}：{Grade(facts['grade']).label}"
    if event.startswith("clock_"):
        return f"{title}：{_duty_title(work, facts['duty'])}"
    if event == "filed" and facts.get("late_entry"):
        return "登记（补录）"
    return title


def _closed_title(work: Work, event: str, facts: dict[str, Any]) -> str:
    return f"{TITLES[event]}：{Outcome(facts['outcome']).label}{transfer_titles.served(work, facts)}"


Tell = Callable[[Work, str, dict[str, Any]], str]
_TOLD_ELSEWHERE: tuple[tuple[Container[str], Tell], ...] = (
    (transfer_titles.TITLES, transfer_titles.transfer_title),
    (joint_titles.TITLES, joint_titles.joint_title),
    (notices.TITLES, lambda _work, event, facts: notices.notice_title(event, facts)),
    ({"reclassified"}, lambda _work, _event, facts: classification.reclassified_title(facts)),
    (LIMIT_EVENTS, limit_title),
    ({"closed"}, _closed_title),
    ({"supplemented"}, notices.supplement_title),
    (privacy_titles.TITLES, lambda _work, event, facts: privacy_titles.privacy_title(event, facts)),
    (follow_up_titles.TITLES, lambda _work, event, facts: follow_up_titles.follow_up_title(event, facts)),
    (sign_offs.TITLES, lambda _work, event, facts: sign_offs.sign_off_title(event, facts)),
    (spot_checks.TITLES, lambda _work, event, facts: spot_checks.spot_check_title(event, facts)),
    (LEAD_TITLES, lead_title),
)
"""Whose business the line of an event is, feature by feature."""


def _duty_title(work: Work, duty_id: str) -> str:
    for measure in work.tools.statute.measures.values():
        for duty in measure.duties:
            if duty.id == duty_id:
                return duty.title
    return duty_id


def _target(work: Work, facts: dict[str, Any]) -> str:
    unit = work.session.get_one(Unit, facts["to_unit"])
    section = work.session.get(Section, facts["to_section"]) if facts.get("to_section") else None
    if section is not None and facts["to_unit"] == facts["from_unit"]:
        return section.name
    return place_name(unit, section)


def _by(work: Work, actor: dict[str, Any]) -> str:
    if actor["kind"] == "citizen":
        return "服务对象"
    staff = work.session.get(Staff, actor["id"]) if actor["id"] else None
    if staff is None:
        return "系统"
    return " ".join(
        part for part in (staff.section.name if staff.section else staff.unit.name, staff.name) if part
    )
