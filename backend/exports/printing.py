"""Forms as PDF and Word, made by short-lived processes: what typesets is loaded neither here nor in the web process.

A book is set a few hundred forms at a time, one process after the other, so that memory does not grow with it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from backend.exports.printing_terms import ANSWER, DOCX, JOIN, MAGIC, PDF, TemplateBroken, packed

PDF_TYPE: Final = "application/pdf"
DOCX_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS_AT_ONCE: Final = 250
"""A typesetter holds some 0.3 MB for each form until the whole part is set."""

# Only the printing modules are loaded, not the application: `backend` becomes an empty package over the real folder.
_BOOT = (
    "import sys, types; package = types.ModuleType('backend'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['backend'] = package; from backend.exports.printing_child import main; sys.exit(main(*sys.argv[2:]))"
)
_BACKEND = Path(__file__).resolve().parents[1]
_TEMPLATE = Path(__file__).with_name("templates") / "ledger.docx"
_SECONDS = 180
_PATIENCE = 60
_SLOTS = threading.BoundedSemaphore(1)


class PrintBusy(Exception):
    """Another print took too long, or no process could be started: the same may be printed a little later."""


class PrintFailed(Exception):
    """The printing process ended without a print: a fault of ours."""


def pdf_of(head: Mapping[str, Any], forms: Iterable[Mapping[str, Any]], made_at: datetime) -> bytes:
    """The book as one PDF. Raises PrintBusy, PrintFailed."""
    rest, parts, page = iter(forms), list[bytes](), 1
    while True:
        some = list(islice(rest, FORMS_AT_ONCE))
        if not some and parts:
            break
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
    if not _SLOTS.acquire(timeout=_PATIENCE):
        raise PrintBusy("another print is under way")
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
    finally:
        _SLOTS.release()
    return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> tuple[int, bytes]:
    answer = done.stdout
    if done.returncode != 0 or len(answer) < ANSWER.size:
        # The last line names the fault; what was printed does not stand in it.
        said = done.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        raise PrintFailed(f"exit {done.returncode}: {said.split(':', 1)[0][:80]}")
    magic, refused, pages, length = ANSWER.unpack_from(answer)
    body = answer[ANSWER.size :]
    if magic != MAGIC or length != len(body):
        raise PrintFailed("the answer is not whole")
    if refused:
        raise TemplateBroken(body.decode("ascii", "replace"))
    return pages, body
