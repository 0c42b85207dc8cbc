"""更正首问类别: what the timeline says of it, and whether it is open to somebody."""

from __future__ import annotations

from typing import Any

from backend.domain.classifying import may_correct_channel
from backend.domain.identity import Identity
from backend.domain.states import Step, allowed
from backend.domain.vocabulary import Category, Channel
from backend.models import Inquiry
from backend.services.classifying import may_classify
from backend.services.work import Work


def classification_actions(
    work: Work, identity: Identity, inquiry: Inquiry, base: str, *, holds: bool
) -> list[dict[str, Any]]:
    """Correcting the category, for whoever holds it; `channel` is among the fields where it can be corrected too."""
    if not (holds and allowed(inquiry.status, Step.CLASSIFY) and may_classify(work, identity, inquiry)):
        return []
    fields = ["category", "reason"]
    if may_correct_channel(inquiry.channel, inquiry.source):
        fields.append("channel")
    if inquiry.category is not Category.COMPLAINT:
        fields.append("about")
    href = f"{base}/classification"
    return [{"name": "classify", "label": "更正类别", "method": "POST", "href": href, "fields": fields}]


def reclassified_title(facts: dict[str, Any]) -> str:
    """From what to what, in the words of the ledger."""
    old, new = Category(facts["old_category"]), Category(facts["new_category"])
    if old is new:
        return f"首问方式更正为“{Channel(facts['new_channel']).label}”"
    return f"类别由“{old.label}”更正为“{new.label}”"
