"""The desk around the phone: what it says, who holds the phone, and what may happen to it."""

from __future__ import annotations

import pytest
import requests

from tests.support.browser import DESK
from tests.support.phone import violations


class Desk:
    def __init__(self, page, url):
        self.page = page
        page.goto(url)
        self.screen = page.frame_locator(".screen")
        self.shows("还没有点")

    def shows(self, text):
        self.screen.locator(".layer:not([hidden])").get_by_text(text).first.wait_for()

    def press(self, name):
        self.page.get_by_role("button", name=name).click()


@pytest.fixture
def desk(open_page, address):
    return Desk(open_page(DESK), address)


def test_it_says_that_it_is_a_preview(desk):
    assert "预览不是微信" in desk.page.locator(".panel").inner_text()
    assert desk.page.locator(".screen").bounding_box()["width"] == 375
    assert desk.screen.locator(".status-bar").is_visible()
    assert violations(desk.page) == []


def test_a_sign_is_scanned(desk):
    desk.press("扫 审批局 窗口")
    desk.shows("扫到 https://x.example/s/A")
    desk.page.wait_for_url("**/#/pages/sign/index?q=https%3A%2F%2Fx.example%2Fs%2FA*")


def test_an_address_typed_by_hand_leads_the_phone(desk):
    desk.page.evaluate("location.hash = '/packages/extra/list/index?x=5'")
    desk.shows("分包里的页面 5")


def test_killed_it_forgets_what_it_had_in_memory_and_keeps_what_it_stored(desk):
    desk.page.evaluate("location.hash = '/pages/calls/index'")
    desk.screen.get_by_role("button", name="存一个数").click()
    desk.shows('"numbers":[1]')
    desk.press("杀掉小程序")
    desk.shows("还没有点")
    desk.page.evaluate("location.hash = '/pages/calls/index'")
    desk.screen.get_by_role("button", name="存一个数").click()
    desk.shows('"numbers":[1,2]')


def test_the_phone_is_handed_to_somebody_else(desk):
    desk.screen.get_by_role("button", name="加一").click()
    desk.page.get_by_label("另一个人的名字").fill("赵同学")
    desk.press("把手机给他")
    desk.shows("还没有点")
    assert desk.page.get_by_role("button", name="赵同学").get_attribute("aria-pressed") == "true"
    desk.page.reload()
    desk.shows("还没有点")
    assert desk.page.get_by_role("button", name="赵同学").get_attribute("aria-pressed") == "true"


def test_the_network_is_cut_and_comes_back(desk):
    desk.page.evaluate("location.hash = '/pages/calls/index'")
    desk.page.get_by_label("断网").check()
    desk.screen.get_by_role("button", name="发请求").click()
    desk.shows("request:fail")
    desk.page.get_by_label("断网").uncheck()
    desk.screen.get_by_role("button", name="发请求").click()
    desk.shows("request:ok")


def test_a_message_arrives_and_opens_its_page(desk, wechat_app):
    wechat_app.change(pages={"pages/form/index": ""})
    wechat_app.accept("王女士", "progress")
    asked = {"grant_type": "client_credential", "appid": wechat_app.app_id, "secret": wechat_app.secret}
    base = wechat_app.simulator.url
    token = requests.post(f"{base}/cgi-bin/stable_token", json=asked, timeout=10).json()["access_token"]
    data = {
        "character_string1": "JT2026****0012", "thing2": "行政审批局", "phrase3": "已受理", "time4": "2026年11月16日 09:00", "thing5": "点开看到了哪一步",
    }  # fmt: skip
    sent = requests.post(
        f"{base}/cgi-bin/message/subscribe/send?access_token={token}",
        json={
            "touser": wechat_app.openid("王女士"),
            "template_id": wechat_app.templates["progress"],
            "page": "pages/form/index?from=message",
            "data": {key: {"value": text} for key, text in data.items()},
        },
        timeout=10,
    )
    assert sent.json()["errcode"] == 0
    message = desk.page.get_by_role("button", name="办理单位：行政审批局")
    message.click()
    desk.shows("来自 message")


def test_on_a_phone_there_is_only_the_phone(open_page, address):
    page = open_page()
    page.goto(address)
    page.frame_locator(".screen").get_by_text("还没有点").wait_for()
    assert not page.locator(".panel").is_visible()
    assert page.locator(".screen").bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 812}
    assert not page.frame_locator(".screen").locator(".status-bar").is_visible()
