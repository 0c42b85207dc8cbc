"""Tell workers at once that there is something in the outbox. Only that: who misses it finds it by looking.

A commit that wrote rows of the outbox rings; workers everywhere listen. Redis carries nothing else here, so nothing is
lost with it, and no request waits for it longer than a blink.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import redis
from flask import Flask, current_app, has_app_context
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from backend.models import OutboxItem

TOPIC = "shouwen:outbox"
BLINK_SECONDS = 0.1
QUIET_SECONDS = 10.0
"""After a failure nobody tries again for so long."""
_EXTENSION = "shouwen_bell"
_HAS_NEWS = "shouwen_outbox"


class Bell:
    """Rings in Redis. Safe to share between threads; opens no connection before it is rung."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url, BLINK_SECONDS)
        self._quiet_until = 0.0

    def ring(self) -> None:
        """Ring if Redis takes it, and never mind if not."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._redis.publish(TOPIC, b"")
        except (RedisError, OSError):
            self._quiet_until = time.monotonic() + QUIET_SECONDS


def connect(url: str, seconds: float) -> redis.Redis:
    """A client that tries once and waits so long. Flask-Limiter's name for a Unix socket is redis+unix://."""
    return redis.Redis.from_url(
        url.removeprefix("redis+"),
        socket_connect_timeout=seconds,
        socket_timeout=seconds,
        retry=Retry(NoBackoff(), 0),
    )


def init_waking(app: Flask, redis_url: str | None) -> None:
    """Have this application's commits ring, where there is a Redis."""
    if redis_url:
        app.extensions[_EXTENSION] = Bell(redis_url)


@event.listens_for(Session, "after_flush")
def _note_news(session: Session, _context: UOWTransaction) -> None:
    if any(isinstance(row, OutboxItem) for row in session.new):
        session.info[_HAS_NEWS] = True


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    if session.info.pop(_HAS_NEWS, False) and has_app_context():
        bell: Bell | None = current_app.extensions.get(_EXTENSION)
        if bell is not None:
            bell.ring()


@contextmanager
def listening(redis_url: str | None, wake: Callable[[], None]) -> Iterator[None]:
    """Call `wake` whenever somebody rings while the block runs. Without Redis, or while it is away, nobody calls."""
    if not redis_url:
        yield
        return
    is_over = Event()
    thread = Thread(target=_listen, args=(redis_url, wake, is_over), name="outbox-listener", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _listen(redis_url: str, wake: Callable[[], None], is_over: Event) -> None:
    while not is_over.is_set():
        with suppress(RedisError, OSError), connect(redis_url, 1.0) as client, client.pubsub() as ears:
            ears.subscribe(TOPIC)
            wake()  # for what was rung while nobody listened
            while not is_over.is_set():
                if ears.get_message(ignore_subscribe_messages=True, timeout=0.5):
                    wake()
            return
        is_over.wait(QUIET_SECONDS)
