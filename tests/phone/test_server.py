"""The preview's server: a door that changes nothing, and only what WeChat itself would do."""

from __future__ import annotations

import json

import pytest
import requests


def test_requests_pass_unchanged(address, echo):
    sent = requests.put(
        f"{address}/api/v1/a%2Fb?x=%20&x=2",
        data="字节".encode(),
        headers={
            "If-Match": '"3"',
            "X-Tracking-Token": "t",
            "Authorization": "Bearer b",
            "Cookie": "c=1",
            "Content-Type": "text/odd",
        },
        timeout=10,
    )
    method, path, headers, body = echo.asked[-1]
    assert (method, path, body.decode()) == ("PUT", "/api/v1/a%2Fb?x=%20&x=2", "字节")
    kept = {
        name: headers.get(name)
        for name in ("If-Match", "X-Tracking-Token", "Authorization", "Cookie", "Content-Type")
    }
    assert kept == {
        "If-Match": '"3"',
        "X-Tracking-Token": "t",
        "Authorization": "Bearer b",
        "Cookie": None,
        "Content-Type": "text/odd",
    }
    assert headers["Host"] == echo.url.removeprefix("http://")
    assert (sent.status_code, sent.headers["ETag"]) == (201, '"7"')
    assert sent.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_problems_pass_unchanged(address):
    answer = requests.post(f"{address}/api/v1/problem", json={}, timeout=10)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {"code": "invalid", "detail": "缺少内容"}


def test_an_empty_post_says_that_it_is_empty(address, echo):
    requests.post(f"{address}/api/v1/empty", timeout=10)
    assert echo.asked[-1][2]["Content-Length"] == "0"


@pytest.mark.parametrize(
    "path", ["staff", "_admin/apps", "api/v2/x", "wechat/callback", "_phone/people/王女士/block", "readyz"]
)
def test_there_is_no_other_door(address, echo, path):
    for method in ("GET", "POST"):
        assert requests.request(method, f"{address}/{path}", timeout=10).status_code in {404, 405}
    assert echo.asked == []


def test_healthz_is_the_backends(address, echo):
    assert requests.get(f"{address}/healthz", timeout=10).status_code == 201
    assert echo.asked[-1][1] == "/healthz"


def test_it_answers_this_machine_alone(address):
    assert requests.get(address, headers={"Host": "evil.example"}, timeout=10).status_code == 403
    foreign = requests.post(
        f"{address}/_phone/people/王女士/login", headers={"Sec-Fetch-Site": "cross-site"}, timeout=10
    )
    assert foreign.status_code == 403


def test_people_act_through_the_simulator(address, wechat_app):
    code = requests.post(f"{address}/_phone/people/王女士/login", json={}, timeout=10).json()["js_code"]
    assert len(code) > 10
    results = {wechat_app.templates["progress"]: "accept"}
    requests.post(f"{address}/_phone/people/王女士/subscriptions", json={"results": results}, timeout=10)
    assert wechat_app.credits("王女士") == {"progress": 1}
    refused = requests.post(
        f"{address}/_phone/people/王女士/subscriptions", json={"results": {"x": "accept"}}, timeout=10
    )
    assert (refused.status_code, refused.json()["errCode"]) == (400, 20001)


def test_messages_say_what_their_fields_are(address, wechat_app):
    assert requests.get(f"{address}/_phone/people/王女士", timeout=10).json() == {"messages": []}
    setup = json.loads(requests.get(f"{address}/_phone/setup", timeout=10).content)
    assert setup["appid"] == wechat_app.app_id
    assert {template["id"] for template in setup["templates"]} == set(wechat_app.templates.values())
