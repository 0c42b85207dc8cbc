"""Registering at the desk, and the slip."""

from __future__ import annotations

import pytest

from backend.models import Staff
from tests.pages.visitor import clerk
from tests.support.app import Office

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"])

GOOD = {"channel": "visit", "category": "consult", "content": "当面问\n两行"}


@sqlite_only
@pytest.mark.parametrize(
    ("changes", "errors", "status"),
    [
        ({"channel": None}, ["请选择首问方式。"], 422),
        ({"content": ""}, ["请记下首问内容。"], 422),
        ({"occurred_at": "2026-13-01T08:00"}, ["请把日期和时间都选上。"], 422),
        ({"occurred_at": "2026-11-17T08:00"}, ["时间不对，发生时间不能晚于现在，也不能早于 30 天前。"], 422),
        ({"summary": "字" * 41}, ["内容太长，最多 40 字。"], 422),
        ({"outcome": "answered"}, ["请写明办理结果。"], 422),
        ({"outcome": "refused", "reply": "不办", "reason": "理由"}, ["不予办理要写明依据。"], 422),
        ({"contact_phone": "1"}, ["电话号码不对。"], 422),
    ],
)
def test_what_is_wrong_is_named_and_everything_is_still_there(
    office: Office, changes: dict, errors: list, status: int
) -> None:
    person = clerk(office, "window_a")
    page = person.submit(person.get("/staff/register"), "/staff/register", status, **(GOOD | changes))
    assert page.errors == errors
    shown = {name: text for name, text in (GOOD | changes).items() if text is not None}
    assert {name: page.values("/staff/register").get(name) for name in shown} == shown


def test_registered_twice_by_one_form_is_registered_once(office: Office) -> None:
    person = clerk(office, "window_a")
    form = person.get("/staff/register")
    slips = [person.submit(form, "/staff/register", **GOOD) for _ in range(2)]
    assert len({slip.tree.xpath("string(//*[@class='slip__number'])") for slip in slips}) == 1
    assert "没有留电话" in slips[0].text
    assert slips[0].tree.xpath("//*[@class='slip__qr']") == []
    assert "11月18日（周三）17:30 前" in slips[0].text


@sqlite_only
def test_a_late_entry_says_so(office: Office) -> None:
    person = clerk(office, "window_a")
    slip = person.submit(
        person.get("/staff/register"), "/staff/register", **GOOD, occurred_at="2026-11-13T16:00"
    )
    case = person.get(slip.tree.xpath("//main//a[contains(@href,'/staff/inquiries/')]/@href")[0])
    assert "补录" in case.text
    assert "登记（补录）" in case.text


@sqlite_only
def test_a_complaint_about_the_own_section_leaves_a_slip_and_nothing_else(office: Office) -> None:
    person = clerk(office, "window_a")
    slip = person.submit(
        person.get("/staff/register"),
        "/staff/register",
        channel="visit",
        category="complaint",
        content="投诉这个科室",
        about_kind="section",
    )
    assert slip.title == "受理单"
    number = slip.tree.xpath("string(//*[@class='slip__number'])").replace("-", "")
    assert not slip.tree.xpath(f"//a[@href='/staff/inquiries/{number}']")
    assert person.get(f"/staff/inquiries/{number}", 404).title == "没有找到"
    other = clerk(office, "window_b")
    assert other.get(f"/staff/inquiries/{number}/receipt", 404).title == "没有找到"
    office.clock.forward(days=1)
    again = clerk(office, "window_a")
    assert again.get(f"/staff/inquiries/{number}/receipt", 404).title == "没有找到"


def test_the_slip_of_a_hidden_complaint_never_says_what_became_of_it(office: Office) -> None:
    person = clerk(office, "window_a")
    changes = {"category": "complaint", "about_kind": "section", "contact_phone": "13812345678"}
    slip = person.submit(person.get("/staff/register"), "/staff/register", **(GOOD | changes))
    path, handed_over = slip.response.request.path, slip.text
    holder = office.org.people["discipline"].name
    number = slip.tree.xpath("string(//*[@class='slip__number'])").replace("-", "")
    assert "11月16日（周一）09:00" in handed_over
    assert "首问类别投诉" in handed_over
    for told in (holder, "机关纪委", "现在谁负责", "时限", "办结"):
        assert told not in handed_over
    for step, body in (("confirmation", None), ("closing", {"outcome": "answered", "reply": "已核实"})):
        office.clock.forward(hours=1)
        assert office.act("discipline", number, step, body).status_code == 200
        assert person.get(path).text == handed_over


@sqlite_only
@pytest.mark.parametrize(
    ("fields", "minutes", "words"),
    [
        ({"outcome": "answered", "reply": "好了"}, 0, "当场办结：答复"),
        ({"outcome": "answered", "reply": "好了"}, 60, "当场办结：答复"),
        ({}, 60, "结果已办结：答复"),
    ],
)
def test_only_what_was_closed_with_its_registration_was_closed_on_the_spot(
    office: Office, fields: dict, minutes: int, words: str
) -> None:
    person = clerk(office, "window_a")
    slip = person.submit(person.get("/staff/register"), "/staff/register", **GOOD, **fields)
    number = slip.tree.xpath("string(//*[@class='slip__number'])").replace("-", "")
    office.clock.forward(minutes=minutes)
    if not fields:
        closing = {"outcome": "answered", "reply": "好了"}
        assert office.act("window_a", number, "closing", closing).status_code == 200
    again = person.get(slip.response.request.path)
    assert words in again.text
    assert ("当场" in again.text) == bool(fields)


@sqlite_only
@pytest.mark.parametrize("name", ["sysadmin", "auditor", "principal", "deputy_leader"])
def test_who_may_not_register_is_told_so_before_anything_is_written(office: Office, name: str) -> None:
    page = clerk(office, name).get("/staff/register", 403)
    assert page.title == "没有这个权限"
    assert page.actions == []


@sqlite_only
def test_whose_role_was_taken_away_meanwhile_keeps_the_words(office: Office) -> None:
    person = clerk(office, "window_a")
    form = person.get("/staff/register")
    with office.working() as work:
        staff = work.session.get_one(Staff, office.org.people["window_a"].id)
        for grant in list(staff.grants):
            work.session.delete(grant)
    page = person.submit(form, "/staff/register", 403, **GOOD)
    assert "没有这个权限" in page.errors[0]
    assert page.values("/staff/register")["content"] == GOOD["content"]


@sqlite_only
def test_an_outcome_once_chosen_can_be_taken_back(office: Office) -> None:
    """登记为待办 stands first and is chosen until another one is."""
    person = clerk(office, "window_a")
    form = person.get("/staff/register")
    outcomes = form.tree.xpath("//input[@name='outcome']")
    assert [(one.get("value"), one.get("checked") is not None) for one in outcomes][:2] == [
        ("", True),
        ("completed", False),
    ]
    page = person.submit(form, "/staff/register", 422, **GOOD, outcome="answered")
    assert page.values("/staff/register")["outcome"] == "answered"
    slip = person.submit(page, "/staff/register", outcome="")
    assert "当场办结" not in slip.text
