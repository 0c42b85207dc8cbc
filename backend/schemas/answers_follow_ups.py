"""回访 as the API shows it: calls to make, how a round was followed up, and what a survey's link opens."""

from __future__ import annotations

from marshmallow import fields

from backend.schemas.answers_closing import ReplyOut
from backend.schemas.fields import Out


class CallToMakeOut(Out):
    """A call that waits; phone and name are shown to whoever is to call, and to nobody else."""

    id = fields.String()
    number = fields.String()
    display_number = fields.String()
    version = fields.Integer()
    summary = fields.String(allow_none=True)
    category_label = fields.String()
    outcome_label = fields.String(allow_none=True)
    place_text = fields.String()
    closed_at = fields.String(metadata={"format": "date-time"})
    closed_text = fields.String()
    due_at = fields.String(metadata={"format": "date-time"})
    due_text = fields.String()
    remaining_text = fields.String()
    is_late = fields.Boolean()
    name = fields.String(allow_none=True)
    org_name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)


class CallsOut(Out):
    items = fields.List(fields.Nested(CallToMakeOut))
    next_cursor = fields.String(allow_none=True)


class SurveyStateOut(Out):
    """As it stood when the last week's grades were shown."""

    state = fields.String()
    state_label = fields.String()
    note = fields.String()


class CallStateOut(Out):
    """`grade` and `comment` are shown in the unit that called."""

    state = fields.String()
    state_label = fields.String()
    due_at = fields.String(allow_none=True)
    due_text = fields.String(allow_none=True)
    remaining_text = fields.String(allow_none=True)
    is_late = fields.Boolean()
    at = fields.String(allow_none=True)
    at_text = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    grade = fields.String(allow_none=True)
    grade_label = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)


class FollowUpsOut(Out):
    clause = fields.String(allow_none=True)
    provided_label = fields.String(
        allow_none=True, metadata={"description": "坛没有规定回访：这里有的，是本系统提供的"}
    )
    survey = fields.Nested(SurveyStateOut, allow_none=True)
    call = fields.Nested(CallStateOut, allow_none=True)
    reading = fields.String(allow_none=True)
    reading_label = fields.String()


class SurveyOut(Out):
    """What was asked of which unit and when, without its words; what was answered; whether it can be rated."""

    state = fields.String(metadata={"enum": ["open", "answered", "reopened"]})
    number = fields.String()
    display_number = fields.String()
    unit = fields.Nested("RefOut")
    received_at = fields.String(metadata={"format": "date-time"})
    received_text = fields.String()
    outcome = fields.String(allow_none=True)
    outcome_label = fields.String(allow_none=True)
    reply = fields.Nested(ReplyOut, allow_none=True)
    expires_at = fields.String(metadata={"format": "date-time"})
    expires_text = fields.String()
