"""The threads that send: one fetches, the others send, and whoever of them has nothing better to do marks.

The one that fetches keeps a supply, from which a sender takes the next message itself: between two messages no thread
waits for another. A message is begun only while fewer than `hands` are under way or sent and not yet marked: so many
are sent twice, at most, when the process is killed.

Only as many senders are awake as the way out is slow: where it answers at once, more of them only take the interpreter
from one another.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Condition, Lock, Thread

import structlog
from flask import Flask

from backend.delivery.collecting import Collector
from backend.delivery.leases import LEASE
from backend.delivery.outcomes import Answer, NotBegun, Result, Sent, Task
from backend.delivery.recording import GROUP, Recorder
from backend.delivery.senders import Senders
from backend.wechat.gateway.problems import Remedy, WechatProblem

SUPPLY = 100
"""Messages fetched at once, and kept at hand."""
FEWEST_AWAKE = 3
SECONDS_A_SENDER = 0.00025
"""How much slower the way out must be for one more sender to be of use: what a message costs the interpreter, about."""
RISE = 1.1
"""How much is added with each answer to the quickest seen, so that a single quick one does not count for long."""
POLL_SECONDS = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between attempts while the database is away."""
FAREWELL_SECONDS = 5.0
"""How long a worker that was told to stop goes on trying to mark what it has sent."""

_log = structlog.get_logger("worker")


