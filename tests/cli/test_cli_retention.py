"""`flask shouwen retention` (D-6), `ledger checkpoint`, `calendar list` and `check`."""

from __future__ import annotations

import json
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select, text

from backend.delivery.duties import purge
from backend.models import AccessSession, Inquiry, OutboxItem
from backend.services.retention import remove
from backend.settings import Settings, SettingsInvalid
from tests.cli.tampering import unguarded
from tests.support.app import MONDAY, Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def run(office: Office, *arguments: object):
    return office.app.test_cli_runner().invoke(args=["shouwen", *map(str, arguments)])


def sessions(office: Office) -> int:
    with office.looking() as work:
        return work.session.scalar(select(func.count()).select_from(AccessSession)) or 0


def test_by_default_it_only_counts_and_inquiries_are_never_among_it(office: Office) -> None:
    office.file()
    office.staff("window_a")
    office.clock.set(MONDAY + timedelta(days=500))
    told = run(office, "retention")
    assert told.exit_code == 0
    assert "登录记录：" in told.stdout
    assert "过了保留期 1 条" in told.stdout
    assert "事项、台账、评价、组织变动记录：不删除，最早的受理于 2026-11-16" in told.stdout
    assert "没有删除" in told.stdout
    assert sessions(office) == 1


def test_with_apply_they_go_and_everything_else_stays(office: Office) -> None:
    office.file()
    office.staff("window_a")
    with office.working() as work:
        for item in work.session.scalars(select(OutboxItem)):
            item.state, item.finished_at = "done", work.now
    office.clock.set(MONDAY + timedelta(days=500))
    assert run(office, "retention", "--apply").exit_code == 0
    assert sessions(office) == 0
    with office.looking() as work:
        assert work.session.scalar(select(func.count()).select_from(OutboxItem)) == 0
        assert work.session.scalar(select(func.count()).select_from(Inquiry)) == 1
    assert run(office, "ledger", "verify").exit_code == 0


@pytest.mark.parametrize(("days", "left"), [(183, 1), (399, 1), (402, 0)])
def test_sign_ins_are_kept_for_six_months_whatever_runs(office: Office, days: int, left: int) -> None:
    office.staff("window_a")
    office.clock.set(MONDAY + timedelta(days=days))
    run(office, "retention", "--apply")
    with office.app.app_context():
        purge(Event())
    assert sessions(office) == left


@pytest.mark.parametrize("days", ["180", "183", "0"])
def test_less_than_six_months_is_refused_at_the_start(office: Office, days: str) -> None:
    with pytest.raises(SettingsInvalid, match="RECORDS_DAYS"):
        Settings.from_env({"RECORDS_DAYS": days})
    assert Settings.from_env({"RECORDS_DAYS": "184"}).records_days == 184


def test_a_checkpoint_finds_an_older_database_put_back(office: Office, tmp_path) -> None:
    office.file()
    file = tmp_path / "检查点.json"
    made = run(office, "ledger", "checkpoint", file)
    assert made.exit_code == 0, made.stderr
    assert "共 1 条记录" in made.stdout
    assert "王小明" not in file.read_text("utf-8")
    same = run(office, "ledger", "verify", "--checkpoint", file)
    assert same.exit_code == 0
    office.file(content="第二件")
    assert run(office, "ledger", "verify", "--checkpoint", file).exit_code == 0, "a longer chain is no gap"
    # An older state, whole in itself: one entry fewer and the head of that time.
    document = json.loads(file.read_text("utf-8"))
    head = next(one for one in document["heads"] if one["sequence"] == 1)
    later = tmp_path / "后来.json"
    assert run(office, "ledger", "checkpoint", later).exit_code == 0
    with unguarded(office.settings) as connection:
        given = {
            "hash": bytes.fromhex(head["hash"]),
            "signature": bytes.fromhex(head["signature"]),
            "unit": head["unit_id"],
        }
        for statement in (
            "UPDATE ledger_heads SET sequence = 1, hash = :hash, signature = :signature WHERE unit_id = :unit",
            "DELETE FROM ledger_entries WHERE unit_id = :unit AND sequence = 2",
        ):
            connection.execute(text(statement), given)
    found = run(office, "ledger", "verify", "--checkpoint", later)
    assert found.exit_code == 2
    assert "现在没有了" in found.stdout


