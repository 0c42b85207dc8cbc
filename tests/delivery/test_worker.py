from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend.database import reading, unit_of_work
from backend.delivery import worker as worker_module
from backend.delivery.doing import NotNow
from backend.delivery.leases import BACK_OFF, LEASE
from backend.delivery.schedules import Schedule
from backend.delivery.worker import LONGEST_PAUSE, POLL_SECONDS, Worker, run_worker
from backend.models import OutboxItem
from backend.services.content_checks import CHECK_TEXT
from tests.support import rows
from tests.support.app import SetClock
from tests.support.databases import bare_app

JOB = ("job", "housekeeping")


@pytest.fixture
def app(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app:
        app.extensions["shouwen_clock"] = SetClock(rows.NOW)
        with app.app_context():
            yield app


class Patience(Event):
    """An event that notes every wait and never waits; set after `waits` of them."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self.pauses: list[float | None] = []
        self._waits = waits

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        if len(self.pauses) == self._waits:
            self.set()
        return self.is_set()


def add(count=1, **given):
    with unit_of_work() as session:
        return [rows.outbox_item(session, **given).id for _ in range(count)]


def states():
    with reading() as session:
        return [
            (row.state, row.attempts) for row in session.scalars(select(OutboxItem).order_by(OutboxItem.id))
        ]


def failing(_item):
    raise ConnectionRefusedError("to nobody at 13812345678")


def test_a_schedule_runs_once_a_slot_however_often_the_workers_look(app, monkeypatch):
    runs = []
    daily = Schedule("daily", 86400, lambda _stop: runs.append(1))
    workers = [Worker(app, Event(), [daily], {}) for _ in range(2)]
    monkeypatch.setattr(worker_module, "server_time", lambda _session: rows.NOW)
    for worker in workers * 2:
        worker.round()
    assert runs == [1]
    monkeypatch.setattr(worker_module, "server_time", lambda _session: rows.NOW + rows.DAY)
    for worker in workers * 2:
        worker.round()
    assert runs == [1, 1]


def test_a_schedule_that_fails_stops_no_other(app):
    runs = []

    def broken(_stop):
        raise ValueError("a mistake of ours")

    schedules = [Schedule("broken", 3600, broken), Schedule("sound", 3600, lambda _stop: runs.append(1))]
    Worker(app, Event(), schedules, {}).round()
    assert runs == [1]


def test_what_a_handler_finishes_is_done(app):
    wanted = add(3)
    handled = []
    worker = Worker(app, Event(), [], {JOB: lambda item: handled.append(item.id)})
    assert worker.round()
    assert sorted(handled) == sorted(wanted)
    assert states() == [("done", 1)] * 3
    assert not worker.round()


def test_messages_are_not_for_this_thread(app):
    add(kind="message", topic="progress", recipient_kind="staff", recipient_id="s" * 32)
    assert not Worker(app, Event(), [], {JOB: failing}).round()
    assert states() == [("pending", 0)]


def test_a_failure_is_put_off_and_says_no_more_than_its_kind(app):
    (item_id,) = add()
    Worker(app, Event(), [], {JOB: failing}).round()
    with reading() as session:
        row = session.get_one(OutboxItem, item_id)
        assert (row.state, row.problem) == ("pending", "ConnectionRefusedError")
        assert row.available_at == rows.NOW + BACK_OFF[0]


def test_a_row_that_workers_died_of_is_ended_without_another_try(app):
    add(attempts=len(BACK_OFF) + 1)
    handled = []
    Worker(app, Event(), [], {JOB: handled.append}).round()
    assert handled == []
    assert states() == [("failed", len(BACK_OFF) + 2)]


def test_a_stop_finishes_the_item_in_hand_and_gives_the_others_back(app):
    add(3)
    stop = Event()
    Worker(app, stop, [], {JOB: lambda _item: stop.set()}).round()
    assert sorted(states()) == [("done", 1), ("pending", 0), ("pending", 0)]


def test_rows_whose_lease_grows_short_are_given_back(app, monkeypatch):
    add(3)
    ticks = iter([0.0, 1.0, LEASE.total_seconds()])
    monkeypatch.setattr(worker_module.time, "monotonic", lambda: next(ticks))
    Worker(app, Event(), [], {JOB: lambda _item: None}).round()
    assert sorted(states()) == [("done", 1), ("pending", 0), ("pending", 0)]


def test_the_loop_says_one_line_and_ends_when_told(app, capsys):
    patience = Patience(waits=2)
    run_worker(app, patience, schedules=[], handlers={})
    assert patience.pauses == [POLL_SECONDS, POLL_SECONDS]
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 1
    assert "后台任务已启动" in out[0]


def test_a_job_that_cannot_be_done_now_waits_and_costs_nothing(app):
    (item_id,) = add()
    until = rows.NOW + timedelta(seconds=30)

    def later(_item):
        raise NotNow(until)

    Worker(app, Event(), [], {JOB: later}).round()
    with reading() as session:
        row = session.get_one(OutboxItem, item_id)
        assert (row.state, row.attempts, row.available_at, row.problem) == ("pending", 0, until, None)


def test_while_wechat_is_asked_schedules_and_other_jobs_go_on(app):
    """The check was written first, and WeChat answers it only when everything else is done."""
    add(topic=CHECK_TEXT), add()
    stop, is_asked, done = Event(), Event(), []

    def ask(_item):
        is_asked.set()
        assert stop.wait(30)
        done.append("check")

    def work(_item):
        assert is_asked.wait(30)
        done.append("job")
        stop.set()

    run_worker(app, stop, schedules=[], handlers={("job", CHECK_TEXT): ask, JOB: work})
    assert done == ["job", "check"]
    assert states() == [("done", 1)] * 2


def test_the_loop_does_not_pause_while_there_is_work(app):
    add(2)
    patience = Patience(waits=2)
    run_worker(app, patience, schedules=[], handlers={JOB: lambda _item: None})
    assert patience.pauses == [0.0, POLL_SECONDS]


def test_the_loop_outlives_a_database_that_is_away(app, monkeypatch):
    answers = [True] * 8 + [False] + [True]

    def round_(_self):
        if answers.pop(0):
            raise OperationalError("SELECT 1", {}, Exception("gone"))
        return False

    monkeypatch.setattr(Worker, "round", round_)
    patience = Patience(waits=10)
    run_worker(app, patience, schedules=[], handlers={})
    assert patience.pauses == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, POLL_SECONDS, 1]
