"""绑定微信 at the console: the code in large type, the state it leads to, and the way back."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Visitor, clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def shown_code(page: object) -> str | None:
    found = page.tree.xpath("//p[contains(@class,'slip__number')]")
    return found[0].text_content() if found else None


def bind(office: Office, code: str, who: str = "zhang") -> int:
    body = {"js_code": office.wechat.code(who), "binding_code": code}
    return office.anybody.post("/staff/sessions/wechat", body).status_code


def open_page(office: Office, name: str = "window_a") -> tuple[Visitor, object]:
    desk = clerk(office, name)
    home = desk.get("/staff")
    assert home.tree.xpath("//a[@href='/staff/wechat'][text()='绑定微信']")
    return desk, desk.get("/staff/wechat")


def test_a_code_is_shown_until_it_is_used_and_then_the_binding_is(wechat_office: Office) -> None:
    office = wechat_office
    desk, page = open_page(office)
    assert shown_code(page) is None
    page = desk.submit(page, "/codes")
    first = shown_code(page)
    assert first is not None
    assert len(first) == 9
    assert "09:10 前有效，只能用一次" in page.text
    assert shown_code(desk.get("/staff/wechat")) == first, "looking again changes nothing"
    page = desk.submit(page, "/codes")
    second = shown_code(page)
    assert second != first
    assert (bind(office, first), bind(office, second)) == (401, 201)
    page = desk.get("/staff/wechat")
    assert shown_code(page) is None
    assert "您在 11月16日（周一）09:00 绑定了一个微信" in page.text
    assert page.actions == ["/staff/wechat/unbinding"]
    page = desk.submit(page, "/unbinding")
    assert page.actions == ["/staff/wechat/codes"]


def test_a_second_click_makes_no_second_code(wechat_office: Office) -> None:
    desk, page = open_page(wechat_office)
    first = shown_code(desk.submit(page, "/codes"))
    assert shown_code(desk.submit(page, "/codes")) == first


def test_a_code_that_is_over_is_not_shown(wechat_office: Office) -> None:
    desk, page = open_page(wechat_office)
    desk.submit(page, "/codes")
    wechat_office.clock.forward(minutes=10)
    assert shown_code(desk.get("/staff/wechat")) is None


def test_a_page_that_was_left_open_says_what_happened_meanwhile(wechat_office: Office) -> None:
    desk, page = open_page(wechat_office)
    code = shown_code(desk.submit(page, "/codes"))
    stale = desk.get("/staff/wechat")
    assert bind(wechat_office, str(code)) == 201
    page = desk.submit(stale, "/codes", 409)
    assert page.errors == ["已绑定微信，您已经绑定了一个微信；要换一个，请先在工作台解除原来的绑定。"]
    assert page.actions == ["/staff/wechat/unbinding"]


def test_who_came_by_wechat_gets_no_code_for_another_one(wechat_office: Office) -> None:
    """A phone's session put into a browser is not a full one."""
    office = wechat_office
    desk, page = open_page(office)
    phone = office.bound_session("window_a")
    desk.client.set_cookie("shouwen_staff", phone.headers["Authorization"].removeprefix("Bearer "))
    page = desk.submit(page, "/codes", 403)
    assert page.errors == ["请用密码登录，这一步要在电脑上用用户名和密码登录工作台以后再做。"]
    page = desk.submit(page, "/unbinding")
    assert page.title == "登录工作台", "unbinding ended this session too"


def test_an_office_without_a_mini_program_offers_nothing(office: Office) -> None:
    desk = clerk(office, "window_a")
    assert not desk.get("/staff").tree.xpath("//a[@href='/staff/wechat']")
    page = desk.get("/staff/wechat")
    assert page.actions == []
    assert "没有开通微信小程序" in page.text
    assert desk.client.get("/staff/wechat/codes").status_code == 303
