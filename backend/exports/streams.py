"""An archive given away as it is written: whoever takes the chunks never holds all of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""Every part is dated like every other: the same content makes the same bytes."""


class Sink:
    """Takes what an archive writes, and gives it away again; the archive cannot go back in it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        self.size = 0
        return taken


def packed_files(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Several files as one archive, one in memory at a time. They are packed already, and are not packed again."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), data)
            yield sink.take()
    yield sink.take()
