"""A retry is free: the same key and body give the first answer again, whatever happened meanwhile."""

from __future__ import annotations

import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.asking import rows
from tests.support.app import Api, Office, new_key
from tests.vault.media_samples import encoded, picture

KEY = "one-key-for-all-of-it"


def filing(office: Office, **changes: Any) -> dict[str, Any]:
    body = {
        "sign": office.org.window.sign.code,
        "category": "consult",
        "content": "问",
        "contact": {"name": "王"},
    }
    return body | changes


def returning(office: Office, number: str) -> Api:
    """The visitor who was registered, back with the number and the phone's tail."""
    found = office.anybody.post("/lookups", {"number": number, "phone_tail": "5678"})
    return office.citizen(found.json["tracking_token"])


def test_filing_again_gives_the_same_answer_also_after_the_inquiry_moved_on(office: Office) -> None:
    first = office.anybody.post("/inquiries", filing(office), key=KEY)
    number = first.json["number"]
    office.clock.forward(hours=1)
    assert office.act("window_a", number, "confirmation", {"summary": "问材料"}).status_code == 200
    office.clock.forward(days=1)
    offer = office.act(
        "window_a", number, "handoffs", {"to_section": office.org.business.section.id, "reason": "转"}
    )
    office.clock.forward(minutes=1)
    version = office.version(number, "business_a")
    office.staff("business_a").post(f"/staff/handoffs/{offer.json['id']}/acceptance", version=version)
    office.clock.forward(days=4)
    assert (
        office.act("business_a", number, "closing", {"outcome": "answered", "reply": "好"}).status_code == 200
    )
    before = rows(office)
    again = office.anybody.post("/inquiries", filing(office), key=KEY)
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"] == '"1"'
    assert "Idempotent-Replayed" not in first.headers
    assert rows(office) == before


@pytest.mark.parametrize("closing", [None, {"outcome": "answered", "reply": "当场答复"}])
def test_registering_again_gives_the_same_answer_after_it_was_closed_or_reopened(
    office: Office, closing
) -> None:
    body = {"channel": "visit", "category": "consult", "content": "问", "contact": {"phone": "13812345678"}}
    body |= {"closing": closing} if closing else {}
    staff = office.staff("window_b")
    first = staff.post("/staff/inquiries", body, key=KEY)
    assert (first.status_code, first.json["status"]) == (201, "closed" if closing else "filed")
    number = first.json["number"]
    office.clock.forward(hours=1)
    if closing is None:
        assert (
            office.act("window_b", number, "closing", {"outcome": "answered", "reply": "好"}).status_code
            == 200
        )
    else:
        citizen = returning(office, number)
        assert citizen.post(f"/inquiries/{number}/reopening", {"reason": "没说清楚"}).status_code == 200
    again = staff.post("/staff/inquiries", body, key=KEY)
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])


def test_every_step_answers_a_retry_as_the_first_time(office: Office, subtests) -> None:
    org, filed = office.org, office.file()
    number = filed["number"]
    citizen = office.citizen(filed["tracking_token"])
    done: list[tuple[str, Any, Any]] = []

    def step(who: Any, path: str, body: Any, *, staff: str | None = None) -> Any:
        version = office.version(number, staff) if staff else None
        key = new_key()
        answer = who.post(path, body, key=key, version=version)
        assert answer.status_code in {200, 201}, answer.json
        done.append((path, lambda: who.post(path, body, key=key, version=version), answer))
        office.clock.forward(minutes=1)
        return answer.json

    inquiry, base = f"/inquiries/{number}", f"/staff/inquiries/{number}"
    window, business = office.staff("window_a"), office.staff("business_b")
    to = {"to_section": org.business.section.id, "reason": "转"}
    step(citizen, f"{inquiry}/supplements", {"text": "补充"})
    step(window, f"{base}/confirmation", {"summary": "问"}, staff="window_a")
    first = step(window, f"{base}/handoffs", to, staff="window_a")
    step(
        business,
        f"/staff/handoffs/{first['id']}/return",
        {"reason": "不是", "clause": "三定"},
        staff="business_b",
    )
    second = step(window, f"{base}/handoffs", to, staff="window_a")
    step(business, f"/staff/handoffs/{second['id']}/acceptance", {}, staff="business_b")
    head = office.staff("business_head")
    step(head, f"{base}/assignment", {"to_staff": org.people["business_a"].id}, staff="business_head")
    closing = {"outcome": "answered", "reply": "好"}
    step(office.staff("business_a"), f"{base}/closing", closing, staff="business_a")
    step(citizen, f"{inquiry}/rating", {"grade": "fair", "comment": "一般"})
    step(citizen, f"{inquiry}/reopening", {"reason": "再问"})
    step(citizen, f"{inquiry}/withdrawal", {"reason": "不用了"})
    before = rows(office)
    for path, retry, answer in done:
        with subtests.test(path):
            again = retry()
            assert (again.status_code, again.json) == (answer.status_code, answer.json)
            assert again.headers["ETag"] == answer.headers["ETag"]
            assert again.headers["Idempotent-Replayed"] == "true"
    assert rows(office) == before


