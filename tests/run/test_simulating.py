"""What `make run` tells the simulated WeChat, and what it tells the others of it."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from backend.preparing import Refused
from backend.settings import Settings, WechatSettings
from backend.simulating import APPS_FILE, simulate
from backend.wechat.simulator.making import make_app
from backend.wechat.templates import load_templates


def test_the_settings_made_of_it_are_those_the_simulator_holds(of_own):
    simulation = simulate(of_own(port=8100))
    [asked] = json.loads((of_own().data_dir / APPS_FILE).read_text("utf-8"))["apps"]
    app = make_app(asked)
    wechat = Settings.from_env(simulation.environment).wechat
    assert (wechat.app_id, wechat.app_secret) == (app.app_id, app.secret)
    assert (wechat.push_token, wechat.aes_key) == (app.push_token, app.aes_key)
    assert wechat.original_id == app.original_id
    assert dict(wechat.templates) == {template.key: template.id for template in app.templates.values()}
    assert set(wechat.templates) == set(load_templates())
    assert wechat.api_url == "http://127.0.0.1:8101"
    assert app.callback_url == "http://127.0.0.1:8100/wechat/callback"
    assert simulation.settings.port == 8101
    assert str(8101) in simulation.command


def test_its_identity_is_made_once_and_for_the_owner_only(of_own):
    settings = of_own()
    first = simulate(settings)
    path = settings.data_dir / APPS_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = simulate(replace(settings, base_url="http://192.0.2.7:8000"))
    assert again.environment == first.environment
    assert json.loads(path.read_text("utf-8"))["apps"][0]["portal_url"] == "http://192.0.2.7:8000"
    assert first.environment["WECHAT_APP_SECRET"] not in repr(first)


@pytest.mark.parametrize("spoilt", ["", "[]", "{}", '{"apps": []}', '{"apps": [{"app_id": "wx1"}]}'])
def test_a_spoilt_file_is_made_anew(of_own, spoilt):
    settings = of_own()
    (settings.data_dir / APPS_FILE).write_text(spoilt, "utf-8")
    assert simulate(settings).environment["WECHAT_APP_ID"].startswith("wx")


@pytest.mark.parametrize(
    ("changes", "url", "local"),
    [
        ({}, "http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        (
            {"host": "0.0.0.0", "base_url": "http://192.0.2.7:8000"},
            "http://192.0.2.7:8001",
            "http://127.0.0.1:8001",
        ),
        ({"base_url": "https://shouwen.example.cn"}, "http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        ({"host": "::1", "base_url": "http://[::1]:8000"}, "http://[::1]:8001", "http://[::1]:8001"),
    ],
)
def test_people_and_processes_are_each_given_an_address_they_reach(of_own, changes, url, local):
    simulation = simulate(of_own(**changes))
    assert simulation.url == url
    assert simulation.phones_url == f"{url}/phones/{simulation.environment['WECHAT_APP_ID']}"
    assert simulation.environment["WECHAT_API_URL"] == local


def test_a_clock_file_is_shared(of_own, tmp_path):
    command = simulate(of_own(clock_file=tmp_path / "clock")).command
    assert command[command.index("--clock-file") + 1] == str(tmp_path / "clock")


def test_a_real_wechat_is_not_simulated(of_own):
    assert simulate(of_own(wechat=WechatSettings("wx0123456789abcdef", "secret"))) is None


def test_the_last_port_leaves_none_for_it(of_own):
    with pytest.raises(Refused, match="PORT 要小于 65535"):
        simulate(of_own(port=65535))
