"""Read a workbook in a process of its own: nothing somebody uploads can crash, fill or take over the one that asks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from backend.spreadsheets.terms import (
    MOST_BYTES,
    REFUSALS,
    SECONDS,
    TOO_COMPLEX,
    UNREADABLE,
    Cell,
    ReaderBusy,
    Sheet,
    WorkbookRefused,
)
from backend.vault.media_terms import EXIT_NOT_READY

# `backend` becomes an empty package over the real folder: the child loads this folder and not the application.
_BOOT = (
    "import sys, types; package = types.ModuleType('backend'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['backend'] = package; from backend.spreadsheets.child import main; sys.exit(main(*sys.argv[2:]))"
)
_BACKEND = Path(__file__).resolve().parents[1]
_ONE_AT_A_TIME = threading.BoundedSemaphore(1)
_OUT_OF_LIMITS = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV)


def read_workbook(data: bytes, *, most_rows: int) -> list[Sheet]:
    """The visible sheets of an xlsx file, each with at most `most_rows` rows below its first.

    Cells hold what the program shows as the value: of a formula its result. Raises WorkbookRefused, ReaderBusy.
    """
    if len(data) > MOST_BYTES:
        raise WorkbookRefused(TOO_COMPLEX)
    if not data.startswith(b"PK"):
        raise WorkbookRefused(UNREADABLE)
    with _ONE_AT_A_TIME:
        answer, status = _run(data, most_rows)
    if status == EXIT_NOT_READY:
        raise ReaderBusy
    if status in _OUT_OF_LIMITS or answer is None:
        raise WorkbookRefused(TOO_COMPLEX)
    if status != 0:
        raise WorkbookRefused(UNREADABLE)
    return [_sheet(json.loads(line)) for line in answer.decode("utf-8", "surrogatepass").split("\n") if line]


def _run(data: bytes, most_rows: int) -> tuple[bytes | None, int | None]:
    # -I: no PYTHON* variable, no user site, nothing from the current directory.
    command = [sys.executable, "-I", "-B", "-c", _BOOT, str(_BACKEND), str(os.getpid()), str(most_rows)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "MALLOC_ARENA_MAX": "1"}
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
        raise ReaderBusy from error
    with process:
        try:
            answer, _ = process.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None, None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        return answer, process.returncode


def _sheet(shape: dict[str, Any]) -> Sheet:
    if "refused" in shape:
        code = shape["refused"]
        raise WorkbookRefused(code if code in REFUSALS else UNREADABLE)
    return Sheet(
        shape["name"],
        [[_cell(one) for one in row] for row in shape["rows"]],
        shape["height"],
        frozenset((row, column) for row, column in shape["merged"]),
    )


def _cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        cell: Cell = value
        return cell
    text = value["t"]
    for kind in (date, datetime, time):
        with suppress(ValueError):
            read: Cell = kind.fromisoformat(text)
            return read
    return str(text)
