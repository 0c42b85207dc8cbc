"""Over the simulated WeChat and the portal: filed signed in → closed → a message on the phone → tapped → rated."""

from __future__ import annotations

import re

import requests
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.journeys import Journey
from tests.support.app import new_key

CITIZEN = "李阿姨"
QUESTION = "我想给母亲办老年证，要带什么材料？"
ANSWER = "带身份证和一张照片，窗口当场办。"
SECONDS = 30


class Phone:
    """One person's WeChat in the simulator, and what their mini program asks our server."""

    def __init__(self, demo, name):
        self.base, self.simulator = demo["base_url"], demo["simulator_url"]
        self.app, self.name = demo["wechat"]["appid"], name
        self.person = f"{self.simulator}/_admin/apps/{self.app}/people/{name}"
        self.page = f"{self.simulator}/phones/{self.app}/{name}"

    def sign_in(self):
        js_code = requests.post(f"{self.person}/login", timeout=SECONDS).json()["js_code"]
        answer = requests.post(
            f"{self.base}/api/v1/sessions/wechat", json={"js_code": js_code}, timeout=SECONDS
        )
        assert answer.status_code == 201, answer.text
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def file(self, sign):
        answer = requests.post(
            f"{self.base}/api/v1/inquiries",
            json={"sign": sign["code"], "category": "consult", "content": QUESTION},
            headers=self.headers | {"Idempotency-Key": new_key()},
            timeout=SECONDS,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["number"]

    def messages(self, wanted):
        """What has arrived, once there are that many."""
        asked = {"messages": wanted, "seconds": SECONDS}
        return requests.get(self.person, params=asked, timeout=2 * SECONDS).json()["messages"]


def test_a_closed_inquiry_is_rated_from_the_message_on_the_phone(server, open_page, pictures):
    demo = server.demo()
    sign = demo["signs"][0]
    keeper = next(
        s
        for s in demo["staff"]
        if (s["unit"], s["section"]) == (sign["unit"], sign["section"]) and "post_holder" in s["roles"]
    )
    phone = Phone(demo, CITIZEN)
    phone.sign_in()
    number = phone.file(sign)
    citizen = Journey(open_page(javascript=False), server, pictures, "")
    office = Journey(open_page(javascript=False), server, pictures, "")

    # She allows one message about the result.
    page = citizen.open(phone.page)
    citizen.picture("phone-empty")
    consent = page.get_by_role("listitem").filter(has_text="办结评价提醒")
    consent.get_by_role("button", name="允许").click()
    citizen.seen()

    # The office answers and closes.
    office.sign_in(keeper)
    page = office.open(f"/staff/inquiries/{number}")
    panel = office.open_panel("答复并办结")
    panel.locator("input[name=outcome][value=answered]").check()
    panel.locator("textarea[name=reply]").fill(ANSWER)
    panel.get_by_role("button", name="答复并办结", exact=True).click()
    expect(page.get_by_text(ANSWER).first).to_be_visible()

    # The message arrives, says nothing of the matter, and leads to the rating.
    (message,) = phone.messages(1)
    assert QUESTION not in str(message)
    page = citizen.open(phone.page)
    expect(page.get_by_text("办结评价提醒").first).to_be_visible()
    citizen.picture("phone-message")
    page.get_by_role("link", name="打开").or_(page.get_by_role("button", name="打开")).first.click()
    page.wait_for_url(f"{server.url}/surveys/*")
    citizen.picture("survey")
    looker = open_page()  # axe needs scripts; looking writes nothing
    looker.goto(page.url)
    wrong = faults(looker)
    page.get_by_label("满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    citizen.picture("survey-thanks")
    looker.goto(page.url)
    assert wrong + faults(looker) == []

    # It counts once, and the office sees that the message went out.
    survey = page.url
    citizen.open(survey)
    assert page.get_by_role("button", name="提交评价").count() == 0
    page = office.open(f"/staff/inquiries/{number}")
    messages = page.get_by_role("region", name="微信消息")
    messages.locator("summary").click()
    closing = messages.get_by_role("listitem").filter(has_text="已办结")
    expect(closing).to_contain_text(re.compile("已发送|已送达"))
    office.picture("staff-deliveries")
