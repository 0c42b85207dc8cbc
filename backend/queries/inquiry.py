"""One inquiry in full: as its citizen sees it, and as staff in its chain see it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.handoffs import RETURN_BASIS
from backend.domain.identity import Identity
from backend.domain.numbers import display_number
from backend.domain.ratings import can_change, shown_to_staff_until
from backend.domain.times import local
from backend.domain.vocabulary import Disposition, Grade, HandoffState, Role, Status
from backend.domain.vocabulary_ledger import LineKind
from backend.models import (
    Attachment,
    Handoff,
    Holding,
    Inquiry,
    InquiryText,
    LedgerEntry,
    LedgerRow,
    Rating,
)
from backend.queries.actions import citizen_actions, staff_actions
from backend.queries.clocks import clocks_of, no_limit_note
from backend.queries.closing import guidance_of
from backend.queries.deliveries import citizen_deliveries, staff_deliveries
from backend.queries.duties import duties_of
from backend.queries.external_limits import external_limits
from backend.queries.folding import folded_parts
from backend.queries.follow_ups import follow_ups_of
from backend.queries.holders import holders_of
from backend.queries.joints import joint_of
from backend.queries.leads import leads_of_inquiry
from backend.queries.limits import limit_choices
from backend.queries.notices import notice_of
from backend.queries.people import holder_of, place_name, ref
from backend.queries.sign_offs import opinions_of
from backend.queries.signals import signals_for
from backend.queries.spot_checks import spot_checks_of
from backend.queries.timeline import timeline_of
from backend.queries.transfers import dispute_of, external_handoffs_of
from backend.queries.urging import reminders_of
from backend.services.changing import open_offer
from backend.services.contacts import masked_name, masked_phone, national, read_contact
from backend.services.following import current_rating
from backend.services.holdings import last_holding, live_holding
from backend.services.silence import is_provisional
from backend.services.texts import read_text
from backend.services.work import Work

_SIZES = ((1024 * 1024, "MB"), (1024, "KB"))


def citizen_detail(work: Work, inquiry: Inquiry) -> dict[str, Any]:
    """Everything the citizen may know: also every hand-off and the clock that runs."""
    rating = current_rating(work, inquiry)
    return {
        **_common(work, inquiry, for_staff=False),
        "rating": _rating_shape(work, inquiry, rating),
        "deliveries": citizen_deliveries(work, inquiry),
        "actions": citizen_actions(work, inquiry, rating),
    }


def staff_detail(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any]:
    """Everything staff of the chain may know, and exactly the acts open to this person."""
    leads = leads_of_inquiry(work, identity, inquiry)
    offer = open_offer(work, inquiry)
    disposition = disposition_of(work, inquiry)
    return {
        **_common(work, inquiry, for_staff=True, leads=frozenset(lead["id"] for lead in leads)),
        "leads": leads,
        "limit_choices": limit_choices(work),
        "summary": _latest(work, inquiry, "summary"),
        "contact": _contact(work, identity, inquiry),
        **folded_parts(work, inquiry),
        "about": _about(work, inquiry),
        "late_entry": inquiry.is_late_entry,
        "confidential": inquiry.is_confidential,
        "written": inquiry.is_written,
        "disposition": disposition.value,
        "disposition_label": disposition.label,
        "external": external_limits(work, [inquiry]).get(inquiry.id),
        **opinions_of(work, identity, inquiry),
        "handoff": _handoff_shape(work, inquiry, offer) if offer is not None else None,
        "rating": _rating_for_staff(work, identity, inquiry),
        "follow_ups": follow_ups_of(work, identity, inquiry),
        **spot_checks_of(work, identity, inquiry),
        "signals": signals_for(work, identity, inquiry),
        "deliveries": staff_deliveries(work, identity, inquiry),
        "actions": staff_actions(work, identity, inquiry, offer),
    }


def receipt_of(entry: LedgerEntry) -> dict[str, Any]:
    """What proves that the entry stood at its place: sequence, hash and signature in hexadecimal."""
    return {"sequence": entry.sequence, "hash": entry.hash.hex(), "signature": entry.signature.hex()}


def disposition_of(work: Work, inquiry: Inquiry) -> Disposition:
    """办理情况 (泸 附件2) of the first unit's row in the ledger; of a complaint past that unit, of who holds it."""
    found = work.session.scalar(
        select(LedgerRow.disposition)
        .where(LedgerRow.inquiry_id == inquiry.id, LedgerRow.kind != LineKind.CONTINUED)
        .order_by(LedgerRow.kind, LedgerRow.taken_at)
        .limit(1)
    )
    return found or Disposition.OWN


def attachments_of(work: Work, inquiry: Inquiry) -> list[dict[str, Any]]:
    """The files of an inquiry; `url` is relative to where the caller came in."""
    rows = work.session.scalars(
        select(Attachment).where(Attachment.inquiry_id == inquiry.id).order_by(Attachment.position)
    )
    return [attachment_shape(work, inquiry, row) for row in rows]


