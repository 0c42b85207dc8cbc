"""What closing with each outcome needs (坛 六（一）、七)."""

from __future__ import annotations

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import Outcome

STAFF_OUTCOMES = (Outcome.COMPLETED, Outcome.ANSWERED, Outcome.REFUSED)
"""The outcomes a holder can close with."""


def check_closing(outcome: Outcome, reason: str | None, basis: str | None, remedy: str | None) -> None:
    """A refusal states 理由 and 依据, with 救济途径 (坛 六（一）: 明确告知不予办理的理由、依据等). Raises FieldInvalid."""
    if outcome not in STAFF_OUTCOMES:
        raise FieldInvalid("/outcome", "办结方式请选办理完成、答复或不予办理。", "choice_invalid")
    if outcome is not Outcome.REFUSED:
        return
    for field, text, name in (
        ("reason", reason, "理由"),
        ("basis", basis, "依据"),
        ("remedy", remedy, "救济途径"),
    ):
        if not text:
            raise FieldInvalid(f"/{field}", f"不予办理要写明{name}。", "conditionally_required")
