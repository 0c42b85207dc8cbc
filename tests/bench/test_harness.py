from __future__ import annotations

import pytest

from bench import run
from bench.harness import Comparison, Finding, Growth, run_all


@pytest.mark.parametrize(
    ("ours", "peer", "is_met"),
    [(1.0, 100.0, True), (1.0, 99.0, False), (2.0, 200.0, True), (3.0, 2.0, False)],
)
def test_a_comparison_is_met_when_ours_is_as_many_times_faster(stopwatch, capsys, ours, peer, is_met):
    trial = Comparison("同一件事", stopwatch.side("表", ours), stopwatch.side("逐日", peer), 100)
    assert trial.run() is is_met
    assert capsys.readouterr().out.endswith("，达到\n" if is_met else "，没有达到\n")


@pytest.mark.parametrize(("much", "is_met"), [(1.0, True), (3.0, True), (3.1, False)])
def test_growth_is_met_when_much_takes_little_longer(stopwatch, much, is_met):
    assert Growth("扫描", stopwatch.side("少", 1.0), stopwatch.side("多", much), 3).run() is is_met


def test_medians_decide_so_that_one_bad_round_does_not(stopwatch, capsys):
    ours = stopwatch.side("表", 1.0, 1.0, 50.0, 1.0, 1.0)
    assert Comparison("同一件事", ours, stopwatch.side("逐日", 10.0), 10).run()
    assert capsys.readouterr().out.splitlines() == [
        "同一件事",
        "  表：1.00 次/秒（5 轮，波动 4900%）",
        "  逐日：0.10 次/秒（5 轮，波动 0%）",
        "  倍数：10.0，目标至少 10.0，达到",
    ]


def test_sides_take_turns(stopwatch):
    Comparison("同一件事", stopwatch.side("表", 1.0), stopwatch.side("逐日", 1.0), 1).run()
    assert stopwatch.order == ["表", "逐日"] * 5


def test_a_rate_is_of_one_time_however_many_a_round_has(stopwatch):
    ours, peer = stopwatch.side("表", 10.0, times=1000), stopwatch.side("逐日", 1.0, times=1)
    assert Comparison("同一件事", ours, peer, 100).run()


def test_every_trial_runs_also_after_a_missed_one(capsys):
    assert not run_all(iter([Finding("甲", "看到一", is_met=False), Finding("乙", "看到二", is_met=True)]))
    assert capsys.readouterr().out == "甲\n  看到一，没有达到\n乙\n  看到二，达到\n"


@pytest.mark.parametrize(
    ("arguments", "ran", "code"),
    [([], ["甲", "乙"], 1), (["good"], ["甲"], 0), (["bad", "good"], ["乙", "甲"], 1)],
)
def test_the_named_benchmarks_run_or_all_and_a_missed_target_ends_with_1(
    monkeypatch, capsys, arguments, ran, code
):
    benchmarks = {
        "good": lambda: iter([Finding("甲", "", is_met=True)]),
        "bad": lambda: iter([Finding("乙", "", is_met=False)]),
    }
    monkeypatch.setattr(run, "BENCHMARKS", benchmarks)
    assert run.main(arguments) == code
    assert [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")] == ran


def test_an_unknown_name_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        run.main(["due_times", "nothing"])
    assert refused.value.code == 2
    assert "没有这几项：nothing" in capsys.readouterr().err
