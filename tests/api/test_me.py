"""`GET /staff/me` and the directory: what a client needs to know of who is signed in."""

from __future__ import annotations

import pytest

from tests.support.app import Office

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def test_it_names_the_measure_and_the_boxes_a_person_has(office: Office) -> None:
    office.file()
    me = office.staff("window_a").get("/staff/me").json
    assert me["measure"] == "tan"
    assert office.staff("lu_window_a").get("/staff/me").json["measure"] == "lu"
    assert me["boxes"][0] == {"name": "todo", "label": "待签收", "total": 1}
    assert all(box["total"] == me["counts"][box["name"]] for box in me["boxes"])
    names = {
        name: {box["name"] for box in office.staff(name).get("/staff/me").json["boxes"]}
        for name in ("window_a", "window_head", "general")
    }
    assert "unsigned" in names["window_head"] - names["window_a"]
    assert "unit" in names["general"] - names["window_head"]


def test_the_directory_says_to_whose_people_one_may_assign(office: Office) -> None:
    def sections(name: str) -> set[str]:
        units = office.staff(name).get("/staff/directory").json["items"]
        return {section["id"] for unit in units for section in unit["sections"] if section["may_assign"]}

    org = office.org
    assert sections("window_a") == set()
    assert sections("window_head") == {org.window.section.id}
    assert {org.window.section.id, org.business.section.id} <= sections("general")
    assert org.neighbour_window.section.id not in sections("general")


def test_a_registration_says_whether_it_is_a_late_entry_and_a_matter_how_far_a_limit_extends(
    office: Office,
) -> None:
    body = {"channel": "visit", "category": "consult", "content": "当面问"}
    window = office.staff("window_a")
    now = window.post("/staff/inquiries", body).json
    late = window.post("/staff/inquiries", body | {"occurred_at": "2026-11-13T10:00:00+08:00"}).json
    assert (now["late_entry"], late["late_entry"]) == (False, True)
    shown = window.get(f"/staff/inquiries/{now['number']}").json
    with office.looking() as work:
        assert shown["limit_choices"] == {"most_days": work.tools.statute.number("extension-once")}
