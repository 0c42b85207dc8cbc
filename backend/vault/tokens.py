"""Opaque tokens, the tracking token of an inquiry, and the fingerprint of a request."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

_MEDIA_TOKEN_LENGTH = 64

_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


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


def media_token(key: bytes, attachment_id: str, expires: int) -> str:
    """Return the token that lets WeChat fetch one attachment until `expires` (Unix seconds): 64 characters.

    `attachment_id` are 32 hexadecimal digits. Nothing about a person stands in it, and nothing of it is stored.
    """
    told = bytes.fromhex(attachment_id) + expires.to_bytes(8)
    return base64.urlsafe_b64encode(told + _keyed(key, b"media", told)[:24]).decode()


def read_media_token(key: bytes, token: str) -> tuple[str, int] | None:
    """Return the attachment and the end of a token that we made ourselves; None for any other text."""
    if len(token) != _MEDIA_TOKEN_LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    told, mark = raw[:24], raw[24:]
    if not hmac.compare_digest(mark, _keyed(key, b"media", told)[:24]):
        return None
    return told[:16].hex(), int.from_bytes(told[16:])


def survey_token(key: bytes, follow_up_id: str) -> str:
    """Return the token that answers one survey: base64url(HMAC-SHA256(key, follow-up)), 43 characters.

    Made again for every message that carries it; only its hash is stored.
    """
    digest = _keyed(key, b"survey", follow_up_id.encode())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def binding_code(key: bytes, code_id: str) -> str:
    """Return the eight symbols (40 bits) of Crockford's base 32 by which a member of staff binds a WeChat.

    Made again from its row whenever it is shown, so that it is stored nowhere.
    """
    digest = _keyed(key, b"binding-code", code_id.encode())
    return base64.b32encode(digest[:5]).decode().translate(_CROCKFORD)


def first_password(key: bytes, change_id: str) -> str:
    """Return the first password of an account: 80 bits as 4-4-4-4 symbols of Crockford's base 32, in small letters.

    Made again from the change that set it while whoever made it may see it, so that it is stored nowhere.
    """
    digest = _keyed(key, b"first-password", change_id.encode())
    symbols = base64.b32encode(digest[:10]).decode().translate(_CROCKFORD).lower()
    return "-".join(symbols[place : place + 4] for place in range(0, 16, 4))


def first_totp_secret(key: bytes, change_id: str) -> str:
    """Return the secret of an authenticator that was made with a first password: 160 bits in base32."""
    return base64.b32encode(_keyed(key, b"first-totp", change_id.encode())[:20]).decode()


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
