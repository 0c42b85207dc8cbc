"""Into the console and out of it."""

from __future__ import annotations

import pytest
from lxml import html

from backend.routes.pages.staff_door import local_address
from tests.pages.visitor import Page, Visitor, clerk, visitor
from tests.support.app import Office

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])


@sqlite_only
def test_who_is_not_inside_is_led_to_the_door_and_then_where_they_wanted(office: Office) -> None:
    person = visitor(office)
    page = person.get("/staff?box=closed")
    assert page.title == "登录工作台"
    page = person.submit(page, "/staff/login", username="window-a", password=office.org.password)
    assert page.title == "已办结"
    assert person.get("/staff/login").title == "待签收"


@sqlite_only
def test_the_session_is_a_cookie_that_no_script_sees(office: Office) -> None:
    person = visitor(office)
    page = person.get("/staff/login")
    response = person.post(
        page, "/staff/login", follow=False, username="window-a", password=office.org.password
    )
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("shouwen_staff="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/;" in cookie
    assert "Secure" not in cookie
    assert response.headers["Cache-Control"] == "no-store"


@sqlite_only
@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        (
            {"username": "window-a", "password": "wrong"},
            401,
            "登录没有成功，用户名、密码或动态口令不对，请核对后再试。",
        ),
        (
            {"username": "nobody", "password": "wrong"},
            401,
            "登录没有成功，用户名、密码或动态口令不对，请核对后再试。",
        ),
        ({"username": "", "password": "x"}, 422, "请填写用户名。"),
        ({"username": "window-a", "password": ""}, 422, "请填写密码。"),
    ],
)
def test_a_wrong_sign_in_never_shows_the_password_again(
    office: Office, citizen: Visitor, fields: dict, status: int, sentence: str
) -> None:
    page = citizen.submit(citizen.get("/staff/login"), "/staff/login", status, **fields)
    assert page.errors == [sentence]
    assert page.values("/staff/login")["username"] == fields["username"]
    assert page.values("/staff/login")["password"] == ""


@sqlite_only
def test_a_one_time_code_is_asked_where_a_secret_is_set(office: Office) -> None:
    person = visitor(office)
    page = person.get("/staff/login")
    page = person.submit(page, "/staff/login", 401, username="principal", password=office.org.password)
    page = person.submit(page, "/staff/login", password=office.org.password, totp=office.totp("principal"))
    assert page.title == "待签收"


@sqlite_only
def test_guessing_locks_this_account_and_no_other(office: Office, citizen: Visitor) -> None:
    form = citizen.get("/staff/login")
    for _ in range(5):
        citizen.submit(form, "/staff/login", 401, username="window-b", password="wrong")
    right = {"username": "window-b", "password": office.org.password}
    citizen.submit(form, "/staff/login", 429, **right)
    assert clerk(office, "business_a").get("/staff").status == 200


@sqlite_only
def test_signing_out_ends_the_session_itself(office: Office) -> None:
    person = clerk(office, "window_a")
    token = person.client.get_cookie("shouwen_staff")
    page = person.get("/staff")
    assert person.submit(page, "/staff/logout").title == "登录工作台"
    person.client.set_cookie("shouwen_staff", token.value)
    assert person.get("/staff").title == "登录工作台"


@sqlite_only
def test_signing_out_needs_a_form_of_ours(office: Office) -> None:
    person = clerk(office, "window_a")
    person.submit(person.get("/staff"), "/staff/logout", 400, csrf_token="")
    assert person.get("/staff").title == "待签收"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("/staff", "/staff"),
        ("/staff?box=mine", "/staff?box=mine"),
        ("/staff/inquiries/2026", "/staff/inquiries/2026"),
        (None, "/staff"),
        ("", "/staff"),
        ("https://evil.example/staff", "/staff"),
        ("//evil.example/staff", "/staff"),
        ("/\\evil.example", "/staff"),
        ("/staff\\@evil.example", "/staff"),
        ("/staff/../lookup", "/staff"),
        ("/staff//evil.example", "/staff"),
        ("/staffroom", "/staff"),
        ("/lookup", "/staff"),
        ("/staff/login?next=/staff", "/staff"),
        ("/staff/logout", "/staff"),
        ("/staff\r\nSet-Cookie: a=b", "/staff"),
        ("javascript:alert(1)", "/staff"),
    ],
)
def test_the_door_leads_nowhere_but_into_the_console(wanted: str | None, found: str) -> None:
    assert local_address(wanted) == found


