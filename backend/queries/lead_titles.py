"""How the steps on a lead read on the timeline of those who may see it."""

from __future__ import annotations

from typing import Any

from backend.services.work import Work

LEAD_TITLES = {
    "lead_opened": "问责线索",
    "lead_element": "线索要素认定",
    "lead_statement": "线索本人说明",
    "lead_decided": "线索处理决定",
}
"""Never on the citizen's timeline; on the staff's only for those who may see the lead."""
LEAD_TEXT_LABELS = {"lead_note": "", "lead_element": "", "lead_statement": "", "lead_decision": "理由："}


def lead_title(_work: Work, event: str, facts: dict[str, Any]) -> str:
    """The step and the item of the measure; a finding says whether the element was found."""
    title = f"{LEAD_TITLES[event]}（{facts['item']}）"
    if event == "lead_element":
        return f"{title}：{'认定有' if facts['found'] else '认定没有'}"
    return title
