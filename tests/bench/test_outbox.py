from __future__ import annotations

import pytest

from bench import outbox
from bench.outbox import Race, Sizes

TINY = Sizes(quick=60, slow=40, rounds=1, kills=1, killed=80)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_what_is_measured_runs_at_a_tiny_size(kind, capsys):
    """Its rates mean nothing here; that every message comes once, and none is lost, does."""
    trials = outbox.trials(TINY, (kind,))
    gateway, bare, slow = (next(trials) for _ in range(3))
    assert [(race.call, race.target) for race in (gateway, bare, slow)] == [
        ("gateway", 1.5),
        ("bare", None),
        ("gateway", 0.9),
    ]
    gateway.run()
    out = capsys.readouterr().out
    assert "20 个线程对 dramatiq 一个进程 8 个线程" in out
    assert "dramatiq，20 个线程：" in out
    assert "SQLite：dramatiq 的" in out
    assert bare.run()
    assert "仅供参考" in capsys.readouterr().out
    (killed,) = trials
    assert killed.is_met, killed.said


@pytest.mark.parametrize(
    ("ours", "peer", "delay", "target", "is_met"),
    [
        (1500.0, 1000.0, 0.0, 1.5, True),
        (1499.0, 1000.0, 0.0, 1.5, False),
        (360.0, None, 0.05, 0.9, True),
        (359.0, None, 0.05, 0.9, False),
        (1.0, 1000.0, 0.0, None, True),
    ],
)
def test_the_target_is_held_against_the_peer_or_what_is_possible(ours, peer, delay, target, is_met):
    way = {"SQLite": lambda *_: ours}
    against = None if peer is None else (lambda *_: peer)
    assert Race("比", "bare", delay, 1, 3, way, against, target).run() is is_met


def test_a_message_that_came_twice_is_no_result():
    class Twice:
        def counts(self):
            return {"messages": 10, "requests": 11, "seconds": 1.0}

    with pytest.raises(AssertionError, match="11 requests for 10"):
        outbox._rate(Twice(), 10)
