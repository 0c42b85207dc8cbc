"""The media cleaner's child process: file in on stdin, one frame out on stdout; started by ``media.py``.

It binds itself to its limits before it looks at the file.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable

from backend.vault.media_terms import (
    EXIT_NOT_READY,
    FRAME,
    MAGIC,
    MEDIA_DAMAGED,
    MEDIA_TOO_COMPLEX,
    MediaLimits,
    MediaRefused,
)


def confine(parent: int, limits: MediaLimits) -> None:
    """Die with the parent, get no new rights, and be bounded in memory, time and files. Linux only."""
    libc = ctypes.CDLL(None, use_errno=True)
    pr_set_pdeathsig, pr_set_no_new_privs = 1, 38
    libc.prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    libc.prctl(pr_set_no_new_privs, 1, 0, 0, 0)
    if os.getppid() != parent:
        # It died before the signal was asked for.
        os._exit(EXIT_NOT_READY)
    bound(resource.RLIMIT_AS, limits.memory_bytes)
    bound(resource.RLIMIT_CPU, limits.cpu_seconds)
    bound(resource.RLIMIT_FSIZE, 0)
    bound(resource.RLIMIT_CORE, 0)


def bound(which: int, value: int) -> None:
    """Lower a limit for good: soft and hard."""
    resource.setrlimit(which, (value, value))


def close_the_door() -> None:
    """From here on no further file or socket can be opened; the libraries are loaded."""
    bound(resource.RLIMIT_NOFILE, 3)


def load_cleaner(kind: str) -> Callable[[bytes, MediaLimits], bytes]:
    """Load the library for this kind of file and nothing else. Raises ``ImportError``."""
    if kind == "pdf":
        from backend.vault.media_pdf import clean_pdf

        return clean_pdf
    from backend.vault.media_picture import picture_cleaner

    return picture_cleaner(kind)


def answer(clean: Callable[[bytes, MediaLimits], bytes], data: bytes, limits: MediaLimits) -> bytes:
    """Return the frame with the clean bytes or the code of the refusal."""
    try:
        out = clean(data, limits)
    except MediaRefused as refusal:
        return frame(refusal.code.encode(), refused=True)
    except (MemoryError, RecursionError):
        return frame(MEDIA_TOO_COMPLEX.encode(), refused=True)
    except Exception:  # noqa: BLE001 - a decoder may raise anything on a hostile file: it cannot be read
        return frame(MEDIA_DAMAGED.encode(), refused=True)
    if len(out) > limits.max_output_bytes:
        return frame(MEDIA_TOO_COMPLEX.encode(), refused=True)
    return frame(out, refused=False)


def frame(body: bytes, *, refused: bool) -> bytes:
    """Put the head before a body."""
    return FRAME.pack(MAGIC, refused, len(body)) + body


def main(kind: str, parent: str, limits_json: str) -> int:
    """Serve one file and return the exit status."""
    limits = MediaLimits(**json.loads(limits_json))
    confine(int(parent), limits)
    try:
        clean = load_cleaner(kind)
    except ImportError:
        # Not the file's fault: the parent says that it cannot be taken now.
        return EXIT_NOT_READY
    close_the_door()
    sys.stdout.buffer.write(answer(clean, sys.stdin.buffer.read(), limits))
    sys.stdout.buffer.flush()
    return 0