def attachment_shape(work: Work, inquiry: Inquiry, row: Attachment) -> dict[str, Any]:
    """One file: what it is called, of which type and size, and when it came."""
    name = work.session.get(InquiryText, row.file_name_text_id) if row.file_name_text_id else None
    return {
        "id": row.id,
        "name": read_text(work.tools, inquiry, name) if name is not None else "附件",
        "media_type": row.media_type,
        "size": row.size,
        "size_text": _size_text(row.size),
        "added_at": local(row.added_at).isoformat(),
        "erased": row.erased_at is not None,
    }


def _common(
    work: Work, inquiry: Inquiry, *, for_staff: bool, leads: frozenset[str] = frozenset()
) -> dict[str, Any]:
    clocks = clocks_of(work, inquiry, for_staff=for_staff)
    terms = work.tools.statute.measures[inquiry.measure].terms
    return {
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "category": inquiry.category.value,
        "category_label": inquiry.category.label,
        "channel": inquiry.channel.value,
        "channel_label": inquiry.channel.label,
        "source": inquiry.source.value,
        "source_label": inquiry.source.label,
        "content": _latest(work, inquiry, "content"),
        "received_at": local(inquiry.received_at).isoformat(),
        "received_text": date_phrase(inquiry.received_at, work.now),
        "unit": ref(inquiry.first_unit),
        "section": ref(inquiry.first_section),
        "status": inquiry.status.value,
        "status_label": inquiry.status.label,
        "version": inquiry.version,
        "round": inquiry.round,
        "outcome": inquiry.outcome.value if inquiry.outcome else None,
        "outcome_label": inquiry.outcome.label if inquiry.outcome else None,
        "closed_at": local(inquiry.closed_at).isoformat() if inquiry.closed_at else None,
        "reply": reply_of(work, inquiry),
        "holder": _holder(work, inquiry),
        "first_responder": _first_responder(inquiry, terms.first_responder),
        "clocks": clocks,
        "no_limit_note": no_limit_note(work, inquiry, clocks),
        "measure": measure_shape(work, inquiry),
        "notice": notice_of(work, inquiry),
        "duties": duties_of(work, inquiry),
        "joint": joint_of(work, inquiry, for_staff=for_staff),
        "timeline": timeline_of(work, inquiry, for_staff=for_staff, leads=leads),
        "reminders": reminders_of(work, inquiry),
        "handoffs": _handoffs(work, inquiry),
        "external_handoffs": external_handoffs_of(work, inquiry, for_staff=for_staff),
        "dispute": dispute_of(work, inquiry),
        "holders": holders_of(work, inquiry),
        "attachments": attachments_of(work, inquiry),
    }


def measure_shape(work: Work, inquiry: Inquiry) -> dict[str, str]:
    """Which of the two measures binds, in its own words."""
    measure = work.tools.statute.measures[inquiry.measure]
    return {
        "id": inquiry.measure.value,
        "term": measure.terms.system,
        "title": measure.title,
        "document": measure.document_number,
    }


def _holder(work: Work, inquiry: Inquiry) -> dict[str, Any] | None:
    holding: Holding | None
    if inquiry.status is Status.CLOSED:
        holding = last_holding(work.session, inquiry)
    else:
        holding = live_holding(work.session, inquiry)
    return holder_of(holding) if holding is not None else None


def _first_responder(inquiry: Inquiry, term: str) -> dict[str, Any] | None:
    responder = inquiry.first_responder
    if responder is None:
        return None
    return {"id": responder.id, "name": responder.name, "term": term, "unit": ref(responder.unit)}


def reply_of(work: Work, inquiry: Inquiry) -> dict[str, Any] | None:
    """What the citizen was answered in this round; None while it is open, and for what was withdrawn."""
    if inquiry.status is not Status.CLOSED or inquiry.closed_at is None:
        return None
    entry = work.session.scalar(
        select(LedgerEntry)
        .where(LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "closed", ~LedgerEntry.is_mirror)
        .order_by(LedgerEntry.recorded_at.desc(), LedgerEntry.sequence.desc())
        .limit(1)
    )
    body = json.loads(entry.body) if entry is not None else {}
    if body.get("round") != inquiry.round:
        return None  # withdrawn, perhaps after an earlier round was answered
    texts = {
        role: read_text(work.tools, inquiry, work.session.get_one(InquiryText, ref["id"]))
        for role, ref in body["texts"].items()
    }
    return {
        "text": texts["reply"],
        "reason": texts.get("reason"),
        "basis": texts.get("basis"),
        "remedy": texts.get("remedy"),
        **guidance_of(work, inquiry, body.get("facts", {}), texts),
        "at": local(inquiry.closed_at).isoformat(),
        "at_text": date_phrase(inquiry.closed_at, work.now),
    }


def _handoffs(work: Work, inquiry: Inquiry) -> list[dict[str, Any]]:
    rows = work.session.scalars(
        select(Handoff).where(Handoff.inquiry_id == inquiry.id).order_by(Handoff.offered_at, Handoff.id)
    )
    return [_handoff_shape(work, inquiry, row) for row in rows]


