"""一次性告知 as people read it, what can be done about it, and the entries of the 事项目录 it can be filled from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.states import Step, allowed
from backend.domain.times import local
from backend.domain.vocabulary import ClockEnd, Status
from backend.models import Clock, Inquiry, InquiryText, Matter, Notice, Staff
from backend.services.changing_clocks import HANDLING_LIMIT
from backend.services.clocks import running_clocks
from backend.services.notices import documents_of, notices_of
from backend.services.texts import read_text
from backend.services.work import Work
from backend.statute.model import Event

FIELDS = ["basis", "time_limit", "procedure", "documents", "days", "days_kind", "matter"]
SUPPLEMENT_TITLE, PAPERS_TITLE = "补充说明", "收到补充材料"
TITLES = {"noticed": "一次性告知", "notice_received": "确认收到告知"}
TEXT_LABELS = {
    "basis": "依据：",
    "limit": "办理时限：",
    "procedure": "办理程序：",
    **{f"doc{place:02d}": f"所需资料 {place}：" for place in range(1, 31)},
}


def notice_of(work: Work, inquiry: Inquiry) -> dict[str, Any] | None:
    """The latest notice of the round with the earlier ones; None before the first."""
    given = notices_of(work, inquiry)
    if not given:
        return None
    documents: dict[str, list[dict[str, Any]]] = {notice.id: [] for notice in given}
    for row, name in documents_of(work, given):
        documents[row.notice_id].append(
            {"name": read_text(work.tools, inquiry, name), "unlisted": row.is_unlisted}
        )
    gone = _gone(work, given)
    shapes = [_shape(work, inquiry, notice, documents[notice.id], gone) for notice in given]
    running = running_clocks(work, inquiry)
    is_paused = any(clock.paused_at is not None for clock in running)
    awaiting = inquiry.status is Status.AWAITING_CITIZEN
    statute = work.tools.statute
    duty = statute.duties_started_by(
        inquiry.measure, Event.NOTICE_GIVEN, inquiry.category, inquiry.is_written
    )[0]
    return {
        **shapes[-1],
        "clause": duty.clause,
        "short_clause": duty.short_clause,
        "awaiting": awaiting,
        "paused": is_paused,
        "counted": awaiting and not is_paused and any(clock.duty == HANDLING_LIMIT for clock in running),
        "paused_note": statute.readings["pause-on-notice"].sentence,
        "unlisted_note": statute.readings["unlisted-demand"].sentence,
        "reading_label": statute.reading_label,
        "earlier": shapes[-2::-1],
    }


def notice_title(event: str, facts: dict[str, Any]) -> str:
    """What the timeline says of a notice, or of its receipt."""
    if event == "noticed" and facts["position"] > 1:
        more = f"，其中 {facts['unlisted']} 项在清单以外" if facts["unlisted"] else ""
        return f"再次告知{more}"
    return TITLES[event]


def supplement_title(work: Work, _event: str, facts: dict[str, Any]) -> str:
    """What the timeline says of a supplement: the citizen's own words, or papers that the office received, and when."""
    if "received_at" not in facts:
        return SUPPLEMENT_TITLE
    return f"{PAPERS_TITLE}，{date_phrase(datetime.fromisoformat(facts['received_at']), work.now)} 收到"


def notice_actions(inquiry: Inquiry, base: str, *, holds: bool) -> list[dict[str, Any]]:
    """Telling, and writing down what is brought upon it, for whoever holds it."""
    actions = []
    if holds and allowed(inquiry.status, Step.NOTIFY):
        actions.append(_action("notify", TITLES["noticed"], f"{base}/notice", FIELDS))
    if holds and allowed(inquiry.status, Step.SUPPLEMENT):
        fields = ["text", "received_at"]
        actions.append(_action("record_supplement", PAPERS_TITLE, f"{base}/supplements", fields))
    return actions


def receipt_actions(work: Work, inquiry: Inquiry, base: str) -> list[dict[str, Any]]:
    """Saying that one has it, for the citizen, once for each notice."""
    if inquiry.status is Status.CLOSED:
        return []
    given = notices_of(work, inquiry)
    if not given or given[-1].received_at is not None:
        return []
    return [_action("receive_notice", "我已收到这份告知", f"{base}/notice/receipt", [])]


def matter_options(work: Work, unit_id: str) -> list[tuple[str, str]]:
    """The live entries of a unit's 事项目录 as `(id, name)`."""
    rows = work.session.execute(
        select(Matter.id, Matter.name)
        .where(Matter.unit_id == unit_id, Matter.ended_at.is_(None))
        .order_by(Matter.name, Matter.id)
    )
    return [(matter_id, name) for matter_id, name in rows]


def _gone(work: Work, given: list[Notice]) -> set[str]:
    """Those of the notices whose limit no longer counts: another one took its place, or it was withdrawn."""
    rows = work.session.scalars(
        select(Clock.notice_id).where(
            Clock.notice_id.in_([notice.id for notice in given]), Clock.end == ClockEnd.CANCELLED
        )
    )
    return {notice_id for notice_id in rows if notice_id is not None}


def _shape(
    work: Work, inquiry: Inquiry, notice: Notice, documents: list[dict[str, Any]], gone: set[str]
) -> dict[str, Any]:
    def text(text_id: str) -> str:
        return read_text(work.tools, inquiry, work.session.get_one(InquiryText, text_id))

    by = work.session.get_one(Staff, notice.given_by_id)
    matter = work.session.get(Matter, notice.matter_id) if notice.matter_id else None
    kind, received = notice.limit_kind, notice.received_at
    late = "（已不再计算）" if notice.id in gone else ""
    return {
        "id": notice.id,
        "position": notice.position,
        "given_at": local(notice.given_at).isoformat(),
        "given_at_text": date_phrase(notice.given_at, work.now),
        "by": f"{(by.section or by.unit).name} {by.name}",
        "basis": text(notice.basis_text_id),
        "time_limit": text(notice.limit_text_id),
        "procedure": text(notice.procedure_text_id),
        "documents": documents,
        "days": notice.limit_days,
        "days_kind": kind.value if kind else None,
        "days_text": f"{kind.label} {notice.limit_days} 个工作日{late}" if kind else None,
        "matter": matter.name if matter is not None else None,
        "unlisted_count": sum(document["unlisted"] for document in documents),
        "received_at": local(received).isoformat() if received else None,
        "received_at_text": date_phrase(received, work.now) if received else None,
    }


def _action(name: str, label: str, href: str, fields: list[str]) -> dict[str, Any]:
    return {"name": name, "label": label, "method": "POST", "href": href, "fields": fields}
