"""What staff put beside a lead (坛 十; 泸 三（二）、三（三）)."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.domain.vocabulary import DecisionMeasure, LeadGround, LeadState, ToleranceLevel
from backend.schemas.fields import MESSAGES, Choice, Day, Flag, Id, In, Line, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT


class LeadIn(In):
    """A lead by hand: the item of the measure, what was seen, and about whom, where it is not the holder."""

    item = Line(40, required=True)
    note = Paragraphs(TEXT_LIMIT, required=True)
    ground = Choice(
        LeadGround, only=(LeadGround.REPORTED, LeadGround.SHIRKING), load_default=LeadGround.REPORTED
    )
    staff = Id()


class LeadElementIn(In):
    found = Flag(required=True)
    text = Paragraphs(TEXT_LIMIT, required=True)


class LeadStatementIn(In):
    text = Paragraphs(TEXT_LIMIT, required=True)


class LeadDecisionIn(In):
    """What the competent body decided (坛 十（三）、（四）、九)."""

    decided_on = Day(required=True)
    body = Line(200, required=True)
    document = Line(120)
    measures = fields.List(
        Choice(DecisionMeasure),
        load_default=list,
        validate=validate.Length(max=len(DecisionMeasure), error="value_invalid"),
        error_messages=MESSAGES,
    )
    reason = Paragraphs(TEXT_LIMIT, required=True)
    tolerance = Choice(ToleranceLevel)
    dismissed = Flag(load_default=False)


class LeadListIn(In):
    state = fields.String(metadata={"enum": [state.value for state in LeadState]})
    cursor = fields.String()
