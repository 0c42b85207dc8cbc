"""What the API answers about transfers, disputes, who held a matter, and the facts about its hand-offs."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out

DATE_TIME = {"format": "date-time"}


class PlaceOut(Out):
    """A unit, by id and name."""

    id = fields.String()
    name = fields.String()


class ExternalHandoffOut(Out):
    """书面移交 to an authority beyond the system; `result` is what came back."""

    id = fields.String()
    state = fields.String(metadata={"enum": ["drafted", "served", "cancelled"]})
    state_label = fields.String()
    name = fields.String()
    address = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    from_ = fields.String(attribute="from", data_key="from")
    clause = fields.String()
    reason = fields.String(allow_none=True)
    made_at = fields.String(metadata=DATE_TIME)
    served_at = fields.String(allow_none=True, metadata=DATE_TIME)
    served_how = fields.String(allow_none=True)
    served_how_label = fields.String(allow_none=True)
    receipt = fields.String(allow_none=True, metadata={"description": "送达凭据，只给工作人员看"})
    result = fields.String(allow_none=True)
    result_at = fields.String(allow_none=True, metadata=DATE_TIME)


class DisputeOut(Out):
    """An open dispute: who decides, and since when."""

    id = fields.String()
    level = fields.String(metadata={"enum": ["general_post", "unit_head", "coordinator"]})
    level_label = fields.String()
    arbiter_unit = fields.Nested(PlaceOut)
    arbiter_text = fields.String()
    opened_at = fields.String(metadata=DATE_TIME)
    reading = fields.String()
    reading_label = fields.String()


class LegOut(Out):
    """One holder in the chain of holders; `to` is null while they hold it."""

    holder = fields.String()
    unit = fields.Nested(PlaceOut)
    from_ = fields.String(attribute="from", data_key="from", metadata=DATE_TIME)
    from_text = fields.String()
    to = fields.String(allow_none=True, metadata=DATE_TIME)
    to_text = fields.String(allow_none=True)
    by = fields.String(metadata={"description": "使其承办的事件"})
    by_label = fields.String()


class EvidenceOut(Out):
    handoff = fields.String(allow_none=True)
    at = fields.String(metadata=DATE_TIME)
    text = fields.String()


class SignalOut(Out):
    """A fact worth looking at, with its evidence; never a conclusion."""

    kind = fields.String()
    label = fields.String()
    evidence = fields.List(fields.Nested(EvidenceOut))


class LetterToOut(Out):
    name = fields.String()
    address = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class LetterFromOut(Out):
    unit = fields.String()
    address = fields.String(allow_none=True)
    section = fields.String(allow_none=True)
    person = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class LetterContactOut(Out):
    """Only what the authority needs to reach the citizen; `note` where that is kept back."""

    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class CitedOut(Out):
    clause = fields.String()
    quote = fields.String()


class LetterOut(Out):
    """移交函: the fields of the printed letter."""

    id = fields.String(required=True)
    kind = fields.String(metadata={"enum": ["external", "unit"]})
    number = fields.String()
    display_number = fields.String()
    letter_number = fields.String()
    from_ = fields.Nested(LetterFromOut, attribute="from", data_key="from")
    to = fields.Nested(LetterToOut)
    category_label = fields.String()
    at_once = fields.Boolean()
    received_at = fields.String(metadata=DATE_TIME)
    received_text = fields.String()
    content = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    cited = fields.List(fields.Nested(CitedOut))
    contact = fields.Nested(LetterContactOut)
    attachments = fields.List(fields.String())
    made_at = fields.String(metadata=DATE_TIME)
    made_text = fields.String()
    served_at = fields.String(allow_none=True, metadata=DATE_TIME)
    served_text = fields.String(allow_none=True)
    state = fields.String()
    state_label = fields.String()
