"""`external` hand-offs through the API (坛 六（四）; 泸 二（二）2): letter, 送达, result, and who may do and see what."""

from __future__ import annotations

from datetime import datetime
from threading import Event
from typing import Any

import pytest

from backend.delivery import duties
from backend.domain.times import SHANGHAI
from tests.api.asking import errors, rows
from tests.delivery.office import at
from tests.support.app import Office

TAX = {"name": "金坛区税务局", "address": "东环一路 1 号", "phone": "0519-82800000"}


def draft(office: Office, number: str, by: str = "window_a", **body: Any) -> Any:
    return office.act(by, number, "handoffs", {"external": TAX, "reason": "属于税务部门职责"} | body)


def on_letter(office: Office, name: str, number: str, letter: str, what: str, **body: Any) -> Any:
    version = office.version(number, name)
    return office.staff(name).post(f"/staff/external-handoffs/{letter}/{what}", body, version=version)


def serve(office: Office, number: str, letter: str, when: str = "2026-11-17T10:00:00+08:00") -> Any:
    body = {"served_at": when, "how": "in_person", "receipt": "收件人李某"}
    return on_letter(office, "window_a", number, letter, "service", **body)


def seen(office: Office, filed: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    return shown


def test_from_letter_to_result(office: Office) -> None:
    filed = office.file(category="application")
    number = filed["number"]
    made = draft(office, number)
    assert (made.status_code, made.json["event"], made.json["status"]) == (201, "addressed_outside", "filed")
    letter = made.json["id"]
    shown = seen(office, filed)
    assert shown["holder"]["section"]["id"] == office.org.window.section.id
    assert [(row["id"], row["state"], row["receipt"]) for row in shown["external_handoffs"]] == [
        (letter, "drafted", None)
    ]
    office.clock.forward(days=1, hours=4)
    served = serve(office, number, letter)
    assert (served.status_code, served.json["event"], served.json["status"]) == (200, "closed", "closed")
    shown = seen(office, filed)
    assert shown["outcome"] == "transferred"
    for words in (*TAX.values(), "11月17日"):
        assert words in shown["reply"]["text"]
    assert {clock["duty"]: clock["state"] for clock in shown["clocks"]} == {"written-transfer": "met"}
    assert "李某" not in str(shown)
    staff = office.staff("general").get(f"/staff/inquiries/{number}").json
    assert staff["external_handoffs"][0]["receipt"] == "收件人李某"
    assert staff["disposition"] == "other_unit"
    office.clock.forward(days=9)
    result = on_letter(office, "general", number, letter, "result", text="已补办完税证明")
    assert (result.status_code, result.json["event"]) == (200, "result_back")
    shown = seen(office, filed)
    assert shown["external_handoffs"][0]["result"] == "已补办完税证明"
    events = [entry["event"] for entry in shown["timeline"]]
    assert events == ["filed", "addressed_outside", "closed", "result_back"]
    assert "在时限以内" in shown["timeline"][2]["title"]
    again = on_letter(office, "general", number, letter, "result", text="又一次")
    assert (again.status_code, again.json["code"]) == (409, "result_already_back")


def test_a_service_recorded_after_the_worker_noted_a_breach_says_it_was_in_time(office: Office) -> None:
    """坛 六（四）: what was served in time is in time; the noted fact stays beside it."""
    filed = office.file(category="application")
    letter = draft(office, filed["number"]).json["id"]
    office.clock.set(at("2026-11-19 09:00"))
    with office.app.app_context():
        duties.note_overdue(Event())
    assert seen(office, filed)["clocks"][0]["state"] == "overdue"
    assert serve(office, filed["number"], letter).status_code == 200
    shown = seen(office, filed)
    assert shown["clocks"][0]["state"] == "met"
    titles = {entry["event"]: entry["title"] for entry in shown["timeline"]}
    assert "在时限以内" in titles["closed"]
    assert "clock_overdue" in titles


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"external": {"name": "税务局"}}, "/external/address"),
        ({"external": {"address": "某路"}}, "/external/name"),
        ({"external": {"name": "税务局", "phone": "1", "fax": "2"}}, "/external/fax"),
        ({"external": None}, "/external"),
        ({"to_unit": "0" * 32}, "/to_unit"),
        ({"to_section": "0" * 32}, "/to_section"),
        ({"to_staff": "0" * 32}, "/to_staff"),
        ({"mode": "escort"}, "/mode"),
        ({"written": False}, "/written"),
        ({"reason": ""}, "/reason"),
    ],
)
def test_an_outside_authority_stands_alone_and_can_be_reached(office: Office, changes, pointer) -> None:
    number = office.file()["number"]
    before = rows(office)
    answer = draft(office, number, **changes)
    assert answer.status_code == 422
    assert errors(answer)[0][0] == pointer
    assert rows(office) == before


