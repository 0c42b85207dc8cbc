"""Access tokens: two lineages that know nothing of each other, overlaps, forced ones, and every wrong one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.wechat_inside import NOON, Inside

RID = re.compile(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$")
QUOTA = "/cgi-bin/openapi/quota/get"


@pytest.fixture
def wechat():
    return Inside()


def errcode_with(wechat, token):
    return wechat.asked("GET", "/wxaapi/newtmpl/gettemplate", token=token)["errcode"]


def plain(wechat):
    return wechat.asked(
        "GET",
        "/cgi-bin/token",
        token=None,
        grant_type="client_credential",
        appid=wechat.app.app_id,
        secret=wechat.app.secret,
    )


def test_the_stable_token_stays_the_same_and_counts_down(wechat):
    first = wechat.stable()
    wechat.forward(minutes=100)
    again = wechat.stable()
    assert set(first) == {"access_token", "expires_in"}
    assert len(first["access_token"]) == 512
    assert again["access_token"] == first["access_token"]
    assert (first["expires_in"], again["expires_in"]) == (7200, 1200)


def test_in_the_last_five_minutes_there_is_a_new_token_and_both_work(wechat):
    first = wechat.stable()["access_token"]
    wechat.forward(seconds=7200 - 301)
    assert wechat.stable() == {"access_token": first, "expires_in": 301}
    wechat.forward(seconds=1)
    second = wechat.stable()
    assert second["access_token"] != first
    assert second["expires_in"] == 7200
    assert [errcode_with(wechat, token) for token in (first, second["access_token"])] == [0, 0]
    wechat.forward(seconds=300)
    assert [errcode_with(wechat, token) for token in (first, second["access_token"])] == [42001, 0]


def test_a_forced_token_kills_the_one_before_at_once(wechat):
    first = wechat.stable()["access_token"]
    second = wechat.stable(force_refresh=True)["access_token"]
    assert second != first
    assert errcode_with(wechat, first) == 40001
    assert errcode_with(wechat, second) == 0


def test_forcing_again_within_thirty_seconds_changes_nothing(wechat):
    first = wechat.stable(force_refresh=True)["access_token"]
    wechat.forward(seconds=29)
    assert wechat.stable(force_refresh=True)["access_token"] == first
    wechat.forward(seconds=1)
    assert wechat.stable(force_refresh=True)["access_token"] != first


def test_a_token_can_be_forced_twenty_times_a_day(wechat):
    for _ in range(20):
        assert "access_token" in wechat.stable(force_refresh=True)
        wechat.forward(seconds=30)
    assert wechat.stable(force_refresh=True)["errcode"] == 45009
    assert "access_token" in wechat.stable()
    wechat.forward(hours=12)
    assert "access_token" in wechat.stable(force_refresh=True)


def test_plain_tokens_are_new_each_time_and_the_one_before_works_for_five_minutes(wechat):
    first, second = plain(wechat)["access_token"], plain(wechat)["access_token"]
    assert first != second
    wechat.forward(seconds=299)
    assert errcode_with(wechat, first) == 0
    wechat.forward(seconds=1)
    assert errcode_with(wechat, first) == 42001
    assert errcode_with(wechat, second) == 0


def test_the_two_lineages_leave_each_other_alone(wechat):
    stable = wechat.stable()["access_token"]
    for _ in range(3):
        plain(wechat)
    assert wechat.stable()["access_token"] == stable
    wechat.stable(force_refresh=True)
    assert errcode_with(wechat, plain(wechat)["access_token"]) == 0


@pytest.mark.parametrize(
    ("token", "errcode"),
    [(None, 41001), ("short", 40014), ("86_" + "!" * 509, 40014), ("86_" + "a" * 509, 40001)],
)
def test_a_token_that_is_none_says_what_is_wrong_with_it(wechat, token, errcode):
    answer = wechat.asked("POST", QUOTA, {"cgi_path": "/wxa/msg_sec_check"}, token=token)
    assert answer["errcode"] == errcode
    assert RID.search(answer["errmsg"])
    assert f"{int(NOON.timestamp()):08x}" in answer["errmsg"]


def test_the_text_of_a_dead_token_is_the_one_that_was_seen(wechat):
    text = wechat.asked("POST", QUOTA, {}, token="86_" + "a" * 509)["errmsg"]
    assert text.startswith(
        "invalid credential, access_token is invalid or not latest, could get access_token by"
    )


def test_tokens_can_be_spoilt_by_the_admin(wechat):
    first = wechat.token()
    wechat.client.post(f"/_admin/apps/{wechat.app.app_id}/tokens/expire", json={})
    assert errcode_with(wechat, first) == 42001
    second = wechat.token()
    wechat.client.post(f"/_admin/apps/{wechat.app.app_id}/tokens/expire", json={"dead": True})
    assert errcode_with(wechat, second) == 40001


WRONG = [
    ({"grant_type": "authorization_code"}, 40002, 40002),
    ({"appid": ""}, 41002, 41002),
    ({"appid": "wx0000000000000000"}, 40013, 40013),
    ({"secret": ""}, 41004, 41004),
    ({"secret": "0" * 32}, 40125, 40001),
]


@pytest.mark.parametrize(("change", "stable", "ordinary"), WRONG)
def test_wrong_credentials_are_told_apart(wechat, change, stable, ordinary):
    query = {
        "grant_type": "client_credential",
        "appid": wechat.app.app_id,
        "secret": wechat.app.secret,
    } | change
    assert wechat.asked("POST", "/cgi-bin/stable_token", query, token=None)["errcode"] == stable
    assert wechat.asked("GET", "/cgi-bin/token", token=None, **query)["errcode"] == ordinary


@pytest.mark.parametrize(
    ("option", "value", "errcode"),
    [("secret_frozen", True, 40243), ("is_frozen", True, 50007), ("ip_whitelist", ["192.0.2.1"], 40164)],
)
def test_what_is_wrong_with_the_account_is_told(wechat, option, value, errcode):
    setattr(wechat.app.options, option, value)
    answer = wechat.stable()
    assert answer["errcode"] == errcode
    if errcode == 40164:
        assert answer["errmsg"].startswith(
            "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "
        )
        wechat.app.options.ip_whitelist.append("127.0.0.1")
        assert "access_token" in wechat.stable()


def test_the_stable_token_wants_a_json_object_by_post(wechat):
    credentials = f"grant_type=client_credential&appid={wechat.app.app_id}&secret={wechat.app.secret}"
    assert wechat.asked("GET", "/cgi-bin/stable_token", token=None)["errcode"] == 43002
    assert wechat.asked("POST", "/cgi-bin/stable_token", credentials.encode(), token=None)["errcode"] == 47001
    assert wechat.asked("POST", "/cgi-bin/stable_token", b"", token=None)["errcode"] == 44002
    assert wechat.stable(force_refresh="yes")["errcode"] == 47001
    assert wechat.asked("POST", "/cgi-bin/token", {}, token=None)["errcode"] == 43001


def test_a_token_belongs_to_its_own_app(wechat):
    other = Inside()
    assert errcode_with(other, wechat.token()) == 40001


def test_an_unknown_address_is_told_by_its_errcode(wechat):
    answer = wechat.raw("POST", "/wxa/nothing", {})
    assert answer.status_code == 200
    assert answer.get_json()["errcode"] == 40066


@pytest.mark.parametrize(
    ("path", "body", "minute"),
    [
        ("/wxa/msg_sec_check", {}, 44991),
        ("/wxa/getwxacodeunlimit", {"scene": "a"}, 45011),
        ("/cgi-bin/message/subscribe/send", {}, 45011),
    ],
)
def test_calls_are_counted_by_minute_and_by_day(wechat, path, body, minute):
    def set_limits(**limits):
        wechat.client.post(f"/_admin/apps/{wechat.app.app_id}/quotas", json={"path": path, **limits})

    set_limits(minute=2)
    for _ in range(2):
        assert wechat.raw("POST", path, body).get_json(silent=True, force=True) != {}
    assert wechat.asked("POST", path, body)["errcode"] == minute
    wechat.forward(minutes=1)
    assert b"%d" % minute not in wechat.raw("POST", path, body).data

    set_limits(day=4)
    assert wechat.asked("POST", path, body)["errcode"] == 45009
    quota = wechat.asked("POST", QUOTA, {"cgi_path": path})
    assert quota["quota"] == {"daily_limit": 4, "used": 5, "remain": 0}
    wechat.forward(hours=12)
    assert b"45009" not in wechat.raw("POST", path, body).data
    assert wechat.asked("POST", QUOTA, {"cgi_path": path})["quota"]["remain"] == 3


def test_the_stable_token_has_a_quota_too(wechat):
    wechat.app.limits["/cgi-bin/stable_token"] = (1, 100)
    assert "access_token" in wechat.stable()
    assert wechat.stable()["errcode"] == 45011


@pytest.mark.parametrize(("path", "errcode"), [("/sns/jscode2session", 76022), ("/wxa/nothing", 76021)])
def test_not_every_quota_can_be_asked_for(wechat, path, errcode):
    assert wechat.asked("POST", QUOTA, {"cgi_path": path})["errcode"] == errcode


def test_the_addresses_of_the_pusher_can_be_asked_for(wechat):
    assert wechat.asked("GET", "/cgi-bin/getcallbackip") == {"ip_list": ["127.0.0.1"]}


def test_time_goes_on_from_an_offset_again(wechat):
    answer = wechat.client.post("/_admin/clock", json={"offset_seconds": 0}).get_json()
    assert answer["now"] != NOON.isoformat()
    assert wechat.client.post("/_admin/clock", json={"now": "2026-11-16T12:00"}).status_code == 400
    wechat.client.post("/_admin/clock", json={"now": NOON.isoformat()})
    assert wechat.now - NOON == timedelta()
