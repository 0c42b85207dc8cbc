"""Unsafe starts are refused, each with one clear line (trust.md K-5 names them)."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from backend import preflight as checks
from backend.clock import SystemClock
from backend.preflight import main, preflight
from tests.support.running import free_port

FSYNC = "PostgreSQL 的 fsync 没有打开：断电会损坏数据库"


@pytest.fixture
def ready(settings):
    """An installation that may start: migrated, with keys, on a free port."""
    return replace(settings, port=free_port())


def sqlite_only(test):
    return pytest.mark.parametrize("database_kind", ["sqlite"])(test)


def postgresql_only(test):
    return pytest.mark.parametrize("database_kind", ["postgresql"])(test)


def in_production(ready, **changes):
    return replace(ready, **({"production": True, "base_url": "https://shouwen.example.cn"} | changes))


def run_sql(url, statement):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_sound_installation_has_no_problem_but_the_test_servers_fsync(ready, database_kind):
    # The throw-away PostgreSQL runs without fsync, and the check must say so.
    assert preflight(in_production(ready)) == ([FSYNC] if database_kind == "postgresql" else [])


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"base_url": "http://shouwen.example.cn"}, "BASE_URL 要以 https:// 开头"),
        ({"clock_file": "clock"}, "不能设置 CLOCK_FILE"),
    ],
)
def test_production_refuses_unsafe_settings(ready, tmp_path, changes, line):
    changes = {name: tmp_path / value if name == "clock_file" else value for name, value in changes.items()}
    (problem,) = preflight(in_production(ready, **changes))
    assert line in problem
    assert preflight(replace(in_production(ready, **changes), production=False)) == []


@sqlite_only
def test_production_refuses_demo_data(ready):
    (ready.data_dir / "demo.json").write_text("{}", "ascii")
    (problem,) = preflight(in_production(ready))
    assert "是演示数据" in problem


@sqlite_only
def test_production_refuses_the_debugger(ready, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    (problem,) = preflight(in_production(ready))
    assert "FLASK_DEBUG" in problem


@sqlite_only
def test_missing_keys_are_refused(ready):
    shutil.rmtree(ready.keys_dir)
    (problem,) = preflight(ready)
    assert problem.startswith("缺少密钥")


@sqlite_only
def test_keys_that_others_can_read_are_refused(ready):
    (ready.keys_dir / "tracking.key").chmod(0o644)
    (problem,) = preflight(ready)
    assert problem.startswith("密钥不能用")
    assert "tracking.key" in problem


@sqlite_only
def test_keys_of_the_environment_are_checked_in_place_of_files(ready):
    (problem,) = preflight(replace(ready, keys_environment={"SHOUWEN_MASTER_KEY": "bm90IGEga2V5"}))
    assert problem.startswith("密钥不能用")


@sqlite_only
def test_a_port_in_use_is_refused(ready):
    with socket.socket() as taken:
        taken.bind((ready.host, 0))
        taken.listen()
        port = taken.getsockname()[1]
        (problem,) = preflight(replace(ready, port=port))
    assert problem == f"端口 {port} 已被占用；请用 PORT 另选一个"


@sqlite_only
def test_sqlite_that_would_lose_what_it_acknowledged_is_refused(ready, monkeypatch):
    monkeypatch.setattr("backend.database._tune_sqlite", lambda engine, **how: None)
    with sqlite3.connect(ready.database_url.removeprefix("sqlite:///")) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    problems = preflight(ready)
    assert any("没有用上 WAL" in problem for problem in problems)
    assert any("读连接不是只读的" in problem for problem in problems)


@sqlite_only
def test_sqlite_without_full_synchronisation_is_refused(ready, monkeypatch):
    from sqlalchemy import event

    def tune(engine, **how):
        @event.listens_for(engine, "connect")
        def set_pragmas(connection, record):
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "query_only=ON"):
                connection.execute(f"PRAGMA {pragma}")

    monkeypatch.setattr("backend.database._tune_sqlite", tune)
    (problem,) = preflight(ready)
    assert "synchronous 不是 FULL" in problem


@sqlite_only
def test_a_database_that_was_never_made_is_named_and_not_made(ready, tmp_path):
    path = tmp_path / "none.db"
    url = f"sqlite:///{path}"
    (problem,) = preflight(replace(ready, database_url=url, reader_url=url))
    assert "还没有建立" in problem
    assert not path.exists()


@sqlite_only
def test_a_file_that_is_no_database_is_refused(ready, tmp_path):
    path = tmp_path / "text.db"
    path.write_text("not a database, but long enough to be looked at" * 30, "ascii")
    url = f"sqlite:///{path}"
    (problem,) = preflight(replace(ready, database_url=url, reader_url=url))
    assert problem.startswith("连不上数据库")


def test_a_database_newer_than_the_code_is_refused(ready):
    run_sql(ready.database_url, "UPDATE alembic_version SET version_num = '9999'")
    (problem,) = checks.problems_of_schema(ready)
    assert problem.startswith("数据库比程序新：数据库版本 9999")


def test_a_database_older_than_the_code_asks_to_be_migrated(ready):
    run_sql(ready.database_url, "DELETE FROM alembic_version")
    (problem,) = checks.problems_of_schema(ready)
    assert "比程序" in problem
    assert "shouwen migrate" in problem


@postgresql_only
def test_postgresql_without_synchronous_commit_is_refused(ready):
    name = ready.database_url.split("@/", 1)[1].split("?", 1)[0]
    run_sql(ready.database_url, f"ALTER DATABASE {name} SET synchronous_commit = off")
    assert preflight(ready) == [FSYNC, "PostgreSQL 的 synchronous_commit 没有打开：断电会丢已受理的事项"]


@postgresql_only
def test_a_clock_far_from_the_database_servers_is_refused(ready, monkeypatch):
    here = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda self: here(self) - timedelta(minutes=2))
    assert "请先校时" in preflight(ready)[-1]


@postgresql_only
def test_a_server_that_does_not_answer_is_named_without_its_password(ready, tmp_path):
    url = f"postgresql+psycopg://app:s3cr3t@/shouwen?host={tmp_path}"
    (problem,) = preflight(replace(ready, database_url=url, reader_url=url))
    assert problem.startswith("连不上数据库 postgresql+psycopg://app:***@/shouwen")
    assert "s3cr3t" not in problem


@postgresql_only
def test_a_reader_that_does_not_answer_is_refused(ready, tmp_path):
    problems = preflight(replace(ready, reader_url=f"postgresql+psycopg://app@/replica?host={tmp_path}"))
    assert problems[0].startswith("连不上数据库")


@sqlite_only
def test_the_command_prints_each_problem_on_a_line_of_its_own(ready, capsys):
    shutil.rmtree(ready.keys_dir)
    environment = {
        "DATA_DIR": str(ready.data_dir),
        "DATABASE_URL": ready.database_url,
        "PORT": str(ready.port),
        "PRODUCTION": "1",
    }
    assert main(environment) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("启动检查：") for line in lines)


@pytest.mark.parametrize(
    "environment", [{"PORT": "many"}, {"PRODUCTION": "maybe"}, {"DATABASE_URL": "mysql://x"}]
)
def test_the_command_names_a_setting_that_is_malformed(environment, capsys):
    assert main(environment) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert next(iter(environment)) in line
