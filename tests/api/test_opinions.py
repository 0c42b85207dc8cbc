"""`…/opinions`: one line, many at a stroke, all or none (泸 附件2“科室负责人意见”、附件2“分管领导意见”)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import rows
from tests.support.app import Office


def give(office: Office, name: str, number: str, role: str = "section_head", text: str = "同意") -> Any:
    return office.act(name, number, "opinions", {"role": role, "text": text})


def line(office: Office, name: str = "window_a") -> dict[str, Any]:
    return dict(office.staff(name).get("/staff/ledger").json["items"][0])


def test_an_opinion_stands_on_the_line_in_the_detail_and_on_the_timeline_of_staff_alone(
    office: Office,
) -> None:
    filed = office.file()
    given = give(office, "window_head", filed["number"])
    assert (given.status_code, given.json["event"]) == (201, "signed_off")
    give(office, "deputy_leader", filed["number"], "deputy_leader", "请抓紧")
    shown = line(office)
    assert (shown["section_head_opinion"]["text"], shown["deputy_leader_opinion"]["text"]) == (
        "同意",
        "请抓紧",
    )
    assert shown["section_head_opinion"]["by"] == office.org.people["window_head"].name
    detail = office.staff("window_a").get(f"/staff/inquiries/{filed['number']}").json
    assert [opinion["id"] for opinion in detail["opinions"] if opinion["current"]]
    assert "签署意见：科室负责人意见" in [entry["title"] for entry in detail["timeline"]]
    citizen = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    assert "signed_off" not in [entry["event"] for entry in citizen["timeline"]]


def test_a_later_one_takes_the_place(office: Office) -> None:
    filed = office.file()
    for text in ("先核实", "同意"):
        give(office, "window_head", filed["number"], text=text)
    assert line(office)["section_head_opinion"]["text"] == "同意"
    detail = office.staff("window_head").get(f"/staff/inquiries/{filed['number']}").json
    assert [(o["text"], o["current"]) for o in detail["opinions"]] == [("先核实", False), ("同意", True)]


def test_nothing_moves_and_nothing_waits(office: Office) -> None:
    filed = office.file()
    version = office.version(filed["number"], "window_a")
    give(office, "window_head", filed["number"])
    assert office.version(filed["number"], "window_a") == version
    closing = {"outcome": "answered", "reply": "好"}
    assert office.act("window_a", filed["number"], "closing", closing).status_code == 200
    assert give(office, "window_head", filed["number"], text="已阅").status_code == 201


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("window_a", "section_head", 403),
        ("window_head", "deputy_leader", 422),
        ("general", "section_head", 403),
        ("principal", "deputy_leader", 201),
        ("principal", "section_head", 422),
        ("business_head", "section_head", 404),
    ],
)
def test_each_signs_in_their_own_capacity(office: Office, name: str, role: str, status: int) -> None:
    number = office.file()["number"]
    version = office.version(number, "window_a")
    body = {"role": role, "text": "同意"}
    answer = office.staff(name).post(f"/staff/inquiries/{number}/opinions", body, version=version)
    assert answer.status_code == status
    detail = office.staff("window_a").get(f"/staff/inquiries/{number}").json
    assert len(detail["opinions"]) == (status == 201)


def test_who_may_sign_is_told_how(office: Office) -> None:
    number = office.file()["number"]
    for name, roles in (
        ("window_a", []),
        ("window_head", ["section_head"]),
        ("principal", ["deputy_leader"]),
    ):
        detail = office.staff(name).get(f"/staff/inquiries/{number}").json
        assert [role["value"] for role in detail["opinion_roles"]] == roles
        assert ("sign_off" in [action["name"] for action in detail["actions"]]) is bool(roles)


def test_many_are_signed_at_one_stroke_and_a_replay_signs_none_again(office: Office) -> None:
    sent = [office.file()["number"] for _ in range(3)]
    body = {"numbers": [*sent, sent[0]], "role": "section_head", "text": "已阅"}
    first = office.staff("window_head").post("/staff/opinions", body, key="the-same-key-twice")
    assert (first.status_code, first.json["count"]) == (201, 3)
    assert [item["number"] for item in first.json["items"]] == sorted(sent)
    before = rows(office)["opinions"]
    again = office.staff("window_head").post("/staff/opinions", body, key="the-same-key-twice")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert rows(office)["opinions"] == before == 3


def test_if_one_cannot_be_signed_none_is_and_each_is_named(office: Office) -> None:
    good = office.file()["number"]
    others = office.file(sign=office.org.business.sign.code)["number"]
    hidden = office.file(category="complaint")["number"]
    before = rows(office)
    body = {"numbers": [good, others, hidden, "2026-NOPE"], "role": "section_head", "text": "已阅"}
    answer = office.staff("window_head").post("/staff/opinions", body)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [
        ("/numbers/1", "inquiry_unknown"),
        ("/numbers/2", "inquiry_unknown"),
        ("/numbers/3", "inquiry_unknown"),
    ]
    details = {error["detail"] for error in answer.json["errors"]}
    assert len(details) == 1, "a complaint about the section looks like one that does not exist"
    assert rows(office) == before


@pytest.mark.parametrize("numbers", [[], ["x"] * 201, "x", [1], None])
def test_a_stroke_names_one_to_two_hundred(office: Office, numbers: Any) -> None:
    body = {"numbers": numbers, "role": "section_head", "text": "已阅"}
    assert office.staff("window_head").post("/staff/opinions", body).status_code == 422
