"""What people write, kept as they wrote it: no normalisation, emoji and rare characters byte for byte."""

from __future__ import annotations

import unicodedata


class TextRefused(ValueError):
    """A text that cannot be taken as it is."""


class TextInvalid(TextRefused):
    """A character that no text may hold stands at `position` (code points, after folding line ends)."""

    def __init__(self, position: int) -> None:
        super().__init__(f"a forbidden character at {position}")
        self.position = position


class TextTooLong(TextRefused):
    """More than `limit` code points."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} characters")
        self.limit = limit


class TextEmpty(TextRefused):
    """Nothing but white space, the ideographic space included, and characters without any shape."""

    def __init__(self) -> None:
        super().__init__("nothing is written")


def clean_text(value: str, *, limit: int, lines: bool = True) -> str:
    """`value` with CRLF and CR folded to LF, as browsers send them, and otherwise unchanged.

    `limit` counts code points after folding. `lines` says whether it may hold line breaks.
    Raises TextInvalid for NUL, other C0 controls but line break and tab, and lone surrogates; TextEmpty;
    TextTooLong.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    allowed = "\n\t" if lines else "\t"
    for position, character in enumerate(text):
        if (character < " " and character not in allowed) or "\ud800" <= character <= "\udfff":
            raise TextInvalid(position)
    if all(character.isspace() or unicodedata.category(character) == "Cf" for character in text):
        raise TextEmpty
    if len(text) > limit:
        raise TextTooLong(limit)
    return text
