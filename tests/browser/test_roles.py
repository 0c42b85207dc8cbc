"""Each role at a desk and on a phone: signed in, the first screen, and an act that is this role's to do."""

from __future__ import annotations

import time

import pyotp
import pytest
from playwright.sync_api import expect

from backend.domain.numbers import display_number
from backend.routes.pages.guards import STAFF_COOKIE
from tests.browser.journeys import Journey
from tests.browser.office import ANSWER, Office, account_of
from tests.browser.test_statute_journey import Desk
from tests.support.browser import DESK, PHONE
from tests.support.console_walk import session_of

WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
CALLING_SECTION = "物业管理科"
LEADERS_UNIT = "金坛区西城街道办事处"
"""Nobody else signs its leaders in: a one-time code works once."""


class Colleague(Journey):
    """Somebody of the staff, without scripts unless told otherwise."""

    def __init__(self, server, open_page, pictures, role, width, *, javascript=False, section=None):
        super().__init__(open_page(width, javascript=javascript), server, pictures, f"-{role}-{width}")
        self.account = account_of(server.demo(), role, section=section)

    def come_in(self):
        if "totp_secret" in self.account:
            cookie = {"name": STAFF_COOKIE, "value": session_of(self.server.url, self.account)}
            self.page.context.add_cookies([cookie | {"url": self.server.url}])
            self.open("/staff")
        else:
            self.sign_in(self.account)
        return self.page

    def inquiry(self, number):
        return self.open(f"/staff/inquiries/{number}")


@pytest.fixture(scope="module")
def office(server):
    return Office(server)


@pytest.fixture
def colleague(server, open_page, pictures, width):
    """Somebody of a role at the width of the test."""

    def come(role, **more):
        return Colleague(server, open_page, pictures, role, width, **more)

    return come


@WIDTHS
def test_a_handler_finds_what_was_offered_accepts_it_and_answers(office, colleague, width):
    number, _offer = office.offered()
    me = colleague("handler", section=office.other)
    page = me.come_in()
    page.get_by_label("查找").fill(number)
    page.get_by_role("button", name="查找").click()
    page.locator(".job__title a").click()
    me.open_panel("承接").get_by_role("button", name="承接").click()
    panel = me.open_panel("答复并办结")
    panel.locator("input[name=outcome][value=answered]").check()
    panel.get_by_label("答复内容").fill(ANSWER)
    me.picture("accepted")
    panel.get_by_role("button", name="答复并办结").click()
    expect(me.seen().locator(".bench__rest").get_by_text(ANSWER).first).to_be_visible()


@WIDTHS
def test_a_handler_leaves_a_registration_half_written_and_finds_it_again(office, colleague, width):
    me = colleague("handler", section=office.other)
    page = me.come_in()
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
    for _ in range(2):  # from 登记为待办 past 办理完成
        keys.press("ArrowDown")
    expect(page.get_by_label("答复", exact=True)).to_be_checked()
    keys.press("Tab")
    expect(page.get_by_label("具体办理情况")).to_be_focused()
    keys.type(ANSWER)
    for _ in range(10):
        keys.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "登记":
            break
    keys.press("Enter")
    expect(page.get_by_role("heading", name="受理单")).to_be_visible()
    assert time.monotonic() - started < 30
    expect(page.get_by_text("当场办结")).to_be_visible()
    me.picture("slip")


def test_a_post_holder_registers_a_visit_on_a_phone_with_taps(server, open_page, pictures):
    me = Colleague(server, open_page, pictures, "post_holder", PHONE)
    page = me.come_in()
    page.get_by_role("link", name="登记来电来访").tap()
    page.locator("label.choice", has_text="来访").tap()
    page.locator("label.choice", has_text="咨询事项").tap()
    page.get_by_label("首问内容").fill("来窗口问开面馆要带什么材料")
    page.locator("label.choice", has_text="答复").tap()
    page.get_by_label("具体办理情况").fill(ANSWER)
    me.picture("register")
    page.get_by_role("button", name="登记", exact=True).tap()
    expect(me.seen().get_by_text("当场办结")).to_be_visible()


@WIDTHS
def test_a_post_holder_submits_the_results_of_the_calls(office, colleague, width):
    me = colleague("post_holder", section=office.section)
    page = me.come_in()
    page.get_by_role("link", name="台账", exact=True).click()
    expect(page.get_by_text("分台账").first).to_be_visible()
    page.get_by_role("link", name="回访情况上报和台账汇总").click()
    page.get_by_label("月份或季度").first.select_option(index=1)
    page.get_by_role("button", name="先看一看").first.click()
    page.get_by_role("button", name="上报总岗").click()
    expect(me.seen().get_by_role("heading", level=1)).to_contain_text("回访")
    me.picture("submitted")


