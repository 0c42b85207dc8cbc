"""What another system (12345, a mailbox) set beside our limits, shown as its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.models import ExternalNumber, Inquiry, InquiryText
from backend.queries.ledger_remarks import ReadText, external_shape
from backend.services.texts import read_text
from backend.services.work import Work


def external_limits(work: Work, page: list[Inquiry]) -> dict[str, dict[str, Any]]:
    """Number, limit and basis of those that came with one; `overdue` as of now, or of when it was closed."""
    by_id = {inquiry.id: inquiry for inquiry in page}
    rows = work.session.scalars(select(ExternalNumber).where(ExternalNumber.inquiry_id.in_(by_id))).all()
    text_ids = {text_id for row in rows for text_id in (row.text_id, row.basis_text_id) if text_id}
    found = select(InquiryText).where(InquiryText.id.in_(text_ids))
    texts = {text.id: text for text in work.session.scalars(found)} if text_ids else {}

    def read(inquiry_id: str, text_id: str | None) -> str | None:
        return read_text(work.tools, by_id[inquiry_id], texts[text_id]) if text_id else None

    return {row.inquiry_id: _shape(work, by_id[row.inquiry_id], row, read) for row in rows}


def _shape(work: Work, inquiry: Inquiry, row: ExternalNumber, read: ReadText) -> dict[str, Any]:
    due_at = row.due_at
    return {
        **(external_shape(row, read) or {}),
        "due_text": f"{date_phrase(due_at, work.now)} 前" if due_at else None,
        "overdue": due_at is not None and due_at < (inquiry.closed_at or work.now),
    }
