"""Naming the matter: its limit runs from receipt, with where it comes from beside it (坛 五、六（一）、十（一）2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import errors, rows
from tests.delivery.office import at
from tests.support.app import Office
from tests.support.rules import CARD, PERMIT, PLAIN, matter_ids, take

STATED = {"regime": "petition", "days": 60, "basis": "《信访工作条例》第三十四条"}


@pytest.fixture
def catalogue(office: Office) -> dict[str, str]:
    """The 事项目录 of the window's unit: ids by name."""
    take(office, office.org.unit, matters=[PERMIT, CARD, PLAIN])
    return matter_ids(office, office.org.unit)


def clocks(office: Office, number: str, name: str = "window_a") -> dict[str, dict[str, Any]]:
    """The limits by their duty."""
    seen = office.staff(name).get(f"/staff/inquiries/{number}").json
    return {clock["duty"]: clock for clock in seen["clocks"]}


def test_an_entry_of_the_catalogue_brings_its_promised_days_and_its_basis(
    office: Office, catalogue: dict[str, str]
) -> None:
    filed = office.file(category="application", written=True)
    number = filed["number"]
    answer = office.act("window_a", number, "matter", {"matter": catalogue["社会保障卡补领"]})
    assert (answer.status_code, answer.json["event"]) == (200, "matter_named")
    limits = clocks(office, number)
    # 坛 六（四）: named as ours, it is not another unit's.
    assert limits["written-transfer"]["state"] == "cancelled"
    limit = limits["handling-limit"]
    assert limit["due_at"] == "2026-11-23T17:30:00+08:00"
    assert limit["basis"] == {
        "kind": "promised",
        "label": "承诺时限",
        "days": 5,
        "text": CARD["basis"],
        "matter": {"id": catalogue["社会保障卡补领"], "name": "社会保障卡补领"},
        "regime_label": None,
    }
    told = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}").json["timeline"][-1]
    assert told["title"] == "认定为“社会保障卡补领”，承诺时限 5 个工作日"


def test_late_naming_gains_no_time(office: Office, catalogue: dict[str, str]) -> None:
    number = office.file(category="application", written=True)["number"]
    office.clock.set(at("2026-11-20 09:00"))
    assert office.act("window_a", number, "matter", {"matter": catalogue["档案查询"]}).status_code == 200
    limit = clocks(office, number)["handling-limit"]
    assert limit["starts_at"] == "2026-11-16T09:00:00+08:00"
    assert (limit["due_at"], limit["state"]) == ("2026-11-19T17:30:00+08:00", "overdue")


def test_in_a_second_round_it_runs_from_the_reopening(office: Office, catalogue: dict[str, str]) -> None:
    filed = office.file(category="application", written=True)
    number = filed["number"]
    office.act("window_a", number, "closing", {"outcome": "completed", "reply": "办好了"})
    office.clock.set(at("2026-11-25 09:00"))
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{number}/reopening", {"reason": "没有办好"}).status_code == 200
    assert office.act("window_a", number, "matter", {"matter": catalogue["档案查询"]}).status_code == 200
    assert clocks(office, number)["handling-limit"]["starts_at"] == "2026-11-25T09:00:00+08:00"


def test_tan_5_another_regime_is_cited_beside_and_prevails(office: Office, catalogue: dict[str, str]) -> None:
    """坛 五: 另有规定的，从其规定."""
    number = office.file()["number"]
    assert office.act("window_a", number, "matter", {"matter": catalogue["食品经营许可"]}).status_code == 200
    limits = clocks(office, number)
    assert limits["answer-consult"]["state"] == "cancelled"
    assert limits["superior-law"]["short_clause"] == "第五条"
    assert limits["superior-law"]["basis"]["regime_label"] == "行政许可"
    assert limits["superior-law"]["basis"]["kind"] == "legal"
    assert limits["superior-law"]["due_at"] == "2026-12-14T17:30:00+08:00"


def test_tan_5_staff_state_a_regime_that_is_not_in_the_catalogue(office: Office) -> None:
    """坛 五: with the law it stands in, in words."""
    filed = office.file(category="report", written=True)
    number = filed["number"]
    assert office.act("window_a", number, "matter", STATED).status_code == 200
    limit = clocks(office, number)["superior-law"]
    assert (limit["basis"]["text"], limit["basis"]["days"]) == (STATED["basis"], 60)
    told = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}").json["timeline"][-1]
    assert told["title"] == "认定为“信访”，法定时限 60 个工作日"
    assert told["text"] == f"时限依据：{STATED['basis']}"


def test_lu_has_no_such_clause_and_the_limit_is_the_handling_limit(office: Office) -> None:
    """泸 二（二）2 按时办结."""
    number = office.file(sign=office.org.lu_window.sign.code)["number"]
    assert office.act("lu_window_a", number, "matter", STATED).status_code == 200
    assert set(clocks(office, number, "lu_window_a")) == {"handling-limit"}


