"""Sign-in, sessions and phone numbers: codes that live five minutes and work once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import pytest

from tests.support.wechat_inside import NOON, Inside

PHONE = "/wxa/business/getuserphonenumber"


@pytest.fixture
def wechat():
    return Inside()


def phone_code(wechat, name="王女士", number="13900139000"):
    answer = wechat.client.post(
        f"/_admin/apps/{wechat.app.app_id}/people/{name}/phone", json={"phone": number}
    )
    return answer.get_json()["code"]


def test_a_code_is_answered_with_plain_text_and_no_errcode(wechat):
    query = {"appid": wechat.app.app_id, "secret": wechat.app.secret, "grant_type": "authorization_code"}
    answer = wechat.raw("GET", "/sns/jscode2session", token=None, js_code=wechat.login(), **query)
    assert answer.content_type.startswith("text/plain")
    found = answer.get_json(force=True)
    assert set(found) == {"openid", "session_key"}
    assert re.fullmatch(r"o[\w-]{27}", found["openid"])
    assert len(base64.b64decode(found["session_key"])) == 16


def test_a_person_keeps_the_openid_in_one_app_and_has_another_in_the_next(wechat):
    first = wechat.sign_in(wechat.login())["openid"]
    assert wechat.sign_in(wechat.login())["openid"] == first
    assert wechat.sign_in(wechat.login("李先生"))["openid"] != first
    other = Inside()
    assert other.sign_in(other.login())["openid"] != first
    again = Inside(app_id=wechat.app.app_id)
    assert again.sign_in(again.login())["openid"] == first


def test_a_unionid_comes_only_where_the_app_has_one(wechat):
    wechat.app.options.has_unionid = True
    first = wechat.sign_in(wechat.login())
    other = Inside(options={"has_unionid": True})
    second = other.sign_in(other.login())
    assert first["unionid"] == second["unionid"]
    assert first["openid"] != second["openid"]


def test_the_session_key_is_rotated_now_and_then(wechat):
    keys = [wechat.sign_in(wechat.login())["session_key"] for _ in range(4)]
    assert keys[0] == keys[1] == keys[2] != keys[3]


def test_a_code_works_once(wechat):
    code = wechat.login()
    assert "openid" in wechat.sign_in(code)
    answer = wechat.sign_in(code)
    assert answer["errcode"] == 40163
    assert answer["errmsg"].startswith("code been used, rid: ")


def test_a_code_lives_for_five_minutes(wechat):
    early, late = wechat.login(), wechat.login()
    wechat.forward(seconds=299)
    assert "openid" in wechat.sign_in(early)
    wechat.forward(seconds=1)
    answer = wechat.sign_in(late)
    assert answer["errcode"] == 40029
    assert answer["errmsg"].startswith("invalid code, rid: ")


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"js_code": ""}, 41008),
        ({"js_code": "never given"}, 40029),
        ({"appid": ""}, 41002),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": ""}, 41004),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "client_credential"}, 40002),
    ],
)
def test_what_is_wrong_with_a_sign_in_is_told_and_uses_no_code_up(wechat, change, errcode):
    code = wechat.login()
    assert wechat.sign_in(**{"js_code": code} | change)["errcode"] == errcode
    assert "openid" in wechat.sign_in(code)


def test_another_apps_code_is_unknown(wechat):
    other = Inside()
    assert wechat.sign_in(other.login())["errcode"] == 40029


def test_a_blocked_person_cannot_sign_in(wechat):
    wechat.client.post(f"/_admin/apps/{wechat.app.app_id}/people/王女士/block", json={})
    assert wechat.sign_in(wechat.login())["errcode"] == 40226


def test_one_person_signs_in_a_hundred_times_a_minute_at_most(wechat):
    for _ in range(100):
        assert "openid" in wechat.sign_in(wechat.login())
    assert wechat.sign_in(wechat.login())["errcode"] == 45011
    assert "openid" in wechat.sign_in(wechat.login("李先生"))
    wechat.forward(minutes=1)
    assert "openid" in wechat.sign_in(wechat.login())


def check_session(wechat, session_key, **change):
    signature = hmac.new(session_key.encode(), b"", hashlib.sha256).hexdigest()
    query = {"openid": wechat.person().openid, "signature": signature, "sig_method": "hmac_sha256"} | change
    return wechat.asked("GET", "/wxa/checksession", **query)["errcode"]


def test_a_session_is_checked_by_its_signature(wechat):
    assert check_session(wechat, "none yet") == 87007
    key = wechat.sign_in(wechat.login())["session_key"]
    assert check_session(wechat, key) == 0
    assert check_session(wechat, "wrong") == 87009
    assert check_session(wechat, key, sig_method="md5") == 87008
    assert check_session(wechat, key, openid="nobody") == 40003


def test_a_phone_code_gives_the_number_once(wechat):
    code = phone_code(wechat)
    answer = wechat.asked("POST", PHONE, {"code": code})
    assert answer["errcode"] == 0
    assert answer["phone_info"] == {
        "phoneNumber": "13900139000",
        "purePhoneNumber": "13900139000",
        "countryCode": "86",
        "watermark": {"timestamp": int(NOON.timestamp()), "appid": wechat.app.app_id},
    }
    assert wechat.asked("POST", PHONE, {"code": code})["errcode"] == 40029


def test_the_two_kinds_of_code_are_not_each_other(wechat):
    js_code, code = wechat.login(), phone_code(wechat)
    assert wechat.asked("POST", PHONE, {"code": js_code})["errcode"] == 40029
    assert wechat.sign_in(code)["errcode"] == 40029
    assert "openid" in wechat.sign_in(js_code)
    assert wechat.asked("POST", PHONE, {"code": code})["errcode"] == 0


def test_a_phone_code_lives_for_five_minutes(wechat):
    code = phone_code(wechat)
    wechat.forward(minutes=5)
    assert wechat.asked("POST", PHONE, {"code": code})["errcode"] == 40029


def test_a_phone_code_of_somebody_else_is_refused_and_not_used_up(wechat):
    code = phone_code(wechat)
    wrong = {"code": code, "openid": wechat.person("李先生").openid}
    assert wechat.asked("POST", PHONE, wrong)["errcode"] == 40003
    wechat.app.options.phone_mismatch_errcode = 40029
    assert wechat.asked("POST", PHONE, wrong)["errcode"] == 40029
    assert wechat.asked("POST", PHONE, {"code": code, "openid": wechat.person().openid})["errcode"] == 0


@pytest.mark.parametrize(("body", "errcode"), [({}, 40029), ({"code": 5}, 47001), ([], 47001), (b"{", 47001)])
def test_a_phone_number_wants_a_json_object_with_a_code(wechat, body, errcode):
    assert wechat.asked("POST", PHONE, body)["errcode"] == errcode
