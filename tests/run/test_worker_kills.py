"""`kill -9` of the worker under load: nothing is lost, and no kill has more than twenty messages sent twice."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from tests.support.outbox_load import (
    SENDERS,
    fill,
    kill_round,
    left,
    outbox_app,
    running_stub,
    worker_process,
)

LEASE_SECONDS = 5.0
PATIENCE = LEASE_SECONDS + 5
MESSAGES = 1500


def run_rounds(database_url, folder, rounds):
    """Kill a worker `rounds` times in the middle of its work, then let another finish. Returns what the stub saw."""
    with running_stub(0.02) as stub, outbox_app(database_url, folder) as app, app.app_context():
        fill(MESSAGES, MESSAGES // 3, datetime.now(UTC))
        twice = 0
        for number in range(rounds):
            if left() < MESSAGES // 3:  # enough for this kill to hit something
                fill(MESSAGES, MESSAGES // 3, datetime.now(UTC))
            before = stub.counts()
            kill_round(database_url, folder, stub, LEASE_SECONDS, after=20 + 37 * (number % 5))
            seen = stub.counts()
            assert seen["requests"] > before["requests"], "the kill hit nobody: the round shows nothing"
            twice_now = seen["requests"] - seen["messages"]
            # What this kill left is sent again by a later worker; so each may add its share, and no more.
            assert twice_now - twice <= SENDERS * (number + 1)
            twice = twice_now
        killed = time.monotonic()
        with worker_process(database_url, folder, stub, LEASE_SECONDS):
            stub.wait_for(lambda _: left() == 0, PATIENCE + MESSAGES / 200)
        assert left() == 0
        seen = stub.counts()
        print(f"{rounds} kills, {seen['messages']} messages, {seen['requests'] - seen['messages']} twice")
        assert seen["requests"] - seen["messages"] <= SENDERS * rounds
        assert seen["most_at_once"] <= 1 + rounds
        assert seen["messages"] % MESSAGES == 0
        return time.monotonic() - killed


def test_three_kills_lose_nothing(database_url, tmp_path):
    run_rounds(database_url, tmp_path, 3)


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_thirty_kills_lose_nothing(database_url, tmp_path):
    run_rounds(database_url, tmp_path, 30)
