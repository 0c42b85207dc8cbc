"""回复模板: what is sent and answered."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.answers import RefOut
from backend.schemas.fields import Flag, Id, In, Line, Moment, Out, Paragraphs

TITLE_LIMIT, BODY_LIMIT = 60, 5000


class ReplyTemplateIn(In):
    section = Id()
    title = Line(TITLE_LIMIT, required=True)
    body = Paragraphs(BODY_LIMIT, required=True)


class ReplyTemplateChangeIn(In):
    title = Line(TITLE_LIMIT, required=True)
    body = Paragraphs(BODY_LIMIT, required=True)
    active = Flag(load_default=True)
    unchanged_since = Moment(metadata={"description": "您看到的 changed_at：以后有人改过的不改，答 412"})


class ReplyTemplateListIn(In):
    cursor = fields.String()


class ReplyTemplateOut(Out):
    id = fields.String()
    section = fields.Nested(RefOut)
    title = fields.String()
    body = fields.String()
    active = fields.Boolean()
    changed_by = fields.String()
    changed_at = fields.String(metadata={"format": "date-time"})
    changed_text = fields.String()
    may_change = fields.Boolean()


class ReplyTemplateLineOut(ReplyTemplateOut):
    """The same as an item of the list (OpenAPI names a schema once for each use)."""


class ReplyTemplatesOut(Out):
    items = fields.List(fields.Nested(ReplyTemplateLineOut))
    next_cursor = fields.String(allow_none=True)
