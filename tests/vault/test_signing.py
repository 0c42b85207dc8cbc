"""Ledger signatures verify with the public key alone, and only over the very bytes."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.vault.keys import Keyring, KeyUnreadable
from backend.vault.signing import Signer, Verifier

# RFC 8032, 7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_signature_is_that_of_the_standard():
    assert Signer(SEED).sign(b"\x72") == SIGNATURE
    assert Signer(SEED).verify(b"\x72", SIGNATURE)


def test_the_public_key_alone_verifies():
    verifier = Verifier.from_pem(Signer(SEED).public_key_pem)
    assert verifier.verify(b"\x72", SIGNATURE)
    assert not hasattr(verifier, "sign")
    assert verifier.public_key_pem == Signer(SEED).public_key_pem


@pytest.mark.parametrize(
    ("message", "signature"),
    [
        (b"\x73", SIGNATURE),
        (b"", SIGNATURE),
        (b"\x72", SIGNATURE[:-1]),
        (b"\x72", b""),
        (b"\x72", bytes((SIGNATURE[0] ^ 1,)) + SIGNATURE[1:]),
        (b"\x72", Signer(b"o" * 32).sign(b"\x72")),
    ],
)
def test_another_message_signature_or_key_does_not_verify(message, signature):
    assert not Verifier.from_pem(Signer(SEED).public_key_pem).verify(message, signature)


def test_the_key_of_the_keyring_signs(tmp_path):
    keyring = Keyring.create(tmp_path / "keys")
    signature = Signer(keyring.ledger_signing).sign(b"head")
    again = Signer(Keyring.load(tmp_path / "keys").ledger_signing)
    assert again.verify(b"head", signature)


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "not a key",
        X25519PrivateKey.generate()
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    ],
)
def test_what_is_no_ed25519_public_key_is_unreadable(pem):
    with pytest.raises(KeyUnreadable, match="ledger public"):
        Verifier.from_pem(pem)


def test_repr_shows_no_key():
    assert SEED.hex() not in repr(Signer(SEED))
