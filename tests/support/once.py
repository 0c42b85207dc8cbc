"""What is costly to make and only copied afterwards: made by one test process, found by the others."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of this test run, which `make` filled from empty once for all processes.

    The first process that asks makes it while the others wait. Where it fails, the next one tries again in an empty
    folder. Nobody writes into it afterwards.
    """
    base = factory.getbasetemp()
    # Processes of one run have folders beside each other; without them the run has this one alone.
    run = base.parent if base.name.startswith("popen-") else base
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = run / f"{name}.finished"
        if finished.exists():
            return Path(finished.read_text("utf-8"))
        folder = factory.mktemp(name)
        make(folder)
        finished.write_text(str(folder), "utf-8")
        return folder