def test_one_stated_limit_runs_at_a_time_and_another_regime_prevails_over_it(
    office: Office, catalogue: dict[str, str]
) -> None:
    number = office.file(category="application", written=True)["number"]
    assert office.act("window_a", number, "matter", {"matter": catalogue["档案查询"]}).status_code == 200
    again = office.act("window_a", number, "matter", {"matter": catalogue["社会保障卡补领"]})
    assert (again.status_code, again.json["code"]) == (409, "limit_already_stated")
    acts = {a["name"] for a in office.staff("window_a").get(f"/staff/inquiries/{number}").json["actions"]}
    assert "name_matter" in acts
    assert office.act("window_a", number, "matter", STATED).status_code == 200
    limits = clocks(office, number)
    assert (limits["handling-limit"]["state"], limits["superior-law"]["state"]) == ("cancelled", "running")
    for body in (STATED, {"matter": catalogue["档案查询"]}):
        refused = office.act("window_a", number, "matter", body)
        assert (refused.status_code, refused.json["code"]) == (409, "limit_already_stated")
    acts = {a["name"] for a in office.staff("window_a").get(f"/staff/inquiries/{number}").json["actions"]}
    assert "name_matter" not in acts


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/regime", "conditionally_required"),
        ({"regime": "permit"}, "/days", "conditionally_required"),
        ({"regime": "permit", "days": 20}, "/basis", "conditionally_required"),
        ({"days": 20, "basis": "《某法》"}, "/regime", "conditionally_required"),
        ({"regime": "parking", "days": 20, "basis": "《某法》"}, "/regime", "choice_invalid"),
        ({**STATED, "days": 367}, "/days", "value_invalid"),
        ({**STATED, "days": 0}, "/days", "value_invalid"),
        ({**STATED, "basis": "法" * 501}, "/basis", "text_too_long"),
        ({**STATED, "basis": "a\0b"}, "/basis", "text_invalid"),
        ({"matter": "0" * 32}, "/matter", "value_invalid"),
        ({"matter": "nowhere"}, "/matter", "value_invalid"),
        ({"matter": ""}, "/matter", "value_invalid"),
        ({"matter": None}, "/matter", "null_not_allowed"),
    ],
)
def test_what_is_no_matter_and_no_stated_limit_is_refused(
    office: Office, body: dict[str, Any], pointer: str, code: str
) -> None:
    number = office.file()["number"]
    before = rows(office)
    answer = office.act("window_a", number, "matter", body)
    assert answer.status_code == 422, answer.json
    assert errors(answer) == [(pointer, code)]
    assert rows(office) == before


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("more", [{"regime": "permit"}, {"days": 3}, {"basis": "《某法》"}])
def test_an_entry_of_the_catalogue_says_all_the_rest_itself(
    office: Office, catalogue: dict[str, str], more: dict[str, Any]
) -> None:
    number = office.file()["number"]
    answer = office.act("window_a", number, "matter", {"matter": catalogue["档案查询"], **more})
    assert [pointer for pointer, _ in errors(answer)] == [f"/{name}" for name in more]


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_entry_that_ended_or_is_another_units_is_none_of_ours(
    office: Office, catalogue: dict[str, str]
) -> None:
    take(office, office.org.neighbour, matters=[PLAIN])
    elsewhere = matter_ids(office, office.org.neighbour)["档案查询"]
    take(office, office.org.unit, matters=[CARD])
    number = office.file()["number"]
    for matter in (elsewhere, catalogue["档案查询"]):
        assert errors(office.act("window_a", number, "matter", {"matter": matter})) == [
            ("/matter", "value_invalid")
        ]


def test_only_the_holder_names_it_and_not_while_an_offer_waits(
    office: Office, catalogue: dict[str, str]
) -> None:
    org, number = office.org, office.file()["number"]
    body = {"matter": catalogue["档案查询"]}
    refused = office.act("window_head", number, "matter", body)
    assert (refused.status_code, refused.json["code"]) == (403, "not_holder")
    target = {"to_unit": org.unit.id, "to_section": org.business.section.id, "reason": "属于业务科"}
    assert office.act("window_a", number, "handoffs", target).status_code == 201
    waiting = office.act("window_a", number, "matter", body)
    assert (waiting.status_code, waiting.json["code"]) == (409, "illegal_transition")


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_limit_that_the_catalogue_does_not_have_is_a_fact_for_those_who_supervise(office: Office) -> None:
    """坛 五: 从其规定 is stated by whoever handles it; that the 事项目录 has no such entry is shown as a fact."""
    number = office.file(category="application")["number"]
    stated = {"regime": "petition", "days": 60, "basis": "《信访工作条例》第三十四条"}
    assert office.act("window_a", number, "matter", stated).status_code == 200
    shown = office.staff("discipline").get(f"/staff/inquiries/{number}").json["signals"]
    assert [(signal["kind"], signal["evidence"][0]["handoff"]) for signal in shown] == [
        ("outside_catalogue", None)
    ]
    assert "60 个工作日" in shown[0]["evidence"][0]["text"]
    assert office.staff("window_a").get(f"/staff/inquiries/{number}").json["signals"] == []
