"""`flask shouwen import …`: the same import as at the console, for the operator."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.domain.errors import HandoffTargetUnavailable
from backend.domain.vocabulary_organisation import ImportState
from backend.models import ImportFile, Inquiry, Staff
from tests.cli.tampering import unreadable
from tests.support import workbooks
from tests.support.app import Office
from tests.support.importing import ROW, run_jobs

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def run(office: Office, *arguments: object):
    return office.app.test_cli_runner().invoke(args=["shouwen", "import", *map(str, arguments)])


def count(office: Office, kind) -> int:
    with office.looking() as work:
        return work.session.scalar(select(func.count()).select_from(kind)) or 0


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "2025年台账.xlsx"
    file.write_bytes(workbooks.ledger(*(ROW | {"首问内容": f"第{n}件"} for n in range(30))))
    return file


def options(office: Office, by: str = "general") -> tuple[str, ...]:
    return "--unit", office.org.unit.name, "--approved-by", by


def test_the_templates_can_be_had(office: Office, tmp_path: Path) -> None:
    for kind in ("organisation", "ledger"):
        file = tmp_path / f"{kind}.xlsx"
        assert run(office, "template", kind, file).exit_code == 0
        assert file.read_bytes().startswith(b"PK")


def test_a_dry_run_tells_and_writes_nothing(office: Office, ledger: Path) -> None:
    told = run(office, "ledger", ledger, *options(office), "--dry-run")
    assert (told.exit_code, told.stdout) == (0, "检查通过，将要导入：台账行 30，其中已办结 30\n")
    assert count(office, Inquiry) == count(office, ImportFile) == 0


def test_a_ledger_is_imported_once_however_often_it_is_run(office: Office, ledger: Path) -> None:
    for _ in range(2):
        assert run(office, "ledger", ledger, *options(office)).exit_code == 0
    assert count(office, Inquiry) == 30


def test_what_a_command_began_the_worker_finishes(
    office: Office, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_given, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("backend.cli_import.put_all_on_record", killed)
        run(office, "ledger", ledger, *options(office))
    assert count(office, Inquiry) == 0
    assert run_jobs(office) == 0
    office.clock.forward(minutes=11)
    assert run_jobs(office) == 1
    assert count(office, Inquiry) == 30
    with office.looking() as work:
        assert work.session.scalars(select(ImportFile.state)).all() == [ImportState.DONE]


@pytest.mark.parametrize(
    ("by", "is_taken"), [("general", True), ("overseer", True), ("window-a", False), ("auditor", False)]
)
def test_it_needs_the_say_of_the_general_post_or_the_lead_office(
    office: Office, ledger: Path, by: str, is_taken: bool
) -> None:
    """D-4."""
    done = run(office, "ledger", ledger, *options(office, by))
    assert (done.exit_code == 0) is is_taken
    assert count(office, Inquiry) == (30 if is_taken else 0)


def test_every_mistake_is_listed_and_nothing_is_imported(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "错.xlsx"
    file.write_bytes(workbooks.ledger(ROW, ROW | {"首问方式": "托人", "受理时间": None}))
    refused = run(office, "ledger", file, *options(office))
    assert refused.exit_code == 1
    assert len(refused.stdout.splitlines()) == 2
    assert refused.stderr == "没有导入：有 2 处要改\n"
    file.write_bytes(b"nonsense")
    broken = run(office, "ledger", file, *options(office))
    assert broken.stderr.startswith("没有导入：打不开")
    assert count(office, Inquiry) == 0


def test_an_organisation_is_imported_and_first_passwords_are_told_once(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "人员.xlsx"
    row = [office.org.unit.name, "业务科", "钱小满", "qxm", "公务员"]
    file.write_bytes(workbooks.workbook({"人员": [workbooks.STAFF, row]}))
    dry = run(office, "organisation", file, "--dry-run")
    assert dry.stdout == "检查通过，将要导入：人员 1\n"
    before = count(office, Staff)
    done = run(office, "organisation", file)
    assert done.exit_code == 0, done.stderr
    assert "钱小满  qxm  " in done.stdout
    again = run(office, "organisation", file)
    assert "原来就有的 1" in again.stdout
    assert count(office, Staff) == before + 1


def test_a_template_goes_into_no_missing_folder(office: Office, tmp_path: Path) -> None:
    refused = run(office, "template", "ledger", tmp_path / "没有" / "模板.xlsx")
    assert (refused.exit_code, refused.stderr) == (1, "没有写：没有这个文件夹\n")


def test_a_database_that_cannot_be_read_is_one_line(office: Office, ledger: Path, monkeypatch) -> None:
    monkeypatch.setattr("backend.cli_import.reading", unreadable)
    for arguments in (("ledger", ledger, *options(office)), ("organisation", ledger)):
        refused = run(office, *arguments)
        assert (refused.exit_code, refused.stderr) == (1, "没有导入：数据库现在读不出来或者不能写\n")


def test_what_a_rule_refuses_in_the_middle_is_one_line(office: Office, ledger: Path, monkeypatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise HandoffTargetUnavailable()

    monkeypatch.setattr("backend.delivery.importing.put_on_record", refuse)
    refused = run(office, "ledger", ledger, *options(office))
    assert refused.exit_code == 1
    [line] = refused.stderr.splitlines()
    assert line.startswith("没有导入完，已经导入的不会重复，后台会接着导入完，也可以再运行一次：")
