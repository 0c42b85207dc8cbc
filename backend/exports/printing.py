"""Forms as PDF and Word, made by short-lived processes: what typesets is loaded neither here nor in the web process.

A book is set a few hundred forms at a time, one process after the other, so that memory does not grow with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog

from backend.exports.printing_terms import ANSWER, DOCX, JOIN, MAGIC, PDF, TemplateBroken, packed

PDF_TYPE: Final = "application/pdf"
DOCX_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS_AT_ONCE: Final = 250
"""A typesetter holds some 0.3 MB for each form until the whole part is set."""
CHARACTERS_AT_ONCE: Final = 500_000
"""The same of forms with long texts."""

# Only the printing modules are loaded, not the application: `backend` becomes an empty package over the real folder.
_BOOT = (
    "import sys, types; package = types.ModuleType('backend'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['backend'] = package; from backend.exports.printing_child import main; sys.exit(main(*sys.argv[2:]))"
)
_BACKEND = Path(__file__).resolve().parents[1]
_TEMPLATE = Path(__file__).with_name("templates") / "ledger.docx"
_SECONDS = 180
_PATIENCE = 60
_SLOT = threading.BoundedSemaphore(1)
log = structlog.get_logger()


class PrintBusy(Exception):
    """Another print took too long, or no process could be started: the same may be printed a little later."""


class PrintFailed(Exception):
    """The printing process ended without a print: a fault of ours."""


@contextmanager
def print_slot() -> Iterator[None]:
    """A turn to print: one book at a time is read, held and set. Raises PrintBusy."""
    if not _SLOT.acquire(timeout=_PATIENCE):
        raise PrintBusy("another print is under way")
    try:
        yield
    finally:
        _SLOT.release()


def pdf_of(head: Mapping[str, Any], forms: Iterable[Mapping[str, Any]], made_at: datetime) -> bytes:
    """The book as one PDF. Raises PrintBusy, PrintFailed."""
    parts, page = list[bytes](), 1
    for some in _portions(forms):
        document = {
            **head,
            "forms": some,
            "cover_here": not parts,
            "first_page": page,
            "made_at": int(made_at.timestamp()),
        }
        pages, part = _printed(PDF, [_json(document)])
        parts.append(part)
        page += pages
    return parts[0] if len(parts) == 1 else _printed(JOIN, parts)[1]


def _portions(forms: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The forms in the portions they are set in; of none at all one without any."""
    some, size, is_first = list[Mapping[str, Any]](), 0, True
    for form in forms:
        some.append(form)
        size += sum(len(value) for value in form.values() if isinstance(value, str))
        if len(some) == FORMS_AT_ONCE or size >= CHARACTERS_AT_ONCE:
            yield some
            some, size, is_first = [], 0, False
    if some or is_first:
        yield some


def docx_of(head: Mapping[str, Any], forms: Iterable[Mapping[str, Any]], template: bytes) -> bytes:
    """The book as a Word file from this template. Raises TemplateBroken, PrintBusy, PrintFailed."""
    return _printed(DOCX, [_json({**head, "forms": list(forms)}), template])[1]


def word_template(folder: Path) -> bytes:
    """The template an office put in place (`ledger.docx` in its folder), else the one that comes along."""
    own = folder / _TEMPLATE.name
    return (own if own.is_file() else _TEMPLATE).read_bytes()


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=True).encode("ascii")


def _printed(kind: str, pieces: Iterable[bytes]) -> tuple[int, bytes]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _BOOT, str(_BACKEND), kind, str(os.getpid())],
            input=packed(pieces),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            # Unused arenas and many threads would count against the address space.
            env={"MALLOC_ARENA_MAX": "2", "RAYON_NUM_THREADS": "2", "PYTHONIOENCODING": "utf-8"},
            cwd="/",
        )
    except OSError as error:
        raise PrintBusy("no printing process could be started") from error
    except subprocess.TimeoutExpired:
        raise PrintBusy("a print took too long") from None
    return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> tuple[int, bytes]:
    answer = done.stdout
    if done.returncode != 0 or len(answer) < ANSWER.size:
        # The last line names the fault; what was printed does not stand in it.
        said = done.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        fault = said.split(":", 1)[0][:80]
        log.error("print_failed", exit=done.returncode, fault=fault)
        raise PrintFailed(f"exit {done.returncode}: {fault}")
    magic, refused, pages, length = ANSWER.unpack_from(answer)
    body = answer[ANSWER.size :]
    if magic != MAGIC or length != len(body):
        raise PrintFailed("the answer is not whole")
    if refused:
        raise TemplateBroken(body.decode("ascii", "replace"))
    return pages, body
