"""催办, 督办 and 批示 as they are sent."""

from __future__ import annotations

from backend.domain.vocabulary import SupervisionKind
from backend.schemas.fields import Choice, In, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT


class ReminderIn(In):
    text = Paragraphs(TEXT_LIMIT)


class SupervisionIn(In):
    kind = Choice(SupervisionKind, required=True)
    text = Paragraphs(TEXT_LIMIT, required=True)
