"""A complaint goes to somebody it is not about, and those it is about never learn that it exists."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Holding, Inquiry, OutboxItem, Post, PostDeputy, Staff
from backend.services.organising import set_absence
from tests.api.asking import errors
from tests.support.app import Office


def complain(office: Office, sign: str, kind: str | None = None, **changes: Any) -> dict[str, Any]:
    desk = getattr(office.org, sign)
    about = {"about": {"kind": kind, "name": "穿蓝衣服的"}} if kind else {}
    return office.file(
        sign=getattr(desk, "sign", desk).code, category="complaint", content="态度差", **about, **changes
    )


def change(office: Office, model: Any, thing: Any, **values: Any) -> None:
    with office.working() as work:
        row = work.session.get_one(model, thing.id)
        for name, value in values.items():
            setattr(row, name, value)


def away(office: Office, *names: str) -> None:
    with office.working() as work:
        for name in names:
            set_absence(work, work.session.get_one(Staff, office.org.people[name].id), starts_at=work.now)


def held_at(office: Office, number: str) -> str:
    with office.looking() as work:
        holding = work.session.scalars(
            select(Holding).join(Inquiry).where(Inquiry.number == number, Holding.ended_at.is_(None))
        ).one()
        post = work.session.get(Post, holding.post_id) if holding.post_id else None
        staff = work.session.get(Staff, holding.staff_id) if holding.staff_id else None
        names = {person.id: name for name, person in office.org.people.items()}
        return f"{post.kind.value} of {holding.unit.name}" if post else names[staff.id] if staff else ""


DISCIPLINE = "discipline of 金坛区行政审批局"
GENERAL = "general of 金坛区行政审批局"
OVERSIGHT = "oversight of 金坛区作风建设领导小组办公室"

# sign, about, whose post takes it, who is kept from it, who may see it
ROUTES = [
    (
        "window",
        None,
        DISCIPLINE,
        ["window_a", "window_b", "window_head"],
        ["discipline", "general", "principal"],
    ),
    ("window", "sign_holder", DISCIPLINE, ["window_a", "window_b", "window_head"], ["discipline", "general"]),
    ("window", "section", DISCIPLINE, ["window_a", "window_b", "window_head"], ["discipline", "principal"]),
    ("window", "other", DISCIPLINE, ["window_a", "window_b", "window_head"], ["discipline"]),
    (
        "window",
        "unit",
        OVERSIGHT,
        ["window_a", "business_a", "office_a", "general", "discipline", "principal"],
        ["overseer"],
    ),
    (
        "office",
        "section",
        DISCIPLINE,
        ["office_a", "office_b", "office_head", "general"],
        ["discipline", "principal"],
    ),
    (
        "general_sign",
        "sign_holder",
        OVERSIGHT,
        ["general", "office_a", "window_a", "discipline", "principal"],
        ["overseer"],
    ),
    ("general_sign", "unit", OVERSIGHT, ["general", "discipline", "principal"], ["overseer"]),
    ("general_sign", None, OVERSIGHT, ["general", "principal", "discipline"], ["overseer"]),
    ("general_sign", "other", OVERSIGHT, ["general", "principal", "discipline"], ["overseer"]),
]


def assert_unseen(office: Office, name: str, filed: dict[str, Any]) -> None:
    """Nothing of it in any list, count, detail or write; a 404 is that of a number which does not exist."""
    who, number = office.staff(name), filed["number"]
    for box in ("offered", "mine", "section", "unit", "closed"):
        assert number not in who.get(f"/staff/inquiries?box={box}").get_data(as_text=True), (name, box)
    assert set(who.get("/staff/me").json["counts"].values()) == {0}, name
    calls = [
        lambda n: who.get(f"/staff/inquiries/{n}"),
        lambda n: who.post(f"/staff/inquiries/{n}/confirmation", {}, version=1),
        lambda n: who.post(
            f"/staff/inquiries/{n}/closing", {"outcome": "answered", "reply": "好"}, version=1
        ),
        lambda n: who.post(f"/staff/inquiries/{n}/assignment", {"to_staff": "x"}, version=1),
        lambda n: who.get(f"/staff/inquiries/{n}/attachments/{'0' * 32}"),
    ]
    for call in calls:
        real, made_up = call(number), call("2026000000000")
        assert real.status_code == 404, name
        assert {**real.json, "request_id": ""} == {**made_up.json, "request_id": ""}, name


def told_of(office: Office, number: str) -> set[str]:
    """Whom the outbox has a message for."""
    names = {person.id: name for name, person in office.org.people.items()}
    with office.looking() as work:
        items = work.session.scalars(
            select(OutboxItem)
            .join(Inquiry, OutboxItem.inquiry_id == Inquiry.id)
            .where(Inquiry.number == number, OutboxItem.recipient_kind == "staff")
        )
        return {names[str(item.recipient_id)] for item in items}


def test_a_complaint_goes_past_those_it_is_about(office: Office, subtests) -> None:
    for sign, about, post, hidden, seen in ROUTES:
        with subtests.test(sign, about=about):
            filed = complain(office, sign, about)
            assert held_at(office, filed["number"]) == post
            assert not told_of(office, filed["number"]) & set(hidden)
            for name in seen:
                shown = office.staff(name).get(f"/staff/inquiries/{filed['number']}")
                assert shown.status_code == 200, name
                assert shown.json["confidential"] is True
            for name in [*hidden, "business_a", "neighbour_general", "auditor", "sysadmin"]:
                answer = office.staff(name).get(f"/staff/inquiries/{filed['number']}")
                assert answer.status_code == 404, name


@pytest.mark.parametrize(
    ("about", "hidden"),
    [
        ("sign_holder", ["window_a", "window_b", "window_head"]),
        ("section", ["window_a", "window_b", "window_head"]),
        ("unit", ["window_a", "general", "principal", "discipline", "deputy_leader"]),
    ],
)
def test_nothing_shows_to_its_subject_wherever_they_look(office: Office, about, hidden) -> None:
    filed = complain(office, "window", about)
    for name in hidden:
        assert_unseen(office, name, filed)
    keeper = "overseer" if about == "unit" else "discipline"
    assert told_of(office, filed["number"]) == {keeper}
    assert (
        office.act(keeper, filed["number"], "closing", {"outcome": "answered", "reply": "已核实"}).status_code
        == 200
    )
    office.citizen(filed["tracking_token"]).post(
        f"/inquiries/{filed['number']}/reopening", {"reason": "再查"}
    )
    for name in hidden:
        assert_unseen(office, name, filed)
    assert not told_of(office, filed["number"]) & set(hidden)


def test_it_is_never_handed_or_assigned_to_its_subject(office: Office, subtests) -> None:
    org = office.org
    for about, by, targets in (
        (
            "sign_holder",
            "discipline",
            [{"to_section": org.window.section.id}, {"to_staff": org.people["window_b"].id}],
        ),
        (
            "section",
            "discipline",
            [{"to_section": org.window.section.id}, {"to_staff": org.people["window_a"].id}],
        ),
        (
            "unit",
            "overseer",
            [
                {"to_unit": org.unit.id},
                {"to_section": org.business.section.id},
                {"to_staff": org.people["discipline"].id},
            ],
        ),
    ):
        filed = complain(office, "window", about)
        for to in targets:
            with subtests.test(about, to=to):
                answer = office.act(by, filed["number"], "handoffs", {"reason": "请核实", **to})
                assert (answer.status_code, answer.json["code"]) == (409, "subject_conflict")
    filed = complain(office, "window", "section")
    answer = office.act("general", filed["number"], "assignment", {"to_staff": org.people["window_b"].id})
    assert (answer.status_code, answer.json["code"]) == (409, "subject_conflict")
    answer = office.act("general", filed["number"], "assignment", {"to_staff": org.people["business_a"].id})
    assert answer.status_code == 200


def test_it_is_not_handed_to_a_unit_whose_only_keeper_it_is_about(office: Office) -> None:
    """About the office section, in which the general post's keeper sits; the lead office holds it."""
    away(office, "discipline")
    filed = complain(office, "office", "section")
    assert held_at(office, filed["number"]) == OVERSIGHT
    answer = office.act(
        "overseer", filed["number"], "handoffs", {"to_unit": office.org.unit.id, "reason": "请核实"}
    )
    assert (answer.status_code, answer.json["code"]) == (409, "subject_conflict")
    assert told_of(office, filed["number"]) == {"overseer"}


