"""Public numbers of inquiries and codes of signs: short, unguessable, forgiving to a hand that copies them.

Both use Crockford's base 32: digits and capital letters without I, L, O and U. A public number is the
year (four digits), eight random symbols and a check symbol (Luhn mod 32 over all twelve).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NUMBER_LENGTH = 13
SIGN_CODE_LENGTH = 16
BINDING_CODE_LENGTH = 8

_BASE = len(ALPHABET)
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_YEAR_LENGTH = 4
_RANDOM_LENGTH = 8
# Full-width forms are what a Chinese input method writes; each lies 0xFEE0 above its ASCII twin.
_FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
# White space and what is copied along unseen; hyphens, dashes and minus signs; dots of both scripts.
_SEPARATORS = dict.fromkeys(
    map(
        ord,
        " \t\r\n\u00a0\u3000\u200b\ufeff"
        "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc"
        ".\u00b7\u2022\u3002\u30fb",
    )
)
_LOOKALIKES = str.maketrans("OIL", "011")


def check_symbol(payload: str) -> str:
    """The Luhn mod 32 check symbol of `payload`, all symbols of ALPHABET.

    With it every wrong single symbol is noticed, and every swap of two neighbours except of 0 and Z: doubling
    leaves both as they are (0 and 31), so that their sum does not tell which stands where.
    """
    total = sum(_weigh(symbol, doubled=place % 2 == 0) for place, symbol in enumerate(reversed(payload)))
    return ALPHABET[-total % _BASE]


def new_number(year: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """A public number of `year` without separators. Raises ValueError for a year that has not four digits."""
    if not 1000 <= year <= 9999:
        raise ValueError("the year of a number has four digits")
    payload = str(year) + "".join(choose(ALPHABET) for _ in range(_RANDOM_LENGTH))
    return payload + check_symbol(payload)


def parse_number(text: str) -> str | None:
    """The number a person meant by `text`, or None when its length, a symbol or the check symbol is wrong.

    Case, full-width forms, white space, hyphens and dots do not matter; O is read as 0, I and L as 1.
    """
    number = _fold(text)
    if number is None or len(number) != NUMBER_LENGTH or not number[:_YEAR_LENGTH].isdecimal():
        return None
    return number if check_symbol(number[:-1]) == number[-1] else None


def display_number(number: str) -> str:
    """2026ABCDEFGHK as people read it: 2026-ABCD-EFGH-K."""
    return "-".join((number[:4], number[4:8], number[8:12], number[12:]))


def new_sign_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """A sign code: 16 symbols, 80 random bits."""
    return "".join(choose(ALPHABET) for _ in range(SIGN_CODE_LENGTH))


def fold_sign_code(text: str) -> str | None:
    """The sign code a person meant by `text`, folded like a number; None when length or a symbol is wrong."""
    code = _fold(text)
    return code if code is not None and len(code) == SIGN_CODE_LENGTH else None


def fold_binding_code(text: str) -> str | None:
    """The binding code a person meant by `text`, folded like a number; None when length or a symbol is wrong."""
    code = _fold(text)
    return code if code is not None and len(code) == BINDING_CODE_LENGTH else None


def display_binding_code(code: str) -> str:
    """A binding code as it is shown: 4-4."""
    return f"{code[:4]}-{code[4:]}"


def display_sign_code(code: str) -> str:
    """A sign code as printed on the sign: 4-4-4-4."""
    return "-".join(code[start : start + 4] for start in range(0, SIGN_CODE_LENGTH, 4))


def _fold(text: str) -> str | None:
    plain = text.translate(_FULL_WIDTH).translate(_SEPARATORS)
    if not plain.isascii():
        # Before upper(): it would turn ß into SS and ı into I.
        return None
    folded = plain.upper().translate(_LOOKALIKES)
    return folded if all(symbol in _VALUE for symbol in folded) else None


def _weigh(symbol: str, *, doubled: bool) -> int:
    value = _VALUE[symbol]
    return sum(divmod(value * 2, _BASE)) if doubled else value
