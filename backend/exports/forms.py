"""附件2 as it is printed: the cover's words, and for each line its 首问责任制登记表, every field and every box in order.

One description for Word and for PDF: plain words only, so that a template decides nothing but how they look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.ledger_form import BOOK, COLUMNS, CONFIDENTIAL, DETAILS
from backend.exports.copies import Copy
from backend.exports.ledger_sheet import opinion_text, post_words

REMARK_HINT = "如首问责任总岗或机关纪委抽查，在此注明情况。"
"""What the form itself says in its field 备注."""
EMPTY, TICKED = "□", "☑"
NOTHING = "本年度没有登记。"
"""What a book without a line says after its cover."""
_GAP = "\u00a0"
"""Between a box and its word, so that no line ends between them."""
_SPACED = "工 作 台 账"
"""As the cover has it."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Which part of a book too thick for one file."""

    number: int
    count: int

    @property
    def label(self) -> str | None:
        return f"第 {self.number} 册，共 {self.count} 册" if self.count > 1 else None


WHOLE = Volume(1, 1)


def head_of(cover: Mapping[str, Any], copy: Copy, volume: Volume = WHOLE) -> dict[str, Any]:
    """Everything that is printed but the forms themselves. `cover` as `queries/ledger_books.py` reads it."""
    return {
        "cover": _cover(cover, copy, volume),
        "form_title": cover["form_title"],
        "labels": {column.id: column.label for column in COLUMNS} | {"handling": DETAILS},
        "remark_hint": REMARK_HINT,
        "nothing": NOTHING,
        "mark": copy.mark,
        "stamp": copy.stamp,
    }


def _cover(cover: Mapping[str, Any], copy: Copy, volume: Volume) -> dict[str, Any]:
    section = cover["section"]
    return {
        # The sample's cover breaks its title here: × × × 局首问责任制 / 工 作 台 账.
        "title": cover["title"].removesuffix(BOOK) + BOOK.removesuffix(_SPACED.replace(" ", "")),
        "book": _SPACED,
        "section": section["name"] if section else cover["scope_label"],
        "post": post_words(cover),
        "year": f"{cover['year']} 年",
        "provided": cover["label"],
        "copy": copy.label,
        "volume": volume.label,
    }


def form_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """One 登记表. `line` as `queries/ledger.py` reads it."""
    first = line["first_responder"]
    return {
        "number": line["display_number"],
        "aside": _aside(line),
        "received_at": line["received_text"],
        "first_responder": first["name"] if first else "",
        "citizen": line["citizen"]["text"],
        "contact": line["contact"] or "",
        "channel": box_words(line["channel_boxes"]),
        "category": box_words(line["category_boxes"]),
        "content": line["content"],
        "disposition": box_words(line["disposition_boxes"]),
        "handling": line["handling"],
        "closed_at": line["closed_text"] or "",
        "followed_up_at": line["followed_up_text"] or "",
        "grade": [*box_words(line["grade_boxes"]), *_beside_grade(line["grade_note"])],
        "section_head_opinion": opinion_text(line["section_head_opinion"]) or "",
        "deputy_leader_opinion": opinion_text(line["deputy_leader_opinion"]) or "",
        "remark": line["remark"],
    }


def box_words(boxes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every option with its box, ticked or not, as the form prints them: 来电 □."""
    return [f"{box['label']}{_GAP}{TICKED if box['ticked'] else EMPTY}" for box in boxes]


def _beside_grade(note: str | None) -> list[str]:
    """已评价（保密） stands where the boxes stay blank; whatever else is to be said of the grade stands in 备注."""
    return [note] if note == CONFIDENTIAL else []


def _aside(line: Mapping[str, Any]) -> str:
    """What tells this sheet from others: its number, and for a 承接 line that it is not counted."""
    words = [f"编号 {line['display_number']}"]
    if not line["counted"]:
        words.append(f"{line['kind_label']}，不计数")
    if line["late_entry"]:
        words.append("补录")
    return "　".join(words)