def test_a_checkpoint_that_is_not_ours_verifies_nothing(office: Office, tmp_path) -> None:
    office.file()
    file = tmp_path / "检查点.json"
    run(office, "ledger", "checkpoint", file)
    assert run(office, "ledger", "checkpoint", file).stderr.endswith("已经有这个文件\n")
    changed = json.loads(file.read_text("utf-8"))
    changed["heads"][0]["sequence"] += 1
    for written in (json.dumps(changed), "nonsense", "{}", "[]"):
        file.write_text(written, "utf-8")
        assert run(office, "ledger", "verify", "--checkpoint", file).exit_code == 3, written


def test_the_years_of_the_calendar_and_what_is_missing(office: Office) -> None:
    listed = run(office, "calendar", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["2024", "2025", "2026"]
    missing = run(office, "calendar", "check")
    assert (missing.exit_code, "缺 2027 年" in missing.stderr) == (1, True)
    office.clock.set(MONDAY - timedelta(days=60))
    assert run(office, "calendar", "check").exit_code == 0


def test_many_go_some_at_a_time_each_in_its_own_unit_of_work(office: Office, monkeypatch) -> None:
    """Whoever waits for SQLite's one writer is refused after five seconds."""
    for name in ("window_a", "window_b", "window_head", "general", "discipline"):
        office.staff(name)
    office.clock.set(MONDAY + timedelta(days=500))
    monkeypatch.setattr("backend.services.retention.AT_ONCE", 2)
    removed = []

    def spying(session, name, *rest):
        removed.append((name, session, remove(session, name, *rest)))
        return removed[-1][2]

    monkeypatch.setattr("backend.cli_retention.remove", spying)
    told = run(office, "retention", "--apply")
    assert "登录记录：2027-02-24 以前的 已删除 5 条" in told.stdout, told.stdout
    batches = [(session, count) for name, session, count in removed if name == "sessions"]
    assert [count for _session, count in batches] == [2, 2, 1, 0]
    assert len({id(session) for session, _count in batches}) == 4
    assert sessions(office) == 0


@pytest.mark.parametrize("command", [("retention",), ("ledger", "rebuild")])
def test_a_dry_run_can_be_said_aloud_but_not_with_apply(office: Office, command) -> None:
    assert run(office, *command, "--dry-run").stdout == run(office, *command).stdout
    both = run(office, *command, "--dry-run", "--apply")
    assert both.exit_code == 2
    assert "--dry-run 和 --apply 只能写一个" in both.stderr


def test_a_checkpoint_is_compared_for_one_unit_alone(office: Office, tmp_path) -> None:
    office.file()
    file = tmp_path / "检查点.json"
    assert run(office, "ledger", "checkpoint", file).exit_code == 0
    with unguarded(office.settings) as connection:
        gone = {"unit": office.org.unit.id}
        connection.execute(text("DELETE FROM ledger_entries WHERE unit_id = :unit"), gone)
    assert run(office, "ledger", "verify", "--checkpoint", file).exit_code == 2
    other = run(office, "ledger", "verify", "--unit", office.org.lead.id, "--checkpoint", file)
    assert other.exit_code == 0, other.output
    made = run(office, "unit", "create", "新的局", "--organ-type", "administration", "--measure", "tan")
    assert made.exit_code == 0
    new = run(office, "ledger", "verify", "--unit", "新的局", "--checkpoint", file)
    assert (new.exit_code, new.stderr) == (3, "没有核验成：检查点里没有这个单位\n")


def test_a_checkpoint_goes_into_no_missing_folder(office: Office, tmp_path) -> None:
    refused = run(office, "ledger", "checkpoint", tmp_path / "没有" / "检查点.json")
    assert (refused.exit_code, refused.stderr) == (1, "没有写：没有这个文件夹\n")