def test_missing_and_unstaffed_posts_are_passed_over(office: Office, subtests) -> None:
    org = office.org
    with subtests.test("no discipline post: the general post"):
        assert (
            held_at(office, complain(office, "neighbour_window", "section")["number"])
            == f"general of {org.neighbour.name}"
        )
    with subtests.test("discipline away: the general post"):
        away(office, "discipline")
        assert held_at(office, complain(office, "window", "section")["number"]) == GENERAL
    with subtests.test("general post away too: the lead office"):
        away(office, "general", "principal")
        assert held_at(office, complain(office, "window", "section")["number"]) == OVERSIGHT
    with subtests.test("nobody anywhere: the first post whose holder is merely away"):
        away(office, "overseer")
        filed = complain(office, "window", "section")
        assert held_at(office, filed["number"]) == DISCIPLINE
        assert filed["holder"]["post"]["kind"] == "discipline"
        assert told_of(office, filed["number"]) == set()


def test_without_any_post_of_the_chain_the_head_of_the_unit_bears_it(office: Office) -> None:
    org = office.org
    for post in (org.discipline_post, org.general_post, org.oversight_post):
        change(office, Post, post, is_active=False)
    filed = complain(office, "window", "section")
    assert held_at(office, filed["number"]) == "principal"
    assert_unseen(office, "window_head", filed)


