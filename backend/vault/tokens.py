"""Opaque tokens, the tracking token of an inquiry, and the fingerprint of a request."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return a fresh token of 256 random bits: 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is stored of a token: its SHA-256 in hexadecimal. Any str is accepted, also a hostile one."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def tracking_token(key: bytes, inquiry_id: str, generation: int) -> str:
    """Return the token that follows one inquiry: base64url(HMAC-SHA256(key, inquiry ‖ generation)), 43 characters.

    It can be made again at any time, so only its hash is stored; a higher generation makes the old one void.
    """
    digest = _keyed(key, b"tracking", inquiry_id.encode(), generation.to_bytes(8))
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def request_fingerprint(key: bytes, method: str, path: str, body_bytes: bytes) -> str:
    """Return 64 hexadecimal digits that are equal exactly for equal requests and say nothing about the body."""
    parts = (method.upper().encode(), path.encode("utf-8", "surrogatepass"), body_bytes)
    return _keyed(key, b"request", *parts).hex()


def _keyed(key: bytes, *parts: bytes) -> bytes:
    """HMAC over parts with their lengths, so that no two lists of parts look alike."""
    mac = hmac.new(key, digestmod="sha256")
    for part in parts:
        mac.update(len(part).to_bytes(8))
        mac.update(part)
    return mac.digest()
