"""Sealed attachments as files with random names. What is stored was encrypted by the caller."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

_LOCATOR = re.compile(r"[0-9a-f]{32}")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


class BlobMissing(Exception):
    """Nothing is stored under this locator."""


class StorageFull(Exception):
    """The volume has no room. Nothing was stored, and what was there is untouched."""


class BlobStore(Protocol):
    """Where sealed attachments lie. A locator comes from ``new_locator`` and says nothing about its content."""

    def write(self, locator: str, data: bytes) -> None:
        """Store data so that it survives a power cut once this returns. Raises ``StorageFull``."""

    def read(self, locator: str) -> bytes:
        """Return what was stored. Raises ``BlobMissing``."""

    def delete(self, locator: str) -> None:
        """Remove it; removing what is not there is no error."""

    def exists(self, locator: str) -> bool:
        """Say whether something is stored under the locator."""


def new_locator() -> str:
    """Return a fresh random locator: 32 hexadecimal digits."""
    return secrets.token_hex(16)


class FileBlobStore:
    """Files in a directory of our own, in two levels of folders (``ab/cd/abcd…``). Follows no symbolic link.

    Raises ``ValueError`` for a locator that is not of our form.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The operator may point at a volume through a link; below this folder none is followed.
        self._directory = directory.resolve()

    def __repr__(self) -> str:
        return f"<FileBlobStore {self._directory}>"

    def write(self, locator: str, data: bytes) -> None:
        """Write beside, sync, rename, sync the folder: a reader sees all of it or nothing."""
        try:
            with self._folder(locator, create=True) as folder:
                _write_whole(folder, locator, data)
        except OSError as error:
            if error.errno in _NO_SPACE:
                raise StorageFull("no room for the attachment") from error
            raise

    def read(self, locator: str) -> bytes:
        """Return the stored bytes. Raises ``BlobMissing``."""
        try:
            with self._folder(locator) as folder:
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
                descriptor = os.open(locator, flags, dir_fd=folder)
                with os.fdopen(descriptor, "rb") as file:
                    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                        raise BlobMissing(locator)
                    return file.read()
        except OSError as error:
            if _absent(error):
                raise BlobMissing(locator) from error
            raise

    def delete(self, locator: str) -> None:
        """Remove the file and sync its folder."""
        try:
            with self._folder(locator) as folder:
                os.unlink(locator, dir_fd=folder)
                os.fsync(folder)
        except OSError as error:
            if not _absent(error):
                raise

    def exists(self, locator: str) -> bool:
        """Say whether a regular file is there."""
        try:
            with self._folder(locator) as folder:
                return stat.S_ISREG(os.stat(locator, dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError as error:
            if _absent(error):
                return False
            raise

    @contextmanager
    def _folder(self, locator: str, *, create: bool = False) -> Iterator[int]:
        """Open the folder of a locator step by step, so that no part of the way can be a link elsewhere."""
        if not _LOCATOR.fullmatch(locator):
            raise ValueError("not a locator of this store")
        folder = os.open(self._directory, _DIRECTORY)
        try:
            for name in (locator[:2], locator[2:4]):
                if create:
                    with suppress(FileExistsError):
                        os.mkdir(name, 0o700, dir_fd=folder)
                    # Also for a folder another writer made a moment ago: it may not be on disk yet.
                    os.fsync(folder)
                inner = os.open(name, _DIRECTORY, dir_fd=folder)
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)


def _absent(error: OSError) -> bool:
    """Say whether the name is absent, or is a link or a folder instead of a file of ours."""
    return error.errno in (errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR)


def _write_whole(folder: int, name: str, data: bytes) -> None:
    temporary = f".{name}.{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(descriptor)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)
