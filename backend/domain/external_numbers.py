"""The number another system gave a hotline or mailbox inquiry (12345 and the like), and the limit it set beside ours."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import Channel

CHANNELS = (Channel.HOTLINE, Channel.MAILBOX)
"""What comes to the office out of another system."""


@dataclass(frozen=True, slots=True)
class ExternalGiven:
    """What the registrar copies: the number, the limit that system set, and what that limit rests on."""

    number: str
    due_at: datetime | None = None
    basis: str | None = None


def external_of(
    channel: Channel, number: str | None, due_at: datetime | None, basis: str | None
) -> ExternalGiven | None:
    """What was given, if anything. Raises FieldInvalid where it cannot be."""
    for pointer, given in (
        ("/external_no", number),
        ("/external_due_at", due_at),
        ("/external_basis", basis),
    ):
        if given is not None and channel not in CHANNELS:
            raise FieldInvalid(pointer, "只有政务热线和局长信箱的登记才填其他系统的编号和期限。")
    if basis is not None and due_at is None:
        raise FieldInvalid("/external_due_at", "写了期限的依据，请把期限也填上。", "conditionally_required")
    if due_at is not None and number is None:
        raise FieldInvalid(
            "/external_no", "有其他系统交办的期限，请填那个系统的编号。", "conditionally_required"
        )
    return ExternalGiven(number, due_at, basis) if number is not None else None


def fold_external(number: str) -> str:
    """How a number is compared: full-width as half-width, without spaces and hyphens, capitals as small letters."""
    folded = unicodedata.normalize("NFKC", number).casefold()
    return "".join(character for character in folded if not character.isspace() and character not in "-‐‑–—_")
