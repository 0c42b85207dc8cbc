"""Texts of an inquiry: sealed with its data key, committed to in the ledger by a salted hash."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from backend.domain.ledger import commitment
from backend.models import Inquiry, InquiryText
from backend.models.types import new_id
from backend.services.summary_terms import index_summary
from backend.services.work import Tools, Work

SALT_BYTES = 16
SUMMARY = "summary"
ERASED = "（内容已按规定删除）"


def text_context(inquiry_id: str, text_id: str) -> str:
    """What a sealed text is bound to, so that it cannot be moved to another inquiry or place."""
    return f"text:{inquiry_id}:{text_id}"


def store_text(work: Work, inquiry: Inquiry, kind: str, text: str) -> tuple[InquiryText, str]:
    """Seal a text and add it to the inquiry. Returns the row and its commitment (hex) for the ledger."""
    if inquiry.wrapped_key is None:
        raise ValueError("the inquiry has been erased")
    salt = secrets.token_bytes(SALT_BYTES)
    text_id = new_id()
    row = InquiryText(
        id=text_id,
        inquiry_id=inquiry.id,
        kind=kind,
        sealed=work.tools.vault.seal(inquiry.wrapped_key, text, text_context(inquiry.id, text_id)),
        salt=salt,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    if kind == SUMMARY:
        index_summary(work, inquiry, text)
    return row, commitment(salt, text)


def index_summary_again(work: Work, inquiry: Inquiry) -> None:
    """Make an inquiry that another unit took over be found there by the summary it has."""
    row = work.session.scalar(
        select(InquiryText)
        .where(InquiryText.inquiry_id == inquiry.id, InquiryText.kind == SUMMARY)
        .order_by(InquiryText.created_at.desc())
        .limit(1)
    )
    if row is not None and row.sealed is not None:
        index_summary(work, inquiry, read_text(work.tools, inquiry, row))


def read_text(tools: Tools, inquiry: Inquiry, row: InquiryText) -> str:
    """The text in clear, or a note where it was erased."""
    return open_text(tools, inquiry.id, inquiry.wrapped_key, row.id, row.sealed)


def open_text(
    tools: Tools, inquiry_id: str, wrapped_key: bytes | None, text_id: str, sealed: bytes | None
) -> str:
    """The same from its columns alone, for whoever reads many."""
    if wrapped_key is None or sealed is None:
        return ERASED
    return tools.vault.unseal_text(wrapped_key, sealed, text_context(inquiry_id, text_id))
