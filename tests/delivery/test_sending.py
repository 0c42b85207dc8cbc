"""Messages go out in order, and every answer of the way out has its consequence."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.exc import DataError, OperationalError

from backend.database import reading, unit_of_work
from backend.delivery import collecting, outcomes, recording
from backend.delivery.channels import BREAKER, PROBE_EVERY
from backend.delivery.leases import BACK_OFF
from backend.delivery.outcomes import Result
from backend.delivery.sending import SenderPool, try_to_send
from backend.models import OutboxItem
from backend.queries.readiness import closed_ways_out
from backend.wechat.gateway.problems import Remedy, WechatProblem
from tests.delivery.office import at
from tests.delivery.posting import (
    AT_ONCE,
    BANNED,
    BUSY,
    DAY,
    GONE,
    MINUTE,
    NEW,
    NO_CONSENT,
    SECRET,
    SILENT,
    WRONG,
    FakeSender,
    Steps,
    channel,
    clock_of,
    row,
    states,
    write,
)
from tests.support import rows
from tests.support.app import SetClock
from tests.support.databases import bare_app

NOW = rows.NOW


@pytest.fixture
def app(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app:
        app.extensions["shouwen_clock"] = SetClock(NOW)
        with app.app_context():
            yield app


@pytest.fixture
def sender():
    return FakeSender()


@pytest.fixture
def steps(app, sender):
    return Steps({"account": sender, "staff": sender})


def test_each_lane_in_its_order_one_after_the_other(app, steps, sender):
    wang, li = write("wang", 3), write("li", 2)
    steps.once()
    assert sender.tried == [wang[0], li[0]]
    steps.until_idle()
    assert [n for n in sender.tried if n in wang] == wang
    assert [n for n in sender.tried if n in li] == li
    assert states() == ["done"] * 5
    done = row(wang[0])
    assert (done.sent_with, done.message_id, done.problem, done.attempts) == ("progress", "42", None, 1)
    assert sorted(n for sent, _ in sender.settled for n in sent) == sorted(wang + li)


def test_without_a_number_it_is_known_by_whom_it_went_to(app, steps, sender):
    sender.answer = None
    (item,) = write("wang")
    steps.until_idle()
    assert row(item).message_id == "wang"


@pytest.mark.parametrize(
    ("answer", "state", "wait", "attempts"),
    [
        (BUSY, "pending", BACK_OFF[0], 1),
        (GONE, "pending", BACK_OFF[0], 1),
        (SILENT, "pending", outcomes.UNSURE_FOR, 1),
        (AT_ONCE, "pending", outcomes.BUSY_FOR, 1),
        (NEW, "pending", BACK_OFF[0], 1),
        (BANNED, "pending", BACK_OFF[0], 1),
        (WRONG, "failed", None, 1),
        (NO_CONSENT, "pending", timedelta(0), 1),
        (MINUTE, "pending", timedelta(0), 0),
        (DAY, "pending", timedelta(0), 0),
        (SECRET, "pending", timedelta(0), 0),
        (ValueError("to o13812345678"), "pending", outcomes.UNSURE_FOR, 1),
    ],
)
def test_what_becomes_of_a_message_is_said_by_the_answer(
    app, steps, sender, capsys, answer, state, wait, attempts
):
    sender.answer = answer
    (item,) = write("wang")
    steps.once()
    found = row(item)
    assert (found.state, found.attempts) == (state, attempts)
    assert found.problem == getattr(answer, "code", "sender_failed")
    assert wait is None or found.available_at == NOW + wait
    is_silent = wait == outcomes.UNSURE_FOR
    assert (found.unsure_since, found.message_id) == ((NOW, "wang") if is_silent else (None, None))
    assert "13812345678" not in capsys.readouterr().out


def test_each_failure_waits_longer_and_the_last_is_final(app, steps, sender):
    """Another message goes out each time, so that it is this one and not the channel."""
    sender.answer = lambda message: BUSY if message.account_id == "wang" else "42"
    (item,) = write("wang")
    for wait in BACK_OFF:
        steps.until_idle()
        assert row(item).available_at == clock_of(app).now() + wait
        write("li")
        clock_of(app).forward(seconds=wait.total_seconds())
    assert sum(BACK_OFF, timedelta()) == timedelta(hours=47, minutes=42, seconds=40)
    # The last attempt is late enough to be too old for nothing but this.
    steps.until_idle()
    assert (row(item).state, row(item).problem, row(item).attempts) == ("failed", "system_busy", 53)


def test_what_had_no_answer_is_left_alone_holds_its_lane_and_is_then_tried_again(app, steps, sender):
    sender.answer = SILENT
    first, second = write("wang", 2)
    steps.until_idle()
    sender.answer = "43"
    clock_of(app).forward(seconds=outcomes.UNSURE_FOR.total_seconds() - 1)
    steps.until_idle()
    assert sender.tried == [first]
    clock_of(app).forward(seconds=1)
    steps.until_idle()
    assert sender.tried == [first, first, second]
    assert (row(first).state, row(first).unsure_since, row(first).message_id) == ("done", None, "43")


def test_no_consent_after_silence_may_mean_that_it_arrived(app, steps, sender):
    sender.answer = SILENT
    write("wang")
    steps.until_idle()
    sender.answer = NO_CONSENT
    clock_of(app).forward(minutes=10)
    steps.until_idle()
    assert states() == ["unconfirmed"]
    assert sender.settled[-1] == ([], [1])


@pytest.mark.parametrize(("kind", "problem"), [("account", "outdated"), ("citizen", "no_channel")])
def test_what_cannot_go_out_ends_with_its_reason_and_frees_its_lane(app, steps, sender, kind, problem):
    write("wang", payload={"problem": "outdated"}, recipient_kind=kind)
    write("wang")
    steps.until_idle()
    assert states() == [problem, "done"]


def test_without_any_way_out_nothing_waits(app):
    write("wang"), write("li", recipient_kind="staff")
    Steps({}).until_idle()
    assert states() == ["no_channel", "no_channel"]


def test_a_row_its_workers_died_of_ends(app, steps, sender):
    write("wang", attempts=len(BACK_OFF) + 1)
    steps.until_idle()
    assert (sender.tried, states()) == ([], ["worker_died"])


def test_one_that_cannot_be_made_stops_no_other(app, steps, sender, monkeypatch):
    bad, good = write("wang") + write("li")
    prepare = sender.prepare

    def stumble(session, items, now):
        if any(item.id == bad for item in items):
            raise KeyError("number")
        return prepare(session, items, now)

    monkeypatch.setattr(sender, "prepare", stumble)
    steps.until_idle()
    assert (row(good).state, row(bad).problem) == ("done", collecting.NOT_COMPOSED)
    assert row(bad).available_at == NOW + BACK_OFF[0]


def test_a_run_of_failures_closes_the_channel_and_costs_the_rest_nothing(app, steps, sender, capsys):
    sender.answer = GONE
    items = [write(f"p{n}")[0] for n in range(10)]
    steps.until_idle()
    assert sender.tried == items[:BREAKER]
    assert channel() == ("unreachable", NOW + PROBE_EVERY)
    assert [row(n).attempts for n in items] == [1] * (BREAKER - 1) + [0] * 6
    with reading() as session:
        assert closed_ways_out(session) == ["channel_closed:wechat:unreachable"]
    steps.until_idle()
    assert len(sender.tried) == BREAKER
    assert capsys.readouterr().out.count("channel closed") == 1


def test_a_day_of_silence_is_one_attempt_every_half_minute_of_all_workers_together(app, sender):
    """trust.md DR6: at most one probe in 30 s; the first success opens the way for all."""
    workers = [Steps({"account": sender}) for _ in range(2)]
    sender.answer = GONE
    for n in range(6):
        write(f"p{n}")
    for worker in workers:
        worker.until_idle()
    tried = len(sender.tried)
    for _ in range(240):  # an hour in quarters of a minute
        clock_of(app).forward(seconds=15)
        for worker in workers:
            worker.until_idle()
    assert len(sender.tried) - tried == 120
    assert max(row(n).attempts for n in range(1, 7)) <= 1
    assert min(Counter(sender.tried[tried:]).values()) >= 120 // 6 - 4, "each of them has its turns"
    sender.answer = "42"
    clock_of(app).forward(seconds=30)
    for worker in workers:
        worker.until_idle()
    assert channel() is None
    clock_of(app).forward(seconds=outcomes.ANOTHERS_TURN.total_seconds())
    workers[0].until_idle()
    assert states() == ["done"] * 6


@pytest.mark.parametrize("answer", [NEW, BANNED, AT_ONCE])
def test_one_message_that_wechat_refuses_closes_nothing_for_the_others(app, steps, sender, answer):
    """Whatever WeChat says about a message, it has answered: also when that message tries a closed channel."""
    sender.answer = GONE
    (bad, *_), *_others = [write(f"p{n}") for n in range(BREAKER + 1)]
    steps.until_idle()
    assert channel() is not None
    sender.answer = lambda message: answer if message.item.id == bad else "42"
    clock_of(app).forward(seconds=BACK_OFF[0].total_seconds() + PROBE_EVERY.total_seconds())
    for _ in range(20):
        steps.until_idle()
        clock_of(app).forward(seconds=2)
    assert channel() is None
    assert states() == ["pending"] + ["done"] * BREAKER
    assert row(bad).attempts > 1


def test_one_message_that_fails_again_and_again_closes_nothing(app, steps, sender):
    sender.answer = BUSY
    (item,) = write("wang")
    for wait in BACK_OFF[: 2 * BREAKER]:
        steps.until_idle()
        clock_of(app).forward(seconds=wait.total_seconds())
    assert (channel(), row(item).attempts) == (None, 2 * BREAKER)


def test_a_person_who_is_always_being_sent_to_is_left_alone_in_the_end(app, steps, sender):
    sender.answer = AT_ONCE
    (item,) = write("wang")
    waits = [outcomes.BUSY_FOR] * outcomes.BUSY_TIMES + list(BACK_OFF[: len(BACK_OFF) - outcomes.BUSY_TIMES])
    for wait in waits:
        steps.until_idle()
        assert row(item).available_at == clock_of(app).now() + wait
        clock_of(app).forward(seconds=wait.total_seconds())
    steps.until_idle()
    assert (row(item).state, row(item).problem) == ("failed", "concurrent_send")


def test_a_closed_channel_nobody_wants_is_left_alone_and_forgotten_after_an_hour(app, steps, sender):
    sender.answer = SECRET
    (item,) = write("wang")
    steps.until_idle()
    with unit_of_work() as session:
        session.get_one(OutboxItem, item).state = "done"
    clock_of(app).forward(minutes=6)
    before = channel()
    steps.until_idle()
    assert channel() == before, "no turn is taken for nothing"
    clock_of(app).forward(minutes=60)
    steps.until_idle()
    assert channel() is None


def test_what_is_ready_is_given_back_when_the_rest_cannot_be_made_ready(app, sender):
    class Broken(FakeSender):
        def prepare(self, _session, _items, _now):
            raise OperationalError("SELECT 1", {}, Exception("gone"))

    steps = Steps({"account": sender, "staff": Broken(channel="other")})
    mine, theirs = write("wang") + write("li", recipient_kind="staff")
    with pytest.raises(OperationalError):
        steps.once()
    assert [(row(n).state, row(n).attempts) for n in (mine, theirs)] == [("pending", 0)] * 2


def test_what_cannot_be_written_down_ends_alone_and_the_others_are_settled(app, steps, sender, monkeypatch):
    """A value the database will not have; SQLite would take any length, so a made-up refusal stands for it."""
    write_down = recording.mark_done

    def refuse(session, done, now):
        if any(one.message_id == "bad" for one in done):
            raise DataError("UPDATE", {}, Exception("too long"))
        return write_down(session, done, now)

    monkeypatch.setattr(recording, "mark_done", refuse)
    sender.answer = lambda message: "bad" if message.account_id == "li" else "42"
    bad_and_good = [write(name)[0] for name in ("wang", "li", "zhao")]
    tasks, _ = steps.collector.collect(100)
    steps.recorder.record([Result(task, try_to_send(task, is_closed=False)) for task in tasks])
    assert states() == ["done", recording.NOT_RECORDED, "done"]
    assert sender.settled == [([bad_and_good[0]], []), ([bad_and_good[2]], [])]


def test_an_address_wechat_does_not_know_is_said(app, steps, sender, capsys):
    sender.answer = WechatProblem("address_not_allowed", Remedy.OPERATOR, errcode=40164, address="192.0.2.7")
    write("wang")
    steps.until_idle()
    assert "192.0.2.7" in capsys.readouterr().out


def test_a_message_that_waits_holds_up_only_its_own_inquiry(app, steps, sender):
    with unit_of_work() as session:
        unit = rows.unit(session)
        one, two = (rows.inquiry(session, unit).id for _ in range(2))
    first, second = write("wang", inquiry_id=one) + write("wang", inquiry_id=one)
    other, office = write("wang", inquiry_id=two) + write("wang")
    sender.answer = lambda message: BUSY if message.item.id == first else "42"
    steps.until_idle()
    assert sender.tried == [first, other, office]
    sender.answer = "42"
    clock_of(app).forward(seconds=BACK_OFF[0].total_seconds())
    steps.until_idle()
    assert sender.tried[3:] == [first, second]


@pytest.mark.parametrize(
    ("answer", "problem", "until"),
    [
        (MINUTE, "minute_quota", at("2026-11-24 10:31")),
        (DAY, "daily_quota", at("2026-11-25 00:00")),
        (SECRET, "misconfigured", at("2026-11-24 10:35")),
    ],
)
def test_a_quota_or_a_wrong_setting_closes_at_once_and_one_message_tries_again(
    app, steps, sender, answer, problem, until
):
    sender.answer = answer
    items = [write(f"p{n}")[0] for n in range(3)]
    steps.until_idle()
    assert (sender.tried, channel()) == (items[:1], (problem, until))
    clock_of(app).set(until - timedelta(microseconds=1))
    steps.until_idle()
    assert len(sender.tried) == 1
    clock_of(app).set(until)
    sender.answer = NO_CONSENT if answer is SECRET else "42"
    steps.once()
    assert (len(sender.tried), channel()) == (2, None)
    sender.answer = "42"
    steps.until_idle()
    assert states() == ["done"] * 3


def test_a_probe_with_what_cannot_go_out_tries_nothing_and_leaves_the_turn(app, steps, sender):
    sender.answer = MINUTE
    write("p0")
    steps.until_idle()
    with unit_of_work() as session:
        rows.outbox_item(session)  # a job: nobody's business here
    first = write("p0", payload={"problem": "outdated"}, available_at=NOW)
    clock_of(app).forward(minutes=1)
    sender.answer = WechatProblem("minute_quota", Remedy.NEXT_MINUTE)
    steps.until_idle()
    assert len(sender.tried) == 2
    assert row(first[0]).state == "pending"


def test_what_was_sent_is_marked_even_when_settling_fails(app, steps, sender, monkeypatch):
    def break_down(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(sender, "settle", break_down)
    write("wang")
    steps.until_idle()
    assert states() == ["done"]


def test_a_lease_that_grew_short_is_given_back_and_costs_nothing(app, sender):
    (item,) = write("wang")
    Steps({"account": sender}, lease=timedelta(0)).once()
    assert (sender.tried, row(item).state, row(item).attempts) == ([], "pending", 0)


class Gate:
    """A way out that holds every message until it is opened, and counts who is inside."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.changed = threading.Condition()
        self.inside: Counter[str] = Counter()
        self.most_of_one = self.most = 0
        self.came: list[tuple[str, int]] = []

    def __call__(self, message):
        with self.changed:
            self.came.append((message.account_id, message.item.id))
            self.inside[message.account_id] += 1
            self.most_of_one = max(self.most_of_one, self.inside[message.account_id])
            self.most = max(self.most, self.inside.total())
            self.changed.notify_all()
        self.open.wait(30)
        with self.changed:
            self.inside[message.account_id] -= 1
        return "42"

    def wait_until(self, predicate):
        with self.changed:
            assert self.changed.wait_for(predicate, 30)


