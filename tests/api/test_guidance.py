"""Closing by guiding somebody out of the unit (坛 六（四）、七（四）; 泸 二（二）2), and refusing with reasons (坛 六（一）)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Clock, Inquiry, InquiryText, LedgerEntry
from tests.api.asking import errors, rows
from tests.support.app import Office

AUTHORITY = {"name": "住房和城乡建设局", "address": "东门大街 1 号", "phone": "0519-82300000"}
CONSULTED = {
    "outcome": "guided",
    "reply": "这件事归住建局管",
    "reason": "三定规定不归我局",
    "help": "查了电话",
}


def detail(office: Office, filed: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    return shown


def ends(office: Office, number: str) -> dict[str, str]:
    with office.looking() as work:
        found = work.session.execute(
            select(Clock.duty, Clock.end).join(Inquiry).where(Inquiry.number == number)
        )
        return {duty: end.value for duty, end in found if end is not None}


def test_tan_7_4_a_consultation_is_guided_with_reason_and_help(office: Office) -> None:
    """坛 七（四）: 应向服务对象说明理由，并提供必要帮助."""
    filed = office.file()
    for missing in ("reason", "help"):
        refused = office.act(
            "window_a", filed["number"], "closing", {k: v for k, v in CONSULTED.items() if k != missing}
        )
        assert errors(refused) == [(f"/{missing}", "conditionally_required")]
    closed = office.act("window_a", filed["number"], "closing", CONSULTED | {"authority": AUTHORITY})
    assert (closed.status_code, closed.json["status"]) == (200, "closed")
    shown = detail(office, filed)
    assert (shown["outcome"], shown["outcome_label"]) == ("guided", "引导")
    reply = shown["reply"]
    assert (reply["authority"], reply["help"], reply["reason"]) == (
        AUTHORITY,
        "查了电话",
        "三定规定不归我局",
    )
    assert reply["clause"].endswith("第七条第（四）项")
    assert ends(office, filed["number"]) == {"answer-consult": "met"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, [("/authority", "conditionally_required")]),
        ({"authority": {"name": "住建局"}}, [("/authority", "conditionally_required")]),
        ({"authority": {"address": "东门"}}, [("/authority/name", "required")]),
        ({"authority": {"name": "住建局", "phone": "8230"}}, []),
        ({"help": "联系了街道"}, []),
    ],
)
def test_tan_6_4_a_report_is_guided_to_the_authority_or_helped(
    office: Office, given: dict, wrong: list
) -> None:
    """坛 六（四）: 有明确主管部门的，应负责引导至该事项主管部门，没有明确主管部门的，要提供必要帮助."""
    filed = office.file(category="report", content="路灯不亮")
    closed = office.act(
        "window_a", filed["number"], "closing", {"outcome": "guided", "reply": "请找", **given}
    )
    assert closed.status_code == (422 if wrong else 200)
    if wrong:
        assert errors(closed) == wrong
    else:
        assert detail(office, filed)["reply"]["clause"].endswith("第六条第（四）项")


def test_tan_6_4_a_written_application_that_has_an_authority_is_transferred_in_writing(
    office: Office,
) -> None:
    """坛 六（四）: 涉及书面申请的事项，首问机关应以书面形式移交至该事项主管部门."""
    filed = office.file(category="application", content="申请建房")
    before = rows(office)
    guided = {"outcome": "guided", "reply": "请找住建局", "authority": AUTHORITY}
    refused = office.act("window_a", filed["number"], "closing", guided)
    assert errors(refused) == [("/outcome", "value_invalid")]
    assert "书面移交" in refused.json["errors"][0]["detail"]
    assert rows(office) == before
    helped = {"outcome": "guided", "reply": "没有主管部门", "help": "联系了街道协助"}
    assert office.act("window_a", filed["number"], "closing", helped).status_code == 200
    assert ends(office, filed["number"]) == {"written-transfer": "cancelled"}


def test_lu_2_2_2_guides_with_authority_or_help_and_cites_its_own_words(office: Office) -> None:
    """泸 二（二）2 负责到底: its own clause, never 坛's, also for a written application."""
    sign = office.org.lu_window.sign.code
    for category, given in (("application", {"authority": AUTHORITY}), ("consult", {"help": "查了电话"})):
        filed = office.file(sign=sign, category=category)
        body = {"outcome": "guided", "reply": "请找", **given}
        assert office.act("lu_window_a", filed["number"], "closing", body).status_code == 200
        assert detail(office, filed)["reply"]["clause"].endswith("二（二）2")
    empty = office.file(sign=sign)
    refused = office.act("lu_window_a", empty["number"], "closing", {"outcome": "guided", "reply": "请找"})
    assert errors(refused) == [("/authority", "conditionally_required")]


