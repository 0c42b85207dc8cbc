"""After the third refusal (系统设定 third-refusal), through the API: dispute, decision, holders, signals (坛 十（二）3)."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from backend.delivery import duties
from tests.api.asking import errors, rows
from tests.delivery.office import at
from tests.support.app import Office


def offer(office: Office, number: str, by: str = "window_a", **to: Any) -> Any:
    return office.act(by, number, "handoffs", {"reason": "属于对方职责"} | to)


def answer(office: Office, name: str, number: str, handoff: str, what: str, **body: Any) -> Any:
    version = office.version(number, name)
    return office.staff(name).post(f"/staff/handoffs/{handoff}/{what}", body, version=version)


def refuse(office: Office, number: str, times: int = 3, *, clause: str = "三定", between=False) -> None:
    for _ in range(times):
        target = (
            {"to_unit": office.org.neighbour.id}
            if between
            else {"to_section": office.org.business.section.id}
        )
        made = offer(office, number, **target)
        assert made.status_code == 201, made.json
        by = "neighbour_general" if between else "business_a"
        back = answer(office, by, number, made.json["id"], "return", reason="不归我们", clause=clause)
        assert back.status_code == 200, back.json


def decide(office: Office, name: str, number: str, dispute: str, what: str = "decision", **body: Any) -> Any:
    version = office.version(number, name)
    path = f"/staff/disputes/{dispute}/{what}"
    return office.staff(name).post(path, {"reason": "权责清单第三条"} | body, version=version)


def staff_view(office: Office, name: str, number: str) -> dict[str, Any]:
    shown: dict[str, Any] = office.staff(name).get(f"/staff/inquiries/{number}").json
    return shown


def disputes_of(office: Office, name: str) -> list[str]:
    page = office.staff(name).get("/staff/inquiries?box=disputes").json
    return [item["number"] for item in page["items"]]


def test_a_third_refusal_waits_for_the_general_posts_decision(office: Office) -> None:
    filed = office.file()
    number = filed["number"]
    refuse(office, number)
    refused = offer(office, number, to_section=office.org.office.section.id)
    assert (refused.status_code, refused.json["code"]) == (409, "dispute_pending")
    citizen = office.citizen(filed["tracking_token"])
    shown = citizen.get(f"/inquiries/{number}").json
    assert shown["dispute"]["level"] == "general_post"
    assert shown["dispute"]["arbiter_text"] == f"{office.org.unit.name} 首问责任总岗"
    assert shown["timeline"][-1]["event"] == "dispute_opened"
    assert shown["holder"]["section"]["id"] == office.org.window.section.id
    assert disputes_of(office, "general") == [number]
    assert disputes_of(office, "window_a") == disputes_of(office, "neighbour_general") == []
    acts = {action["name"] for action in staff_view(office, "general", number)["actions"]}
    assert {"decide_dispute", "escalate_dispute"} <= acts
    mine = {action["name"] for action in staff_view(office, "window_a", number)["actions"]}
    assert "close" in mine
    assert not mine & {"hand_over", "address_outside", "decide_dispute"}
    made = decide(
        office, "general", number, shown["dispute"]["id"], to_section=office.org.business.section.id
    )
    assert (made.status_code, made.json["event"], made.json["status"]) == (
        200,
        "dispute_decided",
        "confirmed",
    )
    shown = citizen.get(f"/inquiries/{number}").json
    assert shown["dispute"] is None
    assert shown["holder"]["section"]["id"] == office.org.business.section.id
    assert "由金坛区行政审批局 业务科承办" in shown["timeline"][-1]["title"]
    assert disputes_of(office, "general") == []


def test_between_units_the_lead_office_sees_and_decides_it(office: Office) -> None:
    """The dispute is its ground to see the case (design 1), and only while it waits."""
    number = office.file(category="application")["number"]
    assert office.staff("overseer").get(f"/staff/inquiries/{number}").status_code == 404
    refuse(office, number, between=True)
    dispute = staff_view(office, "overseer", number)["dispute"]
    assert (dispute["level"], dispute["arbiter_unit"]["id"]) == ("coordinator", office.org.lead.id)
    assert disputes_of(office, "overseer") == [number]
    made = decide(office, "overseer", number, dispute["id"], to_unit=office.org.neighbour.id)
    assert made.status_code == 200
    assert made.json["holder"]["unit"]["id"] == office.org.neighbour.id
    assert office.staff("overseer").get(f"/staff/inquiries/{number}").status_code == 404
    assert staff_view(office, "general", number)["disposition"] == "other_unit"


def test_who_decides_and_whom_it_names(office: Office) -> None:
    number = office.file()["number"]
    refuse(office, number)
    dispute = staff_view(office, "general", number)["dispute"]["id"]
    before = rows(office)
    for name, status, code in (
        ("window_a", 403, "role_required"),
        ("principal", 403, "role_required"),
        ("neighbour_general", 404, "not_found"),
        ("overseer", 404, "not_found"),
    ):
        for what in ("decision", "escalation"):
            path = f"/staff/disputes/{dispute}/{what}"
            body = {"to_unit": office.org.unit.id, "reason": "r"} if what == "decision" else {"reason": "r"}
            refused = office.staff(name).post(path, body, version=7)
            assert (refused.status_code, refused.json["code"]) == (status, code), name
    other = decide(office, "general", number, dispute, to_unit=office.org.neighbour.id)
    assert errors(other) == [("/to_unit", "value_invalid")]
    for to in ({}, {"to_staff": "nobody"}, {"to_section": office.org.empty_section.id}):
        nobody = decide(office, "general", number, dispute, **to)
        assert (nobody.status_code, nobody.json["code"]) == (422, "handoff_target_unavailable")
    assert errors(decide(office, "general", number, dispute, to_unit=office.org.unit.id, reason=" ")) == [
        ("/reason", "text_empty")
    ]
    assert rows(office) == before


def test_escalated_to_the_unit_head(office: Office) -> None:
    number = office.file()["number"]
    refuse(office, number)
    dispute = staff_view(office, "general", number)["dispute"]["id"]
    up = decide(office, "general", number, dispute, "escalation")
    assert (up.status_code, up.json["event"]) == (200, "dispute_escalated")
    assert disputes_of(office, "principal") == [number]
    assert decide(office, "general", number, dispute, to_unit=office.org.unit.id).status_code == 403
    to = {"to_staff": office.org.people["business_b"].id}
    made = decide(office, "principal", number, dispute, **to)
    assert (made.status_code, made.json["holder"]["person"]["id"]) == (200, to["to_staff"])
    late = decide(office, "principal", number, dispute, **to)
    assert (late.status_code, late.json["code"]) == (409, "dispute_closed")


def test_closing_drops_the_dispute(office: Office) -> None:
    filed = office.file()
    refuse(office, filed["number"])
    dispute = staff_view(office, "general", filed["number"])["dispute"]["id"]
    body = {"outcome": "answered", "reply": "已直接答复"}
    assert office.act("window_a", filed["number"], "closing", body).status_code == 200
    late = decide(office, "general", filed["number"], dispute, to_unit=office.org.unit.id)
    assert (late.status_code, late.json["code"]) == (409, "dispute_closed")


def test_the_chain_of_holders_says_who_had_it_from_when_by_what(office: Office) -> None:
    """谁经手过: 提交、转交承接、分派、裁定、重新打开, on both pages alike."""
    org, filed = office.org, office.file()
    number = filed["number"]
    office.clock.forward(hours=1)
    made = offer(office, number, to_section=org.business.section.id).json
    office.clock.forward(hours=1)
    assert answer(office, "business_b", number, made["id"], "acceptance").status_code == 200
    office.clock.forward(hours=1)
    to = {"to_staff": org.people["business_a"].id}
    assert office.act("business_head", number, "assignment", to).status_code == 200
    office.clock.forward(hours=1)
    closing = {"outcome": "answered", "reply": "好"}
    assert office.act("business_a", number, "closing", closing).status_code == 200
    office.clock.forward(hours=1)
    citizen = office.citizen(filed["tracking_token"])
    assert citizen.post(f"/inquiries/{number}/reopening", {"reason": "没有解决"}).status_code == 200
    legs = citizen.get(f"/inquiries/{number}").json["holders"]
    assert legs == staff_view(office, "business_a", number)["holders"]
    assert [leg["by_label"] for leg in legs] == ["提交", "转交承接", "分派", "重新打开"]
    assert [leg["from"][11:16] for leg in legs] == ["09:00", "11:00", "12:00", "14:00"]
    assert [leg["to"] and leg["to"][11:16] for leg in legs] == ["11:00", "12:00", "13:00", None]
    assert org.people["business_b"].name in legs[1]["holder"]
    # A post is named as a post once it has passed on: who keeps it today may not have kept it then.
    assert legs[0]["holder"].endswith("首问责任岗")


def test_a_decision_stands_in_the_chain_of_holders(office: Office) -> None:
    filed = office.file()
    refuse(office, filed["number"])
    dispute = staff_view(office, "general", filed["number"])["dispute"]["id"]
    decide(office, "general", filed["number"], dispute, to_section=office.org.office.section.id)
    legs = staff_view(office, "general", filed["number"])["holders"]
    assert [leg["by_label"] for leg in legs] == ["提交", "裁定"]


def signals(office: Office, name: str, number: str) -> list[str]:
    return [signal["kind"] for signal in staff_view(office, name, number)["signals"]]


def test_signals_show_facts_to_those_who_supervise_and_to_nobody_else(office: Office) -> None:
    """事实提示，不是结论 (坛 十（二）3)."""
    filed = office.file()
    number = filed["number"]
    refuse(office, number, 2, clause="不是我们的事")
    expected = ["returned_often", "refused_without_clause"]
    for name in ("general", "discipline", "principal", "deputy_leader"):
        assert signals(office, name, number) == expected, name
    for name in ("window_a", "window_head"):
        assert signals(office, name, number) == [], name
    assert "signals" not in office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}").json
    [often, _] = staff_view(office, "general", number)["signals"]
    assert len(often["evidence"]) == 2
    assert often["evidence"][0]["text"] == "11月16日（周一）09:00，业务科退回（从综合窗口转来）"
    handoffs = [row["id"] for row in staff_view(office, "general", number)["handoffs"]]
    assert sorted(fact["handoff"] for fact in often["evidence"]) == sorted(handoffs)


def test_who_supervises_another_unit_reads_no_signals_of_this_one_nor_a_general_post_its_own(
    office: Office,
) -> None:
    """坛 十（二）3: in the units that hold or held it, and nobody supervises themselves."""
    number = office.file(sign=office.org.general_sign.code)["number"]
    for _ in range(2):
        made = offer(office, number, by="general", to_unit=office.org.neighbour.id)
        back = {"reason": "不归我们", "clause": "三定"}
        answer(office, "neighbour_general", number, made.json["id"], "return", **back)
    made = offer(office, number, by="general", to_unit=office.org.neighbour.id)
    assert signals(office, "general", number) == signals(office, "neighbour_general", number) == []
    for name in ("discipline", "principal"):
        assert signals(office, name, number) == ["returned_often"], name
    answer(office, "neighbour_general", number, made.json["id"], "acceptance")
    # Held elsewhere now, it is the former unit's general post that supervises what was.
    assert signals(office, "general", number) == ["returned_often"]
    assert signals(office, "neighbour_general", number) == []


def test_silence_last_hour_and_ping_pong_are_shown_with_their_evidence(office: Office) -> None:
    org, filed = office.org, office.file()
    number = filed["number"]
    office.clock.set(at("2026-11-18 16:00"))  # the day 答复 is due
    made = offer(office, number, to_section=org.business.section.id).json
    assert answer(office, "business_a", number, made["id"], "acceptance").status_code == 200
    office.clock.set(at("2026-11-19 09:00"))
    made = offer(office, number, by="business_a", to_section=org.window.section.id).json
    assert answer(office, "window_a", number, made["id"], "acceptance").status_code == 200
    offer(office, number, to_section=org.business.section.id)
    office.clock.set(at("2026-11-23 09:00"))
    with office.app.app_context():
        duties.lapse_offers(Event())
    assert signals(office, "general", number) == ["ping_pong", "last_hour", "silent"]
    [_, last_hour, silent] = staff_view(office, "general", number)["signals"]
    assert "到期" in last_hour["evidence"][0]["text"]
    assert "没有承接" in silent["evidence"][0]["text"]


@pytest.mark.parametrize(
    ("sign", "label"), [("window", "退回依据"), ("lu_window", "职责依据")], ids=["坛", "泸"]
)
def test_what_a_return_stands_on_is_called_by_its_measure(office: Office, sign, label) -> None:
    """泸: 职责依据; 坛 never borrows the word."""
    desk = getattr(office.org, sign)
    filed = office.file(sign=desk.sign.code)
    to = office.org.office if sign == "window" else office.org.lu_office
    by = "office_a" if sign == "window" else "lu_office_a"
    made = offer(office, filed["number"], by=f"{sign}_a", to_section=to.section.id, mode="escort").json
    assert (
        answer(office, by, filed["number"], made["id"], "return", reason="r", clause="三定").status_code
        == 200
    )
    shown = staff_view(office, f"{sign}_a", filed["number"])
    assert shown["handoffs"][0]["return_clause_label"] == label
    texts = {entry["event"]: (entry["title"], entry["text"]) for entry in shown["timeline"]}
    assert f"{label}：三定" in texts["returned"][1]
    assert texts["offered"][0] == "领办导办给办公室"
