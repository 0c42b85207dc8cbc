"""`/staff/inquiries/{number}/classification`: 更正首问类别 with its reason; no must is shed, and no time gained."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Inquiry, LedgerEntry, OutboxItem, UnitPromise
from tests.api.asking import errors, rows
from tests.api.test_complaints import DISCIPLINE, OVERSIGHT, assert_unseen, held_at, told_of
from tests.support.app import Office

WHY = {"reason": "群众说的是另一回事"}


def classify(office: Office, number: str, category: str, by: str = "window_a", **more: Any) -> Any:
    return office.act(by, number, "classification", {"category": category, **WHY, **more})


def detail(office: Office, filed: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    return shown


def limits(office: Office, filed: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Every limit by its duty: how it stands, and when it is due."""
    return {
        clock["duty"]: (clock["state"], clock["due_at"][:10]) for clock in detail(office, filed)["clocks"]
    }


def accept(office: Office, number: str, by: str, handoff_id: str) -> None:
    version = office.version(number, by)
    answer = office.staff(by).post(f"/staff/handoffs/{handoff_id}/acceptance", version=version)
    assert answer.status_code == 200, answer.json


def test_tan_7_1_the_two_days_of_a_consultation_fall_away_and_those_of_an_application_come(
    office: Office,
) -> None:
    """What filing starts for the new category starts from receipt: no time is gained, it may be born overdue."""
    filed = office.file()
    office.clock.forward(days=3)
    changed = classify(office, filed["number"], "application")
    assert (changed.status_code, changed.json["event"], changed.json["status"]) == (
        200,
        "reclassified",
        "filed",
    )
    assert limits(office, filed) == {
        "answer-consult": ("cancelled", "2026-11-18"),
        "written-transfer": ("overdue", "2026-11-18"),
    }
    shown = detail(office, filed)
    assert (shown["category"], shown["status"]) == ("application", "filed")
    [entry] = [entry for entry in shown["timeline"] if entry["event"] == "reclassified"]
    assert entry["title"] == "类别由“咨询事项”更正为“办理事情”"
    assert entry["text"] == f"理由：{WHY['reason']}"
    # The consultation was late when it fell away: the breach stays a fact.
    assert [e["title"] for e in shown["timeline"] if e["event"] == "clock_overdue"] == [
        "超过时限：限时答复咨询"
    ]


def test_tan_6_4_no_running_must_is_shed(office: Office) -> None:
    """坛 六（四）: 须在 2 个工作日内 goes on running, whatever the matter is called afterwards."""
    filed = office.file(category="application", content="申请")
    classify(office, filed["number"], "consult")
    assert limits(office, filed) == {
        "written-transfer": ("running", "2026-11-18"),
        "answer-consult": ("running", "2026-11-18"),
    }


def test_calling_it_back_brings_back_what_fell_away(office: Office) -> None:
    filed = office.file()
    office.clock.forward(days=1)
    for category in ("report", "consult"):
        assert classify(office, filed["number"], category).status_code == 200
    running = [c for c in detail(office, filed)["clocks"] if c["state"] in {"running", "due_soon"}]
    assert [(c["duty"], c["due_at"][:10], c["starts_at"]) for c in running] == [
        ("answer-consult", "2026-11-18", filed["received_at"])
    ]


def test_a_units_promise_is_for_its_category(office: Office) -> None:
    with office.working() as work:
        for category, days in (("consult", 1), ("report", 4)):
            work.session.add(
                UnitPromise(
                    unit_id=office.org.unit.id,
                    category=category,
                    working_days=days,
                    basis="本局公开承诺",
                    created_at=work.now,
                )
            )
    filed = office.file()
    classify(office, filed["number"], "report")
    promises = [
        (c["state"], c["due_at"][:10]) for c in detail(office, filed)["clocks"] if c["duty"] == "unit-promise"
    ]
    assert sorted(promises) == [("cancelled", "2026-11-17"), ("running", "2026-11-20")]


