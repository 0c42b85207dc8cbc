"""One matter that needed more than an answer, as its citizen sees it: told what is missing, paused, handed over twice,

returned once, handled by several units. The office works at a desk, the citizen on a phone without JavaScript.
"""

from __future__ import annotations

import json
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.support.browser import DESK, PHONE, SMALL_PHONE, use_large_text

QUESTION = "我家的楼房想改成十二间客房的民宿，要办哪些手续，先从哪里开始？"
DOCUMENTS = ["房屋权属证明", "房屋结构安全的说明"]


class Desk:
    """A member of staff at the API: for the steps whose forms are looked at elsewhere."""

    def __init__(self, server, account):
        self.base = f"{server.url}/api/v1"
        self.headers = {"Content-Type": "application/json"}
        signed_in = self.post("/staff/sessions", {key: account[key] for key in ("username", "password")})
        self.headers["Authorization"] = f"Bearer {signed_in['token']}"

    def get(self, path):
        request = urllib.request.Request(self.base + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=15) as answer:
            return json.load(answer)

    def post(self, path, body, version=None):
        headers = {**self.headers, "Idempotency-Key": uuid.uuid4().hex}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=15) as answer:
            return json.load(answer)

    def act(self, number, what, body):
        version = self.get(f"/staff/inquiries/{number}")["version"]
        return self.post(f"/staff/inquiries/{number}/{what}", body, version)

    def answer_offer(self, number, offer, what, body):
        version = self.get(f"/staff/inquiries/{number}")["version"]
        return self.post(f"/staff/handoffs/{offer}/{what}", body, version)


class Cast:
    """Who plays: the first sign's keeper, two other sections of that unit, and another unit's general post."""

    def __init__(self, demo):
        self.sign = demo["signs"][0]
        own = [s for s in demo["staff"] if s["unit"] == self.sign["unit"] and "totp_secret" not in s]
        keepers = [s for s in own if "post_holder" in s["roles"]]
        self.keeper = next(s for s in keepers if s["section"] == self.sign["section"])
        self.first, self.second = [s for s in keepers if s["section"] != self.sign["section"]][:2]
        self.partner = next(
            s
            for s in demo["staff"]
            if "general_post" in s["roles"] and s["unit"] == "常州市金坛区住房和城乡建设局"
        )


@pytest.fixture(scope="module")
def cast(server):
    return Cast(server.demo())


def section_id(desk, name):
    units = desk.get("/staff/directory")["items"]
    return next(one["id"] for unit in units for one in unit["sections"] if one["name"] == name)


