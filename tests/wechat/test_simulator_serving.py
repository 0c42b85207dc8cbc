"""The process: connections that stay, faults on purpose, a log without secrets, and an end with its parent."""

from __future__ import annotations

import http.client
import json
import os
import select
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from backend.logs import REDACTED
from backend.wechat.simulator.__main__ import main
from tests.support.running import ROOT
from tests.support.wechat import SEND

QUOTA = "/cgi-bin/openapi/quota/get"
VALUES = {"character_string1": "1", "thing2": "x", "phrase3": "受理", "time4": "15:01", "thing5": "x"}


class Caller:
    """Somebody who calls WeChat with a token of the app."""

    def __init__(self, wechat):
        self.wechat, self.url = wechat, wechat.simulator.url
        self.session = requests.Session()
        credentials = {"grant_type": "client_credential", "appid": wechat.app_id, "secret": wechat.secret}
        answer = self.session.post(f"{self.url}/cgi-bin/stable_token", json=credentials, timeout=10)
        self.token = answer.json()["access_token"]

    def post(self, path, body, timeout=10):
        return self.session.post(f"{self.url}{path}?access_token={self.token}", json=body, timeout=timeout)

    def send(self, name="王女士", timeout=10):
        body = {
            "touser": self.wechat.openid(name),
            "template_id": self.wechat.templates["progress"],
            "data": {key: {"value": text} for key, text in VALUES.items()},
        }
        return self.post(SEND, body, timeout)


@pytest.fixture
def caller(wechat_app):
    made = Caller(wechat_app)
    yield made
    made.session.close()


def test_thirty_connections_at_once_each_serve_many_calls(simulator, wechat_app, caller):
    body = json.dumps({"cgi_path": SEND}).encode()

    def converse(_):
        connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=20)
        connection.connect()
        socket = connection.sock
        codes = []
        for _ in range(5):
            connection.request("POST", f"{QUOTA}?access_token={caller.token}", body)
            codes.append(json.loads(connection.getresponse().read())["errcode"])
        assert connection.sock is socket, "it stayed open"
        connection.close()
        return codes

    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(converse, range(32))) == [[0] * 5] * 32


@pytest.mark.parametrize(
    ("fault", "is_after"),
    [
        ({"kind": "timeout_before", "seconds": 5}, False),
        ({"kind": "timeout_after", "seconds": 5}, True),
        ({"kind": "reset"}, False),
        ({"kind": "reset", "after": True}, True),
    ],
)
def test_an_answer_may_never_come_and_the_act_be_done_or_not(wechat_app, caller, fault, is_after):
    wechat_app.accept("王女士", "progress")
    wechat_app.fault(**fault)
    with pytest.raises((requests.Timeout, requests.ConnectionError)):
        caller.send(timeout=0.3)
    assert len(wechat_app.messages("王女士")) == is_after
    assert wechat_app.requests(SEND)[-1]["answer"] is None
    assert caller.send().json()["errcode"] == (43101 if is_after else 0)


def test_a_connection_may_close_without_an_answer_after_a_while(wechat_app, caller):
    wechat_app.fault(kind="timeout_before", seconds=0.05)
    with pytest.raises(requests.ConnectionError):
        caller.send()


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        ({"errcode": -1}, 200, b'{"errcode":-1,"errmsg":"system error rid: '),
        ({"errcode": 45009}, 200, b'{"errcode":45009,"errmsg":"reach max api daily quota limit rid: '),
        ({"status": 502}, 502, b"<html>"),
        ({"kind": "html"}, 200, b"<html>"),
        ({"kind": "garbage"}, 200, b'{"errcode":0,"errm\xff'),
    ],
)
def test_a_wrong_answer_comes_once_and_has_no_effect(wechat_app, caller, fault, status, start):
    wechat_app.accept("王女士", "progress")
    wechat_app.fault(**fault)
    answer = caller.send()
    assert answer.status_code == status
    assert answer.content.startswith(start)
    assert wechat_app.messages("王女士") == []
    assert caller.send().json()["errcode"] == 0


def test_a_wrong_answer_may_hide_that_it_was_done(wechat_app, caller):
    wechat_app.accept("王女士", "progress")
    wechat_app.fault(errcode=-1, after=True)
    assert caller.send().json()["errcode"] == -1
    assert len(wechat_app.messages("王女士", 1)) == 1


def test_slow_is_slow_and_right(wechat_app, caller):
    wechat_app.accept("王女士", "progress")
    wechat_app.fault(kind="slow", seconds=0.3)
    with pytest.raises(requests.Timeout):
        caller.send(timeout=0.1)
    assert len(wechat_app.messages("王女士", 1)) == 1
    wechat_app.fault("*", kind="slow", seconds=0.2)
    answer = caller.post(QUOTA, {"cgi_path": SEND})
    assert answer.json()["errcode"] == 0
    assert answer.elapsed.total_seconds() > 0.2


