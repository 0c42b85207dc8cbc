"""Number and phone tail find an inquiry again; guessing is slowed, finding is not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking import errors
from tests.support.app import Office


def look_up(office: Office, number: str, tail: str = "5678") -> Any:
    return office.anybody.post("/lookups", {"number": number, "phone_tail": tail})


def test_a_lookup_opens_a_short_session_that_follows_supplies_and_rates(office: Office) -> None:
    filed = office.file()
    found = look_up(office, filed["number"])
    assert (found.status_code, found.json["number"]) == (201, filed["number"])
    assert found.json["expires_at"] == "2026-11-17T09:00:00+08:00"
    assert found.json["tracking_token"] != filed["tracking_token"]
    citizen = office.citizen(found.json["tracking_token"])
    assert citizen.get(f"/inquiries/{filed['number']}").status_code == 200
    assert citizen.post(f"/inquiries/{filed['number']}/supplements", {"text": "补充"}).status_code == 201
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert citizen.post(f"/inquiries/{filed['number']}/rating", {"grade": "fair"}).status_code == 201
    office.clock.forward(hours=24)
    assert citizen.get(f"/inquiries/{filed['number']}").status_code == 401
    assert office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").status_code == 200


def test_a_number_is_understood_however_it_is_copied(office: Office) -> None:
    number = office.file()["number"]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    spelled = (
        number,
        number.lower(),
        "-".join(number),
        f" {number[:4]} {number[4:]} ",
        f"{number[:4]}—{number[4:]}",
        wide,
    )
    for text in spelled:
        assert look_up(office, text).json["number"] == number, text


def test_every_miss_looks_the_same(office: Office) -> None:
    with_phone = office.file()["number"]
    without = office.file(contact={"name": "王"})["number"]
    nobody = office.file(contact=None)["number"]
    misses = [look_up(office, with_phone, "0000")]
    misses += [look_up(office, number) for number in (without, nobody, "2026000000000", "胡写", "x" * 40)]
    assert {(miss.status_code, miss.json["code"], miss.json["detail"]) for miss in misses} == {
        (404, "not_found", "没有找到。请核对编号和登记时留下的电话后四位。")
    }


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_tail_is_four_digits(office: Office) -> None:
    number = office.file()["number"]
    for tail in ("567", "56789", "567a", "５６７８", "5678\n", ""):
        assert errors(look_up(office, number, tail)) == [("/phone_tail", "phone_tail_invalid")], tail


def test_ten_misses_close_the_door_and_successes_never_do(office: Office) -> None:
    number = office.file()["number"]
    for _ in range(15):
        assert look_up(office, number).status_code == 201
    for _ in range(10):
        assert look_up(office, number, "0000").status_code == 404
    refused = look_up(office, number)
    assert (refused.status_code, refused.json["code"], refused.headers["Retry-After"]) == (
        429,
        "rate_limited",
        "900",  # the whole of the fifteen minutes
    )
    elsewhere = office.app.test_client().post(
        "/api/v1/lookups",
        json={"number": number, "phone_tail": "5678"},
        environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert elsewhere.status_code == 201


def test_a_forged_forwarding_header_is_no_other_address(office: Office) -> None:
    for attempt in range(10):
        assert look_up(office, "2026000000000").status_code == 404, attempt
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        answer = office.anybody.client.post(
            "/api/v1/lookups", json={"number": "x", "phone_tail": "0000"}, headers={header: "198.51.100.9"}
        )
        assert answer.status_code == 429
