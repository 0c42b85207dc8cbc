"""Children are started again when they die, later after each quick death, and end with their parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from backend import processes
from backend.processes import Child, spawn
from tests.support.running import ROOT, all_ended, watching

FOREVER = (sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()")
AT_ONCE = (sys.executable, "-c", "raise SystemExit(3)")


@pytest.fixture
def now(monkeypatch):
    """The monotonic clock of the children, set by the test."""
    moment = {"value": 1000.0}
    monkeypatch.setattr(processes.time, "monotonic", lambda: moment["value"])
    return moment


def end_of(child):
    """Wait for the running process of a child to end and reap it."""
    handle = os.pidfd_open(child._process.pid)
    select.select([handle], [], [], 20)
    os.close(handle)
    return child.reap()


def test_a_child_that_dies_quickly_waits_longer_each_time(now):
    child = Child("test", AT_ONCE)
    pauses = []
    for _ in range(8):
        assert child.start_when_due()
        assert end_of(child) == 3
        started = now["value"]
        while not child.start_when_due():
            now["value"] += 0.5
        pauses.append(now["value"] - started)
        child.kill()
        end_of(child)
        child.quick_deaths -= 1  # the one this look at the pause has cost
        child._start_at = now["value"]
    assert pauses == [0, 1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_ran_for_a_while_starts_again_at_once(now):
    child = Child("test", AT_ONCE)
    child.quick_deaths = 5
    assert child.start_when_due()
    now["value"] += Child.STEADY_SECONDS
    assert end_of(child) == 3
    assert child.quick_deaths == 0
    assert child.start_when_due()
    end_of(child)


def test_a_running_child_is_not_started_twice():
    child = Child("test", FOREVER)
    assert child.start_when_due()
    assert not child.start_when_due()
    assert child.reap() is None
    child.terminate()
    assert end_of(child) == -signal.SIGTERM
    assert not child.is_running


def test_signals_blocked_in_the_parent_reach_the_child():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        process = spawn(FOREVER)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    process.terminate()
    assert process.wait(20) == -signal.SIGTERM


def test_a_child_ends_with_a_parent_that_is_killed():
    starts_one = (
        "from backend.processes import spawn\n"
        f"print(spawn({FOREVER!r}).pid, flush=True)\n"
        "import signal; signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", starts_one], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        # "up" and the number come in either order.
        lines = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        (pid,) = (int(line) for line in lines - {"up"})
        with watching([pid]) as handles:
            assert not all_ended(handles, 0)
            parent.kill()
            assert all_ended(handles, 5)


def test_a_process_whose_parent_is_gone_already_ends_itself():
    code = "from backend.processes import die_with_parent; die_with_parent(1)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
