"""What a unit puts on record about itself: 实施细则 (坛 十一; 泸 二（二）1), 简化优化 and 鼓励激励 (坛 八); public, and kept."""

from __future__ import annotations

from typing import Any

import pytest

from backend.queries.unit_records import unit_records
from tests.api.asking import errors, rows
from tests.queries.counting import statements
from tests.support.app import Office, new_key

PATH = "/staff/unit-records"
RULES = {"kind": "rules", "title": "实施细则", "dated_on": "2026-11-16", "body": "第一条　当场能办的当场办。"}
HONOUR = {"kind": "commendation", "title": "服务之星", "dated_on": "2026-11-10", "body": "耐心细致"}


def listed(office: Office, query: str = "") -> Any:
    return office.anybody.get(f"/units/{office.org.unit.id}/records{query}").json


def test_a_record_is_public_at_once_and_dated(office: Office) -> None:
    made = office.staff("general").post(PATH, RULES | {"document_number": "坛审批〔2026〕1号"})
    assert (made.status_code, made.json["kind_label"]) == (201, "实施细则")
    shown = listed(office)
    assert shown["unit"]["id"] == office.org.unit.id
    assert shown["items"] == [made.json]
    assert (made.json["dated_text"], made.json["document_number"]) == ("2026年11月16日", "坛审批〔2026〕1号")
    other = office.anybody.get(f"/units/{office.org.neighbour.id}/records").json
    assert (other["items"], other["next_cursor"]) == ([], None)
    assert office.anybody.get("/units/nobody/records").status_code == 404


def test_a_commendation_honours_a_person_a_section_or_the_unit(office: Office) -> None:
    """坛 八: 取得明显成效的单位和个人."""
    org = office.org
    head = office.staff("principal")
    for change, name in (
        ({}, None),
        ({"section": org.window.section.id}, "综合窗口"),
        ({"staff": org.people["window_a"].id}, org.people["window_a"].name),
    ):
        answer = head.post(PATH, HONOUR | change)
        assert (answer.status_code, answer.json["honours"]) == (201, name)
    refused = [
        (HONOUR | {"section": org.neighbour_window.section.id}, ("/section", "section_unknown")),
        (HONOUR | {"staff": org.people["neighbour_general"].id}, ("/staff", "staff_unknown")),
        (HONOUR | {"staff": "x"}, ("/staff", "staff_unknown")),
        (RULES | {"staff": org.people["window_a"].id}, ("/staff", "value_invalid")),
        (
            HONOUR | {"section": org.window.section.id, "staff": org.people["window_a"].id},
            ("/staff", "value_invalid"),
        ),
    ]
    before = rows(office)
    for body, error in refused:
        answer = head.post(PATH, body)
        assert (answer.status_code, errors(answer)) == (422, [error])
    assert rows(office) == before


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"dated_on": "2026-11-17"}, ("/dated_on", "value_invalid")),
        ({"dated_on": "2026-W47-1"}, ("/dated_on", "type_invalid")),
        ({"dated_on": 20261116}, ("/dated_on", "type_invalid")),
        ({"kind": "secret"}, ("/kind", "choice_invalid")),
        ({"title": "字" * 201}, ("/title", "text_too_long")),
        ({"body": ""}, ("/body", "text_empty")),
        ({"unit": "x"}, ("/unit", "unknown_field")),
    ],
)
def test_what_is_not_acceptable_is_refused(office: Office, change, error) -> None:
    answer = office.staff("general").post(PATH, RULES | change)
    assert (answer.status_code, errors(answer)) == (422, [error])
    assert listed(office)["items"] == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_only_who_speaks_for_the_unit_puts_something_on_record(office: Office) -> None:
    """403 is told before the body is read."""
    for name in ("window_a", "window_head", "deputy_leader", "discipline", "overseer", "auditor", "sysadmin"):
        answer = office.staff(name).post(PATH, {"unknown": 1})
        assert (answer.status_code, answer.json["code"]) == (403, "role_required"), name
    assert office.staff("lu_general").post(PATH, RULES).status_code == 201
    assert listed(office)["items"] == []


def test_a_retry_gives_the_first_answer_and_another_body_under_its_key_is_told_nothing(
    office: Office,
) -> None:
    """The replay comes before 403 and 422, as on every other write (design 6)."""
    key, who = new_key(), office.staff("general")
    first = who.post(PATH, RULES, key=key)
    before = rows(office)
    office.clock.forward(hours=1)
    again = who.post(PATH, RULES, key=key)
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (201, first.json, "true")
    reused = who.post(PATH, {"kind": 3}, key=key)
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")
    assert first.json["id"] not in reused.get_data(as_text=True)
    assert rows(office) == before
    # A refused one leaves its key unused.
    spare = new_key()
    assert who.post(PATH, RULES | {"body": ""}, key=spare).status_code == 422
    assert who.post(PATH, HONOUR, key=spare).status_code == 201


def test_the_list_is_paged_newest_first(office: Office) -> None:
    for day in range(1, 17):
        for title in ("甲", "乙"):
            body = RULES | {"title": title, "dated_on": f"2026-11-{day:02d}"}
            assert office.staff("general").post(PATH, body).status_code == 201
    first = listed(office)
    second = listed(office, f"?cursor={first['next_cursor']}")
    days = [item["dated_on"] for item in first["items"] + second["items"]]
    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (20, 12, None)
    assert days == sorted(days, reverse=True)
    assert len({item["id"] for item in first["items"] + second["items"]}) == 32
    assert office.anybody.get(f"/units/{office.org.unit.id}/records?cursor=x").status_code == 400


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_page_of_records_is_read_in_as_many_statements_however_long_it_is(office: Office) -> None:
    """坛 八: whom a commendation is for is read once for all of them."""
    sent = []
    people = [office.org.people[name].id for name in ("window_a", "window_b", "business_a", "office_a")]
    honour = RULES | {"kind": "commendation"}
    for many in (people[:1], people[1:]):
        for person in many:
            assert office.staff("general").post(PATH, honour | {"staff": person}).status_code == 201
        with office.looking() as work, statements(office) as counted:
            shown = unit_records(work, office.org.unit.id, None)
        assert all(item["honours"] for item in shown["items"])
        sent.append(len(counted))
    assert sent[0] == sent[1]
