"""Keep what WeChat pushed within the second it gives us, however slow the database is at the moment.

A few threads write; the request waits a moment for its own write and is answered 503 when that takes longer. The write
goes on all the same, and WeChat's next try (it makes three) finds it under way or done: one event, one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backend.database import OutcomeUnknown, reading
from backend.domain.actors import SYSTEM
from backend.domain.errors import DomainError
from backend.routes.pipeline import open_work
from backend.services.wechat_events import keep_event, knows_event

THREADS = 2
IDLE_SECONDS = 10.0
"""A thread that had nothing to write for so long ends; the next push starts another."""
MOST_UNDER_WAY = 200
"""Writes that may wait for the database at once; further pushes are refused at once."""
PATIENCE = 0.7
"""Seconds a request waits for its write: WeChat wants its answer, and we promise it within one."""
TRIES = 6
"""Each waits as long as any write of ours waits for the database (`busy_seconds`): half a minute in all."""

_log = structlog.get_logger("pushes")


class NotKeptYet(DomainError):
    """It is not certain that the event is kept: WeChat is asked to send it again."""

    code = "busy"


class PushKeeper:
    """One for each process; its threads start with the first push.

    They end with the process, whatever they have in hand: what was not kept was not answered, and WeChat sends it again.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._threads: list[Thread] = []
        self._waiting: SimpleQueue[tuple[Callable[[], bool], Future[bool]]] = SimpleQueue()
        self._under_way: dict[str, Future[bool]] = {}
        self._lock = Lock()

    def keep(self, mark: str, name: str, body: Mapping[str, Any]) -> None:
        """Keep the event, once. Raises NotKeptYet, and what the database raises in the end."""

        def write() -> bool:
            with self._app.app_context(), open_work(SYSTEM) as work:
                return keep_event(work, mark, name, body)

        self._wait(f"keep {mark}", write)

    def knows(self, mark: str) -> bool:
        """Whether this event is kept or was. Raises NotKeptYet, and what the database raises in the end."""

        def look() -> bool:
            with self._app.app_context(), reading() as session:
                return knows_event(session, mark)

        return self._wait(f"look {mark}", look)

    def _wait(self, what: str, act: Callable[[], bool]) -> bool:
        with self._lock:
            future = self._under_way.get(what)
            if future is None:
                if len(self._under_way) >= MOST_UNDER_WAY:
                    raise NotKeptYet()
                future = self._under_way[what] = Future()
                future.add_done_callback(lambda _done: self._forget(what))
                self._waiting.put((act, future))
                if len(self._threads) < THREADS:
                    # A pool's threads would be waited for at the end, with all that is in its queue.
                    thread = Thread(target=self._work, name="pushes", daemon=True)
                    self._threads.append(thread)
                    thread.start()
        try:
            return future.result(PATIENCE)
        except TimeoutError:
            if future.done():
                raise
            raise NotKeptYet() from None

    def _work(self) -> None:
        while True:
            try:
                act, future = self._waiting.get(timeout=IDLE_SECONDS)
            except Empty:
                with self._lock:
                    if self._waiting.empty():
                        self._threads.remove(current_thread())
                        return
                continue
            try:
                future.set_result(_until_done(act))
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                future.set_exception(error)
            del act, future

    def _forget(self, what: str) -> None:
        with self._lock:
            self._under_way.pop(what, None)


def _until_done(act: Callable[[], bool]) -> bool:
    """Try until the database takes it; a twin that was faster is found by the next try. Raises what the last raised."""
    for left in reversed(range(TRIES)):
        try:
            return act()
        except (DBAPIError, PoolTimeout, OutcomeUnknown) as error:
            if not left:
                _log.error("push not kept", problem=type(error).__name__)
                raise
    raise AssertionError("the last try returns or raises")