def test_a_second_round_counts_from_its_reopening(office: Office) -> None:
    filed = office.file(category="report", content="路灯")
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    office.clock.forward(days=7)
    office.citizen(filed["tracking_token"]).post(
        f"/inquiries/{filed['number']}/reopening", {"reason": "没好"}
    )
    office.clock.forward(days=1)
    classify(office, filed["number"], "consult")
    assert limits(office, filed)["answer-consult"] == ("running", "2026-11-25")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"category": "consult"}, [("/category", "value_invalid")]),
        ({"category": "consult", "channel": "other"}, [("/category", "value_invalid")]),
        ({"category": "report", "channel": "call"}, [("/channel", "choice_invalid")]),
        ({"category": "report", "about": {"kind": "unit"}}, [("/about", "value_invalid")]),
        ({"category": "report", "reason": " "}, [("/reason", "text_empty")]),
        ({"category": "praise"}, [("/category", "choice_invalid")]),
        ({}, [("/category", "required")]),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_no_correction_is_refused(office: Office, body: dict, wrong: list) -> None:
    number = office.file()["number"]
    before = rows(office)
    refused = office.act("window_a", number, "classification", WHY | body)
    assert (refused.status_code, errors(refused)) == (422, wrong)
    assert rows(office) == before


def test_the_channel_of_what_was_scanned_at_the_desk_is_corrected(office: Office) -> None:
    """泸 附件2 首问方式: 其他 → 来访, and nothing else."""
    filed = office.file()
    assert classify(office, filed["number"], "consult", channel="visit").status_code == 200
    shown = detail(office, filed)
    assert (shown["channel_label"], shown["category"]) == ("来访", "consult")
    assert shown["timeline"][-1]["title"] == "首问方式更正为“来访”"
    assert limits(office, filed) == {"answer-consult": ("running", "2026-11-18")}
    back = classify(office, filed["number"], "report", channel="other")
    assert errors(back) == [("/channel", "value_invalid")]
    elsewhere = office.file(sign=None, unit=office.org.unit.id, section=office.org.window.section.id)
    assert errors(classify(office, elsewhere["number"], "consult", channel="visit")) == [
        ("/channel", "value_invalid")
    ]


def test_only_the_holder_corrects_and_only_while_nothing_is_offered(office: Office) -> None:
    number = office.file()["number"]
    assert classify(office, number, "report", by="general").status_code == 403
    office.act("window_a", number, "handoffs", {"to_section": office.org.business.section.id, "reason": "转"})
    assert classify(office, number, "report").status_code == 409
    office.act("window_a", number, "closing", {"outcome": "answered", "reply": "好"})
    assert classify(office, number, "report").status_code == 409


@pytest.mark.parametrize(
    ("about", "bearer", "hidden", "seen"),
    [
        ("sign_holder", DISCIPLINE, ["window_a", "window_b", "window_head"], ["discipline", "general"]),
        (None, DISCIPLINE, ["window_a", "window_head"], ["discipline", "principal"]),
        ("unit", OVERSIGHT, ["window_a", "general", "discipline", "principal"], ["overseer"]),
    ],
)
def test_what_turns_out_a_complaint_goes_past_whom_it_is_about(
    office: Office, about: str | None, bearer: str, hidden: list, seen: list
) -> None:
    filed = office.file()
    number = filed["number"]
    named = {"about": {"kind": about, "name": "穿蓝衣服的"}} if about else {}
    version = office.version(number, "window_a")
    path = f"/staff/inquiries/{number}/classification"
    turned = office.staff("window_a").post(path, {"category": "complaint", **WHY, **named}, version=version)
    assert turned.status_code == 200
    assert turned.json["holder"]["post"]["kind"] == bearer.split(" ", maxsplit=1)[0]
    assert held_at(office, number) == bearer
    for name in hidden:
        assert_unseen(office, name, filed)
    for name in seen:
        shown = office.staff(name).get(f"/staff/inquiries/{number}").json
        assert (shown["confidential"], shown["about"]["kind"] if about else None) == (True, about)
    told = told_of(office, number)
    assert bearer.split(" ", maxsplit=1)[0] == "oversight" or "discipline" in told
    assert detail(office, filed)["category"] == "complaint"
    with office.looking() as work:
        entries = work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == "reclassified")).all()
    assert [entry.is_mirror for entry in entries] == [False]
    assert json.loads(entries[0].body)["facts"]["about"] == about


