"""What of a summary can be looked for: its characters without spaces and signs, two at a time."""

from __future__ import annotations

import unicodedata

LEAST = 2
"""A word of one character would be in nearly every summary."""


def folded(text: str) -> str:
    """The letters and figures of a text, wide and capital forms as one: １２３ is 123, ＡＢ is ab."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in wide if character.isalnum())


def pairs(text: str) -> list[str]:
    """Every two neighbouring characters of the folded text, each pair once, in order."""
    plain = folded(text)
    return list(dict.fromkeys(plain[place : place + LEAST] for place in range(len(plain) - LEAST + 1)))


def contains(text: str, wanted: str) -> bool:
    """Whether the text has the wanted characters one after the other."""
    return folded(wanted) in folded(text)
