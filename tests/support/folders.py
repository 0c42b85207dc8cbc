"""Folders of throw-away servers, named after the process that owns them.

A killed test run leaves its servers running: the next run finds the folder whose owner is gone, ends the server that
still works in it, and removes it.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "shouwen-test-"
WAIT_SECONDS = 10.0


def make_folder(kind: str) -> Path:
    """A new folder that any user may enter, as a server that dropped its rights must. Removes stale ones first."""
    _remove_stale()
    owner = os.getpid()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{kind}-{owner}-{_start_time(owner)}-", dir=_base()))
    folder.chmod(0o755)
    return folder


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _base() -> Path:
    # A socket's path may have 107 bytes at most, so a long TMPDIR will not do.
    usual = Path(tempfile.gettempdir())
    return usual if len(str(usual)) < 40 else Path("/tmp")


def _remove_stale() -> None:
    for folder in _base().glob(f"{PREFIX}*"):
        parts = folder.name.removeprefix(PREFIX).split("-")
        with suppress(FileNotFoundError, IndexError):
            if folder.stat().st_uid == os.geteuid() and _start_time(int(parts[1])) != parts[2]:
                for pid_file in folder.rglob("*.pid"):
                    _end_server(pid_file, folder)
                remove_folder(folder)


def _start_time(pid: int) -> str:
    """When the process started, in ticks: with the pid it names one process for good. Empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _end_server(pid_file: Path, folder: Path) -> None:
    """Kill the process of a pid file, if it is still the one that works in this folder, and wait for its end."""
    try:
        pid = int(pid_file.read_text("ascii").split()[0])
        process = os.pidfd_open(pid)
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return
    try:
        if str(folder) in Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace"):
            signal.pidfd_send_signal(process, signal.SIGKILL)
            select.select([process], [], [], WAIT_SECONDS)
    except (FileNotFoundError, ProcessLookupError):
        return
    finally:
        os.close(process)