def test_a_former_holder_elsewhere_no_longer_sees_what_became_a_complaint(office: Office) -> None:
    """The business section held it and found out; from there on it is for those whom complaints go to."""
    filed = office.file()
    number = filed["number"]
    offered = office.act(
        "window_a", number, "handoffs", {"to_section": office.org.business.section.id, "reason": "转"}
    )
    accept(office, number, "business_a", offered.json["id"])
    assert classify(office, number, "complaint", by="business_a").status_code == 200
    for name in ("business_a", "business_b", "business_head", "window_a", "deputy_leader"):
        assert office.staff(name).get(f"/staff/inquiries/{number}").status_code == 404, name
    # Whoever held it as a complaint keeps sight of it: assigned by discipline, handed on, read all the same.
    office.clock.forward(minutes=1)
    office.act("discipline", number, "assignment", {"to_staff": office.org.people["office_a"].id})
    office.clock.forward(minutes=1)
    office.act("discipline", number, "assignment", {"to_staff": office.org.people["office_b"].id})
    assert office.staff("office_a").get(f"/staff/inquiries/{number}").status_code == 200
    assert office.staff("business_a").get(f"/staff/inquiries/{number}").status_code == 404


def test_a_must_that_runs_passes_to_whoever_takes_the_complaint(office: Office) -> None:
    filed = office.file(category="application", content="申请")
    office.act(
        "window_a",
        filed["number"],
        "notice",
        {
            "basis": "依据",
            "time_limit": "5 天",
            "procedure": "程序",
            "documents": ["身份证"],
            "days": 5,
            "days_kind": "legal",
        },
    )
    classify(office, filed["number"], "complaint", about={"kind": "section"})
    [clock] = [c for c in detail(office, filed)["clocks"] if c["duty"] == "handling-limit"]
    assert clock["bearer"]["person"]["id"] == office.org.people["discipline"].id
    assert clock["state"] == "paused"


def test_a_complaint_is_released_only_by_whom_complaints_go_to(office: Office) -> None:
    filed = office.file(category="complaint", content="其实是来问事的", about={"kind": "section"})
    number = filed["number"]
    office.act("discipline", number, "assignment", {"to_staff": office.org.people["office_a"].id})
    refused = classify(office, number, "consult", by="office_a")
    assert (refused.status_code, refused.json["code"]) == (403, "role_required")
    shown = office.staff("office_a").get(f"/staff/inquiries/{number}").json
    assert "classify" not in {action["name"] for action in shown["actions"]}


def test_what_was_no_complaint_is_hidden_no_longer_and_stays_with_whoever_holds_it(office: Office) -> None:
    filed = office.file(category="complaint", content="其实是来问事的", about={"kind": "section"})
    number = filed["number"]
    assert office.staff("window_head").get(f"/staff/inquiries/{number}").status_code == 404
    assert classify(office, number, "consult", by="discipline").status_code == 200
    assert held_at(office, number) == DISCIPLINE
    shown = office.staff("discipline").get(f"/staff/inquiries/{number}").json
    assert (shown["confidential"], shown["about"]) == (False, None)
    assert limits(office, filed) == {"answer-consult": ("running", "2026-11-18")}
    with office.looking() as work:
        [inquiry] = work.session.scalars(select(Inquiry).where(Inquiry.number == number))
        assert (inquiry.subject_section_id, inquiry.subject_staff_id, inquiry.first_section_id) == (
            None,
            None,
            None,
        )
    offered = office.act(
        "discipline", number, "handoffs", {"to_section": office.org.window.section.id, "reason": "回窗口办"}
    )
    assert offered.status_code == 201
    accept(office, number, "window_b", offered.json["id"])
    assert office.staff("window_head").get(f"/staff/inquiries/{number}").status_code == 200
    # And once more into a complaint: the window no longer sees it.
    classify(office, number, "complaint", by="window_b", about={"kind": "other", "name": "某人"})
    assert office.staff("window_head").get(f"/staff/inquiries/{number}").status_code == 404


def test_the_channel_of_a_complaint_is_corrected_without_losing_whom_it_is_about(office: Office) -> None:
    filed = office.file(category="complaint", content="态度差", about={"kind": "sign_holder"})
    assert classify(office, filed["number"], "complaint", by="discipline", channel="visit").status_code == 200
    shown = office.staff("discipline").get(f"/staff/inquiries/{filed['number']}").json
    assert (shown["channel"], shown["confidential"], shown["about"]["kind"]) == ("visit", True, "sign_holder")
    assert office.staff("window_a").get(f"/staff/inquiries/{filed['number']}").status_code == 404


def test_the_citizen_is_told_once(office: Office) -> None:
    filed = office.file()
    classify(office, filed["number"], "report")
    with office.looking() as work:
        items = work.session.scalars(select(OutboxItem).where(OutboxItem.topic == "reclassified")).all()
        assert [(item.recipient_kind, item.payload["category"]) for item in items] == [("citizen", "report")]
