"""The organisation's administrator at a desk and on a phone: the tree, a new colleague, a move, an import; an old ledger."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.axe import faults
from tests.browser.test_roles import WIDTHS, Colleague
from tests.support import workbooks
from tests.support.importing import ROW

pytestmark = pytest.mark.timeout(300)
UNIT = "常州市金坛区行政审批局"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Administrator(Colleague):
    """Somebody whose every page is looked at by axe as well."""

    wrong: list[str]

    def check(self, name):
        self.picture(name)
        self.wrong += faults(self.page)

    def panel(self, title):
        """Open a form behind a tap."""
        panel = (
            self.page.locator("details.panel").filter(has=self.page.locator("summary", has_text=title)).first
        )
        if panel.get_attribute("open") is None:
            panel.locator("summary").click()
        return panel


@pytest.fixture
def admin(server, open_page, pictures, request):
    """Signed in, at the width of the test."""
    me = Administrator(
        server, open_page, pictures, "sysadmin", request.node.callspec.params["width"], javascript=True
    )
    me.wrong = []
    me.come_in()
    yield me
    assert me.wrong == []


@WIDTHS
def test_the_administrator_takes_somebody_on_moves_and_disables_them(admin, width):
    page = admin.page
    page.get_by_role("link", name="单位、岗位和人员").click()
    admin.check("organisation-tree")
    page.get_by_label("找人").fill("jt-sp-")
    page.get_by_role("button", name="查找").click()
    admin.check("organisation-found")
    page.get_by_role("link", name="全部单位").click()
    page.get_by_role("link", name=UNIT).click()
    expect(page.get_by_role("heading", name="五级责任")).to_be_visible()
    admin.check("organisation-unit")
    panel = admin.panel("添加人员")
    panel.get_by_label("姓名").fill("欧阳𪚥")
    panel.get_by_label("用户名").fill(f"oy-{width}")
    panel.get_by_label("用工性质").select_option(label="公务员")
    panel.get_by_label("科室").select_option(label="市场准入科")
    panel.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="初始密码")).to_be_visible()
    admin.check("organisation-person-new")
    panel = admin.panel("授予角色")
    panel.get_by_role("button", name="授予").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择角色")
    admin.check("organisation-person-error")
    panel = admin.panel("调动")
    panel.get_by_label("调到哪里").select_option(label="投资建设科")
    panel.get_by_role("button", name="调动").click()
    expect(page.locator(".eyebrow")).to_contain_text("投资建设科")
    panel = admin.panel("停用账号")
    panel.get_by_role("button", name="停用").click()
    expect(page.get_by_text("已停用")).to_be_visible()
    admin.open("/staff/organisation/changes")
    admin.check("organisation-changes")
    expect(page.get_by_text("停用账号：欧阳𪚥").first).to_be_visible()


@WIDTHS
def test_people_come_from_a_workbook_with_first_passwords(admin, width):
    page = admin.page
    admin.open("/staff/imports")
    admin.check("import-upload")
    wrong = [UNIT, "没有的科", "钱小满", "不是 用户名", "临时工"]
    finished = upload(admin, f"错的-{width}.xlsx", {"人员": [workbooks.STAFF, wrong]})
    expect(finished).to_contain_text("处要改")
    admin.check("import-refused")
    admin.open("/staff/imports")
    right = [UNIT, "市场准入科", "钱小满", f"qxm-{width}", "聘用人员"]
    upload(admin, f"人员-{width}.xlsx", {"人员": [workbooks.STAFF, right]})
    admin.check("import-ready")
    page.get_by_role("button", name="确认导入").click()
    wait_for(admin, "看初始密码")
    admin.check("import-done")
    page.get_by_role("link", name="看初始密码").click()
    expect(page.locator("body")).to_contain_text(f"qxm-{width}")
    admin.check("import-passwords")


@WIDTHS
def test_the_general_post_brings_last_years_ledger_in(server, open_page, pictures, width):
    me = Administrator(server, open_page, pictures, "general_post", width, javascript=True)
    me.wrong = []
    page = me.come_in()
    me.open("/staff/absences")
    page.get_by_label("谁不在岗").select_option(index=1)
    page.get_by_label("从什么时候起").fill("2099-01-04T09:00")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("2099年")).to_have_count(1)
    me.check("absences")
    page.get_by_role("link", name="改首问责任总岗的替岗").click()
    expect(page.get_by_label("第二替岗")).to_be_visible()
    me.check("absences-post")
    page.get_by_role("button", name="取消").first.click()
    expect(page.get_by_text("2099年")).to_have_count(0)
    me.open("/staff/imports")
    rows = [
        ROW | {"首问责任人": me.account["username"], "首问内容": f"去年的第 {n} 件（{width}）"}
        for n in range(3)
    ]
    upload(me, "2025年台账.xlsx", data=workbooks.ledger(*rows))
    me.check("import-ledger-ready")
    address = page.url
    lead = Administrator(server, open_page, pictures, "overseer", width, javascript=True)
    lead.wrong = []
    lead.come_in().goto(address)
    lead.check("import-ledger-to-approve")
    lead.page.get_by_role("button", name="确认导入").click()
    wait_for(me, "已经导入")
    me.check("import-ledger-done")
    assert lead.wrong == []
    me.open("/staff/ledger?scope=unit&year=2025")
    expect(page.locator("main")).to_contain_text(f"去年的第 0 件（{width}）")
    me.check("ledger-of-last-year")
    assert me.wrong == []


def upload(me, name, sheets=None, *, data=b""):
    """Choose a file, send it, and look again until the check is over."""
    data = data or workbooks.workbook(sheets)
    page = me.page
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": data})
    page.get_by_role("button", name="上传并检查").click()
    wait_for(me, "处要改", "将要导入")
    return page.locator("main")


def wait_for(me, *words):
    """Reload until one of the words stands on the page: the worker does it beside."""
    until = time.monotonic() + 60
    while not any(word in me.page.locator("main").inner_text() for word in words):
        assert time.monotonic() < until, words
        time.sleep(0.5)
        me.page.reload()
