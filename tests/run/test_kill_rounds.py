"""`kill -9` of everything right after a 201: what was acknowledged is there, and the chains verify."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest

from tests.support.running import READY, ROOT, all_ended, descendants, supervisor, watching

CLIENTS = 4


@dataclass
class Client:
    """Files one inquiry after another until told to stop, and remembers each 201."""

    run: Any
    sign: str
    stop: Event
    first_answer: Event
    answered: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    surprises: list[int] = field(default_factory=list)

    def work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.run.port, timeout=10)
        # A connection cut by the kill is what this is about: that request was not acknowledged.
        with suppress(OSError, http.client.HTTPException, ValueError):
            while not self.stop.is_set():
                content = f"断电演练 {uuid.uuid4().hex}"
                body = json.dumps({"sign": self.sign, "category": "consult", "content": content})
                headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
                connection.request("POST", "/api/v1/inquiries", body, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status == 201:
                    self.answered.append((content, json.loads(text)))
                    self.first_answer.set()
                else:
                    self.surprises.append(answer.status)
        connection.close()


def kill_while_filing(data_dir, wanted):
    """One round: start, let clients file, and kill every process the moment `wanted` answers are in."""
    limits = {"ANONYMOUS_FILING_RATE": "100000 per minute", "ANONYMOUS_FILING_CAP": "100000 per minute"}
    with supervisor(data_dir, **limits) as run:
        run.wait_for(READY)
        sign = run.demo()["signs"][0]["code"]
        stop, first = Event(), Event()
        clients = [Client(run, sign, stop, first) for _ in range(CLIENTS)]
        threads = [Thread(target=client.work) for client in clients]
        for thread in threads:
            thread.start()
        while sum(len(client.answered) for client in clients) < wanted:
            assert first.wait(30), run.output
            if not any(thread.is_alive() for thread in threads):
                break
        everything = [run.pid, *descendants(run.pid)]
        with watching(everything) as handles:
            for pid in everything:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            assert all_ended(handles, 10)
        stop.set()
        for thread in threads:
            thread.join(20)
        assert not [status for client in clients for status in client.surprises]
        return [pair for client in clients for pair in client.answered]


def verify(data_dir):
    """`flask shouwen ledger verify` on the data as it lies there."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "shouwen", "ledger", "verify"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_rounds(data_dir, rounds):
    acknowledged = []
    for number in range(rounds):
        answered = kill_while_filing(data_dir, wanted=1 + 3 * (number % 4))
        assert answered, "nothing was acknowledged before the kill: the round shows nothing"
        acknowledged += answered
        result = verify(data_dir)
        assert result.returncode == 0, result.stdout + result.stderr
    with supervisor(data_dir) as run:
        run.wait_for(READY)
        for content, filed in acknowledged:
            connection = http.client.HTTPConnection("127.0.0.1", run.port, timeout=10)
            connection.request(
                "GET",
                f"/api/v1/inquiries/{filed['number']}",
                headers={"X-Tracking-Token": filed["tracking_token"]},
            )
            answer = connection.getresponse()
            assert answer.status == 200, f"{filed['number']} was acknowledged and is lost"
            assert json.loads(answer.read())["content"] == content
            connection.close()
    return acknowledged


def test_three_kills_lose_nothing_that_was_acknowledged(data_dir):
    run_rounds(data_dir, 3)


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_fifty_kills_lose_nothing_that_was_acknowledged(data_dir):
    acknowledged = run_rounds(data_dir, 50)
    print(f"50 rounds, {len(acknowledged)} acknowledged inquiries, 0 lost")
