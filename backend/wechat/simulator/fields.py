"""The values of a message, field by field: WeChat refuses what is too long or of another kind, it does not shorten."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from backend.wechat.simulator.state import Refused

_HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"
_TIME = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_FULL_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
_SEPARATED = r"\d{4}(?P<mark>[-/.])\d{1,2}(?:(?P=mark)\d{1,2})?|\d{1,2}[-/.]\d{1,2}"
_CHINESE_DATE = r"\d{4}年\d{1,2}月(?:\d{1,2}日)?|\d{1,2}月\d{1,2}日"
_ONE_TIME = re.compile(rf"(?:({_FULL_DATE}) ?)?{_TIME}", re.ASCII)
_ONE_DATE = re.compile(rf"({_CHINESE_DATE}|{_SEPARATED})(?: ?{_TIME})?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_LETTERS = re.compile(r"[A-Za-z]{1,32}")
_ASCII = re.compile(r"[\x20-\x7e]{1,32}")
_AMOUNT = re.compile(r"[¥￥$€£]?\d{1,10}(?:\.\d+)?元?", re.ASCII)
_PHONE = re.compile(r"[0-9+()\- ]{1,17}")
_CAR = re.compile(rf"[{_HAN}A-Za-z0-9][A-Za-z0-9·]{{0,6}}[{_HAN}A-Za-z0-9]")
_PHRASE = re.compile(rf"[{_HAN}]{{1,5}}")
_HAN_LETTER = re.compile(rf"[{_HAN}]")
_KEY = re.compile(r"([a-z_]+?)(\d+)")
_JOINER = "\u200d"
"""Joins signs into one 👨‍👩‍👧; the only control character taken."""

KINDS = frozenset(
    {
        "amount", "car_number", "character_string", "date", "enum", "enum_string", "letter", "name", "number",
        "phone_number", "phrase", "symbol", "thing", "time",
    }
)  # fmt: skip


def kind_of(key: str) -> str | None:
    """`thing` of `thing12`; None when the key is no field of WeChat's."""
    found = _KEY.fullmatch(key)
    return found[1] if found and found[1] in KINDS else None


def check_data(
    fields: Sequence[str], data: Any, enums: Mapping[str, Sequence[str]] | None = None
) -> dict[str, str]:
    """The texts of a message by field. Raises Refused 47003 with the text WeChat gives."""
    if not isinstance(data, dict):
        raise Refused(47003, "argument invalid! data is empty")
    for key in fields:
        given = data.get(key)
        value = given.get("value") if isinstance(given, dict) else None
        if value is None or value == "":
            raise Refused(47003, f"argument invalid! data.{key}.value is empty")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Refused(47003, f"argument invalid! data.{key}.value invalid")
        if not is_allowed(kind_of(key) or "", str(value), (enums or {}).get(key, ())):
            raise Refused(47003, f"argument invalid! data.{key}.value invalid")
    for key in data:
        if key not in fields:
            raise Refused(47003, f"argument invalid! data.{key} invalid")
    return {key: str(data[key]["value"]) for key in fields}


def is_allowed(kind: str, value: str, choices: Sequence[str] = ()) -> bool:
    """Whether WeChat takes this text in a field of this kind. Lengths are UTF-16 units: nobody knows how it counts 😀."""
    if any(unicodedata.category(letter).startswith("C") for letter in value if letter != _JOINER):
        return False
    if kind in {"enum", "enum_string"}:
        return value in choices
    rule = _RULES.get(kind)
    return bool(rule and rule(value))


def _units(value: str) -> int:
    return len(value.encode("utf-16-le", "surrogatepass")) // 2


def _is_thing(value: str) -> bool:
    return bool(value.strip()) and _units(value) <= 20


def _is_symbol(value: str) -> bool:
    return _units(value) <= 5 and all(unicodedata.category(letter)[0] in "PS" for letter in value)


def _is_number(value: str) -> bool:
    return bool(_NUMBER.fullmatch(value)) and sum(character.isdigit() for character in value) <= 32


def _is_name(value: str) -> bool:
    """Ten characters when any of them is Chinese, else twenty letters and signs; never a digit."""
    if any(character.isdigit() for character in value) or not value.strip():
        return False
    return _units(value) <= (10 if _HAN_LETTER.search(value) else 20)


def _is_span(value: str, one: re.Pattern[str]) -> bool:
    """One moment, or two joined by a half-width ~."""
    parts = value.split("~")
    return len(parts) <= 2 and all(_is_moment(part.strip(), one) for part in parts)


def _is_moment(part: str, one: re.Pattern[str]) -> bool:
    found = one.fullmatch(part)
    if not found:
        return False
    numbers = [int(number) for number in re.findall(r"\d+", found[1] or "")]
    if not numbers:
        return True
    year = numbers.pop(0) if numbers[0] > 31 else 2000
    month, day = [*numbers, 1, 1][:2]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_RULES: Mapping[str, Callable[[str], object]] = {
    "thing": _is_thing,
    "number": _is_number,
    "letter": _LETTERS.fullmatch,
    "symbol": _is_symbol,
    "character_string": _ASCII.fullmatch,
    "time": lambda value: _is_span(value, _ONE_TIME),
    "date": lambda value: _is_span(value, _ONE_DATE),
    "amount": _AMOUNT.fullmatch,
    "phone_number": _PHONE.fullmatch,
    "car_number": _CAR.fullmatch,
    "name": _is_name,
    "phrase": _PHRASE.fullmatch,
}
