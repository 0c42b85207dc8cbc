"""The order of checks: 413, 415 → 401 → 400 key → 404 → replay, reused → 403 → 428 → 412 → 422 → 409.

Each case breaks two rules that stand beside each other; the earlier one answers.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.asking import rows
from tests.support.app import Office, new_key

HUGE = b" " * (1024 * 1024 + 1)
WRONG_BODY = b'{"outcome": "gone"}'
RIGHT_BODY = b'{"outcome": "answered", "reply": "ok"}'
REFUSAL_WITHOUT_REASON = b'{"outcome": "refused", "reply": "no"}'


@dataclass
class Ask:
    """A closing of a filed inquiry in which everything is right; each test spoils two things."""

    office: Office
    number: str
    who: str | None = "window_a"
    key: str | None = ""
    version: str | None = '"1"'
    content_type: str = "application/json"
    data: bytes = RIGHT_BODY

    def send(self) -> Any:
        headers = {"Content-Type": self.content_type}
        if self.who is not None:
            headers |= self.office.staff(self.who).headers
        if self.key is not None:
            headers["Idempotency-Key"] = self.key or new_key()
        if self.version is not None:
            headers["If-Match"] = self.version
        return self.office.app.test_client().post(
            f"/api/v1/staff/inquiries/{self.number}/closing", data=self.data, headers=headers
        )


PAIRS = [
    ("413 before 415", {"data": HUGE, "content_type": "text/plain"}, 413, "content_too_large"),
    ("413 before 401", {"data": HUGE, "who": None}, 413, "content_too_large"),
    ("415 before 401", {"content_type": "text/plain", "who": None}, 415, "unsupported_media_type"),
    ("401 before 400 key", {"who": None, "key": None}, 401, "unauthenticated"),
    ("401 before 404", {"who": None, "number": "2026000000000"}, 401, "unauthenticated"),
    ("400 key before json", {"key": None, "data": b"{"}, 400, "idempotency_key_required"),
    ("400 key before 404", {"key": None, "number": "2026000000000"}, 400, "idempotency_key_required"),
    ("400 form of key before 404", {"key": "short", "number": "x"}, 400, "idempotency_key_invalid"),
    ("404 before 403", {"who": "lu_window_a"}, 404, "not_found"),
    ("404 before 428", {"number": "x", "version": None}, 404, "not_found"),
    ("404 before 422", {"number": "x", "data": WRONG_BODY}, 404, "not_found"),
    ("403 before 428", {"who": "business_a", "version": None}, 403, "not_holder"),
    ("403 before 412", {"who": "business_a", "version": '"7"'}, 403, "not_holder"),
    ("403 before 422", {"who": "business_a", "data": WRONG_BODY}, 403, "not_holder"),
    ("428 before 422", {"version": None, "data": WRONG_BODY}, 428, "precondition_required"),
    ("412 before 422", {"version": '"7"', "data": WRONG_BODY}, 412, "version_conflict"),
    ("412 for a star", {"version": "*"}, 412, "version_conflict"),
    ("412 for a list", {"version": '"1", "2"'}, 412, "version_conflict"),
    ("412 for odd characters", {"version": "é\x01"}, 412, "version_conflict"),
    ("422 of the schema", {"data": WRONG_BODY}, 422, "validation_failed"),
    ("422 of the use case", {"data": REFUSAL_WITHOUT_REASON}, 422, "validation_failed"),
]


def test_of_two_faults_the_earlier_one_answers_and_nothing_is_written(office: Office, subtests) -> None:
    number = office.file()["number"]
    # business_a may look without holding: it was offered there and given back.
    offered = office.act(
        "window_a", number, "handoffs", {"to_section": office.org.business.section.id, "reason": "问"}
    )
    accepted = office.staff("business_a").post(f"/staff/handoffs/{offered.json['id']}/acceptance", version=2)
    assert accepted.status_code == 200
    assigned = office.act("general", number, "assignment", {"to_staff": office.org.people["window_a"].id})
    version = f'"{assigned.json["version"]}"'
    for name in ("window_a", "business_a", "lu_window_a"):
        office.staff(name)
    before = rows(office)
    for title, faults, status, code in PAIRS:
        with subtests.test(title):
            ask = Ask(office, **({"number": number, "version": version} | faults))
            answer = ask.send()
            assert (answer.status_code, answer.json["code"]) == (status, code)
    assert rows(office) == before


def test_422_comes_before_409(office: Office, subtests) -> None:
    """On a closed inquiry, and on one that is already being handed over."""
    closed, pending = office.file()["number"], office.file()["number"]
    assert office.act("window_a", closed, "closing", json.loads(RIGHT_BODY)).status_code == 200
    to = {"to_section": office.org.business.section.id, "reason": "问"}
    assert office.act("window_a", pending, "handoffs", to).status_code == 201
    cases = [
        (closed, "closing", {"outcome": "gone"}, 422, "validation_failed"),
        (closed, "closing", {"outcome": "refused", "reply": "不"}, 422, "validation_failed"),
        (closed, "closing", {"outcome": "answered", "reply": "好"}, 409, "illegal_transition"),
        (closed, "confirmation", {"summary": ""}, 422, "validation_failed"),
        (closed, "confirmation", {}, 409, "illegal_transition"),
        (closed, "handoffs", {"reason": ""}, 422, "validation_failed"),
        (closed, "handoffs", to, 409, "illegal_transition"),
        (closed, "assignment", {"to_staff": ""}, 422, "validation_failed"),
        (pending, "handoffs", {"reason": "问"}, 422, "handoff_target_unavailable"),
        (
            pending,
            "handoffs",
            to | {"to_section": office.org.empty_section.id},
            422,
            "handoff_target_unavailable",
        ),
        (pending, "handoffs", to | {"to_section": office.org.window.section.id}, 422, "handoff_to_self"),
        (pending, "handoffs", to, 409, "handoff_pending"),
        (pending, "confirmation", {}, 409, "illegal_transition"),
    ]
    before = rows(office)
    for number, what, body, status, code in cases:
        with subtests.test(what, body=body):
            answer = office.act("window_a", number, what, body)
            assert (answer.status_code, answer.json["code"]) == (status, code)
    assert rows(office) == before


def test_a_replay_comes_before_everything_about_state_but_after_404(office: Office) -> None:
    number, key = office.file()["number"], new_key()
    ask = Ask(office, number, key=key)
    first = ask.send()
    assert first.status_code == 200
    # Neither the version nor the state fits any more, yet the same request has the same answer.
    ask.version = None
    again = ask.send()
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (200, first.json, "true")
    # A reused key is told before 403, 428 and 422.
    ask.data = WRONG_BODY
    assert (ask.send().status_code, ask.send().json["code"]) == (422, "idempotency_key_reused")
    ask.number = "2026000000000"
    assert ask.send().status_code == 404


def test_registering_asks_for_the_role_before_it_reads_the_body(office: Office) -> None:
    for name in ("sysadmin", "auditor", "overseer", "principal", "discipline"):
        answer = office.staff(name).post("/staff/inquiries", {"content": 3, "unknown": 1})
        assert (answer.status_code, answer.json["code"]) == (403, "role_required"), name
    assert office.staff("window_b").post("/staff/inquiries", {"content": 3}).status_code == 422


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_an_upload_is_checked_in_the_same_order(office: Office, subtests) -> None:
    filed = office.file()
    other = office.file()
    path, capability = f"/api/v1/inquiries/{filed['number']}/attachments", filed["tracking_token"]
    file = {"file": (io.BytesIO(b"no picture"), "a.jpg")}
    cases = [
        ("415 before 401", {"data": b"{}", "content_type": "application/json"}, None, new_key(), 415),
        ("401 before 400", {"data": {}, "content_type": "multipart/form-data"}, None, None, 401),
        (
            "400 before 404",
            {"data": {}, "content_type": "multipart/form-data"},
            other["tracking_token"],
            None,
            400,
        ),
        (
            "404 before 422",
            {"data": {}, "content_type": "multipart/form-data"},
            other["tracking_token"],
            new_key(),
            404,
        ),
        (
            "422 without a file",
            {"data": {}, "content_type": "multipart/form-data"},
            capability,
            new_key(),
            422,
        ),
        (
            "422 for no picture",
            {"data": file, "content_type": "multipart/form-data"},
            capability,
            new_key(),
            422,
        ),
    ]
    for title, sent, token, key, status in cases:
        with subtests.test(title):
            headers = {"X-Tracking-Token": token, "Idempotency-Key": key}
            answer = office.anybody.client.post(
                path, headers={name: value for name, value in headers.items() if value}, **sent
            )
            assert answer.status_code == status, answer.json
