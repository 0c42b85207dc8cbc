"""A printing process: pieces in on stdin, one answer out on stdout; started by ``printing.py``.

It binds itself to its limits before it loads a library.
"""

from __future__ import annotations

import json
import sys

from backend.exports.printing_terms import ANSWER, DOCX, MAGIC, PDF, TemplateBroken, unpacked
from backend.vault.media_child import confine
from backend.vault.media_terms import MediaLimits

_LIMITS = MediaLimits(memory_bytes=2 << 30, cpu_seconds=120)
"""Address space, of which fonts and reserved stacks take most, and processor time."""


def made_of(kind: str, pieces: list[bytes]) -> tuple[int, bytes]:
    """Pages (0 where nobody asks) and bytes."""
    if kind == PDF:
        from backend.exports.pdf import part_of_book

        return part_of_book(json.loads(pieces[0]))
    if kind == DOCX:
        from backend.exports.word import book

        return 0, book(json.loads(pieces[0]), pieces[1])
    from backend.exports.pdf import joined

    return 0, joined(pieces)


def main(kind: str, parent: str) -> int:
    """Print once and return the exit status."""
    confine(int(parent), _LIMITS)
    try:
        pages, body = made_of(kind, list(unpacked(sys.stdin.buffer.read())))
        answer = ANSWER.pack(MAGIC, False, pages, len(body)) + body
    except TemplateBroken as refusal:
        code = str(refusal).encode()
        answer = ANSWER.pack(MAGIC, True, 0, len(code)) + code
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0
