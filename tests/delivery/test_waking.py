"""Redis only wakes: with it at once, without it a second later, and no commit fails or waits for it."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest

from backend.database import reading, unit_of_work
from backend.delivery import waking
from backend.delivery.sending import SenderPool
from backend.delivery.waking import init_waking, listening
from backend.models import OutboxItem
from tests.delivery.posting import FakeSender, states, write
from tests.support import rows
from tests.support.app import SetClock
from tests.support.databases import bare_app
from tests.support.redis import running_redis


@pytest.fixture
def app(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app:
        app.extensions["shouwen_clock"] = SetClock(rows.NOW)
        with app.app_context():
            yield app


@pytest.fixture
def database_kind():
    return "sqlite"


class Ears:
    def __init__(self) -> None:
        self.heard = threading.Semaphore(0)

    def __call__(self) -> None:
        self.heard.release()

    def wait(self) -> bool:
        return self.heard.acquire(timeout=20)


def test_a_commit_with_rows_of_the_outbox_rings_and_no_other(app):
    with running_redis() as redis:
        init_waking(app, redis.limiter_url)
        ears = Ears()
        with listening(redis.limiter_url, ears):
            assert ears.wait()  # it listens from here on
            with unit_of_work() as session:
                rows.unit(session)
            with suppress(ZeroDivisionError), unit_of_work() as session:
                rows.outbox_item(session)
                raise ZeroDivisionError
            assert not ears.heard.acquire(blocking=False)
            write("wang")
            assert ears.wait()


def test_a_redis_that_is_away_fails_no_commit_and_is_left_alone_for_a_while(app, monkeypatch):
    with running_redis() as redis:
        init_waking(app, redis.url)
    bell = app.extensions[waking._EXTENSION]
    asked = []
    publish = bell._redis.publish
    monkeypatch.setattr(bell._redis, "publish", lambda *what: asked.append(what) or publish(*what))
    began = time.monotonic()
    for person in ("wang", "li", "zhao"):
        write(person)
    assert len(asked) == 1
    assert time.monotonic() - began < 5
    with reading() as session:
        assert session.query(OutboxItem).count() == 3


def test_messages_go_out_while_redis_dies(app):
    sender = FakeSender()
    pool = SenderPool(app, {"account": sender}, hands=2)
    with running_redis() as redis:
        init_waking(app, redis.url)
        listener = listening(redis.url, pool.wake)
        listener.__enter__()
    try:
        with pool.running():
            write("wang", 3)
            until = time.monotonic() + 30
            while states() != ["done"] * 3 and time.monotonic() < until:
                threading.Event().wait(0.02)
    finally:
        listener.__exit__(None, None, None)
    assert states() == ["done"] * 3


def test_without_redis_nothing_listens(app):
    before = threading.active_count()
    with listening(None, lambda: None):
        assert threading.active_count() == before
