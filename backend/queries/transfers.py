"""Where a matter went beyond the system, and the dispute about who takes it: as citizens and staff see it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.states import Step, allowed
from backend.domain.times import local
from backend.domain.vocabulary import DisputeLevel, ExternalState
from backend.models import ExternalHandoff, Inquiry, InquiryText, Section, Unit
from backend.queries.people import place_name, ref
from backend.services.disputes import may_decide
from backend.services.external import may_record_result
from backend.services.pending import Pending, open_dispute
from backend.services.texts import read_text
from backend.services.work import Work


def external_handoffs_of(work: Work, inquiry: Inquiry, *, for_staff: bool) -> list[dict[str, Any]]:
    """Every letter to an outside authority, oldest first; what proves the 送达 is for staff alone."""
    rows = work.session.scalars(
        select(ExternalHandoff)
        .where(ExternalHandoff.inquiry_id == inquiry.id)
        .order_by(ExternalHandoff.made_at, ExternalHandoff.id)
    )
    return [_external_shape(work, inquiry, row, for_staff=for_staff) for row in rows]


def dispute_of(work: Work, inquiry: Inquiry) -> dict[str, Any] | None:
    """The open dispute; None when nobody is asked to decide."""
    dispute = open_dispute(work, inquiry)
    if dispute is None:
        return None
    unit = work.session.get_one(Unit, dispute.arbiter_unit_id)
    reading = work.tools.statute.readings["third-refusal"]
    label = dispute.level.label
    return {
        "id": dispute.id,
        "level": dispute.level.value,
        "level_label": label,
        "arbiter_unit": ref(unit),
        "arbiter_text": unit.name if dispute.level is DisputeLevel.COORDINATOR else f"{unit.name} {label}",
        "opened_at": local(dispute.opened_at).isoformat(),
        "reading": reading.sentence,
        "reading_label": work.tools.statute.reading_label,
    }


def transfer_actions(
    work: Work, identity: Identity, inquiry: Inquiry, pending: Pending, *, holds: bool
) -> list[tuple[str, str, str, list[str]]]:
    """What this person can do about letters and disputes: `(name, label, address below /api/v1/staff, fields)`."""
    letter, dispute = pending
    actions = []
    if holds and allowed(inquiry.status, Step.ADDRESS_OUTSIDE) and not pending.is_anything:
        path = f"/inquiries/{inquiry.number}/handoffs"
        actions.append(("address_outside", "书面移交系统外单位", path, ["external", "reason"]))
    if holds and letter is not None:
        path = f"/external-handoffs/{letter.id}"
        actions.append(("record_service", "登记送达", f"{path}/service", ["served_at", "how", "receipt"]))
        actions.append(("cancel_letter", "取消移交函", f"{path}/cancellation", ["reason"]))
    waiting = _awaiting_result(work, inquiry)
    if waiting is not None and may_record_result(work, identity, inquiry, waiting):
        path = f"/external-handoffs/{waiting.id}/result"
        actions.append(("record_result", "登记移交结果", path, ["text"]))
    if dispute is not None and may_decide(work, identity, inquiry, dispute):
        path = f"/disputes/{dispute.id}"
        fields = ["to_unit", "to_section", "to_staff", "reason"]
        if allowed(inquiry.status, Step.DECIDE):
            actions.append(("decide_dispute", "裁定由谁承办", f"{path}/decision", fields))
        if dispute.level is DisputeLevel.GENERAL_POST:
            actions.append(("escalate_dispute", "提请单位主要负责人裁定", f"{path}/escalation", ["reason"]))
    return actions


def latest_letter(work: Work, inquiry: Inquiry) -> ExternalHandoff | None:
    """The last letter, whatever became of it."""
    return work.session.scalar(
        select(ExternalHandoff)
        .where(ExternalHandoff.inquiry_id == inquiry.id)
        .order_by(ExternalHandoff.made_at.desc(), ExternalHandoff.id)
        .limit(1)
    )


def _awaiting_result(work: Work, inquiry: Inquiry) -> ExternalHandoff | None:
    """The last letter that was served and has had no answer yet."""
    return work.session.scalar(
        select(ExternalHandoff)
        .where(
            ExternalHandoff.inquiry_id == inquiry.id,
            ExternalHandoff.state == ExternalState.SERVED,
            ExternalHandoff.result_at.is_(None),
        )
        .order_by(ExternalHandoff.made_at.desc(), ExternalHandoff.id)
        .limit(1)
    )


def _external_shape(work: Work, inquiry: Inquiry, row: ExternalHandoff, *, for_staff: bool) -> dict[str, Any]:
    def text(text_id: str | None) -> str | None:
        found = work.session.get(InquiryText, text_id) if text_id else None
        return read_text(work.tools, inquiry, found) if found is not None else None

    unit = work.session.get_one(Unit, row.from_unit_id)
    section = work.session.get(Section, row.from_section_id) if row.from_section_id else None
    return {
        "id": row.id,
        "state": row.state.value,
        "state_label": row.state.label,
        "name": row.name,
        "address": row.address or None,
        "phone": row.phone or None,
        "from": place_name(unit, section),
        "clause": row.clause,
        "reason": text(row.reason_text_id),
        "made_at": local(row.made_at).isoformat(),
        "made_at_text": date_phrase(row.made_at, work.now),
        "served_at": local(row.served_at).isoformat() if row.served_at else None,
        "served_at_text": date_phrase(row.served_at, work.now) if row.served_at else None,
        "served_how": row.served_how.value if row.served_how else None,
        "served_how_label": row.served_how.label if row.served_how else None,
        "receipt": text(row.receipt_text_id) if for_staff else None,
        "result": text(row.result_text_id),
        "result_at": local(row.result_at).isoformat() if row.result_at else None,
        "result_at_text": date_phrase(row.result_at, work.now) if row.result_at else None,
    }
