"""抽查: what is sent, and how a check is shown in the unit that made it."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.spot_checks import CONTACT_RESULTS
from backend.domain.vocabulary import Grade
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckBy, SpotCheckMethod
from backend.schemas.fields import Choice, Flag, Id, In, Out, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT


class SpotCheckIn(In):
    """`with_staff` exactly when it is joint, `result` exactly when the citizen was called, `grade` when they answered."""

    by = Choice(SpotCheckBy, required=True)
    with_staff = Id()
    how = Choice(SpotCheckMethod, required=True)
    result = Choice(FollowUpState, only=CONTACT_RESULTS)
    grade = Choice(Grade)
    finding = Paragraphs(TEXT_LIMIT)
    needs_rectification = Flag(load_default=False)


class SpotCheckOut(Out):
    by = fields.String()
    by_label = fields.String()
    people = fields.List(fields.Nested("RefOut"))
    how = fields.String()
    how_label = fields.String()
    result = fields.String(allow_none=True)
    result_label = fields.String(allow_none=True)
    grade = fields.String(allow_none=True)
    grade_label = fields.String(allow_none=True)
    finding = fields.String(allow_none=True)
    needs_rectification = fields.Boolean()
    round = fields.Integer()
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()


class SpotCheckWayOut(Out):
    value = fields.String()
    label = fields.String()
