"""`flask shouwen rules …`, and what loading a calendar does to limits that run."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from backend.database import reading
from backend.models import Clock, Matter, UnitPromise
from tests.delivery.office import at, at_work

SQLITE_ONLY = pytest.mark.parametrize("database_kind", ["sqlite"])
DOCUMENT = """
[hours]
"05-01" = 18:00:00
"10-01" = 17:30:00

[[promises]]
category = "application"
working_days = 5
basis = "本局服务承诺"

[[matters]]
name = "档案查询"
basis = "本局办事指南"
legal_days = 3
"""


@pytest.fixture
def office(office):
    with at_work(office, at("2026-12-31 10:30")) as busy:
        yield busy


def run(office, *arguments):
    return office.app.test_cli_runner().invoke(args=["shouwen", *map(str, arguments)])


def written(tmp_path, text, name="rules.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def names(table):
    with reading() as session:
        return session.scalars(select(table.id)).all()


def test_a_document_is_taken_shown_and_taken_again(office, tmp_path):
    unit = office.org.unit.name
    loaded = run(office, "rules", "load", unit, written(tmp_path, DOCUMENT))
    assert loaded.exit_code == 0
    assert loaded.stdout.splitlines() == [
        "作息：有变化",
        "承诺时限：新增 1，停用 0，不变 0",
        "事项目录：新增 1，停用 0，不变 0",
        "文件：新增 0",
        f"已载入 {unit} 的实施细则",
    ]
    shown = run(office, "rules", "show", unit)
    assert json.loads(shown.stdout)["hours"] == {"05-01": "18:00", "10-01": "17:30"}
    again = run(office, "rules", "load", office.org.unit.id, written(tmp_path, shown.stdout, "rules.json"))
    assert again.exit_code == 0
    assert "承诺时限：新增 0，停用 0，不变 1" in again.stdout


def test_a_dry_run_tells_and_keeps_nothing(office, tmp_path):
    result = run(office, "rules", "load", office.org.unit.name, written(tmp_path, DOCUMENT), "--dry-run")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "只是检查，没有保存")
    assert "承诺时限：新增 1" in result.stdout
    assert names(UnitPromise) == names(Matter) == []
    assert json.loads(run(office, "rules", "show", office.org.unit.name).stdout)["hours"] == {}


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (DOCUMENT.replace("legal_days = 3", "legal_days = 0"), "matters 第 1 条（档案查询）：legal_days"),
        (
            DOCUMENT.replace('"application"', '"consult"'),
            "promises 第 1 条（咨询事项）：承诺 5 个工作日，长于第七条第（一）项规定的 2 个工作日",
        ),
        ("[hours", "不是有效的 TOML"),
    ],
)
def test_one_bad_entry_is_named_and_nothing_is_kept(office, tmp_path, text, complaint):
    result = run(office, "rules", "load", office.org.unit.name, written(tmp_path, text))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"没有载入：{complaint}")
    assert names(UnitPromise) == names(Matter) == []


@SQLITE_ONLY
def test_a_unit_nobody_knows_and_a_file_that_cannot_be_read_are_refused_in_one_line(office, tmp_path):
    unknown = run(office, "rules", "load", "没有的局", written(tmp_path, DOCUMENT))
    assert (unknown.exit_code, unknown.stderr) == (1, "没有载入：没有“没有的局”这个单位\n")
    assert run(office, "rules", "show", "没有的局").stderr == "没有“没有的局”这个单位\n"
    foreign = tmp_path / "rules.toml"
    foreign.write_bytes('basis = "承诺"'.encode("gb18030"))
    assert "UTF-8" in run(office, "rules", "load", office.org.unit.name, foreign).stderr
    wrong = run(office, "rules", "load", office.org.unit.name, written(tmp_path, "[1]", "rules.json"))
    assert wrong.stderr == "没有载入：文件应当是一个表\n"


def test_loading_a_year_counts_the_provisional_limits_again(office, tmp_path):
    inquiry_id = office.file()
    table = written(
        tmp_path,
        "date,is_workday,note\n2027-01-01,0,元旦\n2027-01-02,0,元旦\n2027-01-04,0,元旦\n"
        "2027-05-01,0,劳动节\n2027-10-01,0,国庆节\n",
        "2027.csv",
    )
    for line in ("重新计算了 1 件事项的暂定时限", None):
        result = run(office, "calendar", "load", table, "--source", "国办发明电〔2026〕9号")
        assert result.exit_code == 0
        assert result.stdout.splitlines() == ["已载入 2027 年的放假安排", *([line] if line else [])]
    with reading() as session:
        [limit] = session.scalars(
            select(Clock).where(Clock.inquiry_id == inquiry_id, Clock.ended_at.is_(None))
        )
        assert (limit.due_at, limit.is_provisional) == (at("2027-01-06 17:30"), False)
