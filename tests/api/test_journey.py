"""The main job from the scan to the grade, through the API."""

from __future__ import annotations

from tests.support.app import Office


def test_file_sign_for_hand_over_accept_close_and_rate(office: Office) -> None:
    org = office.org
    sign = office.anybody.get(f"/signs/{org.window.sign.code}").json
    assert (sign["unit"]["name"], sign["section"]["name"]) == (org.unit.name, org.window.section.name)

    filed = office.file()
    number = filed["number"]
    citizen = office.citizen(filed["tracking_token"])
    assert filed["status"] == "filed"
    assert [clock["duty"] for clock in filed["clocks"]] == ["answer-consult"]
    assert filed["clocks"][0]["due_at"] == "2026-11-18T17:30:00+08:00"
    assert filed["receipt"]["sequence"] == 1

    assert office.act("window_a", number, "confirmation", {"summary": "咨询营业执照材料"}).status_code == 200
    offered = office.act(
        "window_a",
        number,
        "handoffs",
        {"to_unit": org.unit.id, "to_section": org.business.section.id, "reason": "属于业务科职责"},
    )
    assert offered.status_code == 201, offered.json
    assert citizen.get(f"/inquiries/{number}").json["holder"]["section"]["name"] == org.window.section.name

    version = office.version(number, "business_b")
    accepted = office.staff("business_b").post(
        f"/staff/handoffs/{offered.json['id']}/acceptance", version=version
    )
    assert accepted.status_code == 200, accepted.json
    detail = citizen.get(f"/inquiries/{number}").json
    assert detail["holder"]["person"]["name"] == org.people["business_b"].name
    assert detail["clocks"][0]["due_at"] == "2026-11-18T17:30:00+08:00"
    assert detail["clocks"][0]["bearer"]["person"]["id"] == org.people["business_b"].id

    closed = office.act("business_b", number, "closing", {"outcome": "answered", "reply": "请带身份证原件。"})
    assert closed.status_code == 200, closed.json
    rated = citizen.post(f"/inquiries/{number}/rating", {"grade": "satisfied", "comment": "很快"})
    assert rated.status_code == 201, rated.json

    detail = citizen.get(f"/inquiries/{number}").json
    assert [entry["event"] for entry in detail["timeline"]] == [
        "filed",
        "confirmed",
        "offered",
        "accepted",
        "closed",
        "rated",
    ]
    assert detail["reply"]["text"] == "请带身份证原件。"
    assert detail["rating"]["grade"] == "satisfied"
    assert detail["clocks"][0]["state"] == "met"
