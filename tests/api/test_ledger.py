"""`GET /staff/ledger`: who reads which book, what stands in it, what never does (泸 二（二）4, 泸 附件2; design 1, 4, 5)."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.ledger_form import COLUMNS
from backend.models import Section, Staff
from backend.services.posts import set_keepers
from backend.services.presence import section_post
from backend.services.reorganising import change_section
from tests.support.app import Office

READS = {
    # by scope: who reads it, and with what status anybody else is refused
    "window_a": {"section": 200, "unit": 403},
    "window_head": {"section": 200, "unit": 403},
    "deputy_leader": {"section": 200, "unit": 403},
    "general": {"section": 200, "unit": 200},
    "principal": {"section": 200, "unit": 200},
    "discipline": {"section": 200, "unit": 200},
    "overseer": {"section": 403, "unit": 403},
    "auditor": {"section": 403, "unit": 403},
    "sysadmin": {"section": 403, "unit": 403},
    "neighbour_general": {"section": 404, "unit": 200},
    "business_a": {"section": 404, "unit": 403},
}


def ledger(office: Office, name: str, **query: Any) -> Any:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return office.staff(name).get(f"/staff/ledger?{asked}")


def numbers(answer: Any) -> list[str]:
    return [item["number"] for item in answer.json["items"]]


def closed(office: Office, **filing: Any) -> dict[str, Any]:
    filed = office.file(**filing)
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "带身份证来即可"})
    return filed


@pytest.mark.parametrize(("name", "wanted"), READS.items(), ids=READS)
def test_the_book_is_open_to_the_people_of_the_table_and_to_nobody_else(
    office: Office, name: str, wanted: dict[str, int]
) -> None:
    filed = office.file()
    window = office.org.window.section.id
    answers = {
        "section": ledger(office, name, scope="section", section=window),
        "unit": ledger(office, name, scope="unit"),
    }
    assert {scope: answer.status_code for scope, answer in answers.items()} == wanted
    for answer in answers.values():
        if answer.status_code == 200 and name != "neighbour_general":
            assert numbers(answer) == [filed["number"]]
    if name == "neighbour_general":
        assert numbers(answers["unit"]) == []


def test_a_section_that_does_not_exist_looks_like_one_out_of_reach(office: Office) -> None:
    answers = [
        ledger(office, "business_a", section=section)
        for section in (office.org.window.section.id, "0" * 32, "%00")
    ]
    bodies = [{k: v for k, v in answer.json.items() if k != "request_id"} for answer in answers]
    assert bodies[0] == bodies[1] == bodies[2]


def test_the_cover_of_a_year_that_is_over_has_the_names_of_its_end(office: Office) -> None:
    """What was bound then says who held the post then; the running year says who holds it now."""
    former = office.org.people["window_a"].name
    unit, section = office.org.unit.name, office.org.window.section.name
    office.clock.forward(days=60)
    with office.working(office.org.identity("sysadmin").actor) as work:
        post = section_post(work.session, office.org.window.section.id)
        assert post is not None
        set_keepers(work, post, work.session.get_one(Staff, office.org.people["window_b"].id), [])
        here = work.session.get_one(Section, office.org.window.section.id)
        change_section(work, here, name="新的窗口", kind=here.kind, is_dedicated=here.is_dedicated)
    reader = office.staff("window_head")
    for year, held, called in (
        (2026, former, section),
        (2027, office.org.people["window_b"].name, "新的窗口"),
    ):
        cover = reader.get(f"/staff/ledger?scope=section&year={year}").json
        assert (cover["post"]["holder_name"], cover["section"]["name"]) == (held, called)
        assert cover["unit"]["name"] == unit


def test_the_cover_and_the_line_have_the_forms_words(office: Office) -> None:
    """泸 附件2: × × × 局首问责任制工作台账, 科（股）室, 首问责任岗, 年; under 坛 it is 本系统提供."""
    closed(office)
    book = ledger(office, "window_a").json
    unit, section = office.org.unit, office.org.window.section
    assert (book["scope"], book["year"], book["label"]) == ("section", 2026, "本系统提供")
    assert book["title"] == f"{unit.name}首问责任制工作台账"
    assert (book["section"]["name"], book["post"]["label"]) == (section.name, "首问责任岗")
    assert book["post"]["holder_name"] == office.org.people["window_a"].name
    assert [column["label"] for column in book["columns"]] == [column.label for column in COLUMNS]
    [line] = book["items"]
    assert set(line) >= {column.id for column in COLUMNS}
    ticked = [box["label"] for part in ("channel", "category", "disposition", "grade")
              for box in line[f"{part}_boxes"] if box["ticked"]]  # fmt: skip
    assert ticked == ["其他", "咨询事项", "本人本科室办理"]
    assert (line["handling"], line["grade_note"], line["remark"]) == (
        "带身份证来即可",
        "未评价",
        "扫码提交；未评价",
    )
    lu = ledger(office, "lu_window_a").json
    assert (lu["label"], lu["items"]) == (None, [])
    total = ledger(office, "general", scope="unit").json
    assert (total["scope_label"], total["section"], total["post"]["label"]) == (
        "总台账",
        None,
        "首问责任总岗",
    )


def test_a_hand_off_shows_in_both_ledgers_and_is_counted_once(office: Office) -> None:
    """泸 附件2“办理情况”."""
    filed = office.file()
    body = {"to_section": office.org.business.section.id, "reason": "属于业务科"}
    made = office.act("window_a", filed["number"], "handoffs", body).json
    office.staff("business_b").post(f"/staff/handoffs/{made['id']}/acceptance", version=made["version"])
    own, continued = (ledger(office, name).json for name in ("window_a", "business_a"))
    assert (own["items"][0]["disposition"], own["items"][0]["counted"]) == ("other_section", True)
    assert office.org.business.section.name in own["items"][0]["handling"]
    [line] = continued["items"]
    assert (line["kind"], line["counted"], line["disposition"]) == ("continued", False, "own")
    assert office.org.window.section.name in line["remark"]
    assert (continued["totals"]["counted"], continued["totals"]["continued"]) == (0, 1)
    assert numbers(ledger(office, "general", scope="unit")) == [filed["number"]]


def test_another_unit_has_a_row_of_its_own_and_the_first_row_says_so(office: Office) -> None:
    filed = office.file()
    body = {"to_unit": office.org.neighbour.id, "reason": "属于贵局"}
    made = office.act("window_a", filed["number"], "handoffs", body).json
    office.staff("neighbour_general").post(
        f"/staff/handoffs/{made['id']}/acceptance", version=made["version"]
    )
    [first] = ledger(office, "window_a").json["items"]
    [row] = ledger(office, "neighbour_general", scope="unit").json["items"]
    assert (first["disposition"], row["kind"], row["counted"]) == ("other_unit", "received", True)
    assert row["first_unit"]["id"] == office.org.unit.id
    assert row["received_at"] == first["received_at"]
    assert row["first_responder"] == first["first_responder"]


SUBJECTS = [
    # 投诉对象, who finds it in the 总台账 of the unit it was filed at
    ({"kind": "section"}, {"general", "discipline", "principal"}),
    ({"kind": "unit"}, set()),
]


@pytest.mark.parametrize(("about", "readers"), SUBJECTS)
def test_a_complaint_stands_in_the_total_ledger_of_those_who_may_know_it_and_in_no_sections(
    office: Office, about: dict[str, str], readers: set[str]
) -> None:
    """The subject never sees it, in no list and no count (design 4)."""
    number = office.file(category="complaint", about=about)["number"]
    for name in ("general", "discipline", "principal"):
        book = ledger(office, name, scope="unit").json
        assert ([item["number"] for item in book["items"]] == [number]) is (name in readers)
        assert book["totals"]["counted"] == book["totals"]["category"]["complaint"] == (name in readers)
        assert office.staff(name).get("/staff/ledger/years?scope=unit").json["years"] == [2026] * (
            name in readers
        )
    for name in ("window_a", "window_head", "deputy_leader", "general"):
        book = ledger(office, name, scope="section", section=office.org.window.section.id).json
        assert (book["items"], book["totals"]["counted"]) == ([], 0)


def test_what_turns_into_a_complaint_leaves_the_sections_ledger(office: Office) -> None:
    filed = office.file()
    assert len(ledger(office, "window_a").json["items"]) == 1
    body = {"category": "complaint", "reason": "其实是投诉", "about": {"kind": "section"}}
    assert office.act("window_a", filed["number"], "classification", body).status_code == 200
    assert ledger(office, "window_a").json["items"] == []
    [line] = ledger(office, "discipline", scope="unit").json["items"]
    assert (line["restricted"], line["section"], line["category_label"]) == (True, None, "投诉")


def test_the_citizens_own_grade_shows_from_monday_on_and_in_the_total_ledger_alone(office: Office) -> None:
    """泸 附件2“群众满意度”; design 5: no rating changes any time or order that staff see."""
    filed = closed(office)
    before = {name: ledger(office, name, scope=scope).json["items"]
              for name, scope in (("window_a", "section"), ("general", "unit"))}  # fmt: skip
    body = {"grade": "dissatisfied", "share_with_section": False}
    office.citizen(filed["tracking_token"]).post(f"/inquiries/{filed['number']}/rating", body)
    for name, scope in (("window_a", "section"), ("general", "unit")):
        assert ledger(office, name, scope=scope).json["items"] == before[name], "not before Monday"
    office.clock.forward(days=8)
    [copy] = ledger(office, "window_a").json["items"]
    assert (copy["grade"], copy["grade_note"]) == (None, "已评价（保密）")
    [total] = ledger(office, "general", scope="unit").json["items"]
    assert (total["grade"], total["grade_note"]) == ("dissatisfied", None)
    [printed] = ledger(office, "general", scope="section", section=office.org.window.section.id).json["items"]
    assert printed["grade"] is None, "a 分台账 is the section's copy, whoever prints it"
    [leader] = ledger(office, "principal", scope="unit").json["items"]
    assert (leader["grade"], leader["grade_note"]) == (None, "已评价（保密）")


def test_the_grade_of_a_call_fills_the_box_at_once(office: Office) -> None:
    """泸 附件2“回访时间”."""
    filed = closed(office)
    office.act("window_a", filed["number"], "follow-ups", {"result": "answered", "grade": "fair"})
    [line] = ledger(office, "window_a").json["items"]
    assert (line["grade"], line["follow_up_result_label"]) == ("fair", "已答复")
    assert line["followed_up_text"] == "2026年11月16日 09:00"


def test_a_late_entry_is_marked_and_stands_in_its_year(office: Office) -> None:
    """泸 附件2“备注”."""
    body = {
        "channel": "visit",
        "category": "consult",
        "content": "来访",
        "occurred_at": "2026-11-13T09:00:00+08:00",
    }
    office.staff("window_a").post("/staff/inquiries", body)
    [line] = ledger(office, "window_a").json["items"]
    assert (line["late_entry"], line["remarks"]) == (True, ["补录"])
    assert line["received_text"] == "2026年11月13日 09:00"


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ({"scope": "village"}, 422, "/scope"),
        ({"year": "26"}, 422, "/year"),
        ({"year": "0000"}, 422, "/year"),
        ({"year": "９９９９"}, 422, "/year"),
        ({"order": "sideways"}, 422, "/order"),
        ({"scope": "unit", "section": "0" * 32}, 422, "/section"),
        ({"cursor": "nonsense"}, 400, None),
        ({"year": "2199"}, 200, None),
    ],
)
def test_bad_questions_are_answered_with_what_is_wrong(office: Office, query, status, pointer) -> None:
    answer = ledger(office, "general", **query)
    assert answer.status_code == status
    if pointer:
        assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    if status == 200:
        assert (answer.json["items"], answer.json["totals"]["counted"]) == ([], 0)


def test_which_books_there_are_is_told_with_the_years(office: Office) -> None:
    office.file()
    told = office.staff("general").get("/staff/ledger/years?scope=unit").json
    assert (told["years"], told["this_year"], told["scopes"]) == ([2026], 2026, ["section", "unit"])
    assert office.org.window.section.id in {section["id"] for section in told["sections"]}
    mine = office.staff("window_a").get("/staff/ledger/years").json
    assert (mine["scopes"], [section["id"] for section in mine["sections"]]) == (
        ["section"],
        [office.org.window.section.id],
    )