def test_a_matter_told_paused_handed_over_twice_returned_once_and_handled_by_several_units(
    server, cast, open_page, pictures
):
    """坛 六（一）, 六（二）, 六（三）: all of it readable by the citizen at every moment."""
    citizen = Journey(open_page(javascript=False), server, pictures, "")
    office = Journey(open_page(DESK, javascript=False), server, pictures, "-desk")

    page = citizen.open(cast.sign["url"])
    page.get_by_role("link", name="提问或办事").click()
    page.get_by_label("办理事情").check()
    page.locator("textarea[name=content]").fill(QUESTION)
    page.locator("input[name=contact_phone]").fill("13812345679")
    page.get_by_role("button", name="提交", exact=True).click()
    follow = page.url.split("?")[0]
    number = page.locator(".code").first.inner_text().replace("-", "").strip()
    # Every written application shows from day 0 until when it is judged whose it is (坛 六（四）).
    expect(page.get_by_text("判定是否属于本单位职责").first).to_be_visible()

    # All four parts at once; the limit stands still.
    office.sign_in(cast.keeper)
    page = office.open(f"/staff/inquiries/{number}")
    panel = office.open_panel("一次性告知")
    panel.locator("textarea[name=basis]").fill("《旅馆业治安管理办法》第四条")
    panel.locator("textarea[name=time_limit]").fill("材料齐全之日起 15 个工作日")
    panel.locator("input[name=days]").fill("15")
    panel.locator("select[name=days_kind]").select_option("legal")
    panel.locator("textarea[name=procedure]").fill("窗口收件，两科会审，现场看房，出具意见。")
    panel.locator("textarea[name=documents]").fill("\n".join(DOCUMENTS))
    office.picture("notice-form")
    panel.get_by_role("button", name="告知", exact=True).click()
    page = citizen.open(follow)
    for words in (*DOCUMENTS, "《旅馆业治安管理办法》第四条", "暂停计算"):
        expect(page.get_by_text(words).first).to_be_visible()
    citizen.picture("paused")
    page.get_by_role("button", name="我已收到这份告知").click()
    expect(citizen.seen().get_by_text("您已确认收到").first).to_be_visible()
    citizen.open_panel("补充说明").locator("textarea[name=text]").fill("两样材料都在照片里。")
    page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_text("暂停计算")).to_have_count(0)

    # How it is counted, day by day, with the pause.
    page.get_by_role("link", name="怎么算的：办理时限").first.click()
    citizen.picture("how-it-is-counted")
    expect(page.get_by_text("暂停").first).to_be_visible()

    # Handed over, returned with a reason, handed over again and accepted.
    keeper, first, second = (Desk(server, one) for one in (cast.keeper, cast.first, cast.second))
    target = {"to_section": section_id(keeper, cast.first["section"]), "reason": "先请贵科看。"}
    offer = keeper.act(number, "handoffs", target)["id"]
    first.answer_offer(
        number, offer, "return", {"reason": "房屋用途还没有意见。", "clause": "三定规定第二条"}
    )
    target = {"to_section": section_id(keeper, cast.second["section"]), "reason": "房屋用途由贵科牵头。"}
    offer = keeper.act(number, "handoffs", target)["id"]
    second.answer_offer(number, offer, "acceptance", {})
    page = citizen.open(follow)
    for words in (cast.first["section"], cast.second["section"], "房屋用途还没有意见。"):
        expect(page.get_by_text(words).first).to_be_visible()
    citizen.picture("handed-over-twice")

    # Several units: asked, answered, a plan within three working days.
    office.sign_out()
    office.sign_in(cast.second)
    page = office.open(f"/staff/inquiries/{number}")
    panel = office.open_panel("请其他单位共同办理")
    panel.get_by_label(cast.partner["unit"]).check()
    panel.locator("textarea[name=matter]").fill("要看房屋结构安全。")
    office.picture("joint-form")
    panel.get_by_role("button", name="报告负责人并请各单位办理").click()
    page = citizen.open(follow)
    for words in (cast.partner["unit"], "商定办理方案", "第六条第（三）项"):
        expect(page.get_by_text(words).first).to_be_visible()
    citizen.picture("joint")
    partner = Desk(server, cast.partner)
    partner.act(number, "joint/opinions", {"kind": "opinion", "text": "结构安全由我局出意见。"})
    units = {
        row["unit"]["name"]: row["unit"]["id"]
        for row in second.get(f"/staff/inquiries/{number}")["joint"]["units"]
    }
    task = {"unit": units[cast.partner["unit"]], "task": "出具房屋结构安全意见"}
    second.act(number, "joint/plan", {"plan": "同一天看房，一次答复。", "tasks": [task]})
    office.open(f"/staff/inquiries/{number}")
    office.picture("whole-case")

    # The whole case on every width and in 大字版; what the citizen reads names each step, holder and clause.
    for width in (SMALL_PHONE, PHONE, DESK):
        viewer = Journey(open_page(width, javascript=False), server, pictures, f"-{width}")
        page = viewer.open(follow)
        for heading in ("一次性告知", "谁经手过", "几个单位一起办", "依据哪些条款", "经过"):
            expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        expect(page.locator("main")).to_contain_text("出具房屋结构安全意见")
        viewer.picture("whole-case")
    large = Journey(open_page(javascript=False), server, pictures, "-large")
    use_large_text(large.open(follow))
    large.picture("whole-case")
