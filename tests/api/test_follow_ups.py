"""电话回访 through the API: whose list it stands on, what came of it, who sees the grade.

泸 二（二）4, 泸 附件1-16: 定期进行电话回访; 泸 附件2“回访时间”: when the call was made.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import errors, rows
from tests.support.app import Office, new_key

ANSWERED = {"result": "answered", "grade": "dissatisfied", "comment": "等得久"}


def closed(office: Office, **changes: Any) -> str:
    """An inquiry answered at 泸州's window, or at the sign given. Returns its number."""
    filed = office.file(**({"sign": office.org.lu_window.sign.code} | changes))
    who = "lu_window_a" if "sign" not in changes else "window_a"
    ended = office.act(who, filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert ended.status_code == 200, ended.json
    return str(filed["number"])


def calls(office: Office, name: str, **query: str) -> dict[str, Any]:
    answer = office.staff(name).get("/staff/follow-ups", query_string=query)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def numbers(office: Office, name: str) -> list[str]:
    return [item["number"] for item in calls(office, name)["items"]]


def detail(office: Office, name: str, number: str) -> dict[str, Any]:
    return dict(office.staff(name).get(f"/staff/inquiries/{number}").json)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_a_call_stands_on_the_list_of_the_post_and_of_the_unit_with_the_phone(office: Office) -> None:
    number = closed(office)
    before = rows(office)
    for name in ("lu_window_a", "lu_window_b", "lu_general"):
        (item,) = calls(office, name)["items"]
        assert (item["number"], item["phone"], item["name"]) == (number, "13812345678", "王小明"), name
        assert item["due_text"] == "11月30日（周一）17:30 前"
    for name in ("lu_window_head", "lu_office_a", "window_a", "general", "overseer", "auditor", "sysadmin"):
        assert calls(office, name) == {"items": [], "next_cursor": None}, name
    assert rows(office) == before
    office.clock.forward(days=20)
    (late,) = calls(office, "lu_general")["items"]
    assert (late["is_late"], late["remaining_text"]) == (True, "已晚 4 个工作日")


def test_the_list_goes_on_by_place_and_the_most_urgent_stands_first(office: Office) -> None:
    made = []
    for _ in range(21):
        made.append(closed(office))
        office.clock.forward(days=1)
    first = calls(office, "lu_general")
    assert len(first["items"]) == 20
    second = calls(office, "lu_general", cursor=first["next_cursor"])
    listed = [item["number"] for item in first["items"] + second["items"]]
    assert (sorted(listed), second["next_cursor"]) == (sorted(made), None)
    due = [item["due_at"] for item in first["items"] + second["items"]]
    assert due == sorted(due)
    assert refusal(office.staff("lu_general").get("/staff/follow-ups?cursor=x")) == (400, "cursor_invalid")


def test_what_came_of_it_is_put_on_record_without_moving_the_inquiry(office: Office) -> None:
    number = closed(office)
    seen = detail(office, "lu_window_a", number)
    made = office.act("lu_window_a", number, "follow-ups", ANSWERED)
    assert made.status_code == 201, made.json
    assert (made.json["event"], made.json["version"]) == ("followed_up", seen["version"])
    assert made.headers["ETag"] == f'"{seen["version"]}"'
    after = detail(office, "lu_window_a", number)
    assert (after["version"], after["status"], after["closed_at"]) == (
        seen["version"],
        seen["status"],
        seen["closed_at"],
    )
    assert after["follow_ups"]["call"] | {"at": None, "at_text": None} == {
        "state": "answered",
        "state_label": "已答复",
        "due_at": None,
        "due_text": None,
        "remaining_text": None,
        "is_late": False,
        "at": None,
        "at_text": None,
        "by": office.org.people["lu_window_a"].name,
        "grade": "dissatisfied",
        "grade_label": "不满意",
        "comment": "等得久",
    }
    assert numbers(office, "lu_general") == []
    again = office.act("lu_general", number, "follow-ups", {"result": "refused"})
    assert refusal(again) == (409, "already_followed_up")


def test_the_way_of_a_write(office: Office) -> None:
    number = closed(office)
    who, path = office.staff("lu_general"), f"/staff/inquiries/{number}/follow-ups"
    version = detail(office, "lu_general", number)["version"]
    assert refusal(who.post(path, ANSWERED)) == (428, "precondition_required")
    assert refusal(who.post(path, ANSWERED, version=version - 1)) == (412, "version_conflict")
    for body, wrong in (
        ({}, ("/result", "required")),
        ({"result": "answered"}, ("/grade", "conditionally_required")),
        ({"result": "unreachable", "grade": "fair"}, ("/grade", "value_invalid")),
        ({"result": "silent"}, ("/result", "choice_invalid")),
        ({"result": "answered", "grade": "great"}, ("/grade", "choice_invalid")),
        ({"result": "refused", "source": "own"}, ("/source", "unknown_field")),
    ):
        assert errors(who.post(path, body, version=version)) == [wrong]
    key = new_key()
    made = who.post(path, ANSWERED, key=key, version=version)
    again = who.post(path, ANSWERED, key=key, version=version)
    assert (made.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == made.json
    assert refusal(who.post(path, {"result": "refused"}, key=key, version=version)) == (
        422,
        "idempotency_key_reused",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lu_window_head", (403, "role_required")),
        ("lu_office_a", (404, "not_found")),
        ("general", (404, "not_found")),
        ("auditor", (404, "not_found")),
    ],
)
def test_others_do_not_report_a_call(office: Office, name: str, expected: tuple[int, str]) -> None:
    number = closed(office)
    answer = office.staff(name).post(f"/staff/inquiries/{number}/follow-ups", ANSWERED, version=2)
    assert refusal(answer) == expected


def test_the_act_is_shown_to_who_may_while_there_is_something_to_call_about(office: Office) -> None:
    def offered(name: str, number: str) -> bool:
        return "follow_up" in {action["name"] for action in detail(office, name, number)["actions"]}

    filed = office.file(sign=office.org.lu_window.sign.code)
    assert not offered("lu_window_a", filed["number"])
    early = office.act("lu_window_a", filed["number"], "follow-ups", {"result": "refused"})
    assert refusal(early) == (409, "follow_up_not_possible")
    number = closed(office)
    assert offered("lu_window_a", number)
    assert not offered("lu_window_head", number)
    office.act("lu_window_a", number, "follow-ups", {"result": "unreachable"})
    assert offered("lu_general", number)
    assert numbers(office, "lu_general") == []
    assert office.act("lu_general", number, "follow-ups", ANSWERED).status_code == 201
    assert not offered("lu_general", number)
    assert not offered("lu_window_a", closed(office, contact=None))


def test_under_tan_nothing_waits_and_what_the_unit_does_is_marked_as_ours(office: Office) -> None:
    number = closed(office, sign=office.org.window.sign.code)
    assert numbers(office, "window_a") == numbers(office, "general") == []
    assert detail(office, "general", number)["follow_ups"] is None
    assert office.act("discipline", number, "follow-ups", ANSWERED).status_code == 201
    shown = detail(office, "general", number)["follow_ups"]
    assert (shown["provided_label"], shown["clause"]) == ("本系统提供", None)
    lu = detail(office, "lu_general", closed(office))["follow_ups"]
    assert lu["provided_label"] is None
    assert lu["clause"].endswith("二（二）4")


def test_the_grade_of_a_call_stays_in_the_unit_and_the_citizen_reads_what_was_written(office: Office) -> None:
    filed = office.file()
    number = filed["number"]
    target = {"to_unit": office.org.neighbour.id, "reason": "属于贵局职责"}
    offered = office.act("window_a", number, "handoffs", target)
    path = f"/staff/handoffs/{offered.json['id']}/acceptance"
    assert office.staff("neighbour_general").post(path, version=2).status_code == 200
    office.act("neighbour_general", number, "closing", {"outcome": "answered", "reply": "好"})
    assert refusal(office.act("general", number, "follow-ups", ANSWERED)) == (403, "role_required")
    assert office.act("neighbour_general", number, "follow-ups", ANSWERED).status_code == 201
    own, other = (detail(office, name, number) for name in ("neighbour_general", "general"))
    assert own["follow_ups"]["call"]["grade"] == "dissatisfied"
    assert (other["follow_ups"]["call"]["grade"], other["follow_ups"]["call"]["comment"]) == (None, None)
    for shape in (own, other):
        (line,) = [entry for entry in shape["timeline"] if entry["event"] == "followed_up"]
        assert (line["title"], line["text"]) == ("电话回访：已答复", None)
    mine = office.citizen(filed["tracking_token"]).get(f"/inquiries/{number}").json
    (line,) = [entry for entry in mine["timeline"] if entry["event"] == "followed_up"]
    assert (line["title"], line["text"]) == ("电话回访：已答复，不满意", "等得久")
    # What somebody told a caller is not the citizen's own grade.
    assert mine["rating"] is None
    assert "rate" in {action["name"] for action in mine["actions"]}


def test_whom_a_complaint_is_about_neither_sees_the_call_nor_makes_it(office: Office) -> None:
    filed = office.file(sign=office.org.lu_window.sign.code, category="complaint")
    number = filed["number"]
    office.act("lu_general", number, "closing", {"outcome": "answered", "reply": "已核实"})
    assert numbers(office, "lu_general") == [number]
    assert numbers(office, "lu_window_a") == []
    answer = office.staff("lu_window_a").post(f"/staff/inquiries/{number}/follow-ups", ANSWERED, version=2)
    assert refusal(answer) == (404, "not_found")


def test_opened_again_it_leaves_the_list_and_comes_back_with_the_next_closing(office: Office) -> None:
    filed = office.file(sign=office.org.lu_window.sign.code)
    number = filed["number"]
    for _ in range(2):
        office.act("lu_window_a", number, "closing", {"outcome": "answered", "reply": "好"})
        assert numbers(office, "lu_window_a") == [number]
        office.clock.forward(hours=1)
        citizen = office.citizen(filed["tracking_token"])
        assert citizen.post(f"/inquiries/{number}/reopening", {"reason": "没解决"}).status_code == 200
        assert numbers(office, "lu_window_a") == []
