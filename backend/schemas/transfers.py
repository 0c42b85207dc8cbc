"""What staff send about transfers out of the system and about disputes."""

from __future__ import annotations

from backend.domain.vocabulary import ServiceMethod
from backend.schemas.fields import Choice, Id, In, Line, Moment, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT


class OutsideIn(In):
    """An authority that is not on the system: its name, and an address or a phone (坛 六（四）)."""

    name = Line(200, required=True)
    address = Line(300)
    phone = Line(40)


class ServiceIn(In):
    """送达: when the authority had the letter in hand, how, and what proves it."""

    served_at = Moment(required=True)
    how = Choice(ServiceMethod, required=True)
    receipt = Paragraphs(500, required=True)


class LetterCancellationIn(In):
    reason = Paragraphs(TEXT_LIMIT, required=True)


class TransferResultIn(In):
    text = Paragraphs(TEXT_LIMIT, required=True)


class DisputeDecisionIn(In):
    """Who holds it from now: a unit (its general post), a section, or a person."""

    to_unit = Id()
    to_section = Id()
    to_staff = Id()
    reason = Paragraphs(TEXT_LIMIT, required=True)


class DisputeEscalationIn(In):
    reason = Paragraphs(TEXT_LIMIT, required=True)
