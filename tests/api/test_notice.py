"""`/staff/inquiries/{number}/notice` and its receipt: 一次性告知 (坛 六（一）) as the contract has it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Inquiry, Matter, OutboxItem
from tests.api.asking import errors, rows
from tests.support.app import Office
from tests.vault.media_samples import encoded, picture

WHOLE = {
    "basis": "《食品经营许可和备案管理办法》第十条",
    "time_limit": "材料补齐后 5 个工作日内办结",
    "procedure": "受理、审查、发证",
    "documents": ["身份证", "租赁合同"],
    "days": 5,
    "days_kind": "legal",
}


def applied(office: Office, **changes: Any) -> dict[str, Any]:
    return office.file(category="application", content="申请食品经营许可", **changes)


def detail(office: Office, filed: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").json
    return shown


def catalogue(office: Office, **changes: Any) -> str:
    with office.working() as work:
        matter = Matter(
            **{
                "unit_id": office.org.unit.id,
                "name": "食品经营许可",
                "basis": "目录依据",
                "legal_days": 20,
                "promised_days": 10,
                "procedure": "申请、审查、决定",
                "documents": ["申请书"],
                "created_at": work.now,
            }
            | changes
        )
        work.session.add(matter)
        work.session.flush()
        return matter.id


def test_tan_6_1_one_notice_tells_all_four_parts_and_the_limit_waits_for_the_citizen(office: Office) -> None:
    filed = applied(office)
    number = filed["number"]
    told = office.act("window_a", number, "notice", WHOLE)
    assert (told.status_code, told.json["status"], told.json["event"]) == (201, "awaiting_citizen", "noticed")
    shown = detail(office, filed)
    notice = shown["notice"]
    assert {part: notice[part] for part in ("basis", "time_limit", "procedure")} == {
        part: WHOLE[part] for part in ("basis", "time_limit", "procedure")
    }
    assert notice["documents"] == [
        {"name": "身份证", "unlisted": False},
        {"name": "租赁合同", "unlisted": False},
    ]
    assert (notice["id"], notice["awaiting"], notice["paused"]) == (told.json["id"], True, True)
    assert notice["clause"].endswith("第六条第（一）项")
    assert (notice["position"], notice["received_at"], notice["earlier"]) == (1, None, [])
    clocks = {clock["duty"]: clock for clock in shown["clocks"]}
    assert clocks["handling-limit"]["state"] == "paused"
    assert clocks["written-transfer"]["state"] == "cancelled"
    [entry] = [entry for entry in shown["timeline"] if entry["event"] == "noticed"]
    assert entry["title"] == "一次性告知"
    assert entry["text"].splitlines()[0] == f"依据：{WHOLE['basis']}"
    assert "所需资料 2：租赁合同" in entry["text"]
    assert office.staff("window_a").get(f"/staff/inquiries/{number}").json["notice"] == notice


@pytest.mark.parametrize("what", ["a sentence", "a file"])
def test_tan_6_1_a_sentence_ends_the_wait_and_so_does_a_file(office: Office, what: str) -> None:
    """坛 六（一） 资料不齐全: what was asked for has come, in whichever form."""
    filed = applied(office)
    office.act("window_a", filed["number"], "notice", WHOLE)
    office.clock.forward(days=2)
    citizen = office.citizen(filed["tracking_token"])
    version = office.version(filed["number"], "window_a")
    if what == "a file":
        added = citizen.client.post(
            f"/api/v1/inquiries/{filed['number']}/attachments",
            data={"file": (BytesIO(encoded(picture(), "PNG")), "身份证.png")},
            content_type="multipart/form-data",
            headers={**citizen.headers, "Idempotency-Key": "a-key-of-sixteen-letters"},
        )
    else:
        added = citizen.post(f"/inquiries/{filed['number']}/supplements", {"text": "材料已上传"})
    assert added.status_code == 201
    assert detail(office, filed)["status"] == "confirmed"
    assert office.version(filed["number"], "window_a") == version + 1
    with office.looking() as work:
        told = work.session.scalars(
            select(OutboxItem.recipient_id).where(OutboxItem.topic == "supplemented")
        ).all()
        assert set(told) == {office.org.people[name].id for name in ("window_a", "window_b")}
    shown = detail(office, filed)
    assert (shown["notice"]["awaiting"], shown["notice"]["paused"]) == (False, False)
    clocks = {clock["duty"]: clock for clock in shown["clocks"]}
    # Wednesday: the five days that were left begin anew with Thursday.
    assert (clocks["handling-limit"]["state"], clocks["handling-limit"]["due_at"]) == (
        "running",
        "2026-11-25T17:30:00+08:00",
    )


@pytest.mark.parametrize("part", ["basis", "time_limit", "procedure", "documents"])
def test_tan_6_1_each_part_that_is_missing_is_named(office: Office, part: str) -> None:
    number = applied(office)["number"]
    before = rows(office)
    refused = office.act("window_a", number, "notice", {k: v for k, v in WHOLE.items() if k != part})
    assert (refused.status_code, errors(refused)) == (422, [(f"/{part}", "conditionally_required")])
    assert rows(office) == before


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"documents": []}, [("/documents", "value_invalid")]),
        ({"documents": ["一"] * 31}, [("/documents", "value_invalid")]),
        ({"documents": ["字" * 201]}, [("/documents/0", "text_too_long")]),
        ({"documents": ["一", " "]}, [("/documents/1", "text_empty")]),
        ({"documents": "身份证"}, [("/documents", "type_invalid")]),
        ({"days": 0}, [("/days", "value_invalid")]),
        ({"days": 367}, [("/days", "value_invalid")]),
        ({"days": "5"}, [("/days", "type_invalid")]),
        ({"days": True}, [("/days", "type_invalid")]),
        ({"days": None}, [("/days", "null_not_allowed")]),
        ({"days_kind": "guess"}, [("/days_kind", "choice_invalid")]),
        ({"matter": "0" * 32}, [("/matter", "value_invalid")]),
        ({"more": 1}, [("/more", "unknown_field")]),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_wrong_is_said_of_its_field(office: Office, changes: dict, wrong: list) -> None:
    refused = office.act("window_a", applied(office)["number"], "notice", WHOLE | changes)
    assert (refused.status_code, errors(refused)) == (422, wrong)


@pytest.mark.parametrize("missing", ["days", "days_kind"])
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_days_and_their_kind_go_together(office: Office, missing: str) -> None:
    body = {k: v for k, v in WHOLE.items() if k != missing}
    refused = office.act("window_a", applied(office)["number"], "notice", body)
    assert errors(refused) == [(f"/{missing}", "conditionally_required")]


def test_the_catalogue_fills_what_is_left_out_and_all_that_is_missing_is_said_at_once(office: Office) -> None:
    matter = catalogue(office)
    filed = applied(office)
    empty = office.act("window_a", filed["number"], "notice", {})
    assert [pointer for pointer, _ in errors(empty)] == ["/basis", "/time_limit", "/procedure", "/documents"]
    told = office.act("window_a", filed["number"], "notice", {"matter": matter, "procedure": "先到窗口"})
    assert told.status_code == 201
    notice = detail(office, filed)["notice"]
    assert (notice["matter"], notice["basis"], notice["procedure"]) == (
        "食品经营许可",
        "目录依据",
        "先到窗口",
    )
    assert notice["time_limit"] == "法定 20 个工作日，承诺 10 个工作日"
    assert (notice["days"], notice["days_kind"], notice["days_text"]) == (
        10,
        "promised",
        "承诺时限 10 个工作日",
    )
    foreign = catalogue(office, unit_id=office.org.neighbour.id)
    refused = office.act("window_a", filed["number"], "notice", {"matter": foreign})
    assert errors(refused) == [("/matter", "value_invalid")]


def test_tan_6_1_papers_brought_to_the_window_are_written_down_by_the_office(office: Office) -> None:
    """坛 六（一）: the limit runs on from the day they came, and the citizen reads when that was."""
    filed = applied(office)
    number = filed["number"]
    office.act("window_a", number, "notice", WHOLE)
    office.clock.forward(days=4)
    names = {a["name"]: a for a in office.staff("window_a").get(f"/staff/inquiries/{number}").json["actions"]}
    assert names["record_supplement"]["fields"] == ["text", "received_at"]
    papers = {"text": "租赁合同原件", "received_at": "2026-11-18T15:00:00+08:00"}
    done = office.act("window_a", number, "supplements", papers)
    assert (done.status_code, done.json["event"], done.json["status"]) == (201, "supplemented", "confirmed")
    shown = detail(office, filed)
    clocks = {clock["duty"]: clock for clock in shown["clocks"]}
    assert clocks["handling-limit"]["due_at"] == "2026-11-25T17:30:00+08:00"
    assert shown["timeline"][-1]["title"] == "收到补充材料，11月18日（周三）15:00 收到"
    assert shown["timeline"][-1]["text"] == "租赁合同原件"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, ("/text", "required")),
        ({"text": " "}, ("/text", "text_empty")),
        ({"text": "a", "received_at": "2026-11-16T08:59:00+08:00"}, ("/received_at", "value_invalid")),
        ({"text": "a", "received_at": "2026-11-16T09:01:00+08:00"}, ("/received_at", "value_invalid")),
        ({"text": "a", "received_at": "2026-11-16T09:00:00"}, ("/received_at", "type_invalid")),
        ({"text": "a", "received_at": None}, ("/received_at", "null_not_allowed")),
        ({"text": "a", "when": "now"}, ("/when", "unknown_field")),
    ],
)
def test_what_is_wrong_with_papers_is_said_of_its_field(office: Office, body: dict, wrong: tuple) -> None:
    number = applied(office)["number"]
    office.act("window_a", number, "notice", WHOLE)
    before = rows(office)
    refused = office.act("window_a", number, "supplements", body)
    assert (refused.status_code, errors(refused)) == (422, [wrong])
    assert rows(office) == before


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_only_the_holder_writes_papers_down_while_it_is_open(office: Office) -> None:
    number = applied(office)["number"]
    path, body = f"/staff/inquiries/{number}/supplements", {"text": "原件"}
    assert office.act("general", number, "supplements", body).status_code == 403
    assert office.staff("neighbour_window_a").post(path, body, version=1).status_code == 404
    assert office.staff("window_a").post(path, body).status_code == 428
    assert office.staff("window_a").post(path, body, version=9).status_code == 412
    office.act("window_a", number, "closing", {"outcome": "completed", "reply": "好了"})
    late = office.act("window_a", number, "supplements", body)
    assert (late.status_code, late.json["code"]) == (409, "illegal_transition")


def test_tan_6_1_days_beside_a_limit_that_runs_are_refused_and_none_is_shown(office: Office) -> None:
    """坛 六（一） 办理时限: no page prints a limit that does not run."""
    filed = applied(office)
    number = filed["number"]
    office.act("window_a", number, "notice", WHOLE)
    refused = office.act("window_a", number, "notice", WHOLE | {"days": 30})
    assert (refused.status_code, errors(refused)) == (422, [("/days", "value_invalid")])
    assert "已有办理时限在计算" in refused.json["errors"][0]["detail"]
    assert office.act("window_a", number, "notice", {"matter": catalogue(office)}).status_code == 201
    notice = detail(office, filed)["notice"]
    assert (notice["days"], notice["days_text"]) == (None, None)
    assert notice["time_limit"] == "按已在计算的办理时限：法定时限 5 个工作日"
    assert [
        clock["due_at"] for clock in detail(office, filed)["clocks"] if clock["duty"] == "handling-limit"
    ] == ["2026-11-23T17:30:00+08:00"]


def test_tan_10_1_2_days_that_gave_way_to_the_catalogue_are_shown_as_gone(office: Office) -> None:
    """坛 十（一）2: the 事项目录 ends earlier; what the notice said stays readable as what it is."""
    filed = applied(office)
    number = filed["number"]
    office.act("window_a", number, "notice", WHOLE | {"days": 30})
    assert detail(office, filed)["notice"]["days_text"] == "法定时限 30 个工作日"
    named = office.act("window_a", number, "matter", {"matter": catalogue(office)})
    assert named.status_code == 200, named.json
    shown = detail(office, filed)
    assert shown["notice"]["days_text"] == "法定时限 30 个工作日（已不再计算）"
    limits = [(c["state"], c["due_at"]) for c in shown["clocks"] if c["duty"] == "handling-limit"]
    assert sorted(limits) == [
        ("cancelled", "2026-12-28T17:30:00+08:00"),
        ("paused", "2026-11-30T17:30:00+08:00"),
    ]


def test_tan_6_1_a_later_demand_beyond_the_list_is_shown_as_such(office: Office) -> None:
    filed = applied(office)
    number = filed["number"]
    office.act("window_a", number, "notice", WHOLE)
    office.citizen(filed["tracking_token"]).post(f"/inquiries/{number}/supplements", {"text": "补"})
    more = {k: v for k, v in WHOLE.items() if "days" not in k} | {"documents": ["（1）身份证", "户口簿"]}
    assert office.act("window_a", number, "notice", more).status_code == 201
    shown = detail(office, filed)
    assert (shown["notice"]["awaiting"], shown["notice"]["paused"], shown["notice"]["counted"]) == (
        True,
        False,
        True,
    )
    assert "再次告知的等待时间照常计算" in shown["notice"]["paused_note"]
    assert [d["unlisted"] for d in shown["notice"]["documents"]] == [False, True]
    assert (shown["notice"]["position"], shown["notice"]["unlisted_count"]) == (2, 1)
    assert [one["position"] for one in shown["notice"]["earlier"]] == [1]
    assert "清单以外" in shown["notice"]["unlisted_note"]
    titles = [entry["title"] for entry in shown["timeline"] if entry["event"] == "noticed"]
    assert titles == ["一次性告知", "再次告知，其中 1 项在清单以外"]


def test_the_citizen_confirms_it_once_and_no_form_of_the_office_goes_stale(office: Office) -> None:
    filed = applied(office)
    number, citizen = filed["number"], office.citizen(filed["tracking_token"])
    path = f"/inquiries/{number}/notice/receipt"
    assert citizen.post(path).status_code == 404
    office.act("window_a", number, "notice", WHOLE)
    assert "receive_notice" in {action["name"] for action in detail(office, filed)["actions"]}
    version = office.version(number, "window_a")
    first = citizen.post(path, {}, key="receipt-of-the-notice")
    assert (first.status_code, first.json["event"]) == (200, "notice_received")
    assert office.version(number, "window_a") == version
    again = citizen.post(path, {}, key="receipt-of-the-notice")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    second = citizen.post(path)
    assert (second.status_code, second.json["code"]) == (409, "already_received")
    assert "receive_notice" not in {action["name"] for action in detail(office, filed)["actions"]}
    assert detail(office, filed)["notice"]["received_at"] is not None
    closed = office.act("window_a", number, "closing", {"outcome": "completed", "reply": "好了"})
    assert closed.status_code == 200
    late = citizen.post(path)
    assert (late.status_code, late.json["code"]) == (409, "illegal_transition")


def test_only_the_holder_tells_at_the_version_they_saw_and_only_of_an_open_matter(office: Office) -> None:
    filed = applied(office)
    number = filed["number"]
    path = f"/staff/inquiries/{number}/notice"
    assert office.act("general", number, "notice", WHOLE).status_code == 403
    assert office.staff("neighbour_window_a").post(path, WHOLE, version=1).status_code == 404
    assert office.staff("window_a").post(path, WHOLE).status_code == 428
    assert office.staff("window_a").post(path, WHOLE, version=9).status_code == 412
    offered = {"to_section": office.org.business.section.id, "reason": "转"}
    office.act("window_a", number, "handoffs", offered)
    busy = office.act("window_a", number, "notice", WHOLE)
    assert (busy.status_code, busy.json["code"]) == (409, "illegal_transition")
    office.act("window_a", number, "closing", {"outcome": "completed", "reply": "好了"})
    assert office.act("window_a", number, "notice", WHOLE).status_code == 409


def test_filed_is_signed_for_by_telling(office: Office) -> None:
    number = applied(office)["number"]
    office.clock.forward(hours=1)
    office.act("window_b", number, "notice", WHOLE)
    with office.looking() as work:
        [inquiry] = work.session.scalars(select(Inquiry).where(Inquiry.number == number))
        assert inquiry.confirmed_at == work.now


def test_lu_tells_under_its_own_words(office: Office) -> None:
    """泸 knows no 一次性告知 of its own: 二（二）2 按时办结、负责到底, and never 坛's item."""
    filed = applied(office, sign=office.org.lu_window.sign.code)
    assert office.act("lu_window_a", filed["number"], "notice", WHOLE).status_code == 201
    shown = detail(office, filed)
    assert "二（二）2" in shown["notice"]["clause"]
    assert "金坛" not in str(shown["clocks"])
