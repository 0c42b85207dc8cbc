"""Clean citizens' photos and PDFs in a process of their own: decoded within limits, re-encoded without metadata.

This module only looks at the first bytes and talks to the child (``media_child.py``); it never imports Pillow or
pikepdf, so nothing a citizen sends can crash, fill or take over the web process.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from backend.vault.media_terms import (
    DEFAULT,
    EXIT_NOT_READY,
    FRAME,
    MAGIC,
    MEDIA_DAMAGED,
    MEDIA_TOO_COMPLEX,
    REFUSALS,
    TYPE_NOT_ALLOWED,
    MediaLimits,
    MediaRefused,
)

__all__ = ["DEFAULT", "CleanMedia", "MediaBusy", "MediaLimits", "MediaRefused", "clean_media", "sniff"]

MAX_CHILDREN: Final = 2

_SLOTS = threading.BoundedSemaphore(MAX_CHILDREN)
# The child is to load this folder and not the application: it makes `backend` an empty package over the real folder,
# wherever that is installed, and never runs backend/__init__.py. -I alone would find nothing of ours.
_BOOT = (
    "import sys, types; package = types.ModuleType('backend'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['backend'] = package; from backend.vault.media_child import main; sys.exit(main(*sys.argv[2:]))"
)
_BACKEND = Path(__file__).resolve().parents[1]
_PIPE_CHUNK = 1 << 16
_KINDS = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "pdf": ("application/pdf", "pdf"),
}


class MediaBusy(Exception):
    """No cleaner was free in time, or none could be started: the same file may be taken a little later."""


@dataclass(frozen=True, slots=True)
class CleanMedia:
    """What is stored and served: type by content, bytes without metadata, extension without a dot."""

    media_type: str
    data: bytes
    extension: str


def clean_media(data: bytes, *, limits: MediaLimits = DEFAULT) -> CleanMedia:
    """Return a JPEG, PNG, still WebP or PDF without anything but what is seen on it.

    Raises ``MediaRefused`` for what cannot or must not be taken, ``MediaBusy`` when all cleaners stay occupied. The
    caller has checked the size of the upload.
    """
    kind = sniff(data)
    if not _SLOTS.acquire(timeout=limits.patience_seconds):
        raise MediaBusy("every cleaner is occupied")
    try:
        clean = _run_child(kind, data, limits)
    finally:
        _SLOTS.release()
    media_type, extension = _KINDS[kind]
    return CleanMedia(media_type, clean, extension)


def sniff(data: bytes) -> str:
    """Return jpeg, png, webp or pdf by the first bytes, never by a name. Raises ``MediaRefused``."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"%PDF-"):
        return "pdf"
    raise MediaRefused(TYPE_NOT_ALLOWED)


def _run_child(kind: str, data: bytes, limits: MediaLimits) -> bytes:
    # -I: no PYTHON* variable, no user site, nothing from the current directory.
    command = [sys.executable, "-I", "-B", "-c", _BOOT, str(_BACKEND)]
    command += [kind, str(os.getpid()), json.dumps(asdict(limits))]
    # One malloc arena: reserved but unused arenas would count against the address space.
    environment = {"PATH": os.environ.get("PATH", os.defpath), "MALLOC_ARENA_MAX": "1"}
    deadline = time.monotonic() + limits.wall_seconds
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise MediaBusy("a cleaner could not be started") from error
    with process:
        try:
            answer = _converse(process, data, FRAME.size + limits.max_output_bytes, deadline)
            status = process.wait(max(deadline - time.monotonic(), 0)) if answer is not None else None
        except subprocess.TimeoutExpired:
            answer = status = None
        finally:
            # Whatever happened above, nothing of the child's group outlives this call.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if answer is None:
        raise MediaRefused(MEDIA_TOO_COMPLEX)
    return _read_answer(answer, status)


def _converse(process: subprocess.Popen[bytes], data: bytes, most: int, deadline: float) -> bytes | None:
    """Feed the child and gather its answer; None when it takes too long or answers more than ``most`` bytes."""
    stdin, stdout = _pipe(process.stdin), _pipe(process.stdout)
    rest, answer = memoryview(data), bytearray()
    with selectors.DefaultSelector() as selector:
        os.set_blocking(stdin.fileno(), False)
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ)
        while True:
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready:
                return None
            for key, _ in ready:
                if key.fileobj is stdin:
                    rest = _write_some(stdin, rest)
                    if not rest:
                        selector.unregister(stdin)
                        stdin.close()
                    continue
                chunk = os.read(stdout.fileno(), _PIPE_CHUNK)
                answer += chunk
                if not chunk:
                    return bytes(answer)
                if len(answer) > most:
                    return None


def _write_some(stdin: IO[bytes], rest: memoryview) -> memoryview:
    try:
        return rest[os.write(stdin.fileno(), rest[:_PIPE_CHUNK]) :]
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        # The child refused, or died, before it had read everything: its answer or its status tells.
        return rest[:0]


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise MediaBusy("a cleaner was started without its pipes")
    return stream


def _read_answer(answer: bytes, status: int | None) -> bytes:
    if status == EXIT_NOT_READY:
        raise MediaBusy("a cleaner could not load its libraries")
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        # Out of processor time, or ended by the system for lack of memory.
        raise MediaRefused(MEDIA_TOO_COMPLEX)
    if status != 0 or len(answer) < FRAME.size:
        raise MediaRefused(MEDIA_DAMAGED)
    magic, refused, length = FRAME.unpack_from(answer)
    body = answer[FRAME.size :]
    if magic != MAGIC or length != len(body):
        raise MediaRefused(MEDIA_DAMAGED)
    if refused:
        code = body.decode("ascii", "replace")
        raise MediaRefused(code if code in REFUSALS else MEDIA_DAMAGED)
    return body
