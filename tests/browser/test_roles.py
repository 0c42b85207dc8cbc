"""Each role at a desk and on a phone: signed in, the first screen, and what this role does there."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from backend.routes.pages.guards import STAFF_COOKIE
from tests.browser.journeys import Journey
from tests.support.browser import DESK, PHONE
from tests.support.console_walk import session_of

UNIT = "常州市金坛区行政审批局"
WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])


class Colleague(Journey):
    """Somebody of the staff, without scripts unless told otherwise."""

    def __init__(self, server, open_page, pictures, role, width, *, javascript=False):
        super().__init__(open_page(width, javascript=javascript), server, pictures, f"-{role}-{width}")
        people = [one for one in server.demo()["staff"] if role in one["roles"]]
        self.account = next((one for one in people if one["unit"] == UNIT), people[0])

    def come_in(self):
        if "totp_secret" in self.account:
            cookie = {"name": STAFF_COOKIE, "value": session_of(self.server.url, self.account)}
            self.page.context.add_cookies([cookie | {"url": self.server.url}])
            self.open("/staff")
        else:
            self.sign_in(self.account)
        self.picture("first-screen")
        return self.page


@WIDTHS
def test_a_handler_looks_for_a_matter_and_leaves_an_answer_half_written(server, open_page, pictures, width):
    me = Colleague(server, open_page, pictures, "handler", width)
    page = me.come_in()
    page.get_by_label("查找").fill("咨询")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="找到的事项")).to_be_visible()
    me.picture("search")
    me.open("/staff/register")
    page.get_by_label("来电", exact=True).check()
    page.get_by_label("首问内容").fill("来电问执照材料，还没有问完")
    page.get_by_role("button", name="存为草稿").click()
    me.open("/staff/register")
    expect(page.get_by_label("首问内容")).to_have_value("来电问执照材料，还没有问完")
    page.get_by_role("button", name="不要草稿").click()
    expect(page.get_by_label("首问内容")).to_have_value("")


def test_what_is_half_written_in_one_panel_is_kept_while_another_one_is_sent(server, open_page, pictures):
    me = Colleague(server, open_page, pictures, "handler", DESK, javascript=True)
    page = me.come_in()
    me.open("/staff/register")
    page.get_by_label("来电", exact=True).check()
    page.get_by_label("咨询事项", exact=True).check()
    page.get_by_label("首问内容").fill("来电问执照材料")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("link", name="查看这件事项").click()
    address = page.url
    page.locator("summary", has_text="转交").first.click()
    page.locator("#hand_over-reason").fill("属于业务科")
    if not page.locator("#close-reply").is_visible():
        page.locator("summary", has_text="答复并办结").first.click()
    page.locator("#close-reply").fill("请带身份证")
    page.locator("form[action$='/closing']").get_by_role("button", name="存为草稿").click()
    expect(page.locator("form[action$='/closing']").get_by_text("没有写完的")).to_be_visible()
    assert page.url == address
    expect(page.locator("#close-reply")).to_have_value("请带身份证")
    expect(page.locator("#hand_over-reason")).to_have_value("属于业务科")


def test_a_post_holder_registers_and_closes_a_call_with_the_keyboard_alone_in_thirty_seconds(
    server, open_page, pictures
):
    me = Colleague(server, open_page, pictures, "post_holder", DESK, javascript=True)
    page = me.come_in()
    me.open("/staff/register")
    started = time.monotonic()
    keys = page.keyboard
    expect(page.get_by_label("来电", exact=True)).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.type("来电询问开面馆要带什么材料")
    keys.press("Tab")
    keys.type("咨询开面馆的材料")
    for _ in range(4):  # written, late entry, who asked, name
        keys.press("Tab")
    keys.type("王小明")
    keys.press("Tab")
    keys.type("13812345678")
    keys.press("Tab")
    keys.press("ArrowDown")
    page.get_by_label("答复", exact=True).check()
    page.get_by_label("具体办理情况").focus()
    keys.type("带身份证原件，窗口当场办。")
    me.picture("register")
    while not page.evaluate("document.activeElement.textContent.trim() === '登记'"):
        keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="受理单")).to_be_visible()
    assert time.monotonic() - started < 30
    expect(page.get_by_text("当场办结")).to_be_visible()
    me.picture("slip")


@WIDTHS
def test_a_post_holder_looks_at_the_results_and_the_ledger(server, open_page, pictures, width):
    me = Colleague(server, open_page, pictures, "post_holder", width)
    page = me.come_in()
    page.get_by_role("link", name="台账", exact=True).click()
    expect(page.get_by_text("分台账").first).to_be_visible()
    me.picture("ledger")
    page.get_by_role("link", name="回访情况上报和台账汇总").click()
    page.get_by_label("月份或季度").first.select_option(index=1)
    page.get_by_role("button", name="先看一看").first.click()
    expect(page.get_by_role("button", name="上报总岗")).to_be_visible()
    me.picture("preview")


@WIDTHS
def test_a_section_head_assigns_from_the_list_and_signs_a_line(server, open_page, pictures, width):
    me = Colleague(server, open_page, pictures, "section_head", width)
    page = me.come_in()
    me.open("/staff?box=section")
    me.picture("section")
    if page.locator(".job__pick").count():
        me.open_panel("分派勾选的事项").get_by_role("button", name="分派").click()
        expect(me.seen().get_by_role("alert")).to_contain_text("请先勾选")
    me.open("/staff/ledger")
    if page.locator(".entry input[type=checkbox]").count():
        page.locator(".entry input[type=checkbox]").first.check()
        me.open_panel("签署意见").get_by_label("意见").fill("同意。")
        page.get_by_role("button", name="签署", exact=True).click()
        expect(me.seen().get_by_role("status")).to_contain_text("已签署 1 件")
        me.picture("signed")


@WIDTHS
def test_the_general_post_narrows_the_units_list_and_looks_at_a_summary(server, open_page, pictures, width):
    me = Colleague(server, open_page, pictures, "general_post", width)
    page = me.come_in()
    page.get_by_role("link", name="本单位", exact=False).first.click()
    me.picture("unit")
    page.locator(".narrow-down summary").click()
    page.get_by_label("首问类别").select_option("application")
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(me.seen().get_by_text("已经筛选")).to_be_visible()
    me.picture("narrowed")
    me.open("/staff?acting=general_post")
    expect(page.get_by_text("只按这个身份列出事项")).to_be_visible()
    me.open("/staff/ledger?scope=unit")
    me.picture("unit-ledger")
    me.open("/staff/ledger/reports")
    page.get_by_label("月份或季度").last.select_option(index=1)
    page.get_by_role("button", name="先看一看").last.click()
    expect(me.seen().get_by_role("button", name="作出汇总")).to_be_visible()
    me.picture("summary-preview")


@WIDTHS
@pytest.mark.parametrize("role", ["deputy_leader", "principal_leader", "discipline"])
def test_leaders_and_discipline_see_their_lists_and_their_ledgers(server, open_page, pictures, role, width):
    me = Colleague(server, open_page, pictures, role, width)
    page = me.come_in()
    expect(page.get_by_role("navigation", name="事项分类")).to_be_visible()
    page.get_by_role("link", name="台账", exact=True).click()
    expect(me.seen().get_by_role("heading", name="合计")).to_be_visible()
    me.picture("ledger")


@WIDTHS
@pytest.mark.parametrize("role", ["overseer", "auditor", "sysadmin"])
def test_who_reads_no_inquiry_has_no_ledger_and_empty_lists(server, open_page, pictures, role, width):
    me = Colleague(server, open_page, pictures, role, width)
    page = me.come_in()
    expect(page.get_by_role("link", name="台账", exact=True)).to_have_count(0)
    # The overseer reads figures, and a case where there is a ground for it; the other two no case at all.
    expect(page.get_by_label("查找")).to_have_count(1 if role == "overseer" else 0)
    me.open("/staff/search")
    page.get_by_label("编号、电话后四位或者摘要里的字").fill("咨询")
    page.get_by_role("button", name="查找").click()
    expect(me.seen().get_by_role("heading", name="没有找到")).to_be_visible()
    assert page.goto(f"{server.url}/staff/ledger").status == 403
