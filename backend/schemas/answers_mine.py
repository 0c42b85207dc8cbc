"""我的事项 as the API answers it."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.answers import RefOut
from backend.schemas.fields import Out


class MyInquiryOut(Out):
    """A line of 我的事项: what it was about, how it stands, and whether it waits for a grade."""

    number = fields.String(required=True)
    display_number = fields.String()
    category = fields.String()
    category_label = fields.String()
    excerpt = fields.String(metadata={"description": "您写的内容的开头，最多 40 字"})
    received_at = fields.String(metadata={"format": "date-time"})
    received_text = fields.String()
    unit = fields.Nested(RefOut)
    section = fields.Nested(RefOut, allow_none=True)
    status = fields.String()
    status_label = fields.String()
    version = fields.Integer()
    round = fields.Integer()
    outcome = fields.String(allow_none=True)
    outcome_label = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True)
    holder_text = fields.String(allow_none=True)
    due_at = fields.String(allow_none=True)
    due_text = fields.String(allow_none=True)
    clock_state = fields.String(allow_none=True)
    rated = fields.Boolean(metadata={"description": "这一轮办理已经评价"})
    rateable = fields.Boolean(metadata={"description": "现在可以评价"})


class MineOut(Out):
    items = fields.List(fields.Nested(MyInquiryOut))
    next_cursor = fields.String(allow_none=True)
