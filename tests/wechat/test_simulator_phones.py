"""The pages of the simulated phones: what arrived, a tap that opens the page, taps that accept or refuse."""

from __future__ import annotations

import re

import pytest

from backend.wechat.simulator.phones import page_address
from tests.support.wechat_inside import Inside

PORTAL = "https://shouwen.example.cn"


@pytest.fixture
def wechat():
    return Inside(portal_url=PORTAL)


def phone(wechat, path=""):
    return wechat.client.get(f"/phones/{wechat.app.app_id}{path}")


def tap(wechat, act, **form):
    return wechat.client.post(f"/phones/{wechat.app.app_id}/王女士/{act}", data=form)


def test_a_person_is_added_and_has_a_phone(wechat):
    assert "还没有手机" in phone(wechat).text
    answer = wechat.client.post(f"/phones/{wechat.app.app_id}", data={"name": " 王女士 "})
    assert answer.status_code == 303
    shown = wechat.client.get(answer.location)
    assert "王女士的手机" in shown.text
    assert "还没有收到服务通知" in shown.text
    assert "王女士的手机" in phone(wechat).text


@pytest.mark.parametrize("name", ["", "  ", "a/b", "字" * 21])
def test_a_name_that_is_none_is_asked_for_again(wechat, name):
    answer = wechat.client.post(f"/phones/{wechat.app.app_id}", data={"name": name})
    assert answer.status_code == 422
    assert "请写 1 到 20 个字" in answer.text
    assert wechat.app.people == {}


def test_a_tap_allows_one_message_and_the_message_opens_its_page(wechat):
    wechat.person()
    template = wechat.app.of_key("progress").id
    assert tap(wechat, "accept", template=template).status_code == 303
    assert "还能收 1 条" in phone(wechat, "/王女士").text
    assert wechat.app.pushes[-1].event == "subscribe_msg_popup_event"
    assert wechat.send(page="pages/survey/index?token=a%2Fb")["errcode"] == 0
    shown = phone(wechat, "/王女士").text
    for text in ("办理进度提醒", "办理营业执照", "事项", "11月16日 12:00"):
        assert text in shown
    assert f'href="{PORTAL}/surveys/a%2Fb">打开</a>' in shown
    assert "还能收" not in shown


def test_a_refusal_gives_nothing_and_a_long_term_consent_stays(wechat):
    wechat.person()
    tap(wechat, "reject", template=wechat.app.of_key("progress").id)
    assert wechat.send()["errcode"] == 43101
    assert "长期：没有允许" in phone(wechat, "/王女士").text
    tap(wechat, "accept", template=wechat.app.of_key("always").id)
    assert "长期：已允许" in phone(wechat, "/王女士").text


def test_a_sign_in_code_can_be_had(wechat):
    wechat.person()
    assert "登录码：" not in phone(wechat, "/王女士").text
    code = re.search(r"登录码：<code[^>]*>(\w+)</code>", tap(wechat, "login").text)[1]
    assert wechat.sign_in(code)["openid"] == wechat.person().openid


PAGES = [
    ("pages/home/index", "/"),
    ("pages/sign/index?scene=ABC", "/s/ABC"),
    ("pages/inquiry/index?number=JT20261116001", "/lookup"),
    ("pages/survey/index?token=abc", "/surveys/abc"),
    ("packages/staff/inquiry/index?number=JT1", "/staff/inquiries/JT1"),
    ("packages/staff/home/index", "/staff"),
    ("pages/survey/index", None),
    ("pages/none/index", None),
    ("", None),
]


@pytest.mark.parametrize(("page", "path"), PAGES)
def test_pages_of_the_mini_program_are_those_of_the_portal(wechat, page, path):
    assert page_address(wechat.app, page) == (path and PORTAL + path)


def test_without_a_portal_nothing_opens(wechat):
    wechat.app.portal_url = ""
    wechat.person().credits[wechat.app.of_key("progress").id] = 1
    wechat.send(page="pages/home/index")
    assert "这条消息没有可以打开的页面" in phone(wechat, "/王女士").text


@pytest.mark.parametrize("path", ["/nobody", "/static/secret.py"])
def test_what_is_not_there_is_said_in_chinese(wechat, path):
    answer = phone(wechat, path)
    assert answer.status_code == 404
    assert "没有这一页" in answer.text


def test_every_page_says_what_it_is_and_brings_no_script(wechat):
    wechat.person()
    for path in ("", "/王女士", "/nobody"):
        answer = phone(wechat, path)
        assert "模拟微信，仅供演示和测试" in answer.text
        assert "<script" not in answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        for style in re.findall(r'href="(/phones/static/[^"]+)"', answer.text):
            with wechat.client.get(style) as sheet:
                assert sheet.status_code == 200


def test_forms_of_other_sites_are_refused(wechat):
    wechat.person()
    template = wechat.app.of_key("progress").id
    path = f"/phones/{wechat.app.app_id}/王女士/accept"
    answer = wechat.client.post(path, data={"template": template}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert wechat.person().credits[template] == 0
    assert tap(wechat, "accept", template="none").status_code == 404


def test_the_admin_api_is_for_this_machine_only(wechat):
    far = {"REMOTE_ADDR": "192.0.2.1"}
    assert wechat.client.post("/_admin/apps", json={}, environ_overrides=far).status_code == 403
    assert wechat.client.get(f"/phones/{wechat.app.app_id}", environ_overrides=far).status_code == 200
