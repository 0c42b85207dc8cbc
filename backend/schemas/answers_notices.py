"""A one-time notice as the API shows it."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out


class NoticeDocumentOut(Out):
    name = fields.String()
    unlisted = fields.Boolean(
        metadata={"description": "asked for later than the first notice, and not on its list"}
    )


class EarlierNoticeOut(Out):
    """One notice: its four parts, and whether the citizen has it."""

    id = fields.String()
    position = fields.Integer()
    given_at = fields.String(metadata={"format": "date-time"})
    given_at_text = fields.String()
    by = fields.String()
    basis = fields.String()
    time_limit = fields.String()
    procedure = fields.String()
    documents = fields.List(fields.Nested(NoticeDocumentOut))
    days = fields.Integer(allow_none=True)
    days_kind = fields.String(allow_none=True)
    days_text = fields.String(allow_none=True)
    matter = fields.String(allow_none=True)
    unlisted_count = fields.Integer()
    received_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    received_at_text = fields.String(allow_none=True)


class NoticeOut(EarlierNoticeOut):
    """The latest notice of the round, with the earlier ones, and how the matter stands by it."""

    clause = fields.String()
    short_clause = fields.String()
    awaiting = fields.Boolean(metadata={"description": "whether the citizen is waited for"})
    paused = fields.Boolean(metadata={"description": "whether a limit stands still meanwhile"})
    counted = fields.Boolean(
        metadata={"description": "whether the handling limit runs on although the citizen is waited for"}
    )
    paused_note = fields.String()
    unlisted_note = fields.String()
    reading_label = fields.String()
    earlier = fields.List(fields.Nested(EarlierNoticeOut))
