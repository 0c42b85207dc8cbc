"""The keys of one installation, from a directory of files or from the environment.

Files, each 0600 in a 0700 directory: ``master-<id>.key`` (several may exist), ``blind-index.key``, ``tracking.key``
and ``flask-secret.key`` hold 32 bytes in base64; ``ledger-signing.pem`` holds an Ed25519 private key in PKCS #8.

Environment: ``SHOUWEN_MASTER_KEY`` (``<id>:<base64>``, several separated by commas; an entry without an id has id 1),
``SHOUWEN_BLIND_INDEX_KEY``, ``SHOUWEN_TRACKING_KEY``, ``SHOUWEN_SECRET_KEY`` (base64 of 32 bytes each) and
``SHOUWEN_LEDGER_SIGNING_KEY`` (base64 of the 32-byte seed, or the PEM text).
"""

from __future__ import annotations

import base64
import binascii
import errno
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

KEY_BYTES = 32
MAX_KEY_ID = 2**32 - 1

MASTER = "master"
BLIND_INDEX = "blind index"
TRACKING = "tracking token"
FLASK_SECRET = "Flask secret"
LEDGER_SIGNING = "ledger signing"

_FILES = {
    BLIND_INDEX: "blind-index.key",
    TRACKING: "tracking.key",
    FLASK_SECRET: "flask-secret.key",
    LEDGER_SIGNING: "ledger-signing.pem",
}
_VARIABLES = {
    MASTER: "SHOUWEN_MASTER_KEY",
    BLIND_INDEX: "SHOUWEN_BLIND_INDEX_KEY",
    TRACKING: "SHOUWEN_TRACKING_KEY",
    FLASK_SECRET: "SHOUWEN_SECRET_KEY",
    LEDGER_SIGNING: "SHOUWEN_LEDGER_SIGNING_KEY",
}
_MASTER_FILE = re.compile(r"master-([1-9][0-9]{0,9})\.key")
_LARGEST_FILE = 4096


class KeyringError(Exception):
    """A key could not be had. ``role`` says which one; no message ever carries key bytes."""

    def __init__(self, role: str, reason: str) -> None:
        super().__init__(f"{role} key: {reason}")
        self.role = role


class KeyMissing(KeyringError):
    """The key is not where it should be."""


class KeyUnreadable(KeyringError):
    """The key is there, but open to others, damaged, or not to be read by this user."""


class Keyring:
    """All keys of one installation. Its repr shows ids only.

    ``masters`` maps key ids (1 to 2**32 - 1) to 32-byte keys: the newest encrypts, the older ones still decrypt.
    ``ledger_signing`` is the 32-byte Ed25519 seed. Raises ``KeyMissing`` and ``KeyUnreadable``.
    """

    __slots__ = ("_masters", "blind_index", "flask_secret", "ledger_signing", "tracking")

    def __init__(
        self,
        *,
        masters: Mapping[int, bytes],
        blind_index: bytes,
        tracking: bytes,
        flask_secret: bytes,
        ledger_signing: bytes,
    ) -> None:
        if not masters:
            raise KeyMissing(MASTER, "none given")
        for key_id, key in masters.items():
            if not 0 < key_id <= MAX_KEY_ID:
                raise KeyUnreadable(MASTER, f"id {key_id} is out of range")
            _check_length(f"{MASTER} {key_id}", key)
        self._masters = dict(masters)
        self.blind_index = _check_length(BLIND_INDEX, blind_index)
        self.tracking = _check_length(TRACKING, tracking)
        self.flask_secret = _check_length(FLASK_SECRET, flask_secret)
        self.ledger_signing = _check_length(LEDGER_SIGNING, ledger_signing)

    def __repr__(self) -> str:
        return f"<Keyring master ids {sorted(self._masters)}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a keyring is not written anywhere")

    @property
    def newest_master_id(self) -> int:
        """The id of the master key that encrypts from now on."""
        return max(self._masters)

    def master(self, key_id: int) -> bytes:
        """Return the master key of that id, or raise ``KeyMissing``."""
        try:
            return self._masters[key_id]
        except KeyError:
            raise KeyMissing(f"{MASTER} {key_id}", "not in the keyring") from None

    @classmethod
    def load(cls, directory: Path) -> Keyring:
        """Read every key from the files of a directory, refusing anything other users could read or replace."""
        _check_directory(directory)
        masters = {
            key_id: _from_base64(f"{MASTER} {key_id}", _read_private(f"{MASTER} {key_id}", path))
            for key_id, path in _master_files(directory).items()
        }
        return cls._assemble(masters, lambda role: _read_private(role, directory / _FILES[role]))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Keyring:
        """Read every key from a mapping such as ``os.environ``; the names stand at the top of this module."""

        def read(role: str) -> bytes:
            value = environment.get(_VARIABLES[role], "").strip()
            if not value:
                raise KeyMissing(role, f"{_VARIABLES[role]} is not set")
            return value.encode()

        masters: dict[int, bytes] = {}
        for entry in read(MASTER).decode().split(","):
            key_id_text, colon, encoded = entry.strip().rpartition(":")
            if colon and not re.fullmatch(r"[1-9][0-9]{0,9}", key_id_text):
                raise KeyUnreadable(MASTER, "an entry is not of the form <id>:<base64>")
            key_id = int(key_id_text or "1")
            if key_id in masters:
                raise KeyUnreadable(MASTER, f"id {key_id} is given twice")
            masters[key_id] = _from_base64(f"{MASTER} {key_id}", encoded.encode())
        return cls._assemble(masters, read)

    @classmethod
    def create(cls, directory: Path) -> Keyring:
        """Make whichever keys the directory lacks, never touching one that exists, then load it.

        The directory is made 0700 with its parents. Safe against a second process doing the same.
        """
        if not directory.is_dir():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_directory(directory.parent)
        _check_directory(directory)
        if not _master_files(directory):
            _write_once(directory, "master-1.key", _new_key_text())
        for role, name in _FILES.items():
            if not os.path.lexists(directory / name):
                _write_once(
                    directory, name, _new_signing_pem() if role == LEDGER_SIGNING else _new_key_text()
                )
        return cls.load(directory)

    @classmethod
    def _assemble(cls, masters: Mapping[int, bytes], read: Callable[[str], bytes]) -> Keyring:
        return cls(
            masters=masters,
            blind_index=_from_base64(BLIND_INDEX, read(BLIND_INDEX)),
            tracking=_from_base64(TRACKING, read(TRACKING)),
            flask_secret=_from_base64(FLASK_SECRET, read(FLASK_SECRET)),
            ledger_signing=_signing_seed(read(LEDGER_SIGNING)),
        )


