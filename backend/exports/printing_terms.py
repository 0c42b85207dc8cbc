"""What a printing process and who asks it agree on; imports nothing of ours."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final

PDF: Final = "pdf"
DOCX: Final = "docx"
JOIN: Final = "join"
LENGTH: Final = struct.Struct(">I")
"""Before each piece of what goes in."""
ANSWER: Final = struct.Struct(">4s?II")
"""Before what comes out: magic, whether it is a refusal, the number of pages, the length."""
MAGIC: Final = b"SWP1"


class TemplateBroken(Exception):
    """The template an office put in place cannot be filled."""


def packed(pieces: Iterable[bytes]) -> bytes:
    """Pieces as one stream."""
    return b"".join(part for piece in pieces for part in (LENGTH.pack(len(piece)), piece))


def unpacked(stream: bytes) -> Iterator[bytes]:
    """The pieces of a stream."""
    place = 0
    while place < len(stream):
        (length,) = LENGTH.unpack_from(stream, place)
        place += LENGTH.size
        yield stream[place : place + length]
        place += length
