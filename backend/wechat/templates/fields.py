"""What WeChat accepts in the field of a template: the type is the beginning of the field's name.

A message with one value beyond its limit is refused as a whole (47003); WeChat shortens nothing. How it counts an
emoji is not written down anywhere: we count UTF-16 units, the strictest reading. Of times and dates only the forms
we write are taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
"""Chinese characters of the basic plane, as the inside of a character class."""

_KEY = re.compile(r"([a-z_]+?)([1-9][0-9]{0,2})")
_HOUR = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_DAY = r"\d{4}年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日"
_TIME = rf"(?:{_DAY} )?{_HOUR}"
_DATE = rf"{_DAY}(?: {_HOUR})?"


class FieldType(StrEnum):
    """The types we know how to fill or at least to check. enum is not among them: its words are WeChat's."""

    THING = "thing"
    NUMBER = "number"
    LETTER = "letter"
    SYMBOL = "symbol"
    CHARACTER_STRING = "character_string"
    TIME = "time"
    DATE = "date"
    AMOUNT = "amount"
    PHONE_NUMBER = "phone_number"
    CAR_NUMBER = "car_number"
    NAME = "name"
    PHRASE = "phrase"


PERSONAL = frozenset({FieldType.NAME, FieldType.PHONE_NUMBER, FieldType.CAR_NUMBER})
"""Types whose only use is to name somebody: no message of ours has one, a notice lies open on a locked screen."""

MOMENTS = frozenset({FieldType.TIME, FieldType.DATE})
"""Types filled with a moment."""

TEXTS = frozenset({FieldType.THING, FieldType.CHARACTER_STRING, FieldType.PHRASE})
"""Types filled with words."""

_MONEY = r"(?:[¥￥$€£])?\d{1,10}(?:\.\d+)?元?"
_RULES: Mapping[FieldType, tuple[re.Pattern[str], int]] = {
    # type: what the whole value must look like, and how many UTF-16 units it may have
    FieldType.THING: (re.compile(r"(?s).*\S.*"), 20),
    FieldType.NUMBER: (re.compile(r"-?\d+(?:\.\d+)?", re.ASCII), 32),
    FieldType.LETTER: (re.compile(r"[A-Za-z]+"), 32),
    FieldType.SYMBOL: (re.compile(r"[!-/:-@\[-`{-~]+"), 5),
    FieldType.CHARACTER_STRING: (re.compile(r"[!-~]+"), 32),
    FieldType.TIME: (re.compile(rf"{_TIME}(?:~{_TIME})?", re.ASCII), 60),
    FieldType.DATE: (re.compile(rf"{_DATE}(?:~{_DATE})?", re.ASCII), 60),
    FieldType.AMOUNT: (re.compile(_MONEY, re.ASCII), 32),
    FieldType.PHONE_NUMBER: (re.compile(r"[0-9+()\- ]+"), 17),
    FieldType.CAR_NUMBER: (re.compile(rf"[{HAN}A-Za-z0-9][A-Za-z0-9·]*[{HAN}A-Za-z0-9]"), 8),
    FieldType.PHRASE: (re.compile(rf"[{HAN}]+"), 5),
}
_NAME = re.compile(rf"[{HAN}·A-Za-z!-/:-@\[-`{{-~ ]+")
_CHINESE_NAME, _LETTER_NAME = 10, 20


def field_type(key: str) -> FieldType:
    """The type of a field by its name: thing1 is a thing. Raises ValueError for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key[:40]!r} is not a type and a number")
    return FieldType(found[1])


def limit_of(kind: FieldType) -> int:
    """How many UTF-16 units a value of this type may have at most."""
    return _LETTER_NAME if kind is FieldType.NAME else _RULES[kind][1]


def utf16_units(text: str) -> int:
    """How long a text is as WeChat's clients count: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_valid(key: str, value: str) -> bool:
    """Whether WeChat will take this value in this field. Raises ValueError for a name of no type."""
    kind = field_type(key)
    if not value or any(_is_unseen(character) for character in value):
        return False
    if kind is FieldType.NAME:
        limit = _CHINESE_NAME if re.search(f"[{HAN}]", value) else _LETTER_NAME
        return bool(_NAME.fullmatch(value)) and bool(value.strip()) and utf16_units(value) <= limit
    pattern, limit = _RULES[kind]
    return bool(pattern.fullmatch(value)) and utf16_units(value) <= limit


def without_unseen(text: str) -> str:
    """The text on one line: what cannot be seen is a gap, gaps are one space, none at the ends."""
    return " ".join("".join(" " if _is_unseen(character) else character for character in text).split())


def _is_unseen(character: str) -> bool:
    """Control and format characters, lone surrogates, what Unicode has not given out, and the two line separators."""
    category = unicodedata.category(character)
    return category.startswith("C") or category in {"Zl", "Zp"}
