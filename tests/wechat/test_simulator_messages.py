"""Subscription messages: credits that are earned one by one, and every reason to refuse a send, in WeChat's order."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.support.wechat import LONG_TERM, SEND
from tests.support.wechat_inside import GOOD, TEMPLATES, Inside


@pytest.fixture
def wechat():
    return Inside(mode="plain")


def template_id(wechat, key):
    return wechat.app.of_key(key).id


def answers(wechat, name="王女士", **results):
    """What the phone says to a prompt; results by our key."""
    named = {template_id(wechat, key): result for key, result in results.items()}
    path = f"/_admin/apps/{wechat.app.app_id}/people/{name}/subscriptions"
    return wechat.client.post(path, json={"results": named}).get_json()


def withdraws(wechat, *keys):
    path = f"/_admin/apps/{wechat.app.app_id}/people/王女士/withdraw"
    wechat.client.post(path, json={"templates": [template_id(wechat, key) for key in keys]})


def shown(wechat, name="王女士"):
    return wechat.client.get(f"/_admin/apps/{wechat.app.app_id}/people/{name}").get_json()


def pushed(wechat):
    return [json.loads(push.body) for push in wechat.app.pushes]


def test_one_consent_is_one_message(wechat):
    answers(wechat, progress="accept")
    answer = wechat.send(page="pages/inquiry/index?number=1")
    assert (answer["errcode"], answer["errmsg"]) == (0, "ok")
    assert answer["msgid"] > 2**53
    refused = wechat.send()
    assert refused["errcode"] == 43101
    assert re.match(r"user refuse to accept the msg rid: ", refused["errmsg"])
    [message] = shown(wechat)["messages"]
    assert message == {
        "id": str(answer["msgid"]),
        "template_id": template_id(wechat, "progress"),
        "title": "办理进度提醒",
        "data": GOOD,
        "page": "pages/inquiry/index?number=1",
        "at": wechat.now.isoformat(),
        "state": "formal",
    }


def test_consents_add_up_and_are_for_one_template_each(wechat):
    for _ in range(2):
        answers(wechat, progress="accept", result="reject")
    assert shown(wechat)["credits"] == {template_id(wechat, "progress"): 2}
    assert [wechat.send()["errcode"] for _ in range(3)] == [0, 0, 43101]
    assert wechat.send("result", {"phrase1": "办结", "thing2": "x"})["errcode"] == 43101


def test_a_long_term_consent_is_for_any_number(wechat):
    assert wechat.send("always", {"thing1": "x"})["errcode"] == 43101
    answers(wechat, always="accept")
    assert [wechat.send("always", {"thing1": "x"})["errcode"] for _ in range(4)] == [0] * 4
    assert shown(wechat)["long_term"] == [template_id(wechat, "always")]
    assert shown(wechat)["credits"] == {}
    withdraws(wechat, "always")
    assert wechat.send("always", {"thing1": "x"})["errcode"] == 43101


def test_refusing_in_the_settings_voids_what_was_agreed_to(wechat):
    answers(wechat, progress="accept", result="accept")
    withdraws(wechat, "progress")
    assert wechat.send()["errcode"] == 43101
    assert shown(wechat)["credits"] == {template_id(wechat, "result"): 1}
    event = pushed(wechat)[-1]
    assert event["Event"] == "subscribe_msg_change_event"
    assert event["List"] == {"TemplateId": template_id(wechat, "progress"), "SubscribeStatusString": "reject"}


def test_a_prompt_is_pushed_with_everything_that_was_tapped(wechat):
    answers(wechat, progress="accept", result="reject")
    answers(wechat, progress="accept")
    both, one = pushed(wechat)
    assert both["Event"] == "subscribe_msg_popup_event"
    assert both["FromUserName"] == wechat.person().openid
    assert both["ToUserName"] == wechat.app.original_id
    assert both["CreateTime"] == str(int(wechat.now.timestamp())), "numbers come as text"
    assert both["List"] == [
        {"TemplateId": template_id(wechat, "progress"), "SubscribeStatusString": "accept", "PopupScene": "0"},
        {"TemplateId": template_id(wechat, "result"), "SubscribeStatusString": "reject", "PopupScene": "0"},
    ]
    assert isinstance(one["List"], dict), "one is itself, not a list of one"


@pytest.mark.parametrize(("error", "status"), [("0", "success"), ("-5", "failed")])
def test_a_send_that_was_taken_is_pushed_with_its_number(wechat, error, status):
    wechat.app.options.sent_error = error
    answers(wechat, progress="accept")
    number = wechat.send()["msgid"]
    event = pushed(wechat)[-1]
    assert event["Event"] == "subscribe_msg_sent_event"
    assert event["List"] == {
        "TemplateId": template_id(wechat, "progress"),
        "MsgID": str(number),
        "ErrorCode": error,
        "ErrorStatus": status,
    }


def test_the_number_need_not_be_told(wechat):
    wechat.app.options.returns_msgid = False
    answers(wechat, progress="accept")
    assert wechat.send() == {"errcode": 0, "errmsg": "ok"}


REFUSED = [
    ({"touser": "nobody"}, 40003),
    ({"touser": ""}, 40003),
    ({"template_id": "none"}, 40037),
    ({"data": {}}, 47003),
    ({"data": {"thing1": "x" * 21, "time2": "09:00"}}, 47003),
    ({"page": "pages/none/index"}, 41030),
    ({"miniprogram_state": "released"}, 40097),
    ({"lang": "de_DE"}, 40097),
    ({"data": {"thing1": "一个敏感词样例", "time2": "09:00"}}, 45168),
]


@pytest.mark.parametrize(("change", "errcode"), REFUSED)
def test_a_refused_send_costs_nothing(wechat, change, errcode):
    answers(wechat, progress="accept")
    assert wechat.send(**change)["errcode"] == errcode
    assert shown(wechat)["messages"] == []
    assert wechat.send()["errcode"] == 0


def test_reasons_are_given_in_wechats_order(wechat):
    """With everything wrong at once, each mending shows the next reason."""
    wechat.app.options.send_banned = True
    wrong = {"touser": "x", "template_id": "x", "data": {}, "page": "x"}
    found = []
    for name in ("touser", "template_id", "data", "page"):
        found.append(wechat.send(**wrong)["errcode"])
        del wrong[name]
    found.append(wechat.send()["errcode"])
    wechat.app.options.send_banned = False
    found.append(wechat.send()["errcode"])
    assert found == [40003, 40037, 47003, 41030, 43107, 43101]


def test_one_template_alone_can_be_banned(wechat):
    answers(wechat, progress="accept", result="accept")
    wechat.app.options.banned_templates = [template_id(wechat, "progress")]
    assert wechat.send()["errcode"] == 43107
    assert wechat.send("result", {"phrase1": "办结", "thing2": "x"})["errcode"] == 0


def test_the_page_is_checked_without_its_query_and_the_check_can_be_off(wechat):
    for _ in range(3):
        answers(wechat, progress="accept")
    assert wechat.send(page="/pages/inquiry/index?number=1")["errcode"] == 0
    wechat.app.options.check_page = False
    assert wechat.send(page="anything")["errcode"] == 0
    assert wechat.send(page="")["errcode"] == 0


@pytest.mark.parametrize(("body", "errcode"), [(b"", 44002), (b"touser=1", 47001), (b"[]", 47001)])
def test_a_send_is_a_json_object(wechat, body, errcode):
    assert wechat.asked("POST", SEND, body)["errcode"] == errcode
    assert wechat.asked("GET", SEND)["errcode"] == 43002


PROMPTS = [
    ({}, 10001),
    (dict.fromkeys("abcd", "accept"), 20003),
    ({"a": "accept"}, 20001),
]


@pytest.mark.parametrize(("results", "code"), PROMPTS)
def test_a_prompt_the_phone_would_not_show_is_refused(wechat, results, code):
    path = f"/_admin/apps/{wechat.app.app_id}/people/王女士/subscriptions"
    assert wechat.client.post(path, json={"results": results}).get_json()["errCode"] == code


def test_one_time_and_long_term_templates_are_not_asked_for_together(wechat):
    assert answers(wechat, progress="accept", always="accept")["errCode"] == 20002
    assert shown(wechat)["credits"] == {}


def test_the_console_lists_the_templates():
    enums = {"enum_string3": ["受理", "办结"]}
    more = {
        "key": "more",
        "title": "更多",
        "fields": {"enum_string3": "状态"},
        "enums": enums,
        "type": LONG_TERM,
    }
    wechat = Inside(templates=[*TEMPLATES[:1], more])
    found = wechat.asked("GET", "/wxaapi/newtmpl/gettemplate")["data"]
    assert found[0]["priTmplId"] == template_id(wechat, "progress")
    assert len(found[0]["priTmplId"]) == 43
    assert found[0]["content"] == "事项:{{thing1.DATA}}\n时间:{{time2.DATA}}\n"
    assert [each["type"] for each in found] == [2, 3]
    assert found[1]["keywordEnumValueList"] == [
        {"keywordCode": "enum_string3.DATA", "enumValueList": ["受理", "办结"]}
    ]
    answers(wechat, more="accept")
    assert wechat.send("more", {"enum_string3": "拖延"})["errcode"] == 47003
    assert wechat.send("more", {"enum_string3": "办结"})["errcode"] == 0


def test_two_messages_to_one_person_at_once_are_one_too_many(wechat_app):
    wechat_app.change(send_seconds=0.3)
    wechat_app.accept("王女士", "progress")
    wechat_app.accept("王女士", "progress")
    wechat_app.accept("李先生", "progress")
    url = wechat_app.simulator.url
    credentials = {"grant_type": "client_credential", "appid": wechat_app.app_id, "secret": wechat_app.secret}
    token = requests.post(f"{url}/cgi-bin/stable_token", json=credentials, timeout=5).json()["access_token"]
    values = {"character_string1": "1", "thing2": "x", "phrase3": "受理", "time4": "15:01", "thing5": "x"}

    def send(openid):
        body = {
            "touser": openid,
            "template_id": wechat_app.templates["progress"],
            "data": {key: {"value": text} for key, text in values.items()},
        }
        return requests.post(f"{url}{SEND}?access_token={token}", json=body, timeout=5).json()["errcode"]

    to = [wechat_app.openid(name) for name in ("王女士", "王女士", "李先生")]
    with ThreadPoolExecutor(3) as pool:
        codes = list(pool.map(send, to))
    assert sorted(codes) == [0, 0, 43108]
    assert codes[2] == 0
    assert wechat_app.credits("王女士") == {"progress": 1}, "the refused one has cost nothing"
    assert send(to[0]) == 0