def test_without_anybody_whom_it_is_not_about_the_words_are_kept_and_hidden(office: Office) -> None:
    """泸: no lead office above. The complaint about the unit is accepted, and nobody of the unit sees it."""
    filed = complain(office, "lu_window", "unit")
    for name in ("lu_window_a", "lu_general", "lu_office_head"):
        assert_unseen(office, name, filed)
    assert told_of(office, filed["number"]) == set()
    shown = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    assert shown["content"] == "态度差"


def test_a_keeper_whom_it_is_about_is_passed_over_for_another(office: Office) -> None:
    """The discipline post is kept by somebody of the very section complained about."""
    org = office.org
    change(office, Post, org.discipline_post, holder_id=org.people["window_b"].id)
    filed = complain(office, "window", "section")
    assert held_at(office, filed["number"]) == GENERAL
    assert_unseen(office, "window_b", filed)


def test_a_deputy_whom_it_is_about_gets_no_message_of_the_posts_complaints(office: Office) -> None:
    org = office.org
    with office.working() as work:
        deputy = PostDeputy(post_id=org.discipline_post.id, staff_id=org.people["window_b"].id, position=1)
        work.session.add(deputy)
    filed = complain(office, "window", "section")
    assert told_of(office, filed["number"]) == {"discipline"}
    assert_unseen(office, "window_b", filed)


def test_reopened_while_its_post_is_empty_it_does_not_fall_to_its_subject(office: Office) -> None:
    """About the office; discipline handled it and is away when it is reopened; the general post sits in the office."""
    filed = complain(office, "office", "section")
    assert (
        office.act(
            "discipline", filed["number"], "closing", {"outcome": "answered", "reply": "好"}
        ).status_code
        == 200
    )
    away(office, "discipline")
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{filed['number']}/reopening", {"reason": "没解决"}).status_code == 200
    assert held_at(office, filed["number"]) == OVERSIGHT
    assert_unseen(office, "general", filed)
    assert_unseen(office, "office_head", filed)
    assert told_of(office, filed["number"]) <= {"discipline", "overseer"}


def test_staff_register_a_complaint_without_keeping_it(office: Office) -> None:
    body = {
        "channel": "hotline",
        "category": "complaint",
        "content": "投诉窗口",
        "about": {"kind": "section"},
    }
    closing = {"closing": {"outcome": "answered", "reply": "好"}}
    refused = office.staff("window_a").post("/staff/inquiries", body | closing)
    assert errors(refused) == [("/closing", "value_invalid")]
    filed = office.staff("window_a").post("/staff/inquiries", body)
    assert filed.status_code == 201
    assert held_at(office, filed.json["number"]) == DISCIPLINE
    assert_unseen(office, "window_a", filed.json)


def test_the_named_subject_is_shown_to_whom_it_concerns_only(office: Office) -> None:
    filed = complain(office, "window", "other")
    shown = office.staff("discipline").get(f"/staff/inquiries/{filed['number']}").json
    assert shown["about"] == {"kind": "other", "kind_label": "其他", "name": "穿蓝衣服的"}
    assert "穿蓝衣服的" not in office.citizen(filed["tracking_token"]).get(
        f"/inquiries/{filed['number']}"
    ).get_data(as_text=True)