def test_a_fault_is_for_its_path_and_as_often_as_said(wechat_app, caller):
    wechat_app.fault(errcode=-1, times=2)
    assert caller.post(QUOTA, {"cgi_path": SEND}).json()["errcode"] == 0
    assert [caller.send().json()["errcode"] for _ in range(3)] == [-1, -1, 43101]
    wechat_app.fault(QUOTA, errcode=-1, times=0)
    assert [caller.post(QUOTA, {}).json()["errcode"] for _ in range(3)] == [-1] * 3
    wechat_app.clear_faults()
    assert caller.post(QUOTA, {"cgi_path": SEND}).json()["errcode"] == 0


@pytest.mark.parametrize(
    "fault", [{}, {"kind": "melts"}, {"errcode": -1, "status": 502}, {"errcode": -1, "colour": 1}]
)
def test_a_fault_that_is_none_is_refused(wechat_app, fault):
    with pytest.raises(AssertionError, match="a fault has a path"):
        wechat_app.fault(**fault)


def test_the_log_says_what_was_asked_and_answered_without_secrets(wechat_app, caller):
    code = wechat_app.login("王女士")
    query = {"appid": wechat_app.app_id, "secret": wechat_app.secret, "js_code": code}
    requests.get(f"{caller.url}/sns/jscode2session", query | {"grant_type": "authorization_code"}, timeout=10)
    caller.post("/wxa/business/getuserphonenumber", {"code": wechat_app.phone("王女士")})
    caller.post("/wxa/getwxacodeunlimit", {"scene": "a"})
    token, sign_in, phone, image = wechat_app.requests()
    assert (token["method"], token["path"], token["status"]) == ("POST", "/cgi-bin/stable_token", 200)
    assert token["body"] == {
        "grant_type": "client_credential",
        "appid": wechat_app.app_id,
        "secret": REDACTED,
    }
    assert token["answer"] == {"access_token": REDACTED, "expires_in": 7200}
    assert sign_in["query"]["js_code"] == sign_in["query"]["secret"] == REDACTED
    assert sign_in["answer"] == {"session_key": REDACTED, "openid": wechat_app.openid("王女士")}
    assert phone["body"] == {"code": REDACTED}
    assert phone["answer"]["phone_info"]["phoneNumber"] == REDACTED
    assert image["answer"] == "<image/jpeg>"
    whole = json.dumps(wechat_app.requests())
    assert not any(secret in whole for secret in (wechat_app.secret, caller.token, code, "13800138000"))
    assert wechat_app.requests("/sns/jscode2session") == [sign_in]
    wechat_app.forget_requests()
    assert wechat_app.requests() == []


def test_an_unknown_app_or_a_wrong_question_is_told_to_the_tester(simulator, wechat_app):
    with pytest.raises(AssertionError, match="Not Found"):
        simulator.ask("GET", "/apps/wx0/requests")
    with pytest.raises(AssertionError, match="no such option"):
        wechat_app.change(colour="red")
    with pytest.raises(AssertionError, match="no field of WeChat's: stuff1"):
        simulator.ask("POST", "/apps", {"templates": [{"key": "x", "fields": {"stuff1": "x"}}]})
    with pytest.raises(AssertionError, match="a JSON object, please"):
        simulator.ask("POST", "/apps", ["x"])


@pytest.mark.parametrize(
    ("apps", "reason"),
    [
        (None, "FileNotFoundError"),
        ("{}", "KeyError"),
        ("[", "JSONDecodeError"),
        ('{"apps": [{"x": 1}]}', "AskedWrongly"),
    ],
)
def test_it_says_in_one_line_when_it_cannot_start(tmp_path, capsys, apps, reason):
    path = tmp_path / "apps.json"
    if apps is not None:
        path.write_text(apps)
    assert main(["--port", "0", "--apps", str(path)]) == 1
    assert capsys.readouterr().err == f"模拟微信不能启动：{reason}\n"


def test_apps_and_the_time_come_from_files_and_it_ends_with_its_parent(tmp_path):
    (tmp_path / "clock").write_text("2026-11-16T12:00:00+08:00")
    (tmp_path / "apps.json").write_text(json.dumps({"apps": [{"app_id": "wx1", "secret": "s"}]}))
    command = [sys.executable, "-m", "backend.wechat.simulator", "--port", "0", "--die-with-parent"]
    command += ["--apps", str(tmp_path / "apps.json"), "--clock-file", str(tmp_path / "clock")]
    between = f"import subprocess; p = subprocess.Popen({command!r}); print(p.pid, flush=True); p.wait()"
    parent = subprocess.Popen([sys.executable, "-c", between], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    handle = os.pidfd_open(int(parent.stdout.readline()))
    try:
        url = parent.stdout.readline().strip().partition("：")[2]
        credentials = {"grant_type": "client_credential", "appid": "wx1", "secret": "s"}

        def seconds_left():
            return requests.post(f"{url}/cgi-bin/stable_token", json=credentials, timeout=10).json()[
                "expires_in"
            ]

        assert seconds_left() == 7200
        (tmp_path / "clock").write_text("2026-11-16T13:00:00+08:00")
        assert seconds_left() == 3600
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    assert select.select([handle], [], [], 10)[0]
    os.close(handle)
