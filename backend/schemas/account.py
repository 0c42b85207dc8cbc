"""What is answered to who has their account destroyed."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out


class ErasedOut(Out):
    erased_at = fields.String(metadata={"format": "date-time"})
    inquiries = fields.Integer(metadata={"description": "涉及几件事项"})
    kept = fields.String(metadata={"description": "依规定还留着什么，一句话"})
