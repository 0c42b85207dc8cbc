"""移交函: everything the printed letter says, for letters to outside authorities and to units on the system (坛 六（四）)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.errors import NotFound
from backend.domain.numbers import display_number
from backend.domain.times import local, local_date
from backend.domain.vocabulary import HandoffKind, PostKind
from backend.models import Attachment, ExternalHandoff, Handoff, Inquiry, InquiryText, Section, Staff, Unit
from backend.services.contacts import national, read_contact
from backend.services.presence import section_post, unit_post
from backend.services.texts import read_text
from backend.services.work import Work, find_by_id
from backend.statute.model import Event, LimitKind

KEPT_BACK = "投诉人信息按规定保密，需要联系时请由移交单位转达。"


def letter_of(work: Work, inquiry: Inquiry, letter_id: str) -> dict[str, Any]:
    """The fields of one letter of this inquiry. Raises NotFound for what is no written hand-off to another unit."""
    external = find_by_id(work.session, ExternalHandoff, letter_id)
    if external is not None and external.inquiry_id == inquiry.id:
        return _external(work, inquiry, external)
    handoff = find_by_id(work.session, Handoff, letter_id)
    if handoff is None or handoff.inquiry_id != inquiry.id or handoff.kind is not HandoffKind.UNIT:
        raise NotFound("没有这封移交函。")
    return _between_units(work, inquiry, handoff)


def _external(work: Work, inquiry: Inquiry, row: ExternalHandoff) -> dict[str, Any]:
    section = work.session.get(Section, row.from_section_id) if row.from_section_id else None
    return {
        **_common(work, inquiry, row.id, row.made_at, row.served_at, row.reason_text_id),
        "kind": "external",
        "from": _giver(work, row.from_unit_id, section, row.made_by_id),
        "to": {"name": row.name, "address": row.address or None, "phone": row.phone or None},
        "state": row.state.value,
        "state_label": row.state.label,
    }


def _between_units(work: Work, inquiry: Inquiry, row: Handoff) -> dict[str, Any]:
    post = unit_post(work.session, row.to_unit_id, PostKind.GENERAL)
    return {
        **_common(work, inquiry, row.id, row.offered_at, row.served_at, row.reason_text_id),
        "kind": "unit",
        "from": _giver(work, row.from_unit_id, row.from_section, row.offered_by_id),
        "to": {
            "name": row.to_unit.name,
            "address": row.to_unit.address or None,
            "phone": (post.phone if post is not None else "") or None,
        },
        "state": row.state.value,
        "state_label": row.state.label,
    }


def _common(
    work: Work,
    inquiry: Inquiry,
    letter_id: str,
    made_at: datetime,
    served_at: datetime | None,
    reason_text_id: str,
) -> dict[str, Any]:
    place = _letters(work, inquiry).index(letter_id) + 1
    every = work.tools.statute.measures[inquiry.measure].handoff_clauses.unit
    # Where the text has its own words for this category, those alone; else all that stand for any.
    clauses = [one for one in every if inquiry.category in one.categories] or [
        one for one in every if not one.categories
    ]
    reason = work.session.get_one(InquiryText, reason_text_id)
    number = display_number(inquiry.number)
    return {
        "id": letter_id,
        "number": inquiry.number,
        "display_number": number,
        "letter_number": f"{number}-{place}",
        "category_label": inquiry.category.label,
        "at_once": _is_at_once(work, inquiry),
        "received_at": local(inquiry.received_at).isoformat(),
        "received_text": _on_paper(inquiry.received_at),
        "content": _content(work, inquiry),
        "reason": read_text(work.tools, inquiry, reason),
        "cited": [{"clause": clause.clause, "quote": _quoted(clause.quote)} for clause in clauses],
        "contact": _contact(work, inquiry),
        "attachments": _attachments(work, inquiry),
        "made_at": local(made_at).isoformat(),
        "made_text": _on_paper(made_at),
        "served_at": local(served_at).isoformat() if served_at else None,
        "served_text": date_phrase(served_at, work.now) if served_at else None,
    }


def _is_at_once(work: Work, inquiry: Inquiry) -> bool:
    """Whether the authority is bound to take it up 即时 (坛 六（四）: 涉及书面申请的事项)."""
    duties = work.tools.statute.measures[inquiry.measure].duties
    return any(
        duty.limit.kind is LimitKind.AT_ONCE and duty.binds(inquiry.category, inquiry.is_written)
        for duty in duties
        if Event.UNIT_HANDOFF_SERVED in duty.starts_on
    )


def _letters(work: Work, inquiry: Inquiry) -> list[str]:
    """The letters of an inquiry in the order in which they were drawn up: the n-th has the number …-n."""
    outside = work.session.execute(
        select(ExternalHandoff.made_at, ExternalHandoff.id).where(ExternalHandoff.inquiry_id == inquiry.id)
    )
    between = work.session.execute(
        select(Handoff.offered_at, Handoff.id).where(
            Handoff.inquiry_id == inquiry.id, Handoff.kind == HandoffKind.UNIT
        )
    )
    return [letter_id for _, letter_id in sorted((row[0], row[1]) for row in (*outside, *between))]


def _giver(work: Work, unit_id: str, section: Section | None, staff_id: str) -> dict[str, Any]:
    unit = work.session.get_one(Unit, unit_id)
    post = section_post(work.session, section.id) if section is not None else None
    post = post or unit_post(work.session, unit_id, PostKind.GENERAL)
    return {
        "unit": unit.name,
        "address": unit.address or None,
        "section": section.name if section is not None else None,
        "person": work.session.get_one(Staff, staff_id).name,
        "phone": (post.phone if post is not None else "") or None,
    }


def _contact(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """What the authority needs to reach the citizen, and no more; of a complaint nothing (投诉人信息保密)."""
    if inquiry.is_confidential:
        return {"name": None, "phone": None, "note": KEPT_BACK}
    if inquiry.citizen is None:
        return {"name": None, "phone": None, "note": "服务对象没有留联系方式。"}
    contact = read_contact(work.tools, inquiry.citizen)
    return {
        "name": contact.org_name or contact.name,
        "phone": national(contact.phone) if contact.phone else None,
        "note": None,
    }


def _attachments(work: Work, inquiry: Inquiry) -> list[str]:
    rows = work.session.scalars(
        select(Attachment).where(Attachment.inquiry_id == inquiry.id).order_by(Attachment.position)
    )
    names = []
    for row in rows:
        text = work.session.get(InquiryText, row.file_name_text_id) if row.file_name_text_id else None
        names.append(read_text(work.tools, inquiry, text) if text is not None else f"附件 {row.position}")
    return names


def _content(work: Work, inquiry: Inquiry) -> str | None:
    row = work.session.scalar(
        select(InquiryText)
        .where(InquiryText.inquiry_id == inquiry.id, InquiryText.kind == "content")
        .order_by(InquiryText.created_at)
        .limit(1)
    )
    return read_text(work.tools, inquiry, row) if row is not None else None


def _quoted(quote: Sequence[str]) -> str:
    return "……".join(quote)


def _on_paper(moment: datetime) -> str:
    """A date as letters write it: 2026年11月16日."""
    day = local_date(moment)
    return f"{day.year}年{day.month}月{day.day}日"
