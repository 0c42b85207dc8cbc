"""内容复核: people look at what a machine doubts; nothing is held up, nothing is removed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.database import reading
from backend.domain.vocabulary import Role
from backend.models import ContentCheck, Inquiry, LedgerEntry, Staff
from backend.queries.reviews import reviews_waiting
from backend.services.organising import grant_role
from tests.api.asking import errors, rows
from tests.delivery.test_duties import plans
from tests.support.app import Office, new_key

DOUBTFUL = "加我微信，刷单兼职，月入过万"
PEOPLE = (
    "window_a", "window_b", "window_head", "business_a", "general", "discipline", "principal", "deputy_leader",
    "overseer", "auditor", "sysadmin", "neighbour_general", "lu_general",
)  # fmt: skip


def waiting(office: Office, name: str) -> list[dict[str, Any]]:
    answer = office.staff(name).get("/staff/reviews")
    assert answer.status_code == 200, answer.json
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def decide(office: Office, name: str, review_id: str, decision: str = "folded", **more: Any) -> Any:
    return office.staff(name).post(f"/staff/reviews/{review_id}", {"decision": decision} | more)


def detail(office: Office, number: str, name: str = "window_a") -> dict[str, Any]:
    shown: dict[str, Any] = office.staff(name).get(f"/staff/inquiries/{number}").json
    return shown


SEERS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "an ordinary one: the general post and the discipline": ({}, {"general", "discipline"}),
    "a complaint about a section: whoever reads it of them": (
        {"category": "complaint", "about": {"kind": "section"}},
        {"general", "discipline"},
    ),
    "a complaint about the unit or its head: the lead office that holds it": (
        {"category": "complaint", "about": {"kind": "unit"}},
        {"overseer"},
    ),
}


@pytest.mark.parametrize("case", SEERS)
def test_who_looks_and_for_everybody_else_it_does_not_exist(office: Office, case: str) -> None:
    changes, seers = SEERS[case]
    filed = office.file(content=DOUBTFUL, **changes)
    office.file(content="请问几点下班？")
    with office.looking() as work:
        review_id = work.session.scalars(select(ContentCheck.id).where(ContentCheck.state == "review")).one()
    for name in PEOPLE:
        found = [item["number"] for item in waiting(office, name)]
        assert found == ([filed["number"]] if name in seers else []), name
        if name not in seers:
            refused = decide(office, name, review_id)
            unknown = decide(office, name, "0" * 32)
            assert (refused.status_code, unknown.status_code) == (404, 404), name
            assert refused.json["detail"] == unknown.json["detail"]
    assert decide(office, min(seers), review_id).status_code == 200


def test_a_reviewer_reads_what_it_is_and_why(office: Office) -> None:
    filed = office.file(content=DOUBTFUL)
    [item] = waiting(office, "general")
    assert {name: item[name] for name in ("part", "text", "reason", "checked_by", "found", "attachment")} == {
        "part": "提交的内容",
        "text": DOUBTFUL,
        "reason": "doubtful",
        "checked_by": "words",
        "found": "广告",
        "attachment": None,
    }
    assert item["display_number"] == filed["display_number"]
    with office.working() as work:
        [check] = work.session.scalars(select(ContentCheck))
        check.checked_by, check.label = "wechat", 20003
    assert waiting(office, "general")[0]["found"] == "辱骂"


def test_what_is_folded_stays_whole_and_opens_at_a_tap(office: Office) -> None:
    filed = office.file(content=DOUBTFUL)
    number = filed["number"]
    assert (detail(office, number)["content_folded"], detail(office, number)["version"]) == (False, 1)
    [item] = waiting(office, "discipline")
    answer = decide(office, "discipline", item["id"], note="广告")
    assert answer.status_code == 200
    assert (answer.json["event"], answer.json["decision"], answer.json["id"]) == (
        "reviewed",
        "folded",
        item["id"],
    )
    shown = detail(office, number)
    assert (shown["content_folded"], shown["content"], shown["version"]) == (True, DOUBTFUL, 1)
    filing, review = (
        next(e for e in shown["timeline"] if e["event"] == name) for name in ("filed", "reviewed")
    )
    assert (filing["folded"], filing["text"]) == (True, DOUBTFUL)
    assert (review["title"], review["text"]) == ("内容复核：复核后折叠显示", "说明：广告")
    # The citizen reads their own words as ever, and nothing of anybody's look at them.
    own = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}").json
    assert own["content"] == DOUBTFUL
    assert "reviewed" not in {entry["event"] for entry in own["timeline"]}
    assert not any(entry["folded"] for entry in own["timeline"])
    assert waiting(office, "general") == []
    # Acting goes on as if nothing had been.
    assert (
        office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"}).status_code == 200
    )


def test_it_is_said_once_and_a_repetition_is_answered_alike(office: Office) -> None:
    office.file(content=DOUBTFUL)
    [item] = waiting(office, "general")
    path, body, key = f"/staff/reviews/{item['id']}", {"decision": "cleared"}, new_key()
    first = office.staff("general").post(path, body, key=key)
    again = office.staff("general").post(path, body, key=key)
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    second = decide(office, "discipline", item["id"])
    assert (second.status_code, second.json["code"]) == (409, "review_decided")
    with office.looking() as work:
        assert (
            len(work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == "reviewed")).all()) == 1
        )


def test_bad_decisions_are_refused_and_change_nothing(office: Office) -> None:
    office.file(content=DOUBTFUL)
    [item] = waiting(office, "general")
    before = rows(office)
    path = f"/staff/reviews/{item['id']}"
    for body, wrong in [
        ({}, {"/decision"}),
        ({"decision": "review"}, {"/decision"}),
        ({"decision": "passed"}, {"/decision"}),
        ({"decision": "deleted"}, {"/decision"}),
        ({"decision": "folded", "note": "x" * 501}, {"/note"}),
        ({"decision": "folded", "note": "\x00"}, {"/note"}),
        ({"decision": "folded", "text": "改写"}, {"/text"}),
    ]:
        answer = office.staff("general").post(path, body)
        assert (answer.status_code, {pointer for pointer, _ in errors(answer)}) == (422, wrong)
    for unknown in ("x", "0" * 32, "%00", "é"):
        assert (
            office.staff("general").post(f"/staff/reviews/{unknown}", {"decision": "folded"}).status_code
            == 404
        )
    bad_cursor = office.staff("general").get("/staff/reviews?cursor=x")
    assert (bad_cursor.status_code, bad_cursor.json["code"]) == (400, "cursor_invalid")
    assert rows(office) == before


def comment_on(office: Office, closer: str, **changes: Any) -> tuple[dict[str, Any], str]:
    """A doubtful comment on the grade of what this person closed: what was filed, and its check."""
    filed = office.file(**changes)
    number = filed["number"]
    closed = office.act(closer, number, "closing", {"outcome": "answered", "reply": "好"})
    assert closed.status_code == 200, closed.json
    rated = office.citizen(filed["tracking_token"]).post(
        f"/inquiries/{number}/rating", {"grade": "dissatisfied", "comment": DOUBTFUL}
    )
    assert rated.status_code == 201
    with office.looking() as work:
        [check_id] = work.session.scalars(select(ContentCheck.id).where(ContentCheck.state == "review"))
    return filed, check_id


def test_a_comment_on_a_rating_waits_until_staff_may_learn_of_the_rating(office: Office) -> None:
    """Design 5: staff see ratings in weekly batches; no list, no entry gives one away before."""
    filed, check_id = comment_on(office, "window_a")
    assert waiting(office, "discipline") == []
    assert decide(office, "discipline", check_id).status_code == 404
    office.clock.forward(days=7)
    [item] = waiting(office, "discipline")
    assert (item["part"], item["text"]) == ("评价里的话", DOUBTFUL)
    before = detail(office, filed["number"])["timeline"]
    assert decide(office, "discipline", item["id"]).json["event"] == "comment_reviewed"
    assert detail(office, filed["number"])["timeline"] == before
    own = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    assert "comment_reviewed" not in {entry["event"] for entry in own["timeline"]}


COMPLAINT = {"category": "complaint", "about": {"kind": "section"}}


@pytest.mark.parametrize(
    ("closer", "changes", "readers"),
    [("window_a", {}, {"discipline"}), ("discipline", COMPLAINT, set())],
)
def test_a_comment_is_for_discipline_alone_and_never_for_who_handled_the_matter(
    office: Office, closer: str, changes: dict[str, Any], readers: set[str]
) -> None:
    """The grade is confidential towards those it is about, and so is what stands beside it."""
    _, check_id = comment_on(office, closer, **changes)
    office.clock.forward(days=7)
    assert {name for name in PEOPLE if waiting(office, name)} == readers
    refused = {name for name in ("general", "discipline", "window_head") if name not in readers}
    assert {decide(office, name, check_id).status_code for name in refused} == {404}


def test_whoever_closed_the_round_in_anothers_place_does_not_read_the_comment(office: Office) -> None:
    comment_on(office, "window_a")
    office.clock.forward(days=7)
    assert waiting(office, "discipline")
    with office.working() as work:
        [inquiry] = work.session.scalars(select(Inquiry))
        inquiry.closed_by_id = office.org.people["discipline"].id
    assert waiting(office, "discipline") == []


def test_a_comment_that_was_taken_back_is_looked_at_by_nobody(office: Office) -> None:
    filed, _ = comment_on(office, "window_a")
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.put(f"/inquiries/{filed['number']}/rating", {"grade": "fair"}).status_code == 200
    office.clock.forward(days=7)
    assert waiting(office, "discipline") == []


def test_the_queue_of_a_unit_goes_by_its_own_part_of_the_index(office: Office) -> None:
    with office.looking() as work:
        who = office.org.identity("general")
    with office.app.app_context(), plans() as steps, reading() as session:
        reviews_waiting(replace(work, session=session), who)
    assert any("ix_content_checks_to_review (unit_id=?" in step for step in steps)


def test_the_list_goes_on_page_by_page_and_follows_the_inquiry_into_the_next_unit(office: Office) -> None:
    filed = []
    for _ in range(23):
        filed.append(office.file(content=DOUBTFUL)["number"])
        office.clock.forward(seconds=1)
    first = office.staff("general").get("/staff/reviews").json
    rest = office.staff("general").get(f"/staff/reviews?cursor={first['next_cursor']}").json
    assert [item["number"] for item in first["items"] + rest["items"]] == filed
    assert (len(first["items"]), rest["next_cursor"]) == (20, None)
    made = office.act(
        "window_a", filed[0], "handoffs", {"to_unit": office.org.neighbour.id, "reason": "属于人社局"}
    ).json
    version = office.version(filed[0], "neighbour_general")
    office.staff("neighbour_general").post(f"/staff/handoffs/{made['id']}/acceptance", {}, version=version)
    assert [item["number"] for item in waiting(office, "neighbour_general")] == [filed[0]]
    assert filed[0] not in {item["number"] for item in waiting(office, "general")}


def test_the_right_to_review_comes_and_goes_with_the_role(office: Office) -> None:
    number = office.file(sign=office.org.lu_window.sign.code, content=DOUBTFUL)["number"]
    with office.working() as work:
        judge = work.session.get_one(Staff, office.org.people["lu_office_head"].id)
        grant_role(work, judge, Role.DISCIPLINE)
    assert [item["number"] for item in waiting(office, "lu_office_head")] == [number]
    with office.working() as work:
        judge = work.session.get_one(Staff, office.org.people["lu_office_head"].id)
        for grant in judge.grants:
            if grant.role is Role.DISCIPLINE:
                work.session.delete(grant)
    assert waiting(office, "lu_office_head") == []
