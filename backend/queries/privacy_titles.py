"""What was destroyed at a person's wish, and what people looked at, as the timeline says it."""

from __future__ import annotations

from typing import Any

from backend.domain.vocabulary_contact import CheckState, ErasedPart, ErasureReason

TITLES = {"erased": "按本人要求删除", "reviewed": "内容复核", "comment_reviewed": "内容复核"}
TEXT_LABELS = {"review_note": "说明："}
FOR_NOBODY = frozenset({"comment_reviewed"})
"""Staff would learn of a rating by it (design 5)."""
NOT_FOR_CITIZENS = frozenset({"reviewed", "comment_reviewed"})
"""A look inside the office."""


def privacy_title(event: str, facts: dict[str, Any]) -> str:
    """What was destroyed and why, and what stays; or what somebody found who looked."""
    if event != "erased":
        return f"{TITLES[event]}：{CheckState(facts['decision']).label}"
    parts = "、".join(ErasedPart(part).label for part in facts["parts"])
    return f"{ErasureReason(facts['reason']).label}，已删除{parts}；事项的内容和办理经过依规定留存"
