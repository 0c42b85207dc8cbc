"""Envelope encryption: a data key per inquiry or citizen, wrapped by the master key (AES-256-GCM throughout).

Every blob is ``version (1) | algorithm (1) | key id (4) | nonce (12) | ciphertext and tag``. The six leading bytes and
the caller's context are authenticated with the content, so a blob moved to another row or field does not open. In a
wrapped data key the key id names the master key; in a sealed text it is a fingerprint of the data key.
"""

from __future__ import annotations

import hmac
import secrets
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.vault.keys import KEY_BYTES, KeyMissing, Keyring

VERSION = 1
AES_256_GCM = 1

_HEADER = struct.Struct(">BBI")
_NONCE_BYTES = 12
_TAG_BYTES = 16
_OVERHEAD = _HEADER.size + _NONCE_BYTES + _TAG_BYTES
_WRAP_CONTEXT = b"shouwen data key"


class SealBroken(Exception):
    """The blob was changed, cut, belongs to another context or was sealed under another key. Nothing is returned."""


class UnknownKey(SealBroken):
    """The blob names a master key that is not in the keyring: an old key is missing, or the blob was changed."""


class Vault:
    """Seals and opens texts under wrapped data keys. Holds no data key between calls, so threads may share it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def __repr__(self) -> str:
        return f"<Vault {self._keyring!r}>"

    def new_data_key(self) -> bytes:
        """Return a fresh data key, wrapped under the newest master key (66 bytes, to be stored)."""
        return self._wrap(secrets.token_bytes(KEY_BYTES))

    def rewrap(self, wrapped: bytes) -> bytes:
        """Return the same data key wrapped under the newest master key. Raises ``SealBroken``."""
        return self._wrap(self._unwrap(wrapped))

    def is_current(self, wrapped: bytes) -> bool:
        """Say whether a wrapped data key is under the newest master key already. Raises ``SealBroken``."""
        return _read_header(wrapped) == self._keyring.newest_master_id

    def seal(self, wrapped: bytes, text: str | bytes, context: str) -> bytes:
        """Encrypt ``text`` (a str as UTF-8) for one place, e.g. ``inquiry:<id>:content``. Raises ``SealBroken``."""
        key = self._unwrap(wrapped)
        return _encrypt(
            key, _fingerprint(key), text.encode() if isinstance(text, str) else text, context.encode()
        )

    def unseal(self, wrapped: bytes, blob: bytes, context: str) -> bytes:
        """Return what was sealed, or raise ``SealBroken``; never a part of it, never anything else."""
        key = self._unwrap(wrapped)
        if _read_header(blob) != _fingerprint(key):
            raise SealBroken("sealed under another data key, or changed")
        return _decrypt(key, blob, context.encode())

    def unseal_text(self, wrapped: bytes, blob: bytes, context: str) -> str:
        """Return the text that was sealed. Raises ``SealBroken``."""
        return self.unseal(wrapped, blob, context).decode()

    def _wrap(self, data_key: bytes) -> bytes:
        key_id = self._keyring.newest_master_id
        return _encrypt(self._keyring.master(key_id), key_id, data_key, _WRAP_CONTEXT)

    def _unwrap(self, wrapped: bytes) -> bytes:
        key_id = _read_header(wrapped)
        try:
            master = self._keyring.master(key_id)
        except KeyMissing as missing:
            raise UnknownKey(str(missing)) from None
        return _decrypt(master, wrapped, _WRAP_CONTEXT)


def _read_header(blob: bytes) -> int:
    """Check version and algorithm, and return the key id."""
    if len(blob) < _OVERHEAD:
        raise SealBroken("too short")
    version, algorithm, key_id = _HEADER.unpack_from(blob)
    if (version, algorithm) != (VERSION, AES_256_GCM):
        raise SealBroken(f"unknown version {version} or algorithm {algorithm}")
    return int(key_id)


def _fingerprint(data_key: bytes) -> int:
    return int.from_bytes(hmac.digest(data_key, b"shouwen data key id", "sha256")[:4])


def _encrypt(key: bytes, key_id: int, plain: bytes, context: bytes) -> bytes:
    header = _HEADER.pack(VERSION, AES_256_GCM, key_id)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, plain, header + context)


def _decrypt(key: bytes, blob: bytes, context: bytes) -> bytes:
    header, body = blob[: _HEADER.size], blob[_HEADER.size :]
    try:
        return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], header + context)
    except InvalidTag:
        raise SealBroken("changed, or sealed under another key or for another context") from None
