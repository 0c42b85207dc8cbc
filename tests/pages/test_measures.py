"""What belongs to one measure is not passed off as the other's; what is our reading says so."""

from __future__ import annotations

import pytest
from lxml import html

from tests.pages.visitor import Page, Visitor, clerk
from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

OURS = "本系统提供"


def marked(page: Page) -> list[str]:
    """What stands before each mark 本系统提供."""
    marks = page.tree.xpath(f"//*[@class='law__mark' and text()='{OURS}']/..")
    return [" ".join(mark.text_content().split()).removesuffix(f" {OURS}") for mark in marks]


def test_a_sign_under_tan_says_that_its_post_is_of_this_product(office: Office, citizen: Visitor) -> None:
    assert marked(citizen.get(f"/s/{office.org.window.sign.code}")) == ["首问责任岗"]
    assert marked(citizen.get(f"/s/{office.org.general_sign.code}")) == ["首问责任总岗"]
    assert OURS not in citizen.get(f"/s/{office.org.lu_window.sign.code}").text


def test_a_unit_under_tan_says_so_of_its_general_post(office: Office, citizen: Visitor) -> None:
    assert marked(citizen.get(f"/u/{office.org.unit.id}")) == ["由总岗接待，再领您过去"]
    assert OURS not in citizen.get(f"/u/{office.org.lu_unit.id}").text


def test_the_staff_list_says_so_once(office: Office) -> None:
    assert marked(clerk(office, "window_a").get("/staff")) == ["首问责任岗、首问责任总岗"]
    assert OURS not in clerk(office, "lu_window_a").get("/staff").text


@pytest.mark.parametrize(
    ("desk", "own", "foreign"),
    [
        ("window", ("首问负责人", "首问负责制"), ("首问责任人", "首问责任制")),
        ("lu_window", ("首问责任人", "首问责任制"), ("首问负责人", "首问负责制")),
    ],
)
def test_persons_and_system_are_called_as_the_units_own_measure_calls_them(
    office: Office, citizen: Visitor, desk: str, own: tuple[str, str], foreign: tuple[str, str]
) -> None:
    sign = getattr(office.org, desk).sign.code
    filed = office.file(sign=sign)
    person = clerk(office, f"{desk}_a")
    follow = citizen.get(f"/t/{filed['tracking_token']}")
    case = person.get(f"/staff/inquiries/{filed['number']}")
    slip = person.get(f"/staff/inquiries/{filed['number']}/receipt")
    for page in (follow, case, slip):
        assert own[0] in page.text
    place = citizen.get(f"/s/{sign}")
    assert own[1] in place.text
    for page in (follow, case, slip, place):
        for word in foreign:
            assert word not in page.text, word


def test_below_the_words_of_the_law_stand_the_readings_that_were_used(
    office: Office, citizen: Visitor
) -> None:
    filed = office.file()
    readings = office.anybody.client.get(
        f"/api/v1/inquiries/{filed['number']}", headers={"X-Tracking-Token": filed["tracking_token"]}
    ).json["clocks"][0]["readings"]
    assert readings
    law = citizen.get(f"/t/{filed['tracking_token']}").tree.xpath("//details[summary='看原文']")[0]
    words = " ".join(law.text_content().split())
    assert "系统设定" in words
    for sentence in readings:
        assert sentence in words
        assert sentence not in law.findtext("blockquote")


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [("missed", "超过时限，没有履行", "bad"), ("cancelled", "不再适用", "plain")],
)
def test_a_settled_limit_says_how_it_ended(office: Office, state: str, words: str, tone: str) -> None:
    limit = {
        "state": state,
        "title": "书面移交",
        "due_text": "11月18日（周三）17:30 前",
        "remaining_text": None,
        "bearer_label": "首问机关：某局",
        "clause": "第六条",
        "quote": "原文",
    }
    with office.app.test_request_context():
        macros = office.app.jinja_env.get_template("macros/case.html").module
        tree = html.fragment_fromstring(str(macros.clock_card(limit)))
    chip = tree.find_class("chip")[0]
    assert chip.text_content() == words
    assert f"chip--{tone}" in chip.get("class")
    assert chip.find("svg") is not None


def test_a_unit_publishes_its_rules_its_duties_and_where_to_complain(
    office: Office, citizen: Visitor
) -> None:
    """泸 附件1第14项: 公布有关规定、职责内容，设立投诉举报电话和投诉举报网上信箱."""
    unit = office.org.unit
    page = citizen.get(f"/u/{unit.id}")
    assert unit.complaint_phone in page.tree.find(".//footer").text_content()
    assert page.tree.xpath(f"//main//a[@href='/mailbox/{unit.id}']")
    assert page.tree.xpath(f"//main//a[@href='/u/{unit.id}/rules']")
    assert citizen.get(f"/mailbox/{unit.id}").status == 200
