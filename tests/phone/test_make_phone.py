"""`make phone` as processes: it starts a demo when none runs, uses one that does, and leaves nothing behind."""

from __future__ import annotations

import signal
import sys

import pytest

from tests.support.running import Run, all_ended, descendants, free_port, watching

COMMAND = [sys.executable, "-m", "miniprogram_stub.preview.server"]
READY = "小程序预览："


@pytest.fixture
def start(tmp_path):
    runs = []

    def make(port, phone_port):
        run = Run(tmp_path / "data", port, COMMAND, PHONE_PORT=str(phone_port))
        runs.append(run)
        return run

    yield make
    for run in runs:
        run.close()


def test_it_brings_its_own_demo_or_uses_the_one_that_runs(start):
    port = free_port()
    first = start(port, free_port())
    first.wait_for(READY)
    assert "现在启动一个" in first.output
    second = start(port, free_port())
    second.wait_for(READY)
    assert "现在启动一个" not in second.output

    for run in (first, second):
        run.url = (
            next(line for line in run.output.split("\n") if READY in line).removeprefix(READY).strip("/")
        )
        assert run.get("/?bare=1")[0] == 200
        assert run.get("/healthz")[0] == 200
        status, body = run.get(f"/api/v1/signs/{run.demo()['signs'][0]['code']}")
        assert status == 200, body
    assert second.stop(signal.SIGINT) == 0
    assert first.get("/healthz")[0] == 200

    pids = descendants(first.pid)
    assert len(pids) >= 3
    with watching(pids) as handles:
        first.process.kill()
        first.ended()
        assert all_ended(handles, 15)


def test_a_wrong_port_is_one_clear_line(start):
    run = start(free_port(), 0)
    assert run.ended(60) == 1
    assert "不能启动：PHONE_PORT 要是 1 到 65535 的数" in run.output
