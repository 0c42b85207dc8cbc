"""Who complains is named to the unit that holds the complaint alone (design 4)."""

from __future__ import annotations

from typing import Any

from tests.support.app import Office

MASKED = {"name": None, "org_name": None, "phone": None}


def contact(office: Office, name: str, number: str) -> dict[str, Any]:
    shown = office.staff(name).get(f"/staff/inquiries/{number}")
    assert shown.status_code == 200, shown.json
    found: dict[str, Any] = shown.json["contact"]
    return found


def assert_masked(office: Office, name: str, number: str) -> None:
    shown = contact(office, name, number)
    assert {key: shown[key] for key in MASKED} == MASKED
    assert shown["masked"]
    page = office.staff(name).get(f"/staff/inquiries/{number}").get_data(as_text=True)
    assert "王小明" not in page
    assert "13812345678" not in page


def test_a_unit_that_takes_part_in_a_complaint_is_not_told_who_complains(office: Office) -> None:
    """坛 六（三） asks other units for their part, not for who it was."""
    number = office.file(category="complaint", about={"kind": "section"})["number"]
    asked = {"units": [office.org.neighbour.id], "matter": "一起核实"}
    assert office.act("discipline", number, "joint", asked).status_code == 201
    assert contact(office, "discipline", number)["name"] == "王小明"
    assert contact(office, "principal", number)["phone"] == "13812345678"
    assert_masked(office, "neighbour_general", number)


def test_a_unit_a_complaint_is_offered_to_learns_who_complains_when_it_takes_it(office: Office) -> None:
    """坛 六（四）: the giver is then the one who knows no more than the others."""
    number = office.file(category="complaint", about={"kind": "section"})["number"]
    to = {"to_unit": office.org.neighbour.id, "reason": "由该局核实"}
    made = office.act("discipline", number, "handoffs", to)
    assert made.status_code == 201, made.json
    assert_masked(office, "neighbour_general", number)
    version = office.version(number, "neighbour_general")
    taken = office.staff("neighbour_general").post(
        f"/staff/handoffs/{made.json['id']}/acceptance", version=version
    )
    assert taken.status_code == 200, taken.json
    assert contact(office, "neighbour_general", number)["name"] == "王小明"
    assert_masked(office, "discipline", number)


def test_what_is_no_complaint_names_whom_to_call(office: Office) -> None:
    number = office.file(category="application")["number"]
    asked = {"units": [office.org.neighbour.id], "matter": "一起办"}
    assert office.act("window_a", number, "joint", asked).status_code == 201
    assert contact(office, "neighbour_general", number)["name"] == "王小明"