def add_master_key(directory: Path) -> int:
    """Write a new master key beside the old ones and return its id; data is sealed under it after the next load."""
    _check_directory(directory)
    key_id = max(_master_files(directory), default=0) + 1
    _write_once(directory, f"master-{key_id}.key", _new_key_text())
    return key_id


def _check_length(role: str, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeyUnreadable(role, f"{len(key)} bytes long, expected {KEY_BYTES}")
    return key


def _from_base64(role: str, text: bytes) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        # "from None": the decoder's message could quote what it was given.
        raise KeyUnreadable(role, "not base64") from None
    return _check_length(role, key)


def _signing_seed(text: bytes) -> bytes:
    if not text.lstrip().startswith(b"-----BEGIN"):
        return _from_base64(LEDGER_SIGNING, text)
    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnreadable(LEDGER_SIGNING, "not an unencrypted PEM private key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(LEDGER_SIGNING, "not an Ed25519 key")
    return key.private_bytes_raw()


def _new_key_text() -> bytes:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"


def _new_signing_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _master_files(directory: Path) -> dict[int, Path]:
    try:
        names = [path.name for path in directory.iterdir()]
    except OSError as error:
        raise KeyUnreadable(MASTER, f"the directory {directory}: {error.strerror}") from None
    matches = filter(None, map(_MASTER_FILE.fullmatch, names))
    return {int(match[1]): directory / match[0] for match in matches}


def _check_directory(directory: Path) -> None:
    try:
        status = directory.stat()
    except FileNotFoundError:
        raise KeyMissing("every", f"the directory {directory} does not exist") from None
    except OSError as error:
        raise KeyUnreadable("every", f"the directory {directory}: {error.strerror}") from None
    _check_private("every", f"the directory {directory}", status, wanted=0o700)


def _check_private(role: str, what: str, status: os.stat_result, *, wanted: int) -> None:
    if stat.S_IMODE(status.st_mode) & ~wanted:
        raise KeyUnreadable(
            role, f"{what} has mode {stat.S_IMODE(status.st_mode):04o}, expected {wanted:04o}"
        )
    if status.st_uid not in (os.geteuid(), 0):
        raise KeyUnreadable(role, f"{what} belongs to another user")


def _read_private(role: str, path: Path) -> bytes:
    try:
        # O_NONBLOCK: a FIFO in the place of a key must not hang the start.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyMissing(role, f"no file {path.name}") from None
    except OSError as error:
        reason = "is a symbolic link" if error.errno == errno.ELOOP else error.strerror
        raise KeyUnreadable(role, f"{path.name}: {reason}") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyUnreadable(role, f"{path.name} is not a regular file")
        _check_private(role, path.name, status, wanted=0o600)
        return file.read(_LARGEST_FILE)


def _write_once(directory: Path, name: str, content: bytes) -> None:
    """Let ``name`` appear whole and on disk, or leave the one that is there: link() never replaces."""
    temporary = directory / f".{name}.{secrets.token_hex(8)}"
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(temporary, directory / name)
    finally:
        temporary.unlink()
    _sync_directory(directory)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
