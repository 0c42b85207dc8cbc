from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select, text

from backend import create_app, preflight
from backend.cli import COULD_NOT_VERIFY, TAMPERED
from backend.database import reading
from backend.migrating import code_head
from backend.models import CalendarDayRow
from backend.vault.keys import Keyring
from tests.cli.tampering import Chain, unguarded
from tests.delivery.office import at, at_work
from tests.support.databases import close_connections, make_settings

ROOT = Path(__file__).parents[2]
SQLITE_ONLY = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def office(office):
    with at_work(office, at("2026-11-24 10:30")) as busy:
        busy.offer(busy.file())
        busy.file(code=busy.org.neighbour_window.sign.code)
        yield busy


@pytest.fixture
def app(settings):
    """An application on a migrated database without any row."""
    app = create_app(settings)
    yield app
    close_connections(app)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["shouwen", *map(str, arguments)])


def flask(settings, *arguments):
    """The command as an operator starts it: a process of its own."""
    environment = os.environ | {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "shouwen", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_whole_chains_verify_with_their_counts(office):
    result = run(office.app, "ledger", "verify")
    assert result.exit_code == 0
    assert "金坛区行政审批局：2 条，完整" in result.stdout
    assert result.stdout.endswith("核验完毕：4 个单位，共 3 条记录，全部完整\n")


@pytest.mark.parametrize("named_by", ["name", "id"])
def test_one_unit_is_named_by_its_name_or_id(office, named_by):
    result = run(office.app, "ledger", "verify", "--unit", getattr(office.org.neighbour, named_by))
    assert result.exit_code == 0
    assert result.stdout.endswith("核验完毕：1 个单位，共 1 条记录，全部完整\n")


def test_a_changed_figure_of_a_sealed_summary_ends_with_two_and_its_place(office):
    made = office.office.staff("general").post("/staff/ledger/summaries", {"period": "2026-11"})
    assert made.status_code == 201, made.json
    with unguarded(office.settings) as connection:
        connection.execute(text("UPDATE ledger_reports SET row_count = row_count + 1"))
    result = run(office.app, "ledger", "verify")
    assert result.exit_code == TAMPERED
    place = made.json["receipt"]["sequence"]
    assert f"第 {place} 条" in result.stdout
    assert "上报或汇总的内容与封存时不一致" in result.stdout


def test_tampering_ends_with_two_and_the_first_bad_sequence(office):
    with unguarded(office.settings) as connection:
        Chain(connection, office.org.unit.id).change(2, signature=bytes(64))
    result = run(office.app, "ledger", "verify")
    assert result.exit_code == TAMPERED
    assert "金坛区行政审批局：从第 2 条起不可信（签名无效）" in result.stdout
    assert "4 个单位中有 1 个" in result.stdout
    assert run(office.app, "ledger", "verify", "--unit", office.org.neighbour.id).exit_code == 0


@SQLITE_ONLY
@pytest.mark.parametrize("arguments", [["--unit", "没有这个局"], ["--bogus"], ["surplus"]])
def test_a_question_that_cannot_be_answered_ends_with_three(office, arguments):
    assert run(office.app, "ledger", "verify", *arguments).exit_code == COULD_NOT_VERIFY


def test_nothing_to_verify_is_not_a_pass(app):
    result = run(app, "ledger", "verify")
    assert result.exit_code == COULD_NOT_VERIFY
    assert "一个单位也没有" in result.stderr


def test_a_database_without_tables_is_not_a_pass(empty_database_url, tmp_path):
    settings = make_settings(empty_database_url, tmp_path / "data")
    Keyring.create(settings.keys_dir)
    app = create_app(settings)
    result = run(app, "ledger", "verify")
    close_connections(app)
    assert result.exit_code == COULD_NOT_VERIFY
    assert "数据库读不出来" in result.stderr


@SQLITE_ONLY
@pytest.mark.parametrize(
    "spoil",
    [
        lambda keys: (keys / "ledger-signing.pem").unlink(),
        lambda keys: (keys / "ledger-signing.pem").chmod(0o644),
        lambda keys: (keys / "ledger-signing.pem").write_text("-----BEGIN nothing"),
        lambda keys: keys.rename(keys.with_name("elsewhere")),
    ],
    ids=["missing", "open to others", "damaged", "no folder"],
)
def test_without_a_readable_key_verifying_ends_with_three(settings, spoil):
    spoil(settings.keys_dir)
    with flask(settings, "ledger", "verify") as process:
        out, err = process.communicate()
    assert process.returncode == COULD_NOT_VERIFY
    assert out == ""
    assert err.startswith("密钥不能用")
    assert len(err.splitlines()) == 1


def test_the_worker_says_one_line_and_ends_with_zero_when_told(settings):
    with flask(settings, "worker") as process:
        first = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert "后台任务已启动" in first
    assert (process.returncode, out, err) == (0, "", "")


def test_migrating_builds_an_empty_database_and_says_its_revision(empty_database_url, tmp_path):
    settings = make_settings(empty_database_url, tmp_path / "data")
    Keyring.create(settings.keys_dir)
    app = create_app(settings)
    results = [run(app, "migrate") for _ in range(2)]
    close_connections(app)
    assert [(r.exit_code, r.stdout) for r in results] == [(0, f"数据库已是版本 {code_head()}\n")] * 2


def test_a_database_newer_than_the_code_is_left_alone(app, settings):
    with unguarded(settings) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    result = run(app, "migrate")
    assert result.exit_code == 1
    assert "数据库比程序新" in result.stderr


@SQLITE_ONLY
@pytest.mark.parametrize("answer", [0, 1])
def test_preflight_ends_with_its_own_answer(app, monkeypatch, answer):
    monkeypatch.setattr(preflight, "main", lambda: answer)
    assert run(app, "preflight").exit_code == answer


def test_the_calendar_is_seeded_once(app):
    assert run(app, "calendar", "seed").stdout.startswith("已载入 2019 年到 20")
    assert run(app, "calendar", "seed").stdout == "各年都已有数据，没有改动\n"


def test_a_year_is_loaded_from_a_file_as_a_spreadsheet_saves_it(app, tmp_path):
    table = tmp_path / "2027.csv"
    table.write_bytes(
        "\ufeffdate,is_workday,note\r\n2027-01-01,0,元旦\r\n2027-05-01,0,劳动节\r\n2027-10-01,0,国庆节\r\n".encode()
    )
    result = run(app, "calendar", "load", table, "--source", "国办发明电〔2026〕1号")
    assert (result.exit_code, result.stdout) == (0, "已载入 2027 年的放假安排\n")
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(CalendarDayRow.day)).all()) == 365


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("date,is_workday,note\n2027-01-01,休,元旦\n".encode(), "第 2 行"),
        ("date,is_workday,note\n2027-01-01,0,元旦\n".encode(), "5 月 1 日"),
        ("date,is_workday,note\n2027-01-01,0,元旦\n".encode("gb18030"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_in_one_line(app, tmp_path, content, complaint):
    table = tmp_path / "2027.csv"
    table.write_bytes(content)
    result = run(app, "calendar", "load", table, "--source", "通知")
    assert result.exit_code == 1
    assert result.stderr.startswith("没有载入：")
    assert complaint in result.stderr
    assert len(result.stderr.splitlines()) == 1


@SQLITE_ONLY
@pytest.mark.parametrize("arguments", [["--png"], []], ids=["png", "svg by default"])
def test_a_signs_code_leads_to_the_sign(office, tmp_path, arguments):
    code = office.org.window.sign.code
    drawn = tmp_path / "code"
    typed = "-".join(code[i : i + 4] for i in range(0, 16, 4)).lower()
    result = run(office.app, "sign", "qr", typed, *arguments, "-o", drawn)
    assert result.exit_code == 0
    assert f"http://127.0.0.1:8000/s/{code}" in result.stdout
    if arguments:
        (found,) = zxingcpp.read_barcodes(Image.open(drawn))
        assert found.text == f"http://127.0.0.1:8000/s/{code}"
    else:
        assert drawn.read_text("utf-8").startswith("<svg ")


@SQLITE_ONLY
def test_no_code_is_drawn_for_a_sign_that_leads_nowhere(office, tmp_path):
    drawn = tmp_path / "code.svg"
    unknown = run(office.app, "sign", "qr", "0" * 16, "-o", drawn)
    retired = run(office.app, "sign", "qr", office.org.retired_sign.code, "-o", drawn)
    assert (unknown.exit_code, retired.exit_code) == (1, 1)
    assert "没有这块岗牌" in unknown.stderr
    assert office.org.window.sign.code in retired.stderr
    assert not drawn.exists()


@SQLITE_ONLY
def test_a_code_goes_into_no_missing_folder(office, tmp_path):
    code = office.org.window.sign.code
    refused = run(office.app, "sign", "qr", code, "-o", tmp_path / "没有" / "岗牌.svg")
    assert (refused.exit_code, refused.stderr) == (1, "没有写：没有这个文件夹\n")


@SQLITE_ONLY
@pytest.mark.parametrize(
    "command",
    [
        [],
        ["preflight"],
        ["migrate"],
        ["worker"],
        ["ledger", "verify"],
        ["calendar", "seed"],
        ["calendar", "load"],
        ["rules", "load"],
        ["rules", "show"],
        ["sign", "qr"],
    ],
)
def test_every_command_explains_itself_in_chinese(app, command):
    result = run(app, *command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("用法：")
    for words in ("Usage", "Options", "Commands", "OPTIONS", "message and exit", "required", "default"):
        assert words not in result.stdout
    first = result.stdout.split("\n\n")[1]
    assert any("\u4e00" <= character <= "\u9fff" for character in first)
