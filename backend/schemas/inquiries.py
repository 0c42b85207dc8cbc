"""What a citizen sends."""

from __future__ import annotations

from marshmallow import fields

from backend.domain.vocabulary import AboutKind, Category, CitizenKind, Grade
from backend.schemas.fields import MESSAGES, Choice, Flag, Id, In, Inner, Line, Paragraphs, PhoneTail

TEXT_LIMIT = 5000


class ContactIn(In):
    """Contact data, all of it optional."""

    kind = Choice(CitizenKind, load_default=CitizenKind.PERSON)
    name = Line(60)
    org_name = Line(120)
    phone = Line(24)


class AboutIn(In):
    """投诉对象."""

    kind = Choice(AboutKind, required=True)
    name = Line(60)


class InquiryIn(In):
    """Filing: by a sign's code, or by unit and section."""

    sign = Line(40)
    unit = Id()
    section = Id()
    category = Choice(Category, required=True)
    content = Paragraphs(TEXT_LIMIT, required=True)
    written = Flag()
    contact = Inner(ContactIn)
    about = Inner(AboutIn)
    duplicate_ok = Flag(load_default=False)
    """Signed in: file it although the same words were filed a moment ago."""


class MineIn(In):
    cursor = fields.String()


class SupplementIn(In):
    text = Paragraphs(TEXT_LIMIT, required=True)


class WithdrawalIn(In):
    reason = Paragraphs(TEXT_LIMIT)


class ReopeningIn(In):
    reason = Paragraphs(TEXT_LIMIT, required=True)


class RatingIn(In):
    """No default grade: the citizen chooses, or does not."""

    grade = Choice(Grade, required=True)
    comment = Paragraphs(TEXT_LIMIT)
    share_with_section = Flag(load_default=False)


class LookupIn(In):
    number = Line(40, required=True)
    phone_tail = fields.String(required=True, validate=PhoneTail, error_messages=MESSAGES)


class AttachmentIn(In):
    """Documents the multipart body; the file itself is judged by its content."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class EmptyIn(In):
    """No fields."""
