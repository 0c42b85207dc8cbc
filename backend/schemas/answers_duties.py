"""What the API says about the duties an inquiry called up."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out


class InterpretationOut(Out):
    """An official 解释 of a duty (坛 十三)."""

    document = fields.String()
    issued_on = fields.String(metadata={"format": "date"})
    text = fields.String()


class DutyOut(Out):
    """One duty of the measure, in the law's words, and whether it was carried out."""

    id = fields.String()
    title = fields.String()
    clause = fields.String()
    short_clause = fields.String()
    quote = fields.String()
    bearer_label = fields.String()
    state = fields.String(metadata={"enum": ["owed", "met", "met_late", "missed", "dropped", "doubted"]})
    since = fields.String(metadata={"format": "date-time"})
    at = fields.String(allow_none=True)
    at_text = fields.String(allow_none=True)
    interpretations = fields.List(fields.Nested(InterpretationOut))
    readings = fields.List(fields.String())
    reading_label = fields.String()
