"""Passwords by Argon2id and one-time codes by TOTP (RFC 6238)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

TOTP_SECONDS = 30
TOTP_WINDOW = 1

_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What one hash costs: passes, memory in KiB, lanes. The default is RFC 9106's second recommendation."""

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4


DEFAULT_COST = PasswordCost()


@lru_cache(maxsize=4)
def _hasher(cost: PasswordCost) -> PasswordHasher:
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes)


@lru_cache(maxsize=4)
def _nobodys_hash(cost: PasswordCost) -> str:
    return hash_password(pyotp.random_base32(), cost=cost)


def hash_password(password: str, *, cost: PasswordCost = DEFAULT_COST) -> str:
    """Return the string to store; it carries salt and parameters."""
    return _hasher(cost).hash(_bytes(password))


def verify_password(stored: str, password: str) -> bool:
    """Say whether the password is the stored one; what cannot be a hash matches nothing."""
    try:
        # The parameters of the stored string count here, not those of the hasher.
        return _hasher(DEFAULT_COST).verify(stored, _bytes(password))
    except (VerificationError, ValueError):
        # A stored string that is no hash at all is a ValueError, as is one that is not even ASCII.
        return False


def verify_unknown(password: str, *, cost: PasswordCost = DEFAULT_COST) -> bool:
    """Return False with the same effort as a real check, so that an unknown name cannot be told by the time taken."""
    verify_password(_nobodys_hash(cost), password)
    return False


def new_totp_secret() -> str:
    """Return a fresh secret for an authenticator: 160 bits in base32."""
    return pyotp.random_base32(32)


def verify_totp(secret: str, code: str, now: datetime) -> int | None:
    """Return the 30-second step a six-digit code belongs to, or None.

    One step before and after ``now`` (aware) is allowed for. The caller stores the step and refuses one that is not
    later than the last used, so that a code seen over a shoulder cannot be used again.
    """
    if not _CODE.fullmatch(code):
        return None
    totp = pyotp.TOTP(secret, interval=TOTP_SECONDS)
    current = int(now.timestamp()) // TOTP_SECONDS
    matched = None
    for step in range(max(current - TOTP_WINDOW, 0), current + TOTP_WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            matched = step
    return matched


def _bytes(password: str) -> bytes:
    # A lone surrogate is a wrong password, not an error.
    return password.encode("utf-8", "surrogatepass")
