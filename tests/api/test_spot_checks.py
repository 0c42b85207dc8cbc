"""抽查 through the API: what is put on record, who reads it, and where it stands in the ledger (泸 二（二）4, 泸 附件2“备注”)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import errors
from tests.support.app import Office, new_key
from tests.support.reading_files import pdf_pages, sheet_rows, word_forms

LOOKED = {"by": "discipline", "how": "record", "finding": "王小明说一次告知不全，电话 13912345678 没有人接"}
CALLED = {"by": "general_post", "how": "phone", "result": "answered", "grade": "dissatisfied"}


def closed(office: Office, **changes: Any) -> str:
    filed = office.file(**changes)
    ended = office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert ended.status_code == 200, ended.json
    return str(filed["number"])


def detail(office: Office, name: str, number: str) -> dict[str, Any]:
    answer = office.staff(name).get(f"/staff/inquiries/{number}")
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def check(office: Office, name: str, number: str, body: dict[str, Any]) -> None:
    made = office.act(name, number, "spot-checks", body)
    assert made.status_code == 201, made.json


def joint(office: Office) -> dict[str, Any]:
    return CALLED | {
        "by": "joint",
        "with_staff": office.org.people["discipline"].id,
        "finding": "等了一小时",
        "needs_rectification": True,
    }


def test_a_check_is_put_on_record_without_moving_the_inquiry(office: Office) -> None:
    number = closed(office)
    seen = detail(office, "general", number)
    made = office.act("general", number, "spot-checks", joint(office))
    assert (made.status_code, made.json["event"], made.json["version"]) == (
        201,
        "spot_checked",
        seen["version"],
    )
    after = detail(office, "general", number)
    [stands] = after["spot_checks"]
    people = [
        {"id": office.org.people[one].id, "name": office.org.people[one].name}
        for one in ("general", "discipline")
    ]
    assert stands | {"at": None, "at_text": None} == {
        "by": "joint",
        "by_label": "首问责任总岗、机关纪委联合",
        "people": people,
        "how": "phone",
        "how_label": "电话联系群众",
        "result": "answered",
        "result_label": "已答复",
        "grade": "dissatisfied",
        "grade_label": "不满意",
        "finding": "等了一小时",
        "needs_rectification": True,
        "round": 1,
        "at": None,
        "at_text": None,
    }
    # No grade of the 回访 and none of the citizen's own comes of it.
    assert (after["rating"], after["follow_ups"]) == (seen["rating"], seen["follow_ups"])
    assert (after["version"], after["status"]) == (seen["version"], "closed")


def test_who_may_is_offered_it_with_as_what_and_with_whom(office: Office) -> None:
    number = closed(office)
    shown = detail(office, "discipline", number)
    assert [way["value"] for way in shown["spot_check_ways"]] == ["discipline", "joint"]
    assert [person["id"] for person in shown["spot_check_partners"]] == [office.org.people["general"].id]
    for name in ("window_a", "window_head", "principal", "deputy_leader"):
        shown = detail(office, name, number)
        assert (shown["spot_check_ways"], shown["spot_check_partners"]) == ([], [])
        assert "spot_check" not in {action["name"] for action in shown["actions"]}
    waiting = office.file()["number"]
    assert "spot_check" not in {action["name"] for action in detail(office, "general", waiting)["actions"]}


def test_the_way_of_a_write(office: Office) -> None:
    number = closed(office)
    who, path = office.staff("discipline"), f"/staff/inquiries/{number}/spot-checks"
    version = detail(office, "discipline", number)["version"]
    assert who.post(path, LOOKED).status_code == 428
    assert who.post(path, LOOKED, version=version + 1).status_code == 412
    for body, wrong in (
        ({"how": "record"}, [("/by", "required")]),
        ({"by": "discipline"}, [("/how", "required")]),
        (LOOKED | {"by": "oversight"}, [("/by", "choice_invalid")]),
        (LOOKED | {"by": "general_post"}, [("/by", "choice_invalid")]),
        (LOOKED | {"by": "joint"}, [("/with_staff", "conditionally_required")]),
        (LOOKED | {"by": "joint", "with_staff": "0" * 32}, [("/with_staff", "staff_unknown")]),
        (LOOKED | {"with_staff": "0" * 32}, [("/with_staff", "value_invalid")]),
        (LOOKED | {"how": "phone"}, [("/result", "conditionally_required")]),
        (LOOKED | {"result": "answered"}, [("/result", "value_invalid")]),
        (LOOKED | {"grade": "fair"}, [("/grade", "value_invalid")]),
        (LOOKED | {"how": "phone", "result": "silent"}, [("/result", "choice_invalid")]),
        ({"by": "discipline", "how": "record"}, [("/finding", "conditionally_required")]),
        (LOOKED | {"finding": ""}, [("/finding", "text_empty")]),
        (LOOKED | {"needs_rectification": "yes"}, [("/needs_rectification", "type_invalid")]),
        (LOOKED | {"verdict": 1}, [("/verdict", "unknown_field")]),
    ):
        assert errors(who.post(path, body, version=version)) == wrong, body
    key = new_key()
    made, again = (who.post(path, LOOKED, key=key, version=version) for _ in range(2))
    assert (made.status_code, again.status_code, again.json) == (201, 201, made.json)
    assert len(detail(office, "discipline", number)["spot_checks"]) == 1


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("window_a", 403, "role_required"),
        ("window_head", 403, "role_required"),
        ("principal", 403, "role_required"),
        ("business_a", 404, "not_found"),
        ("neighbour_general", 404, "not_found"),
        ("overseer", 404, "not_found"),
        ("auditor", 404, "not_found"),
    ],
)
def test_others_do_not_check(office: Office, name: str, status: int, code: str) -> None:
    number = closed(office)
    answer = office.staff(name).post(f"/staff/inquiries/{number}/spot-checks", CALLED, version=2)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_what_is_in_hand_is_urged_and_not_checked(office: Office) -> None:
    early = office.act("general", office.file()["number"], "spot-checks", CALLED)
    assert (early.status_code, early.json["code"]) == (409, "spot_check_not_possible")


def test_a_citizen_sees_nothing_of_it(office: Office) -> None:
    filed = office.file()
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    citizen = office.citizen(filed["tracking_token"])
    before = citizen.get(f"/inquiries/{filed['number']}").json
    check(office, "discipline", filed["number"], LOOKED)
    assert citizen.get(f"/inquiries/{filed['number']}").json == before


def test_the_unit_reads_it_and_another_that_had_the_matter_learns_only_that_there_was_one(
    office: Office,
) -> None:
    number = office.file(sign=office.org.neighbour_window.sign.code, category="application")["number"]
    body = {"reason": "转", "to_unit": office.org.unit.id}
    offer = office.act("neighbour_window_a", number, "handoffs", body).json["id"]
    version = office.version(number, "general")
    office.staff("general").post(f"/staff/handoffs/{offer}/acceptance", version=version)
    office.act("general", number, "assignment", {"to_staff": office.org.people["window_a"].id})
    closing = {"outcome": "answered", "reply": "好"}
    assert office.act("window_a", number, "closing", closing).status_code == 200
    # Neither by the unit that gave it away, nor by the post that accepted it.
    for name in ("neighbour_general", "general"):
        assert office.act(name, number, "spot-checks", CALLED).json["code"] == "role_required"
    check(office, "discipline", number, LOOKED)
    for name, findings in (("window_a", [LOOKED["finding"]]), ("neighbour_window_a", [])):
        shown = detail(office, name, number)
        assert [one["finding"] for one in shown["spot_checks"]] == findings
        [told] = [entry for entry in shown["timeline"] if entry["event"] == "spot_checked"]
        assert (told["title"], told["text"]) == ("抽查：机关纪委", None)
    for name, noted in (("general", True), ("neighbour_general", False)):
        [line] = office.staff(name).get("/staff/ledger?scope=unit").json["items"]
        assert ("抽查" in line["remark"]) is noted


def test_whom_a_complaint_is_about_sees_neither_it_nor_its_check(office: Office) -> None:
    filed = office.file(category="complaint", about={"kind": "section"})
    number = filed["number"]
    closing = {"outcome": "answered", "reply": "已经批评教育"}
    assert office.act("discipline", number, "closing", closing).status_code == 200
    # Discipline held it, so the general post checks.
    assert office.act("discipline", number, "spot-checks", LOOKED).status_code == 403
    check(office, "general", number, LOOKED | {"by": "general_post"})
    for name in ("window_a", "window_b", "window_head"):
        assert office.staff(name).get(f"/staff/inquiries/{number}").status_code == 404
        for scope in ("section", "unit"):
            answer = office.staff(name).get(f"/staff/ledger?scope={scope}")
            assert answer.status_code == 403 or answer.json["items"] == []
    [line] = office.staff("general").get("/staff/ledger?scope=unit").json["items"]
    assert (line["restricted"], "一次告知不全" in line["remark"]) == (True, True)


def test_the_remark_of_the_line_says_when_by_whom_and_what_was_found(office: Office) -> None:
    number = closed(office)
    check(office, "discipline", number, LOOKED)
    office.clock.forward(hours=1)
    check(office, "general", number, joint(office))
    for name, scope in (("window_a", "section"), ("general", "unit")):
        [line] = office.staff(name).get(f"/staff/ledger?scope={scope}").json["items"]
        assert line["remarks"][-2:] == [
            "2026年11月16日 09:00 机关纪委抽查（查看办理记录）：王**说一次告知不全，电话 139****5678 没有人接",
            "2026年11月16日 10:00 首问责任总岗、机关纪委联合抽查（电话联系群众）：已答复，不满意，等了一小时，需要整改",
        ]
        # It fills no box: those are of the 回访 and of the citizen's own grade.
        assert (line["grade"], line["followed_up_at"]) == (None, None)


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf"])
def test_the_remark_stands_in_every_file_with_its_numbers_masked(office: Office, ending: str) -> None:
    check(office, "discipline", closed(office), LOOKED)
    data = office.staff("window_a").get(f"/staff/ledger.{ending}").data
    if ending == "xlsx":
        remark = sheet_rows(data)[0]["备注"]
    elif ending == "docx":
        [remark] = [row[1] for row in word_forms(data)[0] if row[0] == "备注"]
    else:
        remark = pdf_pages(data)[1]
    words = "机关纪委抽查（查看办理记录）：王**说一次告知不全，电话139****5678没有人接"
    assert words in remark.replace(" ", "")
    assert "13912345678" not in remark
