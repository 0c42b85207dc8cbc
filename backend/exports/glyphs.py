"""No character is lost in print: what the fonts lack is written out as 〔U+1F600〕.

A typesetting program leaves such a character out without a word, so every text is held against the fonts' own tables
before it is set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from backend.exports.fonts import font_files

FOOTNOTE = "注：〔〕内是字库里没有的字的统一码（Unicode）编号。"
_SHAPELESS = frozenset({"Cf", "Cc", "Cs", "Zl", "Zp"})
"""Categories of what has no shape of its own: joiners, marks of direction, variation selectors' kin, controls."""
_UNBROKEN = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u200b]{17,}")
_RUN = 16
_BREAK = "\u200b"
"""A place where a line may end. It has no shape."""


@cache
def covered() -> frozenset[int]:
    """The code points every font of prints has a shape for."""
    return frozenset.intersection(*(_table_of(path) for path in font_files()))


def lacking(text: str) -> list[str]:
    """The characters of a text that would not be printed, each once, in their order."""
    have = covered()
    return [c for c in dict.fromkeys(text) if ord(c) not in have and c != "\n" and not _is_shapeless(c)]


def printable(text: str, beside: Collection[str] = ()) -> str:
    """The text as the fonts can print it; `beside` are characters another font provides.

    Line ends stay, tabs become spaces, what has no shape is left out, and a long run without a space may be broken.
    """
    have = covered()
    if any(ord(c) not in have for c in text):
        text = "".join(
            c if ord(c) in have or c == "\n" or c in beside else _written_out(c)
            for c in text.replace("\r\n", "\n").replace("\r", "\n")
        )
    return _UNBROKEN.sub(_broken, text)


def printable_tree(value: Any, beside: Collection[str] = ()) -> Any:
    """The same for every text of a document, however deep."""
    if isinstance(value, str):
        return printable(value, beside)
    if isinstance(value, list):
        return [printable_tree(item, beside) for item in value]
    if isinstance(value, dict):
        return {key: printable_tree(item, beside) for key, item in value.items()}
    return value


def _table_of(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())


def _written_out(character: str) -> str:
    if character == "\t":
        return "    "
    return "" if _is_shapeless(character) else f"〔U+{ord(character):04X}〕"


def _is_shapeless(character: str) -> bool:
    return (
        unicodedata.category(character) in _SHAPELESS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def _broken(found: re.Match[str]) -> str:
    run = found[0]
    return _BREAK.join(run[start : start + _RUN] for start in range(0, len(run), _RUN))
