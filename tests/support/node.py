"""Node's side of the tests: packages by their locks, and commands that run to their end."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support.running import ROOT

PROJECT = ROOT / "miniprogram_stub"
SOURCES = PROJECT / "miniprogram"


def installed(folder: Path, name: str, seconds: float = 300) -> Path:
    """Where the packages of a lock are: beside the virtual environment, installed once for each state of the lock."""
    assert shutil.which("npm"), "npm is missing; `make test` installs it"
    lock = (folder / "package-lock.json").read_bytes()
    place = ROOT / ".venv" / "node" / f"{name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    place.parent.mkdir(exist_ok=True)
    with (place.parent / f"{name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (place / "installed").exists():
            for old in place.parent.glob(f"{name}-*"):
                shutil.rmtree(old)
            place.mkdir()
            for one in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(folder / one, place / one)
            run("npm", "ci", folder=place, seconds=seconds).succeeded()
            (place / "installed").touch()
    return place


class Done(NamedTuple):
    """A command that has ended, and everything it printed."""

    status: int
    output: str

    def succeeded(self) -> str:
        """What it printed; fails with that where it did not succeed."""
        assert self.status == 0, self.output
        return self.output


def run(*command: str, folder: Path = PROJECT, seconds: float = 100, **settings: str) -> Done:
    """Run a command in a folder to its end, with these settings in its environment."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=seconds,
    )
    return Done(done.returncode, done.stdout)


def passed(done: Done) -> int:
    """How many tests of Node's runner passed; fails where one did not, or none was there."""
    counts = dict(
        re.findall(r"^# (tests|pass|fail|cancelled|skipped|todo) (\d+)$", done.output, re.MULTILINE)
    )
    assert done.status == 0, _failures(done.output)
    assert counts["tests"] == counts["pass"] != "0", done.output[-2000:]
    return int(counts["pass"])


def _failures(output: str) -> str:
    """What a person wants to see of a TAP stream: what failed and why."""
    blocks = re.split(r"^(?=(?:not )?ok \d+ )|^(?=# Subtest)", output, flags=re.MULTILINE)
    failed = [block for block in blocks if block.startswith("not ok")]
    return "\n".join(failed) or output[-4000:]
