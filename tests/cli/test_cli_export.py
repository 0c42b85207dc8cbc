"""`flask shouwen export ledger`: a unit's ledger as a file, masked."""

from __future__ import annotations

import json
import stat
import zipfile

import pytest
from sqlalchemy import select

from backend.models import LedgerEntry
from tests.support.reading_files import pdf_pages, sheet_rows, word_forms

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def run(office, *arguments):
    return office.app.test_cli_runner().invoke(args=["shouwen", "export", "ledger", *map(str, arguments)])


@pytest.fixture
def told(office):
    return office.file(contact={"name": "王小明", "phone": "13812345678"})


def test_a_units_ledger_is_written_as_a_workbook(office, told, tmp_path):
    target = tmp_path / "台账.xlsx"
    done = run(office, "--unit", office.org.unit.name, "--year", 2026, "-o", target)
    assert (done.exit_code, done.stdout) == (0, f"已导出 1 件：{target}\n")
    (row,) = sheet_rows(target.read_bytes())
    assert (row["服务对象"], row["联系方式"]) == ("王**", "138****5678")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_sections_ledger_is_written_as_forms(office, told, tmp_path):
    window, unit = office.org.window.section, office.org.unit
    for form in ("docx", "pdf"):
        target = tmp_path / f"台账.{form}"
        done = run(
            office,
            "--unit",
            unit.id,
            "--section",
            window.name,
            "--year",
            2026,
            "--format",
            form,
            "-o",
            target,
        )
        assert done.exit_code == 0, done.stderr
    assert word_forms((tmp_path / "台账.docx").read_bytes())[0][1][1] == "王**"
    pages = pdf_pages((tmp_path / "台账.pdf").read_bytes())
    assert window.name in pages[0]
    assert "管理员（命令行）" in pages[0]
    assert "13812345678" not in "".join(pages)


def test_a_thick_book_is_written_in_volumes(office, told, tmp_path, monkeypatch):
    monkeypatch.setattr("backend.domain.exports.DIRECT_FORMS", 1)
    monkeypatch.setattr("backend.domain.exports.VOLUME_FORMS", 1)
    monkeypatch.setattr("backend.cli_export.VOLUME_FORMS", 1)
    office.clock.forward(minutes=1)
    office.file(content="第二件")
    target = tmp_path / "台账.zip"
    assert (
        run(office, "--unit", office.org.unit.id, "--year", 2026, "--format", "pdf", "-o", target).exit_code
        == 0
    )
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["第1册.pdf", "第2册.pdf"]
        assert "第二件" in pdf_pages(archive.read("第2册.pdf"))[1]


def test_what_cannot_be_exported_is_said_in_one_line(office, tmp_path):
    target = tmp_path / "台账.xlsx"
    unknown = run(office, "--unit", "没有这个局", "--year", 2026, "-o", target)
    assert (unknown.exit_code, unknown.stderr) == (1, "没有导出：没有“没有这个局”这个单位\n")
    no_section = run(
        office, "--unit", office.org.unit.id, "--section", "没有的科", "--year", 2026, "-o", target
    )
    assert no_section.stderr == f"没有导出：{office.org.unit.name}没有“没有的科”这个科室\n"
    nowhere = run(office, "--unit", office.org.unit.id, "--year", 2026, "-o", tmp_path / "没有" / "台账.xlsx")
    assert nowhere.exit_code == 1
    assert nowhere.stderr.startswith("没有导出：")
    folder = office.settings.templates_dir
    folder.mkdir()
    (folder / "ledger.docx").write_bytes(b"no word file")
    broken = run(office, "--unit", office.org.unit.id, "--year", 2026, "--format", "docx", "-o", target)
    assert broken.stderr == "没有导出：单位自己的 Word 模板有错\n"
    assert not target.exists()


def test_the_help_says_what_it_does(office):
    told = office.app.test_cli_runner().invoke(args=["shouwen", "export", "ledger", "--help"]).stdout
    assert "姓名和电话遮盖" in told
    assert "2000<=x<=2200" in told or "年" in told


def test_each_copy_is_on_record_in_the_units_chain(office, told, tmp_path):
    options = "--unit", office.org.unit.id, "--year", 2026
    assert run(office, *options, "-o", tmp_path / "台账.xlsx").exit_code == 0
    with office.looking() as work:
        query = select(LedgerEntry).where(LedgerEntry.event == "ledger_exported")
        (entry,) = work.session.scalars(query)
        body = json.loads(entry.body)
        assert entry.unit_id == office.org.unit.id
    assert body["actor"] == {"kind": "system", "id": None}
    facts = {
        "by": "command_line",
        "scope": "unit",
        "section": None,
        "year": 2026,
        "format": "xlsx",
        "rows": 1,
    }
    assert body["facts"] == facts
    verified = office.app.test_cli_runner().invoke(args=["shouwen", "ledger", "verify"])
    assert verified.exit_code == 0


def test_complaints_about_the_head_stay_out_others_are_in_it(office, told, tmp_path):
    """What the head of the unit may not read is in no copy that an operator may hand to the head."""
    head = ["shouwen", "staff", "grant", "window-a", "principal_leader"]
    assert office.app.test_cli_runner().invoke(args=head).exit_code == 0
    for kind in ("sign_holder", "section"):  # window-a keeps the post of the sign
        office.file(category="complaint", content=f"投诉 {kind}", about={"kind": kind})
    target = tmp_path / "台账.xlsx"
    assert run(office, "--unit", office.org.unit.id, "--year", 2026, "-o", target).exit_code == 0
    contents = {row["首问内容"] for row in sheet_rows(target.read_bytes())}
    assert "投诉 sign_holder" not in contents
    assert "投诉 section" in contents