def test_twenty_at_once_never_two_to_one_person_and_a_stop_finishes_what_is_in_hand(app):
    gate = Gate()
    pool = SenderPool(app, {"account": FakeSender(answer=gate)}, hands=20)
    for n in range(30):
        write(f"p{n}", 4)
    with pool.running():
        gate.wait_until(lambda: gate.inside.total() == 20)
        gate.open.set()
        gate.wait_until(lambda: len(gate.came) == 120)
    assert (gate.most, gate.most_of_one) == (20, 1)
    assert states() == ["done"] * 120
    for n in range(30):
        mine = [item for person, item in gate.came if person == f"p{n}"]
        assert mine == sorted(mine)


def test_a_stop_gives_back_what_nobody_has_begun(app):
    gate = Gate()
    pool = SenderPool(app, {"account": FakeSender(answer=gate)}, hands=3)
    items = [write(f"p{n}")[0] for n in range(10)]
    with pool.running():
        gate.wait_until(lambda: gate.inside.total() == 3)
        threading.Timer(0.2, gate.open.set).start()  # while it is being stopped
    assert Counter(states()) == {"done": 3, "pending": 7}
    assert [row(n).attempts for n in items] == [1] * 3 + [0] * 7


def test_a_marker_outlives_a_database_that_is_away(app, monkeypatch):
    sender = FakeSender()
    pool = SenderPool(app, {"account": sender}, hands=2)
    write("wang", 3)
    record, failures = pool._recorder.record, iter([True, True])
    marked = threading.Event()

    def stumble(results):
        if next(failures, False):
            raise ConnectionError("gone")
        record(results)
        if len(sender.tried) == 3:
            marked.set()

    monkeypatch.setattr(pool._recorder, "record", stumble)
    monkeypatch.setattr("backend.delivery.sending.LONGEST_PAUSE", 0.0)
    with pool.running():
        assert marked.wait(30)
    assert states() == ["done"] * 3
    assert len(sender.tried) == 3
