"""What staff send to tell all at once (坛 六（一）)."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.domain.notices import NoticeParts
from backend.domain.vocabulary import LimitBasis
from backend.schemas.fields import MESSAGES, Choice, Id, In, Line, Moment, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT
from backend.schemas.limits import WorkingDays

DOCUMENTS_LIMIT = 30
LIMIT_LIMIT = 500


class NoticeIn(In):
    """All four parts in one body; with `matter`, an entry of the unit's 事项目录, what is left out comes from there."""

    basis = Paragraphs(TEXT_LIMIT)
    time_limit = Paragraphs(LIMIT_LIMIT)
    procedure = Paragraphs(TEXT_LIMIT)
    documents = fields.List(
        Line(200),
        validate=validate.Length(1, DOCUMENTS_LIMIT, error="value_invalid|所需资料写 1 到 30 项。"),
        error_messages=MESSAGES,
    )
    days = WorkingDays()
    days_kind = Choice(LimitBasis)
    matter = Id()

    @validates_schema
    def name_every_missing_part(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """All that is missing at once, so that nobody is sent back four times."""
        if "matter" in data:
            return
        missing = parts_of(data).missing()
        if missing:
            raise ValidationError(
                {field: [f"conditionally_required|{sentence}"] for field, sentence in missing.items()}
            )


class PapersIn(In):
    """What came to the window or by post, and when; now where nothing is said."""

    text = Paragraphs(TEXT_LIMIT, required=True)
    received_at = Moment()


def parts_of(data: dict[str, Any]) -> NoticeParts:
    """The four parts of a body."""
    return NoticeParts(
        data.get("basis"), data.get("time_limit"), data.get("procedure"), tuple(data.get("documents", ()))
    )
