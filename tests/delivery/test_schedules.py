from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from backend.database import unit_of_work
from backend.delivery.schedules import SCHEDULES, Schedule, take_slot
from tests.support.databases import bare_app
from tests.support.rows import NOW

MINUTE = Schedule("minute", 60, lambda _stop: None)


@pytest.fixture
def app(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app, app.app_context():
        yield app


def take(schedule, slot):
    with unit_of_work() as session:
        return take_slot(session, schedule, slot, NOW)


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        (datetime(2026, 11, 24, 2, 30, tzinfo=UTC), "2026-11-24T02:30:00+00:00"),
        (datetime(2026, 11, 24, 2, 30, 59, 999999, tzinfo=UTC), "2026-11-24T02:30:00+00:00"),
        (datetime(2026, 11, 24, 2, 31, tzinfo=UTC), "2026-11-24T02:31:00+00:00"),
    ],
)
def test_a_moment_lies_in_the_slot_that_began_last(moment, slot):
    assert MINUTE.slot(moment) == slot


def test_a_slot_is_taken_once_and_the_next_one_again(app):
    assert take(MINUTE, "first")
    assert not take(MINUTE, "first")
    assert take(MINUTE, "second")
    assert take(Schedule("other", 60, MINUTE.run), "first")


def test_of_workers_asking_at_once_one_gets_the_slot(app):
    together = threading.Barrier(4)

    def ask():
        with app.app_context():
            together.wait()
            return take(MINUTE, "contested")

    with ThreadPoolExecutor(4) as pool:
        answers = [done.result() for done in [pool.submit(ask) for _ in range(4)]]
    assert sorted(answers) == [False, False, False, True]


def test_every_schedule_has_a_name_of_its_own_that_fits_its_column():
    names = [schedule.name for schedule in SCHEDULES]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 for name in names)
