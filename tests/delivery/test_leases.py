from __future__ import annotations

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event, select, text, update

from backend.database import db, reading, unit_of_work
from backend.delivery.leases import (
    BACK_OFF,
    BATCH,
    LEASE,
    TOO_OLD,
    WINDOW,
    claim_jobs,
    claim_messages,
    expire,
    fail,
    finish,
    mark,
    release,
    server_time,
)
from backend.models import OutboxItem
from tests.support import rows
from tests.support.databases import bare_app

NOW = rows.NOW
LATER = NOW + timedelta(days=400)
"""The database server's time in these tests: nothing ties it to the application's."""
INSTANT = timedelta(microseconds=1)
ROOT = Path(__file__).parents[2]
JOBS = ["housekeeping"]

CLAIM_AND_HANG = """
import sys
from datetime import datetime
from pathlib import Path
from backend.database import unit_of_work
from backend.delivery.leases import claim_jobs
from tests.support.databases import bare_app

url, folder, now, server_now = sys.argv[1:]
with bare_app(url, Path(folder)) as app, app.app_context():
    with unit_of_work() as session:
        items = claim_jobs(
            session,
            ["housekeeping"],
            now=datetime.fromisoformat(now),
            server_now=datetime.fromisoformat(server_now),
        )
    print(len(items), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def app(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app, app.app_context():
        yield app


def add(count=1, **given):
    with unit_of_work() as session:
        return [rows.outbox_item(session, **given).id for _ in range(count)]


def take(topics=JOBS, *, now=NOW, server_now=LATER, limit=BATCH):
    with unit_of_work() as session:
        return claim_jobs(session, topics, now=now, server_now=server_now, limit=limit)


def take_messages(kinds=("account", "staff"), *, now=NOW, server_now=LATER, limit=100):
    with unit_of_work() as session:
        return claim_messages(session, kinds, now=now, server_now=server_now, limit=limit)


def say(lane, count=1, **given):
    """Messages to one person."""
    about = {"kind": "message", "topic": "progress", "recipient_kind": "account", "recipient_id": lane}
    return add(count, lane=f"account:{lane}", **about | given)


def ids(items):
    return [item.id for item in items]


def row(item_id):
    with reading() as session:
        return session.get_one(OutboxItem, item_id)


def test_only_topics_somebody_can_handle_are_taken(app):
    add(topic="another")
    say("wang")
    wanted = add(topic="housekeeping")
    assert ids(take()) == wanted


def test_what_was_written_first_comes_first_and_no_more_than_asked(app):
    first = add(available_at=NOW - timedelta(minutes=1))
    second = add(available_at=NOW - timedelta(minutes=3))
    third = add(available_at=NOW - timedelta(minutes=2))
    assert ids(take(limit=2)) == first + second
    assert ids(take(limit=2)) == third


def test_only_the_first_of_a_lane_is_taken_whatever_keeps_it(app):
    (one, two, three), (other,) = say("wang", 3), say("li")
    assert ids(take_messages()) == [one, other]
    assert take_messages() == []
    # Its worker died: again the first, not the second.
    (again, _) = take_messages(server_now=LATER + LEASE)
    assert again.id == one
    with unit_of_work() as session:
        fail(session, again, "timeout", NOW)
    assert take_messages(now=NOW) == []
    (again,) = take_messages(now=NOW + BACK_OFF[1])
    with unit_of_work() as session:
        finish(session, again, NOW)
    (following,) = take_messages()
    assert following.id == two
    with unit_of_work() as session:
        mark(session, [(following, {"state": "failed", "finished_at": NOW, "problem": "refused"})])
    assert ids(take_messages()) == [three]


def test_messages_are_taken_by_kind_of_recipient(app):
    (account,), (staff,) = say("wang"), say("li", recipient_kind="staff")
    assert ids(take_messages(["staff"])) == [staff]
    assert ids(take_messages(["citizen"])) == []
    assert ids(take_messages(["account"])) == [account]


def test_a_message_nobody_could_send_for_three_days_ends_and_frees_its_lane(app):
    (old,) = say("wang", created_at=NOW)
    (new,) = say("wang", created_at=NOW + TOO_OLD)
    assert ids(take_messages(now=NOW + TOO_OLD)) == []
    with unit_of_work() as session:
        assert expire(session, NOW + TOO_OLD - INSTANT, LATER) == 0
        assert expire(session, NOW + TOO_OLD, LATER) == 1
    assert (row(old).state, row(old).problem) == ("failed", "expired")
    assert ids(take_messages(now=NOW + TOO_OLD)) == [new]


def test_one_mark_for_all_leaves_what_another_has_alone(app):
    say("wang"), say("li")
    slow = take_messages()
    quick = take_messages(server_now=LATER + LEASE)
    done = {"state": "done", "finished_at": NOW, "problem": None}
    with unit_of_work() as session:
        assert mark(session, [(item, done) for item in [slow[0], quick[1]]]) == 1
    assert [row(item.id).state for item in quick] == ["leased", "done"]


def test_nothing_is_taken_before_its_time(app):
    wanted = add(available_at=NOW)
    add(available_at=NOW + INSTANT)
    assert ids(take()) == wanted


def test_a_taken_row_says_what_is_to_be_done(app):
    add(payload={"number": "2026ABC"}, recipient_kind="staff", recipient_id="s" * 32)
    (item,) = take()
    assert (item.kind, item.topic, item.payload) == ("job", "housekeeping", {"number": "2026ABC"})
    assert (item.recipient_kind, item.recipient_id, item.attempts) == ("staff", "s" * 32, 1)


def test_a_taken_row_is_nobody_elses_until_its_lease_ends(app):
    add()
    (first,) = take()
    assert take(server_now=LATER + LEASE - INSTANT) == []
    (again,) = take(server_now=LATER + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


def test_the_applications_clock_neither_frees_nor_prolongs_a_lease(app):
    add()
    take()
    assert take(now=NOW + timedelta(days=40)) == []
    assert len(take(now=NOW, server_now=LATER + LEASE)) == 1


def test_whoever_was_too_slow_cannot_mark_what_another_has(app):
    (item_id,) = add()
    (slow,) = take()
    (quick,) = take(server_now=LATER + LEASE)
    with unit_of_work() as session:
        assert not finish(session, slow, NOW)
        assert not fail(session, slow, "timeout", NOW)
        release(session, [slow])
    assert row(item_id).lease_owner == quick.token
    with unit_of_work() as session:
        assert finish(session, quick, NOW)
    done = row(item_id)
    assert (done.state, done.finished_at, done.lease_owner, done.leased_until) == ("done", NOW, None, None)


def test_a_done_row_is_never_taken_again(app):
    add()
    with unit_of_work() as session:
        finish(session, *take(), NOW)
    assert take(now=LATER, server_now=LATER + timedelta(days=9)) == []


def test_each_failure_waits_longer_and_the_last_is_final(app):
    (item_id,) = add()
    now = NOW
    for wait in BACK_OFF:
        (item,) = take(now=now)
        with unit_of_work() as session:
            assert fail(session, item, "timeout", now)
        assert (row(item_id).state, row(item_id).problem) == ("pending", "timeout")
        assert take(now=now + wait - INSTANT) == []
        now += wait
    (item,) = take(now=now)
    with unit_of_work() as session:
        fail(session, item, "timeout", now)
    assert (row(item_id).state, row(item_id).finished_at) == ("failed", now)
    assert take(now=now + timedelta(days=30)) == []
    assert list(BACK_OFF) == sorted(BACK_OFF)


def test_a_row_its_workers_died_of_is_known_by_its_attempts(app):
    add()
    server_now = LATER
    for _ in range(len(BACK_OFF) + 1):
        (item,) = take(server_now=server_now)
        assert not item.is_exhausted
        server_now += LEASE
    (item,) = take(server_now=server_now)
    assert item.is_exhausted


def test_a_row_given_back_was_never_taken(app):
    add()
    taken = take()
    with unit_of_work() as session:
        release(session, taken)
    (again,) = take()
    assert again.attempts == 1


def test_workers_at_once_never_take_the_same_row(app):
    wanted = set(add(40))
    together = threading.Barrier(4)

    def work():
        mine = []
        with app.app_context():
            together.wait()
            while taken := take(limit=3):
                mine += ids(taken)
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [done.result() for done in [pool.submit(work) for _ in range(4)]]
    everything = [item_id for mine in taken for item_id in mine]
    assert len(everything) == len(wanted)
    assert set(everything) == wanted


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_a_row_another_is_just_taking_is_passed_over_not_waited_for(app):
    first, second = sorted(add(2))
    with unit_of_work() as session:
        session.execute(select(OutboxItem).where(OutboxItem.id == first).with_for_update())
        assert ids(take()) == [second]


def test_what_a_killed_worker_had_is_taken_again_when_its_lease_ends(app, database_url, tmp_path):
    wanted = add(3)
    with subprocess.Popen(
        [sys.executable, "-c", CLAIM_AND_HANG, database_url, tmp_path, NOW.isoformat(), LATER.isoformat()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout.readline() == "3\n"
        worker.send_signal(signal.SIGKILL)
    assert take(server_now=LATER + LEASE - INSTANT) == []
    assert sorted(ids(take(server_now=LATER + LEASE))) == sorted(wanted)


def test_the_servers_time_has_its_zone(app):
    with reading() as session:
        first = server_time(session)
        assert first.utcoffset() == timedelta(0)
        assert server_time(session) >= first


def inquiries(count):
    with unit_of_work() as session:
        unit = rows.unit(session)
        return [rows.inquiry(session, unit).id for _ in range(count)]


def test_a_lane_keeps_the_order_of_each_inquiry_and_has_one_under_way(app):
    one, two = inquiries(2)
    late = NOW + timedelta(hours=1)
    say("wang", inquiry_id=one, available_at=late)
    say("wang", inquiry_id=one)  # waits for the one before it
    wanted = [*say("wang", inquiry_id=two), *say("wang"), *say("wang", inquiry_id=two)]
    other = say("li", inquiry_id=one)
    assert ids(take_messages()) == [wanted[0], *other]
    for before, after in pairwise(wanted):
        assert take_messages() == []
        with unit_of_work() as session:
            done = {"state": "done", "finished_at": NOW, "problem": None, "lease_owner": None}
            session.execute(update(OutboxItem).where(OutboxItem.id == before).values(done))
        assert ids(take_messages()) == [after]


def test_where_one_lane_fills_what_is_looked_at_the_next_claim_looks_past_it(app):
    about = inquiries(2 * WINDOW)
    first, *_ = [say("wang", inquiry_id=one)[0] for one in about]
    (other,) = say("li")
    assert ids(take_messages(limit=1)) == [first]
    assert ids(take_messages(limit=1)) == [other]


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_that_choose_at_the_same_moment_never_take_two_of_one_lane(app):
    """To one of them the first is due already, to the other only the second."""
    one, two = inquiries(2)
    (first,) = say("wang", inquiry_id=one, available_at=NOW + INSTANT)
    say("wang", inquiry_id=two)

    def choose():
        with app.app_context():
            return ids(take_messages(now=NOW))

    with ThreadPoolExecutor(1) as pool:
        with unit_of_work() as session:
            mine = claim_messages(session, ["account"], now=NOW + INSTANT, server_now=LATER, limit=9)
            theirs = pool.submit(choose)
            waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            while not theirs.done():  # until it waits for us
                with reading() as watching:
                    if watching.scalar(waiting):
                        break
        assert (ids(mine), theirs.result(30)) == ([first], [])


def test_at_once_a_lane_is_nobodys_but_one_workers(app):
    about = inquiries(4)
    for lane in range(10):
        for inquiry_id in about:
            say(str(lane), inquiry_id=inquiry_id)
    together = threading.Barrier(4)

    def work():
        mine = []
        with app.app_context():
            together.wait()
            while taken := take_messages(limit=3):
                mine += taken
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [item for done in [pool.submit(work) for _ in range(4)] for item in done.result()]
    assert len(taken) == len({item.recipient_id for item in taken}) == 10


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("take", [take, take_messages])
def test_claiming_goes_by_the_partial_indexes(app, take):
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *details: statements.append(details[2:4]))
    take()
    statement, parameters = next(given for given in statements if "UPDATE outbox" in given[0])
    with reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        steps = [step[-1] for step in plan]
    assert any("ix_outbox_claimable" in step for step in steps)
    assert (take is not take_messages) or (
        any("ix_outbox_lane" in step for step in steps)
        and any("ix_outbox_under_way" in step for step in steps)
    )