@pytest.mark.parametrize("outcome", ["completed", "answered"])
def test_where_to_turn_belongs_to_guidance(office: Office, outcome: str) -> None:
    number = office.file()["number"]
    for field, given in (("authority", AUTHORITY), ("help", "陪同")):
        refused = office.act("window_a", number, "closing", {"outcome": outcome, "reply": "好", field: given})
        assert errors(refused) == [(f"/{field}", "value_invalid")]


def test_what_is_told_is_sealed_and_only_committed_to_in_the_ledger(office: Office) -> None:
    filed = office.file()
    office.act("window_a", filed["number"], "closing", CONSULTED | {"authority": AUTHORITY})
    with office.looking() as work:
        [entry] = work.session.scalars(select(LedgerEntry).where(LedgerEntry.event == "closed"))
        body = json.loads(entry.body)
        texts = list(work.session.scalars(select(InquiryText.sealed)))
    assert (body["facts"]["outcome"], body["facts"]["duty"]) == ("guided", "explain-out")
    roles = {"reply", "reason", "help", "authority_name", "authority_address", "authority_phone"}
    assert set(body["texts"]) == roles
    assert AUTHORITY["name"] not in entry.body
    assert not any(AUTHORITY["name"].encode() in (sealed or b"") for sealed in texts)


def test_guided_at_the_desk_in_the_same_step(office: Office) -> None:
    body = {"channel": "call", "category": "consult", "content": "问路灯", "closing": CONSULTED}
    answer = office.staff("window_a").post("/staff/inquiries", body)
    assert (answer.status_code, answer.json["status"]) == (201, "closed")
    lacking = CONSULTED | {"reason": None}
    refused = office.staff("window_a").post("/staff/inquiries", body | {"closing": lacking})
    assert errors(refused) == [("/closing/reason", "null_not_allowed")]


def test_tan_6_1_a_refusal_tells_reason_basis_and_remedy_under_its_clause(office: Office) -> None:
    """坛 六（一）: 不符合法定条件的，明确告知不予办理的理由、依据等."""
    filed = office.file(category="application", content="申请")
    body = {
        "outcome": "refused",
        "reply": "不予办理",
        "reason": "不符合条件",
        "basis": "《办法》第五条",
        "remedy": "60 日内申请复议",
    }
    for missing in ("reason", "basis", "remedy"):
        refused = office.act(
            "window_a", filed["number"], "closing", {k: v for k, v in body.items() if k != missing}
        )
        assert errors(refused) == [(f"/{missing}", "conditionally_required")]
    assert office.act("window_a", filed["number"], "closing", body).status_code == 200
    shown = detail(office, filed)
    reply = shown["reply"]
    assert {name: reply[name] for name in ("reason", "basis", "remedy")} == {
        name: body[name] for name in ("reason", "basis", "remedy")
    }
    assert reply["clause"].endswith("第六条第（一）项")
    duties = {duty["id"]: duty["state"] for duty in shown["duties"]}
    assert duties["reasoned-refusal"] == "met"
    assert ends(office, filed["number"]) == {"written-transfer": "cancelled"}