@sqlite_only
def test_an_address_from_elsewhere_is_not_followed_after_signing_in(office: Office) -> None:
    person = visitor(office)
    page = person.get("/staff/login?next=https://evil.example/")
    values = {"username": "window-a", "password": office.org.password, "next": "//evil.example/"}
    response = person.post(page, "/staff/login", follow=False, **values)
    assert response.headers["Location"] == "/staff"


@sqlite_only
def test_what_was_typed_waits_behind_the_door_and_nothing_is_carried_out(office: Office) -> None:
    number = office.file()["number"]
    assert office.act("window_a", number, "confirmation").status_code == 200
    person = clerk(office, "window_a")
    case = person.get(f"/staff/inquiries/{number}")
    office.clock.forward(hours=13)
    words = "写了\n很久的答复 <b>"
    door = person.submit(case, "/closing", 401, outcome="answered", reply=words)
    assert door.title == "登录工作台"
    assert "登录已过期" in door.errors[0]
    assert office.org.password not in door.response.get_data(as_text=True)
    door = person.submit(door, "/staff/login", 401, username="window-a", password="wrong")
    case = person.submit(door, "/staff/login", username="window-a", password=office.org.password)
    assert case.errors == ["已经重新登录，刚才的还没有提交。请核对后再提交一次。"]
    assert case.values("/closing")["reply"] == words
    assert case.values("/closing")["outcome"] == "answered"
    assert "password" not in case.values("/closing")
    assert "正在办理" not in case.text
    closed = person.submit(case, "/closing")
    assert "写了 很久的答复" in closed.text


@sqlite_only
def test_a_registration_waits_behind_the_door_too(office: Office) -> None:
    person = clerk(office, "window_a")
    form = person.get("/staff/register")
    person.client.delete_cookie("shouwen_staff")
    door = person.submit(form, "/staff/register", 401, channel="call", category="consult", content="电话里问")
    form = person.submit(door, "/staff/login", username="window-a", password=office.org.password)
    assert form.title == "登记来电来访"
    assert person.submit(form, "/staff/register").title == "受理单"


@sqlite_only
@pytest.mark.parametrize("button", ["draft", "template"])
def test_what_is_kept_or_given_a_template_waits_behind_the_door_too(office: Office, button: str) -> None:
    """The buttons beside 登记 and 答复并办结: 存为草稿, 放进答复."""
    number = office.file()["number"]
    for page, form, field in (
        ("/staff/register", "/staff/register", "content"),
        (f"/staff/inquiries/{number}", f"/staff/inquiries/{number}/closing", "reply"),
    ):
        person = clerk(office, "window_a")
        sent = person.get(page).values(form) | {field: "写了很久的话"}
        person.client.delete_cookie("shouwen_staff")
        answer = person.client.post(f"{form}/{button}", data=sent)
        door = Page(answer, html.document_fromstring(answer.get_data(as_text=True)))
        assert (door.status, door.title) == (401, "登录工作台")
        again = person.submit(door, "/staff/login", username="window-a", password=office.org.password)
        assert again.values(form)[field] == "写了很久的话"
        assert person.get(page).values(form)[field] == "写了很久的话"


@sqlite_only
@pytest.mark.parametrize(
    "address", ["/staff/logout", "https://evil.example/", "/lookup", "/staff/nothing", "/t/x/rating"]
)
def test_only_a_form_of_the_console_can_wait(office: Office, address: str) -> None:
    person = visitor(office)
    door = person.get("/staff/login")
    values = {"username": "window-a", "password": office.org.password, "again": address, "kept.text": "x"}
    assert person.submit(door, "/staff/login", **values).title == "待签收"


@sqlite_only
def test_who_may_not_see_the_case_behind_the_door_is_told_so(office: Office) -> None:
    number = office.file()["number"]
    person = clerk(office, "window_a")
    case = person.get(f"/staff/inquiries/{number}")
    person.client.delete_cookie("shouwen_staff")
    door = person.submit(case, "/closing", 401, outcome="answered", reply="答复")
    page = person.submit(door, "/staff/login", 404, username="lu-window-a", password=office.org.password)
    assert page.title == "没有找到"
    assert person.get("/staff").title == "待签收"
