"""Half-written forms come back: by a button, after a refusal, and only to who wrote them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.models import Draft
from tests.pages.visitor import clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

WORDS = "请带身份证原件和经营场所证明。"


def keep(person, page, ending: str, **values: str):
    """Press the form's button that keeps it."""
    sent = {**page.values(ending), **values}
    return person.client.post(page.form(ending).get("action") + "/draft", data=sent, follow_redirects=True)


def test_a_draft_comes_back_to_who_wrote_it_until_it_is_sent(office: Office) -> None:
    number = office.file()["number"]
    person, address = clerk(office, "window_a"), f"/staff/inquiries/{number}"
    assert keep(person, person.get(address), "/closing", outcome="answered", reply=WORDS).status_code == 200
    again = person.get(address)
    assert again.values("/closing")["reply"] == WORDS
    assert again.values("/closing")["outcome"] == "answered"
    assert "没有写完" in again.text
    other = clerk(office, "window_b").get(address)
    assert other.values("/closing")["reply"] == ""
    with office.looking() as work:
        row = work.session.scalars(select(Draft)).one()
    assert WORDS.encode() not in row.sealed
    person.submit(again, "/closing")
    with office.looking() as work:
        assert work.session.scalars(select(Draft)).all() == []


def test_a_draft_can_be_thrown_away_and_is_gone_after_seven_days(office: Office) -> None:
    number = office.file(category="report", written=False)["number"]
    person, address = clerk(office, "window_a"), f"/staff/inquiries/{number}"
    keep(person, person.get(address), "/handoffs", reason="属于业务科")
    page = person.get(address)
    assert page.values("/handoffs")["reason"] == "属于业务科"
    sent = page.values("/handoffs") | {"forget": "yes"}
    assert person.client.post(f"{address}/handoffs/draft", data=sent).status_code == 303
    assert person.get(address).values("/handoffs")["reason"] == ""
    keep(person, person.get(address), "/handoffs", reason="属于业务科")
    office.clock.forward(days=7, minutes=1)
    assert clerk(office, "window_a").get(address).values("/handoffs")["reason"] == ""


def test_what_was_refused_is_there_for_who_left_the_page(office: Office) -> None:
    number = office.file()["number"]
    person, address = clerk(office, "window_a"), f"/staff/inquiries/{number}"
    page = person.get(address)
    assert office.act("window_a", number, "confirmation", {}).status_code == 200
    person.submit(page, "/closing", 412, outcome="answered", reply=WORDS)
    assert person.get(address).values("/closing")["reply"] == WORDS
    person.submit(person.get(address), "/closing", 422, outcome="", reply="改过的话")
    assert person.get(address).values("/closing")["reply"] == "改过的话"


def test_a_script_that_keeps_a_draft_gets_no_page_and_nobody_keeps_one_outside_the_chain(
    office: Office,
) -> None:
    number = office.file()["number"]
    person, address = clerk(office, "window_a"), f"/staff/inquiries/{number}"
    page = person.get(address)
    sent = page.values("/closing") | {"reply": WORDS, "quietly": "yes"}
    assert person.client.post(f"{address}/closing/draft", data=sent).status_code == 204
    stranger = clerk(office, "business_a")
    csrf = stranger.get("/staff/register").values("/staff/register")["csrf_token"]
    answer = stranger.client.post(f"{address}/closing/draft", data={"reply": WORDS, "csrf_token": csrf})
    assert answer.status_code == 404
    assert person.client.post(f"{address}/closing/draft", data={"reply": WORDS}).status_code == 400
    long = page.values("/closing") | {"reply": "长" * 61_000}
    assert person.client.post(f"{address}/closing/draft", data=long).status_code == 422


def test_a_registration_keeps_its_draft_too_and_loses_it_when_it_is_made(office: Office) -> None:
    person = clerk(office, "window_a")
    page = person.get("/staff/register")
    keep(person, page, "/staff/register", content="来电问材料", contact_phone="13812345678")
    page = person.get("/staff/register")
    assert page.values("/staff/register")["contact_phone"] == "13812345678"
    person.submit(page, "/staff/register", channel="call", category="consult")
    assert person.get("/staff/register").values("/staff/register")["content"] == ""


@pytest.mark.parametrize("step", ["supervision", "instruction"])
def test_a_supervision_and_an_instruction_half_written_come_back_too(office: Office, step: str) -> None:
    number = office.file()["number"]
    name = "general" if step == "supervision" else "principal"
    person, address = clerk(office, name), f"/staff/inquiries/{number}"
    keep(person, person.get(address), f"/{step}", text=WORDS)
    again = person.get(address)
    assert again.values(f"/{step}")["text"] == WORDS
    assert again.form(f"/{step}").xpath("ancestor::details[@open]")
