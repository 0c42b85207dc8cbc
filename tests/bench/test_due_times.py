from __future__ import annotations

from datetime import date

import pytest

from backend.domain.calendar import WorkCalendar
from bench import due_times


def test_three_comparisons_with_the_library_run_at_a_tiny_size(capsys):
    trials = list(due_times.trials(due_times.Times(1, 10, 10, 10)))
    assert [trial.target for trial in trials] == [1000, 150, 100]
    for trial in trials:
        trial.run()
    assert capsys.readouterr().out.count("chinesecalendar 逐日查询") == 3


def test_sides_that_disagree_are_not_timed(monkeypatch):
    monkeypatch.setattr(due_times, "_table", lambda: WorkCalendar({}))
    with pytest.raises(AssertionError, match=str(date(2019, 1, 1).year)):
        next(due_times.trials(due_times.Times(1, 1, 1, 1)))
