"""The worker's loop: run the schedules whose slot has come, then the jobs of the outbox. Messages: `sending`.

Jobs that ask WeChat have a loop of their own: it may take seconds over each, and nothing else may wait for it.

Any number of workers may run, on any number of hosts; the database tells them apart. The loop paces itself by the
monotonic clock; what is due, the application's clock says.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Collection
from threading import Event, Thread

import click
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from backend import clock
from backend.database import OutcomeUnknown, reading, unit_of_work
from backend.delivery.doing import NotNow
from backend.delivery.handlers import ASKING, HANDLERS, Handlers
from backend.delivery.leases import (
    LEASE,
    Leased,
    claim_jobs,
    fail,
    finish,
    given_back,
    mark,
    release,
    server_time,
)
from backend.delivery.schedules import SCHEDULES, Schedule, take_slot
from backend.wechat.gateway.problems import WechatProblem

POLL_SECONDS = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts while the database is away; the first pause is one second, each next one doubles."""
WORKED_OFF = LEASE.total_seconds() / 2
"""Seconds after a claim until which its rows may be begun: a lease must not run out under a handler."""

_log = structlog.get_logger("worker")


def run_worker(
    app: Flask,
    stop: Event,
    *,
    schedules: Collection[Schedule] = SCHEDULES,
    handlers: Handlers = HANDLERS,
) -> None:
    """Work until `stop` is set; the item in hand is finished first. Returns, whatever the database did meanwhile."""
    click.echo(f"· 后台任务已启动：{socket.gethostname()} 进程 {os.getpid()}")
    asking = {key: handler for key, handler in handlers.items() if key[1] in ASKING}
    others = {key: handler for key, handler in handlers.items() if key[1] not in ASKING}
    beside = Thread(target=_loop, args=(Worker(app, stop, (), asking), stop), name="asking", daemon=True)
    if asking:
        beside.start()
    _loop(Worker(app, stop, schedules, others), stop)
    if asking:
        beside.join()


def _loop(worker: Worker, stop: Event) -> None:
    failures = 0
    while not stop.is_set():
        try:
            is_busy = worker.round()
        except (SQLAlchemyError, OutcomeUnknown):
            pause = min(2.0**failures, LONGEST_PAUSE)
            failures += 1
            _log.exception("the database does not answer", failures=failures, pause=pause)
        else:
            failures = 0
            pause = 0.0 if is_busy else POLL_SECONDS
        stop.wait(pause)


class Worker:
    """One worker of one process. Remembers only which slots it has asked for."""

    def __init__(self, app: Flask, stop: Event, schedules: Collection[Schedule], handlers: Handlers) -> None:
        self._app = app
        self._stop = stop
        self._schedules = schedules
        self._handlers = handlers
        self._asked: dict[str, str] = {}
        self._topics = [topic for kind, topic in handlers if kind == "job"]

    def round(self) -> bool:
        """Look once at the schedules and once at the outbox. True when there was something in the outbox.

        Raises SQLAlchemyError when the database fails.
        """
        with self._app.app_context():
            self._run_schedules()
            return bool(self._topics) and not self._stop.is_set() and self._run_items()

    def _run_schedules(self) -> None:
        with reading() as session:
            server_now = server_time(session)
        for schedule in self._schedules:
            slot = schedule.slot(server_now)
            if self._stop.is_set() or self._asked.get(schedule.name) == slot:
                continue
            with unit_of_work() as session:
                is_ours = take_slot(session, schedule, slot, clock.now())
            self._asked[schedule.name] = slot
            if is_ours:
                self._run(schedule)

    def _run(self, schedule: Schedule) -> None:
        try:
            schedule.run(self._stop)
        except SQLAlchemyError:
            raise
        except Exception:  # noqa: BLE001 - one bad schedule stops no other
            _log.exception("schedule failed", schedule=schedule.name)

    def _run_items(self) -> bool:
        with unit_of_work() as session:
            items = claim_jobs(session, self._topics, now=clock.now(), server_now=server_time(session))
        limit = time.monotonic() + WORKED_OFF
        for position, item in enumerate(items):
            if self._stop.is_set() or time.monotonic() > limit:
                with unit_of_work() as session:
                    release(session, items[position:])
                break
            self._handle(item)
        return bool(items)

    def _handle(self, item: Leased) -> None:
        problem, again_at = None, None
        try:
            problem = self._try(item)
        except NotNow as later:
            again_at = later.until
        with unit_of_work() as session:
            if again_at is not None:
                values = given_back(item) | {"available_at": again_at}
                is_marked = mark(session, [(item, values)]) == 1
            elif problem is None:
                is_marked = finish(session, item, clock.now())
            else:
                is_marked = fail(session, item, problem, clock.now())
        if not is_marked:
            _log.warning("lease lost", item=item.id, topic=item.topic)

    def _try(self, item: Leased) -> str | None:
        """What went wrong, as a code; None when it is done. Raises NotNow."""
        if item.is_exhausted:
            return "worker_died"
        try:
            self._handlers[item.kind, item.topic](item)
        except NotNow:
            raise
        except WechatProblem as problem:
            _log.warning(
                "item failed", item=item.id, topic=item.topic, attempts=item.attempts, code=problem.code
            )
            return problem.code
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is an attempt that failed
            _log.exception("item failed", item=item.id, topic=item.topic, attempts=item.attempts)
            return type(error).__name__
        return None
