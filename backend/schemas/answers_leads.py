"""Leads as they are shown: facts, what speaks for whom they concern, statement and decision."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.fields import Out

# By name: these schemas stand inside those of `answers`, which imports this module.
REF = "RefOut"
RECEIPT = "ReceiptOut"
ACTION = "ActionOut"
MEASURE = "MeasureOut"


class LeadOut(Out):
    """One line: which item of the measure, about whom, from which fact, how it stands."""

    id = fields.String()
    number = fields.String()
    display_number = fields.String()
    item = fields.String()
    clause = fields.String()
    quote = fields.String()
    against = fields.String()
    against_label = fields.String()
    ground = fields.String()
    ground_label = fields.String()
    state = fields.String()
    state_label = fields.String()
    unit = fields.Nested(REF)
    person = fields.Nested(REF, allow_none=True)
    about_text = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()
    unheard_note = fields.String(allow_none=True)
    stands = fields.Boolean(metadata={"description": "false: the breach it rests on is none any more"})
    fallen_note = fields.String(allow_none=True)


class LeadListOut(Out):
    items = fields.List(fields.Nested(LeadOut))
    next_cursor = fields.String(allow_none=True)


class LeadLimitOut(Out):
    """The limit that was passed, in the words of its clause."""

    id = fields.String()
    title = fields.String()
    clause = fields.String()
    quote = fields.String()
    strictness = fields.String()
    strictness_label = fields.String()
    starts_at = fields.String(metadata={"format": "date-time"})
    starts_text = fields.String()
    due_at = fields.String(metadata={"format": "date-time"})
    due_text = fields.String()
    ended_text = fields.String(allow_none=True)
    working_days_late = fields.Integer()
    provisional = fields.Boolean()
    readings = fields.List(fields.String())
    reading_label = fields.String()


class LeadElementOut(Out):
    """One element of the item. Facts fill themselves; the others stay open until a human finds them."""

    id = fields.String()
    text = fields.String()
    kind = fields.String()
    kind_label = fields.String()
    found = fields.Boolean(allow_none=True)
    evidence = fields.List(fields.String())
    words = fields.String(allow_none=True)
    found_by = fields.String(allow_none=True)
    found_text = fields.String(allow_none=True)


class ExculpationOut(Out):
    kind = fields.String()
    label = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()
    until_text = fields.String(allow_none=True)


class LeadHandoffOut(Out):
    giver = fields.String(data_key="from", attribute="from")
    to = fields.String()
    offered_text = fields.String()
    state_label = fields.String()
    decided_text = fields.String(allow_none=True)


class LeadClauseOut(Out):
    clause = fields.String()
    quote = fields.String()


class LeadStatementOut(Out):
    id = fields.String()
    by = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()
    text = fields.String(allow_none=True)


class ChosenMeasureOut(Out):
    value = fields.String()
    label = fields.String()


class LeadDecisionOut(Out):
    decided_on = fields.String(metadata={"format": "date"})
    decided_text = fields.String()
    body = fields.String()
    document = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    measures = fields.List(fields.Nested(ChosenMeasureOut))
    dismissed = fields.Boolean()
    tolerance = fields.String(allow_none=True)
    tolerance_label = fields.String(allow_none=True)
    recorded_by = fields.String()
    recorded_text = fields.String()


class LeadDetailOut(LeadOut):
    """A lead in full. `no_verdict` stands on every screen that shows one."""

    measure = fields.Nested(MEASURE)
    no_verdict = fields.String()
    recorded_at = fields.String(metadata={"format": "date-time"})
    recorded_text = fields.String()
    reported_by = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    inquiry_visible = fields.Boolean()
    limit = fields.Nested(LeadLimitOut, allow_none=True)
    elements = fields.List(fields.Nested(LeadElementOut))
    exculpations = fields.List(fields.Nested(ExculpationOut))
    handoffs = fields.List(fields.Nested(LeadHandoffOut))
    tolerance = fields.Nested(LeadClauseOut, allow_none=True)
    statements = fields.List(fields.Nested(LeadStatementOut))
    ways = fields.List(
        fields.Nested(ChosenMeasureOut),
        metadata={"description": "what a decision may choose from; none where the measure lists no ways"},
    )
    decision = fields.Nested(LeadDecisionOut, allow_none=True)
    actions = fields.List(fields.Nested(ACTION))


class LeadStepOut(Out):
    """A step on a lead as its ledger entry tells it; nothing of the inquiry is in it."""

    id = fields.String(required=True)
    event = fields.String()
    state = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    statement = fields.String(allow_none=True)
    receipt = fields.Nested(RECEIPT)
