"""`mini-code` and `wechat-check`: what an operator learns of WeChat in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend import create_app
from backend.wechat.gateway import gateway_of
from tests.support.databases import close_connections
from tests.support.running import free_port

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def opened(office, wechat_app):
    """Makes the application anew with the mini program; fields of WechatSettings may differ."""
    made = []

    def make(**more):
        app = create_app(replace(office.settings, wechat=wechat_app.settings(**more)), office.clock)
        made.append(app)
        return app

    yield make
    for app in made:
        gateway_of(app).close()
        close_connections(app)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["shouwen", *map(str, arguments)])


def test_the_application_asks_nothing_before_it_has_to(office, opened, wechat_app):
    gateway = gateway_of(opened())
    assert gateway.app_id == wechat_app.app_id
    assert not gateway._transport._idle
    assert wechat_app.requests() == []
    assert gateway_of(office.app) is None


def test_a_sound_set_up_is_told_in_one_line(opened, wechat_app):
    result = run(opened(), "wechat-check")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"已接通：小程序 {wechat_app.app_id} 的 AppID、AppSecret 和本机的出口 IP 都对\n"


@pytest.mark.parametrize(
    ("changes", "options", "told"),
    [
        ({"app_secret": "wrong"}, {}, "AppSecret 不对"),
        ({"app_id": "wx0000000000000000"}, {}, "AppID 不对"),
        ({}, {"ip_whitelist": ["203.0.113.9"]}, "出口 IP 127.0.0.1 不在白名单里"),
        ({}, {"secret_frozen": True}, "AppSecret 已被冻结"),
        ({}, {"is_frozen": True}, "小程序账号被冻结"),
    ],
)
def test_what_is_wrong_at_wechat_is_told_in_one_line(opened, wechat_app, changes, options, told):
    if options:
        wechat_app.change(**options)
    result = run(opened(**changes), "wechat-check")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("没有接通：")
    assert told in line
    assert "（微信答复 " in line
    assert wechat_app.secret not in line


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:{port}", "连不上微信的服务器"),
        ("{portal}/_admin", "回答的不是微信"),
        ("https://{simulator}", "证书没有通过核验"),
    ],
)
def test_what_is_wrong_on_the_way_is_told_in_one_line(opened, simulator, url, told):
    address = simulator.url.removeprefix("http://")
    given = url.format(port=free_port(), portal=simulator.url, simulator=address)
    result = run(opened(api_url=given), "wechat-check")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert told in line


def test_without_a_mini_program_both_say_so(office, tmp_path):
    for arguments in (["wechat-check"], ["mini-code", office.org.window.sign.code, tmp_path / "code"]):
        result = run(office.app, *arguments)
        assert result.exit_code == 1
        assert result.stderr == "没有设置小程序：请先设置 WECHAT_APP_ID 和 WECHAT_APP_SECRET\n"


def test_a_signs_mini_code_is_written(opened, office, wechat_app, tmp_path):
    wechat_app.change(pages={"pages/sign/index": "/s/{scene}"})
    code = office.org.window.sign.code
    typed = "-".join(code[i : i + 4] for i in range(0, 16, 4)).lower()
    result = run(opened(), "mini-code", typed, tmp_path / "code.jpg")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "code.jpg").read_bytes().startswith((b"\xff\xd8\xff", b"\x89PNG"))
    (asked,) = wechat_app.requests("/wxa/getwxacodeunlimit")
    assert (asked["body"]["scene"], asked["body"]["page"]) == (code, "pages/sign/index")
    nowhere = run(opened(), "mini-code", typed, tmp_path / "没有" / "code.jpg")
    assert (nowhere.exit_code, nowhere.stderr) == (1, "没有写：没有这个文件夹\n")


def test_no_mini_code_is_asked_for_where_it_would_lead_nowhere(opened, office, wechat_app, tmp_path):
    wechat_app.change(pages={"pages/other/index": "/"})
    drawn, app = tmp_path / "code.jpg", opened()
    unreleased = run(app, "mini-code", office.org.window.sign.code, drawn)
    unknown = run(app, "mini-code", "0" * 16, drawn)
    retired = run(app, "mini-code", office.org.retired_sign.code, drawn)
    assert [unreleased.exit_code, unknown.exit_code, retired.exit_code] == [1, 1, 1]
    assert "小程序还没有发布页面 pages/sign/index" in unreleased.stderr
    assert "没有这块岗牌" in unknown.stderr
    assert office.org.window.sign.code in retired.stderr
    assert len(wechat_app.requests("/wxa/getwxacodeunlimit")) == 1
    assert not drawn.exists()


@pytest.mark.parametrize("command", ["mini-code", "wechat-check"])
def test_both_explain_themselves_in_chinese(office, command):
    result = run(office.app, command, "--help")
    assert result.exit_code == 0
    assert "微信" in result.stdout
