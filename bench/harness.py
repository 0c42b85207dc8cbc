"""How things are measured: sides take turns, medians count, and a ratio decides.

Speeds differ from machine to machine and from minute to minute; the ratio of two medians taken in turn holds. A trial
prints what it saw, in Chinese, and says whether its target was met.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol

ROUNDS = 5


class Trial(Protocol):
    """One thing to find out."""

    def run(self) -> bool:
        """Find out, print, and say whether the target was met."""
        ...


@dataclass(frozen=True)
class Side:
    """One way of doing it. `job` does the work `times` times."""

    name: str
    times: int
    job: Callable[[int], None]

    def seconds(self) -> float:
        """Seconds for one time, on the average of `times`."""
        started = time.perf_counter()
        self.job(self.times)
        return (time.perf_counter() - started) / self.times


@dataclass(frozen=True)
class Comparison:
    """Our side against a peer; `target` is the least number of times ours must be faster, by the medians."""

    title: str
    ours: Side
    peer: Side
    target: float

    def run(self) -> bool:
        print(self.title)
        ours, peer = _take_turns(self.ours, self.peer)
        ratio = peer / ours
        return _verdict(f"倍数：{_number(ratio)}，目标至少 {_number(self.target)}", ratio >= self.target)


@dataclass(frozen=True)
class Growth:
    """The same job on little and on much data; `limit` is how many times longer the latter may take."""

    title: str
    little: Side
    much: Side
    limit: float

    def run(self) -> bool:
        print(self.title)
        little, much = _take_turns(self.little, self.much)
        ratio = much / little
        return _verdict(f"用时之比：{_number(ratio)}，目标至多 {_number(self.limit)}", ratio <= self.limit)


@dataclass(frozen=True)
class Finding:
    """Something that was counted or looked up, not timed."""

    title: str
    said: str
    is_met: bool

    def run(self) -> bool:
        print(self.title)
        return _verdict(self.said, self.is_met)


def run_all(trials: Iterable[Trial]) -> bool:
    """Run every trial, also after one that missed its target."""
    results = [trial.run() for trial in trials]
    return all(results)


def _take_turns(first: Side, second: Side) -> tuple[float, float]:
    """The median seconds of both sides, whose rounds alternate so that a busy moment touches both."""
    rounds = [(first.seconds(), second.seconds()) for _ in range(ROUNDS)]
    of_first, of_second = zip(*rounds, strict=True)
    for side, seconds in ((first, of_first), (second, of_second)):
        speed = f"{_number(1 / median(seconds))} 次/秒"
        print(f"  {side.name}：{speed}（{ROUNDS} 轮，波动 {_spread(seconds):.0%}）")
    return median(of_first), median(of_second)


def _spread(values: Sequence[float]) -> float:
    return (max(values) - min(values)) / median(values)


def _verdict(said: str, is_met: bool) -> bool:
    print(f"  {said}，{'达到' if is_met else '没有达到'}", flush=True)
    return is_met


def _number(value: float) -> str:
    """Two digits where they matter: 2.86, 43.1, 3,303."""
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{decimals}f}"
