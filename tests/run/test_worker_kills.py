"""`kill -9` of the worker under load: nothing is lost, and no kill has more than twenty messages sent twice."""

from __future__ import annotations

import pytest

from tests.support.outbox_load import SENDERS, kill_workers, outbox_app, running_stub


def kill(database_url, folder, *, rounds, messages, lease_seconds):
    with running_stub(0.02) as stub, outbox_app(database_url, folder) as app, app.app_context():
        given = {"rounds": rounds, "messages": messages, "lease_seconds": lease_seconds}
        kills = list(kill_workers(database_url, folder, stub, **given))
    twice = [one.twice for one in kills]
    longest = max(one.seconds for one in kills)
    print(
        f"{rounds} kills, 0 lost, sent twice {twice}, all sent {longest:.1f} s after the next start at the latest"
    )
    assert max(twice) <= SENDERS
    assert longest <= lease_seconds + 5


def test_three_kills_lose_nothing(database_url, tmp_path):
    kill(database_url, tmp_path, rounds=3, messages=240, lease_seconds=2)


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_thirty_kills_lose_nothing(database_url, tmp_path):
    kill(database_url, tmp_path, rounds=30, messages=800, lease_seconds=5)
