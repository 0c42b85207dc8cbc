"""Messages per second through outbox and worker, beside dramatiq with Redis; and what `kill -9` does.

The stub answers in a process of its own and tells when the first and the last message came in, so that starting up
counts on no side. Both sides make the same call, by the product's gateway; what dramatiq is held to is one process of
8 threads, its own default (performance.md section 5), and it is shown with as many threads as we have, too. The shortest
exchange a socket allows is shown for information: under it, what the queue itself costs shows best.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.harness import Finding, Trial, _number, _spread, _verdict
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Databases
from tests.support.outbox_load import (
    ROOT,
    SENDERS,
    Stub,
    fill,
    kill_workers,
    outbox_app,
    running_stub,
    wait_until_done,
    worker_process,
)
from tests.support.postgres import running_postgres
from tests.support.redis import running_redis

NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
PEER = "dramatiq"
PEER_THREADS = 8
LEASE_SECONDS = 5.0
PATIENCE = 300.0
LATENCY = 0.05
FASTER = 1.5
OF_POSSIBLE = 0.9

Way = Callable[[Stub, str, int], float]
"""Sends so many messages to a stub by a kind of call; returns how many came in a second."""


@dataclass(frozen=True)
class Sizes:
    """Messages a round without and with latency, rounds, kills, and messages around each kill."""

    quick: int = 4_000
    slow: int = 1_000
    rounds: int = 3
    kills: int = 8
    killed: int = 2_000


@dataclass(frozen=True)
class Race:
    """Our ways beside the peer's, round by round in turn; without a peer, beside what is possible at most.

    `others` are shown and decide nothing; without a `target` neither does the rest.
    """

    title: str
    call: str
    delay: float
    messages: int
    rounds: int
    ours: dict[str, Way]
    peer: Way | None
    target: float | None
    others: dict[str, Way] = field(default_factory=dict)

    def run(self) -> bool:
        print(self.title)
        ways = self.ours | ({PEER: self.peer} if self.peer else {}) | self.others
        rates: dict[str, list[float]] = {name: [] for name in ways}
        with running_stub(self.delay) as stub:
            for _ in range(self.rounds):
                for name, way in ways.items():
                    stub.clear()
                    rates[name].append(way(stub, self.call, self.messages))
        for name, seen in rates.items():
            print(f"  {name}：{_number(median(seen))} 条/秒（{self.rounds} 轮，波动 {_spread(seen):.0%}）")
        measure = median(rates[PEER]) if self.peer else SENDERS / self.delay
        than = f"{PEER} 的" if self.peer else f"{SENDERS} 路 ÷ {self.delay * 1000:.0f} 毫秒的"
        results = [self._judge(name, median(rates[name]) / measure, than) for name in self.ours]
        return all(results)

    def _judge(self, name: str, ratio: float, than: str) -> bool:
        said = f"{name}：{than} {_number(ratio)} 倍"
        if self.target is None:
            print(f"  {said}，仅供参考")
            return True
        return _verdict(f"{said}，目标至少 {_number(self.target)}", ratio >= self.target)


def trials(sizes: Sizes | None = None, kinds: Sequence[str] = KINDS) -> Iterator[Trial]:
    """The races and the kills. Raises RuntimeError where PostgreSQL or Redis will not start."""
    sizes = sizes or Sizes()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouwen-bench-")))
        servers = [stack.enter_context(running_postgres())] if POSTGRESQL in kinds else []
        databases = Databases(folder, lambda: servers[0])
        redis = stack.enter_context(running_redis())
        ours = {NAMES[kind]: outbox(databases, kind, folder) for kind in kinds}
        peer = dramatiq(redis.url, folder, PEER_THREADS)
        wide = {f"{PEER}，{SENDERS} 个线程": dramatiq(redis.url, folder, SENDERS)}
        each = f"{SENDERS} 个线程对 {PEER} 一个进程 {PEER_THREADS} 个线程，{sizes.quick:,} 条"
        yield Race(
            f"发送队列，对方立即答复，产品的微信网关，{each}", "gateway", 0.0, sizes.quick, sizes.rounds, ours, peer,
            FASTER, wide,
        )  # fmt: skip
        yield Race(
            f"发送队列，对方立即答复，最短的 HTTP 往来，{each}", "bare", 0.0, sizes.quick, sizes.rounds, ours, peer,
            None,
        )  # fmt: skip
        yield Race(
            f"发送队列，对方 50 毫秒后答复，产品的微信网关，{sizes.slow:,} 条", "gateway", LATENCY, sizes.slow,
            sizes.rounds, ours, None, OF_POSSIBLE,
        )  # fmt: skip
        for kind in kinds:
            yield kills(databases, kind, folder, sizes)


def outbox(databases: Databases, kind: str, folder: Path) -> Way:
    """Outbox and worker on one kind of database."""

    def way(stub: Stub, call: str, messages: int) -> float:
        with databases.migrated(kind) as url, outbox_app(url, folder) as app, app.app_context():
            fill(messages, messages, datetime.now(UTC))
            with worker_process(url, folder, stub, LEASE_SECONDS, call):
                wait_until_done(PATIENCE)
            return _rate(stub, messages)

    return way


def dramatiq(redis_url: str, folder: Path, threads: int) -> Way:
    """The peer, whose messages are enqueued before its worker starts."""

    def way(stub: Stub, call: str, messages: int) -> float:
        surroundings = {
            "BENCH_REDIS": redis_url,
            "BENCH_STUB": str(stub.port),
            "BENCH_FOLDER": str(folder),
            "BENCH_CALL": call,
        }
        with _environment(surroundings):
            _enqueue(messages)
            command = ("-m", "dramatiq", "bench.dramatiq_peer", "--processes", "1", "--threads", str(threads))
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                stub.wait_for(messages)
                return _rate(stub, messages)
            finally:
                process.terminate()
                process.wait()

    return way


def kills(databases: Databases, kind: str, folder: Path, sizes: Sizes) -> Finding:
    """What so many kills did on one kind of database. Raises AssertionError when a message was lost or late."""
    with (
        databases.migrated(kind) as url,
        running_stub(0.0) as stub,
        outbox_app(url, folder) as app,
        app.app_context(),
    ):
        given = {"rounds": sizes.kills, "messages": sizes.killed, "lease_seconds": LEASE_SECONDS}
        done = list(kill_workers(url, folder, stub, **given))
    twice, longest = [one.twice for one in done], max(one.seconds for one in done)
    said = (
        f"丢失 0 条；每次重发 {'、'.join(map(str, twice))} 条，目标至多 {SENDERS}；"
        f"接替的进程开始后最迟 {longest:.1f} 秒全部发出，目标 {LEASE_SECONDS + 5:.0f} 秒"
    )
    is_met = max(twice) <= SENDERS and longest <= LEASE_SECONDS + 5
    return Finding(
        f"发送队列，{NAMES[kind]}，{sizes.kills} 次 kill -9，每次 {sizes.killed:,} 条", said, is_met
    )


def _rate(stub: Stub, messages: int) -> float:
    seen = stub.counts()
    if (seen["messages"], seen["requests"]) != (messages, messages):
        raise AssertionError(f"{seen['requests']} requests for {messages} messages")
    return float((messages - 1) / seen["seconds"])


def _enqueue(messages: int) -> None:
    """In a process of its own: the actor is bound to its surroundings when it is imported."""
    script = (
        "from bench.dramatiq_peer import send_message\n"
        f"for n in range({messages}): send_message.send(f'o{{n:032x}}', str(n))"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


@contextmanager
def _environment(given: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
