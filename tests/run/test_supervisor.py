"""`make run` and `make serve` as a person at the terminal sees them: real processes on real ports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import sys
import urllib.request
from pathlib import Path

import pytest

from backend.logs import REDACTED
from backend.wechat.templates import load_templates
from tests.support.running import (
    READY,
    Run,
    all_ended,
    command_of,
    descendants,
    free_port,
    supervisor,
    watching,
)


def refusal_of(run):
    """The one line of a start that was refused."""
    assert run.ended() == 1
    lines = [line for line in run.output.splitlines() if not line.startswith("· ")]
    assert len(lines) == 1, run.output
    assert lines[0].startswith("不能启动：")
    return lines[0]


def test_make_run_on_an_empty_folder_serves_the_demo_and_stops_on_ctrl_c(tmp_path):
    run = Run(tmp_path / "new" / "data", free_port(), ["make", "run"])
    try:
        run.wait_for("Ctrl-C 停止")
        demo = run.demo()
        status, _ = run.get("/healthz")
        assert status == 200
        assert list(demo) == ["base_url", "simulator_url", "wechat", "signs", "staff"]
        assert (demo["base_url"], demo["simulator_url"]) == (run.url, f"http://127.0.0.1:{run.port + 1}")
        assert set(demo["wechat"]) == {"appid", "templates"}
        assert set(demo["wechat"]["templates"]) == set(load_templates())
        phones = f"{demo['simulator_url']}/phones/{demo['wechat']['appid']}"
        assert phones in run.output
        run.wait_for("模拟微信已在运行")
        with urllib.request.urlopen(phones, timeout=10) as answer:
            assert "模拟微信，仅供演示和测试" in answer.read().decode()
        assert demo["signs"][0]["url"] == f"{run.url}/s/{demo['signs'][0]['code']}"
        assert run.get(f"/s/{demo['signs'][0]['code']}")[0] == 200
        for shown in (demo["signs"][0]["url"], demo["staff"][0]["password"], "试一试"):
            assert shown in run.output
        for path in (run.data_dir, *run.data_dir.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, f"{path} is open to others"
        run.get("/t/canary-of-a-link?x=1")
        run.wait_for(f"/t/{REDACTED}")
        assert "canary-of-a-link" not in run.output

        with watching(descendants(run.pid)) as everything:
            os.killpg(run.pid, signal.SIGINT)  # as the terminal does: to make and to the supervisor alike
            run.ended()
            assert all_ended(everything, 5)
        assert "Traceback" not in run.output
        assert run.output.count("· 已停止") == 1
    finally:
        run.close()


def test_killing_the_supervisor_ends_every_child_and_the_same_data_start_again_at_once(data_dir):
    before = json.loads((data_dir / "demo.json").read_text("utf-8"))
    with supervisor(data_dir) as first:
        first.wait_for(READY)
        first.wait_for("模拟微信已在运行")
        wechat = first.demo()["wechat"]
        children = descendants(first.pid)
        assert len(children) >= 4, "gunicorn, its worker, the background worker and the simulated WeChat"
        with supervisor(data_dir) as second:
            assert str(first.pid) in refusal_of(second)
        with watching(children) as everything:
            first.process.kill()
            assert all_ended(everything, 5)

        with supervisor(data_dir, first.port) as again:
            again.wait_for(READY)
            after = again.demo()
            assert after["base_url"] == again.url
            assert after["signs"][0]["url"].startswith(f"{again.url}/s/")
            assert [entry | {"roles": sorted(entry["roles"])} for entry in before["staff"]] == after["staff"]
            assert after["wechat"] == wechat, "people keep their openid"
            assert again.stop(signal.SIGTERM) == 0
            assert "· 已停止" in again.output


def test_a_child_that_dies_comes_back(data_dir):
    with supervisor(data_dir) as run:
        run.wait_for(READY)
        run.wait_for("后台任务已启动")
        run.wait_for("模拟微信已在运行")
        killed = [
            next(pid for pid in descendants(run.pid) if word in command_of(pid))
            for word in ("gunicorn", "shouwen worker", "wechat.simulator")
        ]
        with watching(killed) as all_three:
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            assert all_ended(all_three, 5)
        run.wait_for("child died", times=3)
        run.wait_for("后台任务已启动", times=2)
        run.wait_for("模拟微信已在运行", times=2)
        run.wait_for("Booting worker", times=2)
        assert run.stop(signal.SIGINT) == 0


def test_a_web_server_that_will_not_stay_up_ends_the_run_with_a_clear_line(data_dir):
    with supervisor(data_dir, THREADS="many") as run:
        assert run.ended(60) == 1
        assert "网页服务接连三次起不来" in run.output
        assert not descendants(run.pid)


@pytest.mark.parametrize("beside", [0, 1])
def test_a_port_in_use_is_named_in_one_line(data_dir, beside):
    """Its own, or the one of the simulated WeChat."""
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + beside))
        taken.listen()
        with supervisor(data_dir, port) as run:
            assert f"端口 {port + beside} 已被占用" in refusal_of(run)


def test_with_a_wechat_set_up_none_is_simulated(data_dir):
    real = {"WECHAT_APP_ID": "wx0123456789abcdef", "WECHAT_APP_SECRET": "0" * 32}
    with supervisor(data_dir, WECHAT_API_URL="https://127.0.0.1:1", **real) as run:
        run.wait_for(READY)
        assert run.demo()["simulator_url"] is None
        assert run.demo()["wechat"] == {"appid": real["WECHAT_APP_ID"], "templates": {}}
        assert not any("wechat.simulator" in command_of(pid) for pid in descendants(run.pid))
        assert "模拟" not in run.output
        assert run.stop() == 0


@pytest.mark.parametrize("kind", ["a file", "below a file", "read-only"])
def test_a_data_dir_that_cannot_be_written_is_one_line(tmp_path, kind):
    file = tmp_path / "file"
    file.touch()
    # Root may write anywhere, so the third is a file system that takes no new folder from anybody.
    data_dir = {"a file": file, "below a file": file / "data", "read-only": Path("/proc/shouwen")}[kind]
    with supervisor(data_dir) as run:
        assert f"数据目录 {data_dir} 不能写入" in refusal_of(run)


def test_a_database_newer_than_the_code_is_left_alone(data_dir):
    with sqlite3.connect(data_dir / "shouwen.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    before = (data_dir / "shouwen.db").read_bytes()
    with supervisor(data_dir) as run:
        assert "数据库比程序新：数据库版本 9999" in refusal_of(run)
    assert (data_dir / "shouwen.db").read_bytes() == before


def test_lost_keys_are_not_replaced_by_new_ones(data_dir):
    shutil.rmtree(data_dir / "keys")
    with supervisor(data_dir) as run:
        assert "缺少密钥" in refusal_of(run)
    assert not (data_dir / "keys").exists()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"PORT": "99999"}, "PORT 要在 1 和 65535 之间"),
        ({"PORT": "65535"}, "PORT 要小于 65535"),
        ({"PRODUCTION": "1"}, "make serve"),
        ({"HOST": "192.0.2.1"}, "HOST 192.0.2.1 不是本机的地址"),
    ],
)
def test_settings_that_cannot_be_are_one_line(data_dir, settings, line):
    with supervisor(data_dir, **settings) as run:
        assert line in refusal_of(run)


def test_serve_refuses_demo_data_and_says_everything_that_is_wrong(data_dir):
    with supervisor(data_dir, mode="serve", PRODUCTION="1") as run:
        assert run.ended() == 1
        assert "https://" in run.output
        assert "是演示数据" in run.output
        assert run.output.splitlines()[-1].startswith("不能启动：")
        assert "gunicorn" not in run.output


def test_an_installation_is_made_and_served_step_by_step(tmp_path):
    data_dir = tmp_path / "data"
    public = {"PRODUCTION": "1", "BASE_URL": "https://shouwen.example.cn"}
    with supervisor(data_dir, mode="serve", **public) as run:
        assert run.ended() == 1
        assert "缺少密钥" in run.output
    with supervisor(data_dir, mode="keys", **public) as run:
        assert run.ended() == 0
    with supervisor(data_dir, mode="serve", **public) as run:
        assert run.ended() == 1
        assert "flask --app wsgi shouwen migrate" in run.output
    migrate = [sys.executable, "-m", "flask", "--app", "wsgi", "shouwen", "migrate"]
    run = Run(data_dir, free_port(), migrate, **public)
    assert run.ended() == 0
    run.close()
    with supervisor(data_dir, mode="serve", **public) as run:
        run.wait_for(f"{READY}：https://shouwen.example.cn/")
        assert run.get("/healthz")[0] == 200
        run.get("/t/canary-of-a-link")
        run.wait_for('"event": "request"')
        assert "canary-of-a-link" not in run.output
        assert run.stop() == 0
        assert not (data_dir / "demo.json").exists()
        logged = [json.loads(line) for line in run.output.splitlines() if line.startswith("{")]
        assert {"event", "level", "timestamp"} <= set(logged[0])