class SenderPool:
    """Sends what the outbox holds, from `running()` on until its end. `wake` says that there may be something new."""

    def __init__(self, app: Flask, senders: Senders, *, hands: int = 20, lease: timedelta = LEASE) -> None:
        self._app = app
        self._recorder = Recorder()
        self._collector = Collector(senders, self._recorder, lease)
        self._hands = hands
        self._worth_marking = min(GROUP, max(1, hands * 3 // 4))
        """Answers that are marked although more could be sent: fewer cost more each, more would hold up the others."""
        self._guard = Lock()
        """For everything below."""
        self._changed = Condition(self._guard)
        """Tells the one that fetches, and one that waits for the database."""
        self._supply: deque[Task] = deque()
        self._answered: deque[Result] = deque()
        self._under_way = 0
        self._in_marking = 0
        self._resting: list[Lock] = []
        """A bell of each sender that rests. The one that lay down last is roused first: it is the warmest."""
        self._awake = hands
        self._quickest = math.inf
        self._is_news = True
        self._is_stopping = False
        self._is_over = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send while the block runs. At its end what is under way is finished and marked, the supply given back."""
        fetcher = self._thread(self._fetch)
        senders = [self._thread(self._send) for _ in range(self._hands)]
        try:
            yield
        finally:
            with self._guard:
                self._is_stopping = True
                self._changed.notify_all()
            fetcher.join()
            with self._guard:
                self._is_over = True
                self._rouse(len(self._resting))
            for sender in senders:
                sender.join()

    def wake(self) -> None:
        """Look into the outbox now."""
        with self._guard:
            self._is_news = True
            self._changed.notify_all()

    def _thread(self, work: Callable[[], None]) -> Thread:
        def in_context() -> None:
            with self._app.app_context():
                work()

        thread = Thread(target=in_context, name=f"outbox{work.__name__}", daemon=True)
        thread.start()
        return thread

    def _fetch(self) -> None:
        failures = 0
        pause = 0.0
        while self._wait_for_room(pause):
            try:
                tasks, claimed = self._collector.collect(SUPPLY)
            except Exception:  # noqa: BLE001 - this thread must not end before the others
                pause = min(2.0**failures, LONGEST_PAUSE)
                failures += 1
                _log.exception("nothing fetched", failures=failures, pause=pause)
                continue
            failures = 0
            # A full haul: there is more. Else until somebody says so, or a second has passed.
            pause = POLL_SECONDS if claimed < SUPPLY else 0.0
            with self._guard:
                self._supply.extend(tasks)
                self._rouse(1)
        with self._guard:
            self._answered.extend(Result(task, NotBegun()) for task in self._supply)
            self._supply.clear()

    def _wait_for_room(self, pause: float) -> bool:
        """Wait until the supply is low, then until there is news, at most `pause` seconds. False: stop."""
        with self._guard:
            self._changed.wait_for(lambda: self._is_stopping or self._is_low())
            self._changed.wait_for(lambda: self._is_stopping or self._is_news, pause)
            self._is_news = False
            return not self._is_stopping

    def _is_low(self) -> bool:
        return len(self._supply) < SUPPLY // 2

    def _send(self) -> None:
        bell = Lock()
        bell.acquire()
        while (work := self._next(bell)) is not None:
            if isinstance(work, Task):
                began = time.monotonic()
                answer = try_to_send(work, is_closed=self._recorder.is_closed(work.sender.channel))
                self._came_back(Result(work, answer), time.monotonic() - began)
            else:
                self._record(work)

    def _next(self, bell: Lock) -> Task | list[Result] | None:
        """What this sender is to do: send one, or mark some, else it rests until there is something. None: go home."""
        while True:
            with self._guard:
                work: Task | list[Result] | None = None
                if self._should_mark():
                    work = [self._answered.popleft() for _ in range(min(GROUP, len(self._answered)))]
                    self._in_marking = len(work)
                elif self._can_send():
                    work = self._supply.popleft()
                    self._under_way += 1
                    if self._is_low():
                        self._changed.notify_all()
                if work is not None:
                    if self._should_mark() or self._can_send():
                        self._rouse(1)
                    return work
                if self._is_over:
                    return None
                self._resting.append(bell)
            bell.acquire()

    def _should_mark(self) -> bool:
        """One group at a time: while it is written, the next one gathers."""
        enough = 1 if self._is_held_up() else self._worth_marking
        return not self._in_marking and len(self._answered) >= enough

    def _can_send(self) -> bool:
        return not self._is_held_up() and self._under_way < self._awake

    def _is_held_up(self) -> bool:
        """Whether nothing can be begun before something is marked, or at all."""
        unmarked = self._under_way + len(self._answered) + self._in_marking
        return unmarked >= self._hands or not self._supply or self._is_stopping

    def _rouse(self, number: int) -> None:
        for _ in range(min(number, len(self._resting))):
            self._resting.pop().release()

    def _came_back(self, result: Result, seconds: float) -> None:
        with self._guard:
            self._under_way -= 1
            self._answered.append(result)
            if not isinstance(result.answer, NotBegun):
                self._quickest = min(seconds, self._quickest * RISE)
                wanted = math.ceil(self._quickest / SECONDS_A_SENDER)
                self._awake = min(self._hands, max(FEWEST_AWAKE, wanted))

    def _record(self, results: list[Result]) -> None:
        """Mark a group, however long the database is away; a worker that was told to stop gives up after a while."""
        failures = 0
        give_up_at = math.inf
        while True:
            try:
                self._recorder.record(results)
                break
            except Exception:  # noqa: BLE001 - this thread must not end before the others
                pause = min(0.5 * 2**failures, LONGEST_PAUSE)
                failures += 1
                _log.exception("nothing marked", rows=len(results), failures=failures, pause=pause)
            with self._guard:
                if self._is_stopping:
                    give_up_at = min(give_up_at, time.monotonic() + FAREWELL_SECONDS)
                if time.monotonic() >= give_up_at:
                    break
                self._changed.wait(min(pause, FAREWELL_SECONDS))
        with self._guard:
            self._in_marking = 0
            # What came after these in their lanes can be fetched now.
            self._is_news = True
            if self._is_low():
                self._changed.notify_all()


def try_to_send(task: Task, *, is_closed: bool) -> Answer:
    """Send one message, unless its channel was closed meanwhile or its lease is too short to begin."""
    if (is_closed and not task.is_probe) or time.monotonic() > task.begin_by:
        return NotBegun()
    try:
        return Sent(task.sender.send(task.message))
    except WechatProblem as problem:
        return problem
    except Exception as error:  # noqa: BLE001 - a mistake in a sender; nobody knows how far it got
        # Its words might say who it was for.
        _log.error("sender failed", error=type(error).__name__, channel=task.sender.channel)
        return WechatProblem("sender_failed", Remedy.UNSURE)
