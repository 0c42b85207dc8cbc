from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from backend.database import db, reading
from backend.models import Clock, Inquiry
from bench import overdue_scan
from bench.open_clocks import NOW, open_clocks
from bench.overdue_scan import Seen, Sizes, finding, look, trials_on
from tests.support.databases import close_connections

TINY = Sizes(little=100, much=1_000, due=10, scans=1)


@pytest.fixture
def many(databases, database_kind, tmp_path):
    """A thousand open limits, ten of them due."""
    with open_clocks(databases, database_kind, tmp_path, TINY.much, TINY.due) as clocks:
        yield clocks


def test_as_many_limits_are_open_as_asked_each_on_an_inquiry_of_its_own(many):
    with many.app.app_context(), reading() as session:
        count = select(func.count()).select_from(Clock).where(Clock.ended_at.is_(None))
        assert session.scalar(count) == TINY.much
        assert session.scalar(select(func.count()).select_from(Inquiry)) == TINY.much
        assert session.scalar(count.join(Inquiry).where(Inquiry.status == "filed")) == TINY.much
        passed = count.where(Clock.due_at < NOW)
        assert session.scalar(passed) > 2 * TINY.due
        assert session.scalar(passed.where(~Clock.is_overdue_noted, Clock.paused_at.is_(None))) == TINY.due


def test_what_is_measured_runs_at_a_tiny_size(databases, database_kind, tmp_path, capsys):
    """Its times mean nothing here; its answers and its plan do."""
    ran = []
    for trial in trials_on(databases, database_kind, tmp_path, TINY):
        trial.run()
        ran.append(trial)
    found, growth, comparison = ran
    assert found.is_met, found.said
    assert growth.limit == 3
    assert comparison.target == 10
    assert "走部分索引 ix_clocks_becoming_overdue" in capsys.readouterr().out


def test_a_scan_that_lost_its_index_is_found_out(many, database_kind):
    by_index = look(many, database_kind)
    with many.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {overdue_scan.INDEX}"))
    close_connections(many.app)  # SQLite would answer from the plan it has kept
    without = look(many, database_kind)
    assert by_index.by_index
    assert not without.by_index
    assert without.visited > 2 * by_index.visited
    assert not finding("扫描", by_index, without, TINY.due).is_met


@pytest.mark.parametrize(
    ("little", "much", "is_met"),
    [
        (Seen(True, 10, "行"), Seen(True, 10, "行"), True),
        (Seen(True, 10, "行"), Seen(True, 11, "行"), False),
        (Seen(True, 200, "步"), Seen(True, 205, "步"), True),
        (Seen(True, 200, "步"), Seen(True, 400, "步"), False),
        (Seen(True, 10, "行"), Seen(False, 10, "行"), False),
    ],
)
def test_only_what_is_due_may_be_visited_and_only_by_the_index(little, much, is_met):
    assert finding("扫描", little, much, 10).is_met is is_met


def test_a_postgresql_that_will_not_start_is_said_and_the_other_still_measured(monkeypatch, capsys):
    def refuse():
        raise RuntimeError("no room")

    monkeypatch.setattr(overdue_scan, "running_postgres", refuse)
    assert list(overdue_scan.trials(TINY, ("postgresql",))) == []
    assert "PostgreSQL 没有起来" in capsys.readouterr().out
    assert len(list(overdue_scan.trials(TINY))) == 3
