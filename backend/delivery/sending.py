"""The threads that send: one fetches, many send, one marks.

The one that fetches keeps a supply so that no sender waits for the database. A message is handed to a sender only
while fewer than `hands` are under way or sent and not yet marked: so many are sent twice, at most, when the process
is killed.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import SimpleQueue
from threading import Condition, Thread

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
        self._changed = Condition()
        """Guards everything down to the queues."""
        self._supply: deque[Task] = deque()
        self._under_way = 0
        self._is_news = True
        self._is_stopping = False
        self._handed: SimpleQueue[Task | None] = SimpleQueue()
        self._answered: SimpleQueue[Result | None] = SimpleQueue()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send while the block runs. At its end what is under way is finished and marked, the supply given back."""
        fetcher, marker = self._thread(self._fetch), self._thread(self._mark)
        senders = [self._thread(self._send) for _ in range(self._hands)]
        try:
            yield
        finally:
            with self._changed:
                self._is_stopping = True
                self._changed.notify_all()
            fetcher.join()
            for _ in senders:
                self._handed.put(None)
            for sender in senders:
                sender.join()
            self._answered.put(None)
            marker.join()

    def wake(self) -> None:
        """Look into the outbox now."""
        with self._changed:
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
            with self._changed:
                self._supply.extend(tasks)
                self._hand_out()
        with self._changed:
            left = [Result(task, NotBegun()) for task in self._supply]
            self._supply.clear()
        for result in left:
            self._answered.put(result)

    def _wait_for_room(self, pause: float) -> bool:
        """Wait until the supply is low, then until there is news, at most `pause` seconds. False: stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopping or len(self._supply) < SUPPLY // 2)
            self._changed.wait_for(lambda: self._is_stopping or self._is_news, pause)
            self._is_news = False
            return not self._is_stopping

    def _hand_out(self) -> None:
        while self._supply and self._under_way < self._hands and not self._is_stopping:
            self._under_way += 1
            self._handed.put(self._supply.popleft())

    def _send(self) -> None:
        while (task := self._handed.get()) is not None:
            is_closed = self._recorder.is_closed(task.sender.channel)
            self._answered.put(Result(task, try_to_send(task, is_closed=is_closed)))

    def _mark(self) -> None:
        result = self._answered.get()
        while result is not None:
            results = [result]
            # What is there by now, and no waiting for more: nobody may take their places before they are marked.
            while len(results) < GROUP and not self._answered.empty():
                result = self._answered.get()
                if result is None:
                    break
                results.append(result)
            self._record(results)
            if result is not None:
                result = self._answered.get()

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
            with self._changed:
                if self._is_stopping:
                    give_up_at = min(give_up_at, time.monotonic() + FAREWELL_SECONDS)
                if time.monotonic() >= give_up_at:
                    return
                self._changed.wait(min(pause, FAREWELL_SECONDS))
        with self._changed:
            self._under_way -= len(results)
            self._is_news = True
            self._hand_out()
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