@pytest.mark.parametrize(
    ("served_at", "pointer"),
    [
        ("2026-11-17T10:00:01+08:00", "/served_at"),
        ("2026-11-15T10:00:00+08:00", "/served_at"),
        ("2026-11-16T08:59:59+08:00", "/served_at"),
        ("2026-11-17T10:00:00", "/served_at"),
    ],
)
def test_a_letter_is_served_between_its_day_and_now(office: Office, served_at, pointer) -> None:
    number = office.file(category="application")["number"]
    letter = draft(office, number).json["id"]
    office.clock.set(datetime(2026, 11, 17, 10, tzinfo=SHANGHAI))
    answer = serve(office, number, letter, served_at)
    assert (answer.status_code, errors(answer)[0][0]) == (422, pointer)


def test_one_way_at_a_time(office: Office) -> None:
    number = office.file()["number"]
    letter = draft(office, number).json["id"]
    inside = {"to_section": office.org.business.section.id, "reason": "转"}
    for answer in (draft(office, number), office.act("window_a", number, "handoffs", inside)):
        assert (answer.status_code, answer.json["code"]) == (409, "handoff_pending")
    acts = {
        action["name"]
        for action in office.staff("window_a").get(f"/staff/inquiries/{number}").json["actions"]
    }
    assert {"record_service", "cancel_letter"} <= acts
    assert not acts & {"hand_over", "address_outside", "record_result"}
    cancelled = on_letter(office, "window_a", number, letter, "cancellation", reason="写错了")
    assert cancelled.json["event"] == "external_cancelled"
    closed = serve(office, number, letter)
    assert (closed.status_code, closed.json["code"]) == (409, "letter_closed")
    assert draft(office, number).status_code == 201


def test_who_may_act_on_a_letter_and_who_sees_none(office: Office) -> None:
    number = office.file(category="application")["number"]
    letter = draft(office, number).json["id"]
    path = f"/staff/external-handoffs/{letter}"
    body = {"served_at": office.clock.now().isoformat(), "how": "post", "receipt": "挂号"}
    for name, status, code in (
        ("general", 403, "not_holder"),
        ("window_head", 403, "not_holder"),
        ("business_a", 404, "not_found"),
        ("neighbour_general", 404, "not_found"),
        ("auditor", 404, "not_found"),
    ):
        answer = office.staff(name).post(f"{path}/service", body, version=2)
        assert (answer.status_code, answer.json["code"]) == (status, code), name
    assert office.staff("window_a").post(f"{path}/service", body).json["code"] == "precondition_required"
    assert (
        office.staff("window_a").post(f"{path}/service", body, version=1).json["code"] == "version_conflict"
    )
    early = on_letter(office, "window_a", number, letter, "result", text="r")
    assert (early.status_code, early.json["code"]) == (409, "letter_closed")
    assert office.staff("window_a").post(f"{path}/service", body, version=2).status_code == 200
    refused = on_letter(office, "window_head", number, letter, "result", text="r")
    assert (refused.status_code, refused.json["code"]) == (403, "not_holder")


def test_closing_otherwise_cancels_the_letter(office: Office) -> None:
    filed = office.file()
    draft(office, filed["number"])
    body = {"outcome": "answered", "reply": "本局可以办"}
    assert office.act("window_a", filed["number"], "closing", body).status_code == 200
    assert seen(office, filed)["external_handoffs"][0]["state"] == "cancelled"


