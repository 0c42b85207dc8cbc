"""Processes that end with their parent, and children that are started again when they die (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
# Loaded once, before any fork: nothing is imported between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, number: int = signal.SIGKILL) -> None:
    """Let the kernel send this process a signal when its parent ends, even by `kill -9`.

    `parent` is the process id the caller was started by; if that one is gone already, this process ends now.
    The parent's thread that forked is what counts, so fork from a thread that lives as long as the process.
    """
    if _libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def spawn(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a child that ends with this process and that a Ctrl-C at the terminal does not reach."""
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        die_with_parent(parent)

    # preexec_fn is safe here: the caller has one thread.
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=prepare,  # noqa: PLW1509
    )


class Child:
    """One process kept running: when it dies it is started again, later after each quick death."""

    LONGEST_PAUSE = 30.0
    STEADY_SECONDS = 10.0
    """A child that ran this long has a clean record again."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.quick_deaths = 0
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = time.monotonic()

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start_when_due(self) -> bool:
        """Start it if it should run and its pause is over; True when it was started now."""
        if self._process is not None or time.monotonic() < self._start_at:
            return False
        self._process = spawn(self._command)
        self._started_at = time.monotonic()
        return True

    def reap(self) -> int | None:
        """The exit status (negative: the signal) when it has ended since the last call, else None."""
        if self._process is None or (status := self._process.poll()) is None:
            return None
        self.kill()  # whatever it left in its group
        self._process = None
        now = time.monotonic()
        self.quick_deaths = 0 if now - self._started_at >= self.STEADY_SECONDS else self.quick_deaths + 1
        pause = 0.0 if self.quick_deaths <= 1 else 2.0 ** (self.quick_deaths - 2)
        self._start_at = now + min(pause, self.LONGEST_PAUSE)
        return status

    def forgive(self) -> None:
        """It has shown that it works: a later death is its first."""
        self.quick_deaths = 0

    def terminate(self) -> None:
        """Ask it to stop."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
