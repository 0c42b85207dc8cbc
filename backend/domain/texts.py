"""What people write, kept as they wrote it: no normalisation, emoji and rare characters byte for byte."""

from __future__ import annotations

import re
import unicodedata

_DIRECTION = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_DATE = re.compile(r"(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}")
_LONG_NUMBER = re.compile(r"(?:\d[\s\-.·]*){7,}")


class TextRefused(ValueError):
    """A text that cannot be taken as it is."""


class TextInvalid(TextRefused):
    """A character that no text may hold stands at `position`."""

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


def fold_lines(text: str) -> str:
    """CRLF and CR as LF: browsers send the line ends of a form as CRLF, whatever was typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean_text(value: str, *, limit: int, lines: bool = True) -> str:
    """`value` unchanged, if it can be taken. `limit` counts code points; `lines` says whether it may hold line breaks.

    Raises TextInvalid for NUL, other C0 controls but line ends and tab, and lone surrogates, and in one line also for
    every other control, line separator and override of the writing direction, by which a name could break a list or
    turn a sign around; TextEmpty; TextTooLong.
    """
    for position, character in enumerate(value):
        if _is_refused(character, lines=lines):
            raise TextInvalid(position)
    if all(character.isspace() or unicodedata.category(character) == "Cf" for character in value):
        raise TextEmpty
    if len(value) > limit:
        raise TextTooLong(limit)
    return value


def has_long_number(text: str) -> bool:
    """Whether a text holds seven digits or more, spaces, hyphens and dots between them not counted: a phone, an identity card."""
    return _LONG_NUMBER.search(text) is not None


def mask_numbers(text: str) -> str:
    """The same with the middle of every long number starred: a phone as 138****1234, as `has_long_number` finds them."""
    return _LONG_NUMBER.sub(lambda found: _starred(found[0]), text)


def _starred(run: str) -> str:
    if _DATE.fullmatch(run.strip()):
        return run
    places = [place for place, character in enumerate(run) if character.isdigit()]
    head, tail = (3, 4) if len(places) >= 11 else (1, 2)
    hidden = set(places[head:-tail])
    return "".join("*" if place in hidden else character for place, character in enumerate(run))


def _is_refused(character: str, *, lines: bool) -> bool:
    if "\ud800" <= character <= "\udfff":
        return True
    if character == "\t":
        return False
    if lines:
        return character < " " and character not in "\r\n"
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in _DIRECTION