def test_another_body_under_the_same_key_is_refused_and_told_nothing(office: Office) -> None:
    first = office.anybody.post("/inquiries", filing(office), key=KEY)
    before = rows(office)
    for body in (filing(office, content="别的"), {}, filing(office, contact={})):
        answer = office.anybody.post("/inquiries", body, key=KEY)
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
        assert first.json["number"] not in answer.get_data(as_text=True)
    assert rows(office) == before
    # The order of fields is no difference; another operation is one.
    turned = dict(reversed(filing(office).items()))
    assert office.anybody.post("/inquiries", turned, key=KEY).json == first.json


def test_a_key_belongs_to_its_owner(office: Office) -> None:
    """Two sessions, two capabilities and nobody in particular never meet under one key."""
    anonymous = office.anybody.post("/inquiries", filing(office), key=KEY).json
    registration = {
        "channel": "call",
        "category": "consult",
        "content": "问",
        "contact": {"phone": "13812345678"},
    }
    mine = office.staff("window_a").post("/staff/inquiries", registration, key=KEY)
    other = office.staff("window_b").post("/staff/inquiries", registration, key=KEY)
    assert mine.status_code == other.status_code == 201
    assert len({anonymous["number"], mine.json["number"], other.json["number"]}) == 3
    for number, citizen in (
        (anonymous["number"], office.citizen(anonymous["tracking_token"])),
        (mine.json["number"], returning(office, mine.json["number"])),
    ):
        answer = citizen.post(f"/inquiries/{number}/supplements", {"text": "补"}, key=KEY)
        assert (answer.status_code, answer.json["number"]) == (201, number)


def test_only_what_succeeded_is_kept(office: Office) -> None:
    refused = office.anybody.post("/inquiries", filing(office, content=""), key=KEY)
    assert refused.status_code == 422
    right = office.anybody.post("/inquiries", filing(office), key=KEY)
    assert right.status_code == 201
    number = right.json["number"]
    stale = office.staff("window_a").post(f"/staff/inquiries/{number}/confirmation", {}, key=KEY, version=9)
    assert stale.status_code == 412
    fresh = office.staff("window_a").post(f"/staff/inquiries/{number}/confirmation", {}, key=KEY, version=1)
    assert (fresh.status_code, fresh.json["status"]) == (200, "confirmed")


def test_after_seven_days_a_key_is_free_again(office: Office) -> None:
    first = office.anybody.post("/inquiries", filing(office), key=KEY).json["number"]
    office.clock.forward(days=7, seconds=-1)
    assert office.anybody.post("/inquiries", filing(office), key=KEY).json["number"] == first
    office.clock.forward(seconds=1)
    later = office.anybody.post("/inquiries", filing(office), key=KEY)
    assert "Idempotent-Replayed" not in later.headers
    assert later.json["number"] != first
    assert office.anybody.post("/inquiries", filing(office), key=KEY).json["number"] == later.json["number"]


def test_ten_at_once_with_one_key_make_one_inquiry(office: Office) -> None:
    def once(_: int) -> Any:
        return office.anybody.post("/inquiries", filing(office), key=KEY)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(once, range(10)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[201] >= 1
    assert set(statuses) <= {201, 409}
    assert len({answer.json["number"] for answer in answers if answer.status_code == 201}) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert (answer.json["code"], answer.headers["Retry-After"]) == ("request_in_progress", "1")
    counts = rows(office)
    assert (counts["inquiries"], counts["idempotency_keys"], counts["holdings"]) == (1, 1, 1)
    assert office.anybody.post("/inquiries", filing(office), key=KEY).status_code == 201


def test_an_upload_sent_twice_is_stored_once(office: Office) -> None:
    filed = office.file()
    citizen = office.citizen(filed["tracking_token"])
    path = f"/api/v1/inquiries/{filed['number']}/attachments"

    def upload(colour: str, name: str = "照片.jpg") -> Any:
        data = encoded(picture(mode=colour), "PNG")
        return citizen.client.post(
            path,
            data={"file": (io.BytesIO(data), name)},
            headers={**citizen.headers, "Idempotency-Key": KEY},
            content_type="multipart/form-data",
        )

    first = upload("RGB")
    assert first.status_code == 201
    before = rows(office)
    again = upload("RGB")
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    for other in (upload("L"), upload("RGB", "别的.jpg")):
        assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert rows(office) == before
