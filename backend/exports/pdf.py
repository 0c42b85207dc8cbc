"""The ledger as PDF by typst. Only a printing process loads this."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pikepdf
import typst

from backend.exports.fonts import font_folder
from backend.exports.forms import TICKED
from backend.exports.glyphs import FOOTNOTE, lacking, printable_tree

_TEMPLATE = Path(__file__).with_name("templates") / "ledger.typ"
_STANDARD: Final = "a-2b"
"""For keeping: everything needed to show it is inside."""


def part_of_book(document: dict[str, Any]) -> tuple[int, bytes]:
    """One part of a book: how many pages it has, and the PDF."""
    beside = {TICKED}
    mark = document["mark"] or ""
    document["cover"] = _with_footnote(document["cover"], mark, beside)
    document["forms"] = [_with_footnote(form, mark, beside) for form in document["forms"]]
    shown = json.dumps(printable_tree(document, beside), ensure_ascii=False)
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[font_folder()]),
        ignore_system_fonts=True,
        sys_inputs={"document": shown},
    )
    made = compiler.compile(
        format="pdf", pdf_standards=_STANDARD, pdf_tags=False, timestamp=document["made_at"]
    )
    if not isinstance(made, bytes):
        raise TypeError("typst made no PDF")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return len(pdf.pages), made


def joined(parts: Sequence[bytes]) -> bytes:
    """Parts as one file, with the first one's description."""
    with pikepdf.open(io.BytesIO(parts[0])) as book:
        for part in parts[1:]:
            with pikepdf.open(io.BytesIO(part)) as more:
                book.pages.extend(more.pages)
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
        return out.getvalue()


def _with_footnote(page: dict[str, Any], mark: str, beside: set[str]) -> dict[str, Any]:
    """The words of a page, and the note below where it or its mark holds a character that is written out."""
    said = (text for value in page.values() for text in (value if isinstance(value, list) else [value]))
    has_none = not set(lacking("".join((mark, *(text or "" for text in said))))) - beside
    return page if has_none else {**page, "footnote": FOOTNOTE}
