"""What came of a call, as it is sent; and a page of the list of calls, as it is asked for."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.follow_ups import CALL_RESULTS
from backend.domain.vocabulary import Grade
from backend.domain.vocabulary_contact import FollowUpState
from backend.schemas.fields import Choice, In, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT


class FollowUpIn(In):
    """`grade` exactly when the call was answered."""

    result = Choice(FollowUpState, only=CALL_RESULTS, required=True)
    grade = Choice(Grade)
    comment = Paragraphs(TEXT_LIMIT)


class FollowUpListIn(In):
    cursor = fields.String()
