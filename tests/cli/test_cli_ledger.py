"""`flask shouwen ledger rebuild` compares the ledger with the event log, and puts it right when asked to (泸 二（二）4)."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from backend.database import reading, unit_of_work
from backend.models import LedgerRow
from tests.delivery.office import at, at_work


@pytest.fixture
def office(office):
    with at_work(office, at("2026-11-24 10:30")) as busy:
        busy.offer(busy.file())
        busy.file(code=busy.org.neighbour_window.sign.code)
        yield busy


def run(office, *arguments):
    return office.app.test_cli_runner().invoke(args=["shouwen", *arguments])


def change(office, statement):
    with office.app.app_context(), unit_of_work() as session:
        session.execute(statement)


def lines(office) -> int:
    with office.app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(LedgerRow)) or 0


def test_what_agrees_is_said_to_agree(office):
    told = run(office, "ledger", "rebuild")
    assert (told.exit_code, told.output) == (0, "2 件事项，2 行，全部一致\n")


def test_a_dry_run_names_what_differs_and_changes_nothing(office):
    change(office, update(LedgerRow).values(year=2020))
    told = run(office, "ledger", "rebuild")
    assert told.exit_code == 1
    assert "不一致的栏目 year" in told.output
    assert told.output.endswith("2 件事项，2 行，2 行不一致；加 --apply 改好\n")
    assert run(office, "ledger", "rebuild").exit_code == 1


def test_applied_it_is_as_the_log_says(office):
    change(office, delete(LedgerRow))
    told = run(office, "ledger", "rebuild", "--apply")
    assert (told.exit_code, told.output.splitlines()[-1]) == (0, "2 件事项，2 行，改好了 2 行")
    assert lines(office) == 2
    assert run(office, "ledger", "rebuild").exit_code == 0


def test_a_database_older_than_the_ledger_is_filled_when_it_is_upgraded(office):
    change(office, delete(LedgerRow))
    told = run(office, "migrate")
    assert (told.exit_code, told.output.splitlines()[-1]) == (0, "台账已从事件记录补齐，共 2 行")
    assert "台账" not in run(office, "migrate").output
