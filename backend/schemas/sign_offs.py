"""Opinions: what is sent, for one inquiry and for many; what is answered."""

from __future__ import annotations

from marshmallow import ValidationError, fields

from backend.domain.sign_offs import MOST_AT_ONCE
from backend.domain.vocabulary_ledger import SignOffRole
from backend.schemas.fields import MESSAGES, Choice, Id, In, Out, Paragraphs

OPINION_LIMIT = 500


class OpinionIn(In):
    role = Choice(SignOffRole, required=True)
    text = Paragraphs(OPINION_LIMIT, required=True)


def some_numbers(numbers: list[str]) -> None:
    """Raises ValidationError."""
    if not 1 <= len(numbers) <= MOST_AT_ONCE:
        raise ValidationError(f"value_invalid|一次签署 1 到 {MOST_AT_ONCE} 件。")


class OpinionsIn(OpinionIn):
    """The same opinion on many inquiries: on all of them, or on none."""

    numbers = fields.List(
        Id(),
        required=True,
        validate=some_numbers,
        error_messages=MESSAGES,
        metadata={"minItems": 1, "maxItems": MOST_AT_ONCE},
    )


class OpinionOut(Out):
    """One that `current` is false of was superseded, or belongs to an earlier round."""

    id = fields.String()
    role = fields.String(metadata={"enum": [role.value for role in SignOffRole]})
    role_label = fields.String()
    text = fields.String()
    by = fields.String()
    unit = fields.Nested("RefOut")
    section = fields.Nested("RefOut", allow_none=True)
    round = fields.Integer()
    at = fields.String(metadata={"format": "date-time"})
    at_text = fields.String()
    current = fields.Boolean()


class OpinionRoleOut(Out):
    value = fields.String()
    label = fields.String()


class SignedItemOut(Out):
    number = fields.String()
    display_number = fields.String()


class SignedOut(Out):
    id = fields.String()
    role = fields.String()
    role_label = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    count = fields.Integer()
    items = fields.List(fields.Nested(SignedItemOut))
