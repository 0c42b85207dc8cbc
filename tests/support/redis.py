"""A throw-away Redis from the system's redis-server, on a unix socket."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.folders import make_folder, remove_folder

MISSING = "redis-server is missing: install it with `apt-get install redis-server` (make test does, as root)"

QUIET = ("--save", "", "--appendonly", "no", "--daemonize", "no", "--set-proc-title", "no")
"""Keeps nothing on disk, stays our child, and keeps the command line by which a stale one is known."""


@dataclass(frozen=True, slots=True)
class RedisServer:
    """A running server that keeps nothing on disk."""

    socket: Path

    @property
    def url(self) -> str:
        """For redis-py: `redis.Redis.from_url`."""
        return f"unix://{self.socket}"

    @property
    def limiter_url(self) -> str:
        """For Flask-Limiter, which names the same address differently."""
        return f"redis+unix://{self.socket}"


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Start a server and stop it at the end. Raises RuntimeError with one line when there is none to start."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError(MISSING)
    folder = make_folder("redis")
    socket = folder / "redis.sock"
    try:
        with subprocess.Popen(
            [program, "--port", "0", "--unixsocket", socket, "--pidfile", folder / "redis.pid", *QUIET],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                _wait_until_ready(process)
                yield RedisServer(socket)
            finally:
                process.terminate()
                process.communicate()
    finally:
        remove_folder(folder)


def _wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Read what the server says until it accepts connections; afterwards it says next to nothing."""
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if "ready to accept connections" in line.lower():
            return
    raise RuntimeError(f"redis-server did not start: {''.join(said)}")
