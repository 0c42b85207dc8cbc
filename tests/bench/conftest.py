"""A stopwatch that a test winds on: what a side takes is what the test says."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bench import harness
from bench.harness import Side


@dataclass
class Stopwatch:
    """`side(name, 2, 4)` takes two seconds in its first round, four in its second, and so on from the start again."""

    seconds: float = 0.0
    order: list[str] = field(default_factory=list)

    def side(self, name, *seconds, times=1):
        rounds = 0

        def job(asked):
            nonlocal rounds
            assert asked == times
            self.order.append(name)
            self.seconds += seconds[rounds % len(seconds)]
            rounds += 1

        return Side(name, times, job)


@pytest.fixture
def stopwatch(monkeypatch):
    watch = Stopwatch()
    monkeypatch.setattr(harness.time, "perf_counter", lambda: watch.seconds)
    return watch
