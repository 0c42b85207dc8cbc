"""What people agreed to be sent by WeChat: reported once a tap, for whoever is signed in, and never by anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.models import Consent
from tests.api.asking import errors
from tests.support.app import Api, Office, new_key
from tests.support.fake_wechat import WECHAT

PATH = "/subscriptions"
ID = WECHAT.templates


@pytest.fixture
def office(wechat_office: Office) -> Office:
    return wechat_office


def report(who: Api, **results: str) -> Any:
    return who.post(PATH, {"results": {ID[key]: result for key, result in results.items()}})


def left(answer: Any) -> dict[str, int]:
    return {item["template"]: item["granted"] for item in answer.json["items"]}


def test_one_tap_is_one_message_for_each_template_accepted(office: Office) -> None:
    wang = office.citizen_session("wang")
    answer = report(wang, progress="accept", documents="reject", result="acceptWithAudio")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert left(answer) == {
        "progress": 1, "documents": 0, "result": 1, "task": 0, "deadline": 0, "supervision": 0,
    }  # fmt: skip
    assert left(report(wang, progress="accept", result="ban"))["progress"] == 2
    assert wang.get(PATH).json == report(wang, progress="filter").json


def test_everybody_reports_for_themselves(office: Office) -> None:
    report(office.citizen_session("wang"), progress="accept")
    assert left(office.citizen_session("li").get(PATH))["progress"] == 0
    staff = office.bound_session("window_a")
    assert left(report(staff, task="accept"))["task"] == 1
    assert left(office.citizen_session("window_a").get(PATH))["task"] == 1  # the same WeChat
    with office.looking() as work:
        assert len(set(work.session.scalars(select(Consent.account_id)))) == 2


def test_who_did_not_come_by_wechat_has_nothing_to_report(office: Office) -> None:
    filed = office.file()
    for who in (office.anybody, office.staff("window_a"), office.citizen(filed["tracking_token"])):
        assert report(who, progress="accept").status_code == 401
        assert who.get(PATH).status_code == 401


def test_a_report_sent_again_counts_once(office: Office) -> None:
    wang, key = office.citizen_session("wang"), new_key()
    body = {"results": {ID["progress"]: "accept"}}
    first = wang.post(PATH, body, key=key)
    office.clock.forward(minutes=30)
    again = wang.post(PATH, body, key=key)
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = wang.post(PATH, {"results": {ID["result"]: "accept"}}, key=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    without = wang.client.post(f"/api/v1{PATH}", json=body, headers=wang.headers)
    assert (without.status_code, without.json["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("/results", "required")),
        ({"results": None}, ("/results", "null_not_allowed")),
        ({"results": []}, ("/results", "type_invalid")),
        ({"results": {}}, ("/results", "value_invalid")),
        ({"results": {str(n): "accept" for n in range(21)}}, ("/results", "value_invalid")),
        ({"results": {"not-ours": "accept"}}, ("/results", "value_invalid")),
        ({"results": {"": "accept"}}, ("/results", "value_invalid")),
        ({"results": {ID["progress"]: "accept", "not-ours": "reject"}}, ("/results", "value_invalid")),
        ({"results": {ID["progress"]: "yes"}}, ("/results", "choice_invalid")),
        ({"results": {ID["progress"]: True}}, ("/results", "choice_invalid")),
        ({"results": {ID["progress"]: "accept\n"}}, ("/results", "choice_invalid")),
        ({"results": {ID["progress"]: "accept"}, "openid": "o"}, ("/openid", "unknown_field")),
    ],
)
def test_what_is_no_report_changes_nothing(office: Office, body: Any, error: tuple[str, str]) -> None:
    wang = office.citizen_session("wang")
    answer = wang.post(PATH, body)
    assert (answer.status_code, errors(answer)) == (422, [error])
    assert set(left(wang.get(PATH)).values()) == {0}