def test_the_same_request_twice_makes_one_letter(office: Office) -> None:
    number = office.file()["number"]
    body = {"external": TAX, "reason": "转"}
    path, key = f"/staff/inquiries/{number}/handoffs", "external-key-0001"
    first = office.staff("window_a").post(path, body, key=key, version=1)
    second = office.staff("window_a").post(path, body, key=key, version=1)
    assert (second.status_code, second.json["id"]) == (201, first.json["id"])
    assert second.headers["Idempotent-Replayed"] == "true"
    assert rows(office)["external_handoffs"] == 1


def test_the_letter_says_all_it_needs_and_no_more(office: Office) -> None:
    """The authority gets matter, time, reason, clause and who to call; of a complaint no word about who made it."""
    filed = office.file(category="application", content="申请开具完税证明")
    letter = draft(office, filed["number"]).json["id"]
    shown = office.staff("window_a").get(f"/staff/inquiries/{filed['number']}/letters/{letter}").json
    assert shown["kind"] == "external"
    assert shown["to"] == TAX
    assert shown["from"]["unit"] == office.org.unit.name
    assert (shown["content"], shown["reason"]) == ("申请开具完税证明", "属于税务部门职责")
    assert shown["contact"] == {"name": "王小明", "phone": "13812345678", "note": None}
    assert shown["cited"][0]["clause"].endswith("第六条第（四）项")
    assert "2 个工作日" in shown["cited"][0]["quote"]
    assert shown["letter_number"].endswith("-1")
    assert "summary" not in shown
    for name, status in (("general", 200), ("business_a", 404), ("neighbour_general", 404)):
        found = office.staff(name).get(f"/staff/inquiries/{filed['number']}/letters/{letter}")
        assert found.status_code == status, name
    missing = office.staff("window_a").get(f"/staff/inquiries/{filed['number']}/letters/{'0' * 32}")
    assert missing.status_code == 404
    complaint = office.file(category="complaint", content="投诉某某")
    kept = draft(office, complaint["number"], by="discipline").json["id"]
    shown = office.staff("discipline").get(f"/staff/inquiries/{complaint['number']}/letters/{kept}").json
    assert (shown["contact"]["name"], shown["contact"]["phone"]) == (None, None)
    assert "13812345678" not in str(shown)


def test_a_hand_off_between_units_has_its_letter_too(office: Office) -> None:
    org, filed = office.org, office.file(sign=office.org.lu_window.sign.code)
    number = filed["number"]
    to = {"to_unit": org.unit.id, "reason": "属于对方"}
    made = office.act("lu_window_a", number, "handoffs", to).json
    shown = office.staff("lu_window_a").get(f"/staff/inquiries/{number}/letters/{made['id']}").json
    assert (shown["kind"], shown["to"]["name"]) == ("unit", org.unit.name)
    assert "附件2" in shown["cited"][0]["clause"]
    assert "第六条" not in str(shown["cited"])
    inside = office.file()["number"]
    offered = office.act(
        "window_a", inside, "handoffs", {"to_section": org.business.section.id, "reason": "转"}
    ).json
    assert (
        office.staff("window_a").get(f"/staff/inquiries/{inside}/letters/{offered['id']}").status_code == 404
    )


def test_the_first_unit_learns_what_became_of_what_it_gave_away(office: Office) -> None:
    """负责到底 (泸 二（二）2; 坛 十（一）2): its staff see outcome and reply wherever it ended."""
    org, filed = office.org, office.file(category="application")
    number = filed["number"]
    made = office.act("window_a", number, "handoffs", {"to_unit": org.neighbour.id, "reason": "转"}).json
    version = office.version(number, "neighbour_general")
    taken = office.staff("neighbour_general").post(
        f"/staff/handoffs/{made['id']}/acceptance", version=version
    )
    assert taken.status_code == 200
    closing = {"outcome": "completed", "reply": "证明已经开好"}
    assert office.act("neighbour_general", number, "closing", closing).status_code == 200
    for name in ("window_a", "window_head", "general"):
        shown = office.staff(name).get(f"/staff/inquiries/{number}").json
        assert (shown["outcome"], shown["reply"]["text"]) == ("completed", "证明已经开好")
        assert (shown["disposition"], shown["unit"]["id"]) == ("other_unit", org.unit.id)
