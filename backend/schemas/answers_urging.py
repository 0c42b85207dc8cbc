"""How often an inquiry was urged, and when it can be urged again."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out


class RemindersOut(Out):
    count = fields.Integer()
    last_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    last_text = fields.String(allow_none=True)
    next_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    next_text = fields.String(allow_none=True)
