"""Lists of inquiries as staff get them: lines, pages, what a search found."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.answers_ledger import ExternalLimitOut
from backend.schemas.fields import Out


class WorkItemOut(Out):
    number = fields.String()
    display_number = fields.String()
    summary = fields.String(allow_none=True)
    category = fields.String()
    category_label = fields.String()
    late_entry = fields.Boolean()
    status = fields.String()
    status_label = fields.String()
    version = fields.Integer()
    received_at = fields.String()
    received_text = fields.String()
    due_at = fields.String(allow_none=True)
    due_text = fields.String(allow_none=True)
    remaining_text = fields.String(allow_none=True)
    clock_state = fields.String(allow_none=True)
    provisional = fields.Boolean()
    holder_text = fields.String(allow_none=True)
    external = fields.Nested(ExternalLimitOut, allow_none=True)


class WorkListOut(Out):
    items = fields.List(fields.Nested(WorkItemOut))
    next_cursor = fields.String(allow_none=True)


class SearchOut(WorkListOut):
    complete = fields.Boolean(metadata={"description": "false：更早的还没有找完，用 next_cursor 接着找"})
