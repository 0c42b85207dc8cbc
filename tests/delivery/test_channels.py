"""How long a way out stays closed, and who tries it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from backend.database import reading, unit_of_work
from backend.delivery.channels import (
    PROBE_EVERY,
    QUIET_FOR,
    Pause,
    close_channel,
    closed_channels,
    is_over,
    is_quiet,
    leave_turn,
    open_channel,
    pause_for,
    take_turn,
)
from backend.wechat.gateway.problems import Remedy
from tests.delivery.office import at
from tests.support.databases import bare_app

NOON = at("2026-11-24 12:00:30")


@pytest.mark.parametrize(
    ("remedy", "now", "pause"),
    [
        (Remedy.NEXT_MINUTE, NOON, ("minute_quota", at("2026-11-24 12:01:00"))),
        (Remedy.NEXT_DAY, NOON, ("daily_quota", at("2026-11-25 00:00:00"))),
        (Remedy.NEXT_DAY, at("2026-11-24 23:59:59"), ("daily_quota", at("2026-11-25 00:00:00"))),
        # It is the new day by our clock and not yet by theirs.
        (Remedy.NEXT_DAY, at("2026-11-25 00:00:05"), ("daily_quota", at("2026-11-25 00:10:05"))),
        (Remedy.OPERATOR, NOON, ("misconfigured", at("2026-11-24 12:05:30"))),
        *((remedy, NOON, None) for remedy in ("later", "unsure", "permanent", "consent", "sign_in_again")),
    ],
)
def test_what_concerns_the_whole_channel_closes_it_for_so_long(remedy, now, pause):
    assert pause_for(Remedy(remedy), now) == pause


@pytest.mark.parametrize(
    ("until", "over"),
    [
        (NOON, True),
        (NOON + timedelta(seconds=1), False),
        (NOON + timedelta(days=1), False),
        (NOON + timedelta(days=300), True),  # left by a clock that was far ahead
    ],
)
def test_a_pause_is_over_at_its_end_or_when_no_pause_is_so_long(until, over):
    assert is_over(Pause("unreachable", until), NOON) is over


def test_one_of_many_takes_the_turn_and_may_leave_it(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app, app.app_context():
        with unit_of_work() as session:
            assert close_channel(session, "wechat", Pause("unreachable", NOON), NOON)
            assert not close_channel(session, "wechat", Pause("unreachable", NOON), NOON)
            assert close_channel(session, "wechat", Pause("daily_quota", NOON), NOON)
        with unit_of_work() as session:
            seen = closed_channels(session)["wechat"]
            assert take_turn(session, "wechat", seen, NOON)
            assert not take_turn(session, "wechat", seen, NOON)
            assert closed_channels(session)["wechat"].until == NOON + PROBE_EVERY
            leave_turn(session, "wechat", seen, NOON)
            assert take_turn(session, "wechat", seen, NOON)
            # Another has found out more meanwhile: that stands.
            later = Pause("daily_quota", NOON + timedelta(hours=9))
            assert not close_channel(session, "wechat", later, NOON)
            leave_turn(session, "wechat", seen, NOON)
            assert closed_channels(session)["wechat"] == later
            assert open_channel(session, "wechat")
            assert not open_channel(session, "wechat")
            assert not take_turn(session, "wechat", seen, NOON)


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_two_close_it_at_the_same_moment_and_one_of_them_has_news(database_url, tmp_path):
    """Neither may fail: with the closing goes what was sent and what it cost."""
    pause = Pause("unreachable", NOON)
    with bare_app(database_url, tmp_path) as app, app.app_context(), ThreadPoolExecutor(1) as other:

        def close():
            with app.app_context(), unit_of_work() as session:
                return close_channel(session, "wechat", pause, NOON)

        with unit_of_work() as session:
            assert close_channel(session, "wechat", pause, NOON)
            second = other.submit(close)
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            while not second.done():  # until it waits for us
                with reading() as watching:
                    if watching.scalar(waiting):
                        break
        assert second.result(30) is False
        with reading() as session:
            assert closed_channels(session) == {"wechat": pause}


@pytest.mark.parametrize(
    ("until", "quiet"),
    [
        (NOON - QUIET_FOR, True),
        (NOON - QUIET_FOR + timedelta(seconds=1), False),
        (NOON + timedelta(seconds=1), False),
        (NOON + timedelta(days=300), True),
    ],
)
def test_a_channel_nobody_wanted_for_an_hour_is_quiet(until, quiet):
    assert is_quiet(Pause("unreachable", until), NOON) is quiet