@WIDTHS
def test_a_post_holder_calls_who_left_a_phone_and_writes_down_the_grade(office, colleague, width):
    """泸 附件1-16: every closed matter is followed up by a call."""
    sign = next(one for one in office.demo["signs"] if one["section"] == CALLING_SECTION)
    number = office.filed(sign=sign["code"], contact={"name": "王小明", "phone": "13812345678"})
    keeper = Desk(office.server, account_of(office.demo, "post_holder", section=CALLING_SECTION))
    keeper.act(number, "closing", {"outcome": "answered", "reply": ANSWER})
    me = colleague("post_holder", section=CALLING_SECTION)
    page = me.come_in()
    page.get_by_role("link", name="电话回访").click()
    page.locator(f"summary[aria-label*='{display_number(number)}']").click()
    form = page.locator(f"main form[action*='{number}']")
    form.locator("input[name=result][value=answered]").check()
    form.locator("input[name=grade][value=satisfied]").check()
    me.picture("call")
    form.get_by_role("button", name="登记电话回访").click()
    me.inquiry(number)
    expect(page.get_by_role("region", name="回访")).to_contain_text("满意")


@WIDTHS
def test_a_section_head_assigns_from_the_list_and_signs_a_line(office, colleague, width):
    office.filed()
    office.closed()
    me = colleague("section_head", section=office.section)
    page = me.come_in()
    me.open("/staff?box=section&status=filed")
    panel = me.open_panel("分派勾选的事项")
    panel.get_by_role("button", name="分派").click()
    expect(me.seen().get_by_role("alert")).to_contain_text("请先勾选")
    page.locator(".job__pick input").first.check()
    panel = me.open_panel("分派勾选的事项")
    panel.get_by_label("由谁办理").select_option(index=1)
    panel.get_by_role("button", name="分派").click()
    expect(me.seen().get_by_role("status")).to_contain_text("已分派 1 件")
    me.open("/staff/ledger")
    page.locator(".entry input[type=checkbox]").first.check()
    me.open_panel("签署意见").get_by_label("意见").fill("同意。")
    page.get_by_role("button", name="签署", exact=True).click()
    expect(me.seen().get_by_role("status")).to_contain_text("已签署 1 件")
    me.picture("signed")


@WIDTHS
def test_the_general_post_narrows_the_units_list_presses_and_sums_up(office, colleague, width):
    number = office.filed()
    me = colleague("general_post")
    page = me.come_in()
    page.get_by_role("link", name="本单位", exact=False).first.click()
    page.locator(".narrow-down summary").click()
    page.get_by_label("首问类别").select_option("application")
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(me.seen().get_by_text("已经筛选")).to_be_visible()
    me.open("/staff?acting=general_post")
    expect(page.get_by_text("只按这个身份列出事项")).to_be_visible()
    me.inquiry(number)
    panel = me.open_panel("督办")
    panel.get_by_label("督办内容").fill("请今天答复。")
    panel.get_by_role("button", name="督办").click()
    expect(me.seen().get_by_text("请今天答复。").first).to_be_visible()
    me.open("/staff/ledger/reports")
    page.get_by_label("月份或季度").last.select_option(index=1)
    page.get_by_role("button", name="先看一看").last.click()
    page.get_by_role("button", name="作出汇总").click()
    expect(me.seen().get_by_role("heading", level=1)).to_contain_text("汇总")
    me.picture("summed-up")


@WIDTHS
def test_a_deputy_leader_signs_a_line_of_the_sections_in_charge(office, colleague, width):
    office.closed()
    me = colleague("deputy_leader")
    page = me.come_in()
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_role("navigation", name="台账", exact=True).get_by_role("link", name=office.section).click()
    page.locator(".entry input[type=checkbox]").first.check()
    panel = me.open_panel("签署意见")
    panel.get_by_label("意见").fill("请落实到人。")
    panel.get_by_role("button", name="签署", exact=True).click()
    expect(me.seen().get_by_role("status")).to_contain_text("已签署 1 件")
    expect(page.get_by_text("请落实到人。").first).to_be_visible()
    me.picture("signed")


@WIDTHS
def test_the_principal_leader_gives_an_instruction_and_reads_the_totals(office, colleague, width):
    number = office.filed()
    me = colleague("principal_leader")
    page = me.come_in()
    me.inquiry(number)
    panel = me.open_panel("批示")
    panel.get_by_label("批示内容").fill("请明天上午向我报告。")
    panel.get_by_role("button", name="批示").click()
    expect(me.seen().get_by_text("请明天上午向我报告。").first).to_be_visible()
    me.picture("instructed")
    me.open("/staff/ledger?scope=unit")
    expect(page.get_by_role("heading", name="合计")).to_be_visible()


