"""axe finds no serious fault on pages in states that no link leads to: refused, overtaken, filled in, empty.

Every panel of such a page is opened first, and what stands inside is looked at too. On a phone; every kind of page is
looked at at both widths in test_every_page.py.
"""

from __future__ import annotations

import pytest

from backend.domain.boxes import Box
from backend.routes.pages.guards import STAFF_COOKIE
from tests.browser.axe import faults
from tests.browser.office import ANSWER, Office, account_of
from tests.support.browser import PHONE, is_wider_than_the_screen
from tests.support.console_walk import session_of

pytestmark = pytest.mark.timeout(300)
OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true })"


class Looker:
    """Somebody with one page, whose every look is kept with its faults."""

    def __init__(self, server, page, account=None):
        self.server, self.page, self.wrong = server, page, []
        self.answers = []
        page.on("response", lambda answer: self.answers.append((answer.url, answer.status)))
        if account is not None:
            cookie = {"name": STAFF_COOKIE, "value": session_of(server.url, account), "url": server.url}
            page.context.add_cookies([cookie])

    def look(self, address=None, *, status=200):
        """The page, opened or as the last form left it, answered as expected, with every panel open."""
        if address is not None:
            self.page.goto(self.server.url + address)
        self.page.wait_for_load_state("load")
        here = [code for url, code in self.answers if url.split("#")[0] == self.page.url.split("#")[0]]
        assert here[-1] == status, (self.page.url, here, self.page.locator("main").inner_text()[:500])
        self.page.evaluate(OPEN_ALL)
        self.wrong += faults(self.page)
        if is_wider_than_the_screen(self.page):
            self.wrong.append(f"{self.page.url} is wider than the screen")

    def send(self, action, *, status, button=None, **values):
        """Fill in the form that is sent there, send it, and look at what comes back."""
        form = self.page.locator(f"main form[action$='{action}']").first
        self.page.evaluate(OPEN_ALL)
        for name, value in values.items():
            form.locator(f"[name={name}]").first.fill(value)
        (form.get_by_role("button", name=button) if button else form.locator(".acts button").last).click()
        self.look(status=status)


@pytest.fixture(scope="module")
def office(server):
    return Office(server)


@pytest.fixture
def looker(server, open_page):
    """Comes as somebody of the staff, or as a citizen; in the end nobody may have seen a fault."""
    come = []

    def coming(role=None, **where):
        account = account_of(server.demo(), role, **where) if role else None
        come.append(Looker(server, open_page(PHONE), account))
        return come[-1]

    yield coming
    assert [fault for one in come for fault in one.wrong] == []


def test_what_a_citizen_sent_wrongly(office, looker):
    filed = office.file(category="application")
    citizen = looker()
    citizen.look(f"/s/{office.sign['code']}/new")
    citizen.send("/new", status=422)
    citizen.look("/lookup")
    citizen.send("/lookup", status=422)
    citizen.look(filed["tracking_url"].removeprefix(office.server.url))
    citizen.send("/supplements", status=422)
    office.keeper.act(filed["number"], "closing", {"outcome": "answered", "reply": ANSWER})
    citizen.look(filed["tracking_url"].removeprefix(office.server.url))
    citizen.send("/rating", status=422)


def test_what_the_staff_sent_wrongly(office, looker):
    number = office.filed(category="application", contact={"name": "王小明", "phone": "13812345678"})
    keeper = looker("post_holder", section=office.section)
    keeper.look("/staff/register")
    keeper.send("/register", status=422, button="登记")
    keeper.look(f"/staff/inquiries/{number}")
    for act in ("closing", "notice", "handoffs", "joint", "classification", "outside"):
        keeper.send(act, status=422)
    keeper.look("/staff/search")
    keeper.send("/search", status=422)
    keeper.send("/search", status=200, wanted="5678")
    keeper.look("/staff/templates")
    keeper.send("/templates", status=422)
    keeper.send("/templates", status=200, title="开面馆的材料", body=ANSWER)
    keeper.look(f"/staff/inquiries/{number}")
    keeper.page.evaluate(OPEN_ALL)
    keeper.page.locator("#close-template").select_option(index=1)
    keeper.page.get_by_role("button", name="放进答复").click()
    keeper.look()


def test_pages_that_were_overtaken(office, looker):
    """What was written is still there."""
    number = office.filed()
    keeper = looker("post_holder", section=office.section)
    keeper.look(f"/staff/inquiries/{number}")
    office.keeper.act(number, "confirmation", {})
    keeper.send("/confirmation", status=412, summary="咨询开面馆")
    number, _offer = office.offered()
    other = looker("post_holder", section=office.other)
    other.look(f"/staff/inquiries/{number}")
    other.send("/return", status=422)
    office.keeper.act(number, "closing", {"outcome": "answered", "reply": ANSWER})
    # Closing withdrew the offer, and with it what the other section may see.
    other.send("/return", status=404, reason="不属于本科室", clause="三定规定第二条")


def test_several_units_and_several_lines_at_once(office, looker):
    number = office.jointly()
    keeper = looker("post_holder", section=office.section)
    keeper.look(f"/staff/inquiries/{number}")
    for act in ("joint_opinions", "joint_plan", "joint_report"):
        keeper.send(act, status=422)
    office.filed()
    office.closed()
    head = looker("section_head", section=office.section)
    head.look("/staff?box=section&status=filed")
    head.send("/assignments", status=422)
    number = office.filed()
    head.look("/staff?box=section&status=filed")
    office.keeper.act(number, "confirmation", {})
    head.page.locator(f".job__pick input[name$='{number}']").check()
    head.page.locator("#assign-to_staff").select_option(index=1)
    head.send("/assignments", status=409)
    head.look("/staff/ledger")
    head.send("/opinions", status=422)


def test_every_list_and_what_is_empty(office, looker):
    general = looker("general_post")
    for box in Box:
        general.look(f"/staff?box={box.value}")
    nobody = "since=2020-01-01&until=2020-01-02"
    for address in (
        f"/staff?box=unit&{nobody}",
        "/staff/ledger?scope=unit&year=2020",
        "/staff/leads?state=dismissed",
    ):
        general.look(address)
    idle = looker("discipline", unit="金坛区薛埠镇人民政府")
    for address in ("/staff", "/staff/follow-ups", "/staff/leads", "/staff/reviews", "/staff/exports"):
        idle.look(address)
