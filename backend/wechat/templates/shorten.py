"""Shorten what goes into a field ourselves: WeChat refuses a message that is a character too long."""

from __future__ import annotations

import re
from datetime import datetime

from backend.domain.times import local
from backend.wechat.templates.fields import (
    HAN,
    FieldType,
    field_type,
    limit_of,
    utf16_units,
    without_unseen,
)

MARK = "…"
"""Stands where something was left out."""
EMPTY = {FieldType.THING: "无", FieldType.PHRASE: "无", FieldType.CHARACTER_STRING: "-"}
"""What stands where there is nothing to say: an empty field is refused as well."""

_LETTER = r"(?:[A-Za-z0-9\u00c0-\u024f][\u0300-\u036f]*)"
_PIECE = re.compile(
    # A word or a number, with what holds it together: 2026-11-24, 17:30, 3.5, wx_app, ISO/IEC.
    rf"{_LETTER}+(?:[-'._:/@%+,]{_LETTER}+)*%?"
    # One character, with what is written over it or changes its look.
    r"|.[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]*",
    re.DOTALL,
)
_STOPS = frozenset("，。；：、！？,.;:!?）)》〉」』】”’ ")
_OPENERS = "（(《〈「『【“‘"
_WORTH_STOPPING = 0.6
"""A stop is a good place to end at when this much of the room is used by then."""


def shorten(text: str, limit: int) -> str:
    """The text on one line and in at most `limit` UTF-16 units, ending with … where something was left out.

    Cut at a stop when one is near the end, else between two characters; never inside a surrogate pair, an accented
    character, a number or a Latin word, of which half would say something else.
    """
    line = without_unseen(text)
    if utf16_units(line) <= limit:
        return line
    room = limit - utf16_units(MARK)
    kept, used, stop, used_at_stop = "", 0, "", 0
    for piece in _PIECE.findall(line):
        size = utf16_units(piece)
        if used + size > room:
            # Where the next character is a stop, what we have ends well already.
            if piece in _STOPS:
                stop, used_at_stop = kept, used
            break
        if piece in _STOPS and kept:
            stop, used_at_stop = kept, used
        kept += piece
        used += size
    if used_at_stop >= room * _WORTH_STOPPING:
        kept = stop
    return kept.rstrip("".join(_STOPS - set("）)》〉」』】”’")) + _OPENERS) + MARK


def fit(key: str, *texts: str) -> str:
    """The first of `texts` that the field takes as it is, else the first one shortened; never empty.

    Raises ValueError for a field that is not filled with words.
    """
    kind = field_type(key)
    limit = limit_of(kind)
    if kind is FieldType.PHRASE:
        lines = [re.sub(f"[^{HAN}]", "", text) for text in texts]
    elif kind is FieldType.CHARACTER_STRING:
        lines = [re.sub(r"[^!-~]", "", text) for text in texts]
    elif kind is FieldType.THING:
        lines = [without_unseen(text) for text in texts]
    else:
        raise ValueError(f"a {kind.value} is not filled with words")
    fitting = next((line for line in lines if line and utf16_units(line) <= limit), None)
    if fitting is not None:
        return fitting
    first = next((line for line in lines if line), EMPTY[kind])
    return shorten(first, limit) if kind is FieldType.THING else first[:limit]


def moment(key: str, at: datetime) -> str:
    """A moment as the field wants it, in Beijing time: 2026年11月24日 17:30, without the hour in a date.

    Raises ValueError for a field that is not filled with a moment.
    """
    kind = field_type(key)
    here = local(at)
    day = f"{here.year:04}年{here.month}月{here.day}日"
    if kind is FieldType.DATE:
        return day
    if kind is FieldType.TIME:
        return f"{day} {here:%H:%M}"
    raise ValueError(f"a {kind.value} is not filled with a moment")
