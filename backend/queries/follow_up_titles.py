"""The line that a 回访 by phone writes into the timeline, and what of it stays in the unit (design 5)."""

from __future__ import annotations

from typing import Any

from backend.domain.vocabulary import Grade
from backend.domain.vocabulary_contact import FollowUpState

TITLES = {"followed_up": "电话回访"}
TEXT_LABELS = {"said": ""}
UNIT_ONLY_TEXTS = frozenset({"said"})
"""Citizens read what was written down as their words; staff of the unit read it in the panel, those of others do not."""


def follow_up_title(event: str, facts: dict[str, Any]) -> str:
    """What came of the call; with the grade where `facts` have it."""
    title = f"{TITLES[event]}：{FollowUpState(facts['result']).label}"
    return f"{title}，{Grade(facts['grade']).label}" if "grade" in facts else title


def without_grade(body: dict[str, Any]) -> dict[str, Any]:
    """An entry as every reader of the timeline may see it: the grade of a call stays in the unit."""
    facts = {name: value for name, value in body.get("facts", {}).items() if name != "grade"}
    return {**body, "facts": facts}
