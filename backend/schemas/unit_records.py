"""A record of a unit, as it is sent and as everybody reads it (坛 八、十一)."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary import UnitRecordKind
from backend.schemas.fields import Choice, Day, Id, In, Line, Out, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT


class UnitRecordIn(In):
    kind = Choice(UnitRecordKind, required=True)
    title = Line(200, required=True)
    document_number = Line(80)
    dated_on = Day(required=True)
    body = Paragraphs(TEXT_LIMIT, required=True)
    section = Id()
    staff = Id()


class RecordListIn(In):
    cursor = fields.String()


class PublishedRecordOut(Out):
    id = fields.String(required=True)
    kind = fields.String()
    kind_label = fields.String()
    title = fields.String()
    document_number = fields.String(allow_none=True)
    dated_on = fields.String(metadata={"format": "date"})
    dated_text = fields.String()
    body = fields.String()
    honours = fields.String(allow_none=True)


class PublishedRecordLineOut(PublishedRecordOut):
    """The same as an item of the list (OpenAPI names a schema once for each use)."""


class PublishedRecordsOut(Out):
    unit = fields.Nested("RefOut")
    measure = fields.String()
    items = fields.List(fields.Nested(PublishedRecordLineOut))
    next_cursor = fields.String(allow_none=True)
