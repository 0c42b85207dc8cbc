"""Ed25519 signatures of ledger entries, chain heads and receipts."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from backend.vault.keys import KeyUnreadable

LEDGER_PUBLIC = "ledger public"


class Verifier:
    """Checks signatures with the public key alone, as an auditor or a citizen would."""

    def __init__(self, public_key: Ed25519PublicKey) -> None:
        self._public_key = public_key

    @classmethod
    def from_pem(cls, pem: str) -> Verifier:
        """Read a public key in PEM. Raises ``KeyUnreadable`` when it is not an Ed25519 one."""
        try:
            key = load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            raise KeyUnreadable(LEDGER_PUBLIC, "not a PEM public key") from None
        if not isinstance(key, Ed25519PublicKey):
            raise KeyUnreadable(LEDGER_PUBLIC, "not an Ed25519 key")
        return cls(key)

    @property
    def public_key_pem(self) -> str:
        """The public key in PEM, to be published."""
        return self._public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the signature (64 bytes) was made over exactly this message."""
        try:
            self._public_key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Signer(Verifier):
    """Signs with the ledger key, given as its 32-byte seed (``Keyring.ledger_signing``)."""

    def __init__(self, seed: bytes) -> None:
        self._private_key = Ed25519PrivateKey.from_private_bytes(seed)
        super().__init__(self._private_key.public_key())

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of a message."""
        return self._private_key.sign(message)