@WIDTHS
def test_discipline_takes_up_a_complaint_that_the_section_does_not_see(office, colleague, width):
    number = office.filed(category="complaint", content="窗口两次没有人。", about={"kind": "section"})
    me = colleague("discipline")
    me.come_in()
    page = me.inquiry(number)
    expect(page.get_by_text("保密投诉")).to_be_visible()
    me.open_panel("签收").get_by_role("button", name="签收").click()
    expect(me.seen().locator(".bench__state")).to_contain_text("办理")
    me.picture("complaint")
    keeper = colleague("post_holder", section=office.section)
    keeper.come_in()
    assert keeper.page.goto(f"{me.server.url}/staff/inquiries/{number}").status == 404


@WIDTHS
def test_discipline_checks_a_closed_matter_together_with_the_general_post(office, colleague, width):
    number = office.closed()
    me = colleague("discipline")
    me.come_in()
    me.inquiry(number)
    panel = me.open_panel("登记抽查")
    panel.get_by_label("首问责任总岗、机关纪委联合").check()
    panel.get_by_label("和谁一起").select_option(index=1)
    panel.get_by_label("查看办理记录").check()
    panel.get_by_label("查到的情况").fill("答复没有写明依据。")
    panel.get_by_label("需要整改").check()
    me.picture("checking")
    panel.get_by_role("button", name="登记抽查").click()
    card = me.seen().locator("section", has=me.page.get_by_role("heading", name="抽查"))
    expect(card.get_by_text("答复没有写明依据。")).to_be_visible()
    me.picture("checked")


@WIDTHS
def test_the_overseer_looks_into_a_lead_and_reads_no_matter_without_a_ground(office, colleague, width):
    lead, number = office.lead(), office.filed()
    me = colleague("overseer")
    page = me.come_in()
    page.get_by_role("link", name="问责线索").click()
    me.open(f"/staff/leads/{lead}")
    panel = me.open_panel("认定")
    panel.get_by_label("有", exact=True).check()
    panel.get_by_label("根据什么认定").fill("查了当天的值班记录。")
    panel.get_by_role("button", name="保存认定").click()
    expect(me.seen().get_by_text("查了当天的值班记录。").first).to_be_visible()
    me.picture("lead")
    assert page.goto(f"{me.server.url}/staff/inquiries/{number}").status == 404
    assert page.goto(f"{me.server.url}/staff/ledger").status == 403


@WIDTHS
def test_the_administrator_moves_a_post_and_the_auditor_reads_who_did(office, colleague, width):
    number = office.filed()
    me = colleague("sysadmin")
    page = me.come_in()
    page.get_by_role("link", name="单位、岗位和人员").click()
    page.get_by_role("link", name=LEADERS_UNIT).click()
    page.locator("main a[href*='/organisation/posts/']").first.click()
    panel = me.open_panel("修改位置和电话")
    panel.get_by_label("位置").fill(f"一楼 {width} 号桌")
    panel.get_by_role("button", name="保存").click()
    expect(me.seen().get_by_text(f"一楼 {width} 号桌").first).to_be_visible()
    me.picture("post")
    assert page.goto(f"{me.server.url}/staff/inquiries/{number}").status == 404
    auditor = colleague("auditor")
    page = auditor.come_in()
    page.get_by_role("link", name="组织变动记录").click()
    expect(auditor.seen().get_by_text(f"一楼 {width} 号桌").first).to_be_visible()
    auditor.picture("changes")
    auditor.open("/staff/search")
    page.get_by_label("编号、电话后四位或者摘要里的字").fill(display_number(number))
    page.get_by_role("button", name="查找").click()
    expect(auditor.seen().get_by_role("heading", name="没有找到")).to_be_visible()
    assert page.goto(f"{me.server.url}/staff/ledger").status == 403


@pytest.mark.parametrize(("width", "role"), [(DESK, "principal_leader"), (PHONE, "deputy_leader")])
def test_a_leader_signs_in_by_the_form_with_a_one_time_code_that_works_once(
    server, open_page, pictures, width, role
):
    leader = account_of(server.demo(), role, LEADERS_UNIT)
    me = Journey(open_page(width, javascript=False), server, pictures, f"-{role}-{width}")
    code = pyotp.TOTP(leader["totp_secret"]).now()
    for attempt in ("first", "again"):
        page = me.open("/staff/login")
        page.get_by_label("用户名").fill(leader["username"])
        page.get_by_label("密码").fill(leader["password"])
        page.get_by_label("动态口令").fill(code)
        page.get_by_role("button", name="登录", exact=True).click()
        if attempt == "first":
            expect(page).to_have_url(f"{server.url}/staff")
            me.sign_out()
    expect(me.seen().get_by_role("alert")).to_be_visible()
    expect(page).not_to_have_url(f"{server.url}/staff")
