"""The real thing as processes: a supervisor on a free port, with its own data, ended at the end whatever happens."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from backend.preparing import prepare
from backend.settings import Settings

ROOT = Path(__file__).parents[2]
READY = "首问码已在运行"
_SETTINGS = (
    "BASE_URL",
    "CLOCK_FILE",
    "DATABASE_READER_URL",
    "DATABASE_URL",
    "PRODUCTION",
    "REDIS_URL",
    "WECHAT_APP_ID",
    "MAKELEVEL",
)


def free_port() -> int:
    """A port that nobody had a moment ago, nor the next one: a run wants both.

    They are below those the kernel gives to outgoing connections.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        try:
            with socket.socket() as probe, socket.socket() as following:
                probe.bind(("127.0.0.1", port))
                following.bind(("127.0.0.1", port + 1))
        except OSError:
            continue
        return port


class Run:
    """One started command and what it has printed so far, standard error included."""

    def __init__(self, data_dir: Path, port: int, command: Sequence[str], **settings: str) -> None:
        self.data_dir, self.port = data_dir, port
        self.url = f"http://127.0.0.1:{port}"
        self._lines: list[str] = []
        self._grown = Condition()
        self._is_closed = False
        own = {"DATA_DIR": str(data_dir), "PORT": str(port), "HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if k not in _SETTINGS} | own | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        with self._grown:
            return "".join(self._lines)

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_for(self, text: str, times: int = 1, seconds: float = 90) -> None:
        """Wait until `text` was printed that often. Fails with the whole output when it is not."""
        with self._grown:
            self._grown.wait_for(lambda: self._count(text) >= times or self._is_closed, seconds)
            assert self._count(text) >= times, f"{text!r} was not printed:\n{''.join(self._lines)}"

    def ended(self, seconds: float = 30) -> int:
        """Wait for the end and return the exit status."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running:\n{self.output}") from None

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to the started process, wait for its end, return the exit status."""
        self.process.send_signal(number)
        return self.ended()

    def demo(self) -> dict[str, Any]:
        """What demo.json says."""
        handout: dict[str, Any] = json.loads((self.data_dir / "demo.json").read_text("utf-8"))
        return handout

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of one page; a refusal is an answer too."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def close(self) -> None:
        """End whatever still runs."""
        for pid in [*descendants(self.pid), self.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _count(self, text: str) -> int:
        return "".join(self._lines).count(text)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._grown:
                self._lines.append(line)
                self._grown.notify_all()
        with self._grown:
            self._is_closed = True
            self._grown.notify_all()


def build_demo_in(data_dir: Path) -> None:
    """Fill a folder as the first `make run` does."""
    before = os.umask(0o077)
    try:
        data_dir.chmod(0o700)
        prepare(Settings.from_env({"DATA_DIR": str(data_dir)}), lambda line: None)
    finally:
        os.umask(before)


@contextmanager
def supervisor(data_dir: Path, port: int | None = None, mode: str = "run", **settings: str) -> Iterator[Run]:
    """A supervisor that was just started; nothing of it is left at the end."""
    command = [sys.executable, "-m", "backend.supervisor", mode]
    run = Run(data_dir, port or free_port(), command, **settings)
    try:
        yield run
    finally:
        run.close()


def descendants(pid: int) -> list[int]:
    """The processes started by a process, and by those, outermost first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def command_of(pid: int) -> str:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@contextmanager
def watching(pids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Handles of processes that stay good when their numbers are given to others; for `all_ended`."""
    handles = [os.pidfd_open(pid) for pid in pids]
    try:
        yield handles
    finally:
        for handle in handles:
            os.close(handle)


def all_ended(handles: Sequence[int], seconds: float) -> bool:
    """Whether each of these processes ends within so many seconds of now."""
    return all(select.select([handle], [], [], seconds)[0] for handle in handles)