def _handoff_shape(work: Work, inquiry: Inquiry, row: Handoff) -> dict[str, Any]:
    def text(text_id: str | None) -> str | None:
        found = work.session.get(InquiryText, text_id) if text_id else None
        return read_text(work.tools, inquiry, found) if found is not None else None

    return {
        "id": row.id,
        "kind": row.kind.value,
        "kind_label": row.kind.label,
        "mode": row.mode.value,
        "mode_label": row.mode.label,
        "state": row.state.value,
        "state_label": row.state.label,
        "written": row.is_written,
        "clause": row.clause,
        "from": place_name(row.from_unit, row.from_section),
        "to": place_name(row.to_unit, row.to_section) + (f" {row.to_staff.name}" if row.to_staff else ""),
        "to_unit": ref(row.to_unit),
        "to_section": ref(row.to_section),
        "to_staff": ref(row.to_staff),
        "reason": text(row.reason_text_id),
        "offered_at": local(row.offered_at).isoformat(),
        "offered_at_text": date_phrase(row.offered_at, work.now),
        "served_at": local(row.served_at).isoformat() if row.served_at else None,
        "lapses_at": local(row.lapses_at).isoformat(),
        "lapses_at_text": date_phrase(row.lapses_at, work.now),
        "lapses_provisional": row.state is HandoffState.OFFERED and is_provisional(work, row),
        "decided_at": local(row.decided_at).isoformat() if row.decided_at else None,
        "return_reason": text(row.return_reason_text_id),
        "return_clause": text(row.return_clause_text_id),
        "return_clause_label": RETURN_BASIS[inquiry.measure],
    }


def _rating_shape(work: Work, inquiry: Inquiry, rating: Rating | None) -> dict[str, Any] | None:
    if rating is None:
        return None
    comment = work.session.get(InquiryText, rating.comment_text_id) if rating.comment_text_id else None
    return {
        "grade": rating.grade.value,
        "grade_label": rating.grade.label,
        "comment": read_text(work.tools, inquiry, comment) if comment is not None else None,
        "share_with_section": rating.is_shared_with_section,
        "rated_at": local(rating.rated_at).isoformat(),
        "can_change": can_change(rating.rated_at, rating.changed_at, work.now),
    }


def _rating_for_staff(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any] | None:
    """Staff see grades in weekly batches: 总台账 and discipline the grade, others only where it was shared."""
    entry = work.session.scalar(
        select(LedgerEntry)
        .where(
            LedgerEntry.inquiry_id == inquiry.id,
            LedgerEntry.event.in_(("rated", "rating_changed")),
            LedgerEntry.recorded_at < shown_to_staff_until(work.now),
        )
        .order_by(LedgerEntry.recorded_at.desc(), LedgerEntry.sequence.desc())
        .limit(1)
    )
    body = json.loads(entry.body) if entry is not None else {}
    if body.get("round") != inquiry.round:
        return None
    grade = Grade(body["facts"]["grade"])
    sees_all = inquiry.unit_id in identity.units_with(Role.GENERAL_POST, Role.DISCIPLINE)
    if not (sees_all or body["facts"]["shared"]):
        return {"grade": None, "grade_label": "已评价（保密）"}
    return {"grade": grade.value, "grade_label": grade.label}


def _contact(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any] | None:
    """Who complains is named to nobody but the unit that holds the complaint, or held it last (design 4)."""
    if inquiry.citizen is None:
        return None
    contact = read_contact(work.tools, inquiry.citizen)
    holding = last_holding(work.session, inquiry)
    is_named = not inquiry.is_confidential or (holding is not None and holding.unit_id == identity.unit_id)
    return {
        "kind": contact.kind.value,
        "kind_label": contact.kind.label,
        "erased": inquiry.citizen.erased_at is not None,
        "name": contact.name if is_named else None,
        "org_name": contact.org_name if is_named else None,
        "phone": national(contact.phone) if contact.phone and is_named else None,
        "masked": " ".join(
            part
            for part in (
                masked_name(contact.name) if contact.name else None,
                masked_phone(contact.phone) if contact.phone else None,
            )
            if part
        ),
    }


def _about(work: Work, inquiry: Inquiry) -> dict[str, Any] | None:
    if inquiry.about_kind is None:
        return None
    return {
        "kind": inquiry.about_kind.value,
        "kind_label": inquiry.about_kind.label,
        "name": _latest(work, inquiry, "about_name"),
    }


def _latest(work: Work, inquiry: Inquiry, kind: str) -> str | None:
    row = work.session.scalar(
        select(InquiryText)
        .where(InquiryText.inquiry_id == inquiry.id, InquiryText.kind == kind)
        .order_by(InquiryText.created_at.desc(), InquiryText.id)
        .limit(1)
    )
    return read_text(work.tools, inquiry, row) if row is not None else None


def _size_text(size: int) -> str:
    for unit, name in _SIZES:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} 字节"
