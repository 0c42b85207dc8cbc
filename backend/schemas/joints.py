"""What staff send about joint handling (坛 六（三）、七（三）)."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.domain.joint import MOST_UNITS
from backend.domain.vocabulary import OpinionKind, ReportTo
from backend.schemas.fields import MESSAGES, Choice, Id, In, Inner, Moment, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT

_HOW_MANY = validate.Length(
    min=1, max=MOST_UNITS, error=f"value_invalid|请选择 1 到 {MOST_UNITS} 个其他单位。"
)


class JointIn(In):
    """The other units, what has to be handled together, and since when that is known."""

    units = fields.List(Id(), required=True, validate=_HOW_MANY, error_messages=MESSAGES)
    matter = Paragraphs(TEXT_LIMIT, required=True)
    found_at = Moment()


class JointOpinionIn(In):
    kind = Choice(OpinionKind, load_default=OpinionKind.OPINION)
    text = Paragraphs(TEXT_LIMIT, required=True)


class JointTaskPart(In):
    """What one of the other units does; the citizen reads it."""

    unit = Id(required=True)
    task = Paragraphs(1000, required=True)


class JointPlanIn(In):
    plan = Paragraphs(TEXT_LIMIT, required=True)
    tasks = fields.List(
        Inner(JointTaskPart), validate=validate.Length(max=MOST_UNITS), error_messages=MESSAGES
    )


class JointReportIn(In):
    """具体事项、各方理据、倾向性意见: all three, and to whom."""

    to = Choice(ReportTo, required=True)
    matters = Paragraphs(TEXT_LIMIT, required=True)
    positions = Paragraphs(TEXT_LIMIT, required=True)
    opinion = Paragraphs(TEXT_LIMIT, required=True)


class JointTaskDoneIn(In):
    text = Paragraphs(TEXT_LIMIT, required=True)
