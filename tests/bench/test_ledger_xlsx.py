from __future__ import annotations

import pytest

from bench import ledger_xlsx
from bench.ledger_xlsx import Sizes, trials_on

pytestmark = [pytest.mark.parametrize("database_kind", ["sqlite"]), pytest.mark.timeout(300)]
TINY = Sizes(rows=300, little=30, much=600)


def test_both_trials_run_at_a_tiny_size(databases, database_kind, tmp_path, capsys):
    """Their times mean nothing here; that both sides write the same cells, and that memory is bounded, does."""
    found = trials_on(databases, database_kind, tmp_path, TINY)
    comparison = next(found)
    assert comparison.target == 2.5
    comparison.run()
    memory = next(found)
    assert memory.run()
    assert next(found, None) is None
    assert "XlsxWriter" in capsys.readouterr().out


def test_sides_that_write_different_cells_are_not_timed(databases, database_kind, tmp_path, monkeypatch):
    right = ledger_xlsx._peer
    monkeypatch.setattr(
        ledger_xlsx, "_peer", lambda engine, table, target, _limit: right(engine, table, target, 1)
    )
    with pytest.raises(AssertionError, match="same cells"):
        next(trials_on(databases, database_kind, tmp_path, TINY))
