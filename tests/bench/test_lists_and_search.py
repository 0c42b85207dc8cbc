from __future__ import annotations

import pytest

from backend.domain.boxes import Box
from backend.queries.worklist import work_list
from bench.archives import OPEN, archive
from bench.lists_and_search import JOBS, Sizes, check, trials_on

TINY = Sizes(little=400, much=2_000, times=1)


def test_what_is_measured_runs_at_a_tiny_size_and_finds_what_is_there(
    databases, database_kind, tmp_path, capsys
):
    """Its times mean nothing here; what it finds does."""
    ran = []
    for trial in trials_on(databases, database_kind, tmp_path, TINY):
        trial.run()
        ran.append(trial)
    assert [trial.limit for trial in ran] == [1.3] * 3 + [1.5] * (len(JOBS) - 3) + [2.0] * 2
    assert "2,000 件" in capsys.readouterr().out


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_every_page_of_what_is_closed_comes_once_newest_first(databases, database_kind, tmp_path):
    with archive(databases, database_kind, tmp_path, 400) as made:
        check(made)
        me, seen, cursor = made.office.org.identity("window_a"), [], None
        with made.office.looking() as work:
            while True:
                page = work_list(work, me, Box.CLOSED, cursor)
                seen += [item["number"] for item in page["items"]]
                cursor = page["next_cursor"]
                if cursor is None:
                    break
            open_ones = work_list(work, me, Box.SECTION, None)
    assert len(seen) == len(set(seen)) == 400
    assert seen[1:] == sorted(seen[1:])
    assert len(open_ones["items"]) < OPEN
