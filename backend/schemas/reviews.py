"""内容复核 as it is sent and answered."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary_contact import CheckState
from backend.schemas.fields import Choice, In, Out, Paragraphs

NOTE_LIMIT = 500
DECISIONS = (CheckState.CLEARED, CheckState.FOLDED)


class ReviewListIn(In):
    cursor = fields.String()


class ReviewIn(In):
    decision = Choice(CheckState, only=DECISIONS, required=True)
    note = Paragraphs(NOTE_LIMIT)


class ReviewOut(Out):
    """One text or one file that somebody has to look at, and why."""

    id = fields.String()
    number = fields.String()
    display_number = fields.String()
    category_label = fields.String()
    part = fields.String(metadata={"description": "哪一部分：提交的内容、补充说明、照片或文件……"})
    text = fields.String(allow_none=True)
    attachment = fields.Nested("AttachmentOut", allow_none=True)
    checked_by = fields.String()
    checked_by_label = fields.String()
    reason = fields.String()
    reason_label = fields.String()
    found = fields.String(allow_none=True, metadata={"description": "机器认为是什么；没有检查的为空"})
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()


class ReviewListOut(Out):
    items = fields.List(fields.Nested(ReviewOut))
    next_cursor = fields.String(allow_none=True)


class ReviewedOut(Out):
    """What was decided, rendered from its ledger entry, so a replay says the same."""

    id = fields.String()
    event = fields.String()
    decision = fields.String()
    decision_label = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    receipt = fields.Nested("ReceiptOut")
