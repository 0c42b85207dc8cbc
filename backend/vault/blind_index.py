"""Keyed indexes: find an encrypted value by equality without storing it, and without a list of guesses to try."""

from __future__ import annotations

import hmac
import re

_E164 = re.compile(r"\+[1-9][0-9]{2,14}")
_TAIL = re.compile(r"[0-9]{4}")


class BlindIndex:
    """HMAC-SHA256 under the blind-index key. Equal values of different fields have unrelated indexes."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "<BlindIndex>"

    def index(self, field: str, value: str) -> str:
        """Return the index of a value in a field: 64 hexadecimal digits."""
        name = field.encode()
        return hmac.digest(self._key, len(name).to_bytes(4) + name + value.encode(), "sha256").hex()

    def phone_index(self, e164: str) -> str:
        """Return the index of a whole number such as ``+8613800138000``. Raises ``ValueError`` for another form."""
        if not _E164.fullmatch(e164):
            raise ValueError("not an E.164 number")
        return self.index("phone", e164)

    def phone_tail_index(self, tail4: str) -> str:
        """Return the index of a number's last four digits. Raises ``ValueError`` for anything else."""
        if not _TAIL.fullmatch(tail4):
            raise ValueError("not four digits")
        return self.index("phone_tail", tail4)
