"""Staff sign in, are locked out one account at a time, and lose their rights at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import delete

from backend.domain.vocabulary import Role
from backend.models import RoleGrant, Staff
from backend.services.leaving import deactivate_staff
from tests.api.asking import errors, send
from tests.support.app import Office


def sign_in(office: Office, name: str, **changes: Any) -> Any:
    body = {"username": name.replace("_", "-"), "password": office.org.password} | changes
    return office.anybody.post(
        "/staff/sessions", {key: value for key, value in body.items() if value is not None}
    )


def test_a_session_lasts_twelve_hours(office: Office) -> None:
    made = sign_in(office, "window_a")
    assert (made.status_code, made.json["expires_at"]) == (201, "2026-11-16T21:00:00+08:00")
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    client = office.app.test_client()
    me = client.get("/api/v1/staff/me", headers=headers).json
    assert (me["unit"]["id"], me["section"]["id"]) == (office.org.unit.id, office.org.window.section.id)
    assert me["roles"] == ["handler", "post_holder"]
    office.clock.forward(hours=12, seconds=-1)
    assert client.get("/api/v1/staff/me", headers=headers).status_code == 200
    office.clock.forward(seconds=1)
    assert client.get("/api/v1/staff/me", headers=headers).status_code == 401


def test_signing_out_ends_this_session_only(office: Office) -> None:
    first, second = sign_in(office, "window_a").json["token"], sign_in(office, "window_a").json["token"]
    client = office.app.test_client()
    path = "/api/v1/staff/sessions/current"
    assert client.delete(path, headers={"Authorization": f"Bearer {first}"}).status_code == 204
    assert client.delete(path, headers={"Authorization": f"Bearer {first}"}).status_code == 401
    statuses = [
        client.get("/api/v1/staff/me", headers={"Authorization": f"Bearer {t}"}).status_code
        for t in (first, second)
    ]
    assert statuses == [401, 200]


def test_every_failure_reads_the_same(office: Office) -> None:
    with office.working() as work:
        deactivate_staff(work, work.session.merge(office.org.people["business_b"]))
    code = office.totp("overseer")
    failures = [
        sign_in(office, "window_a", password="wrong"),
        sign_in(office, "nobody-at-all"),
        sign_in(office, "WINDOW_A"),
        sign_in(office, "business_b"),
        sign_in(office, "overseer"),
        sign_in(office, "overseer", totp="000000" if code != "000000" else "000001"),
        sign_in(office, "auditor", totp=code),
        sign_in(office, "auditor", totp="１２３４５６"),
        sign_in(office, "overseer", password="wrong", totp=code),
    ]
    assert {(answer.status_code, answer.json["code"], answer.json["detail"]) for answer in failures} == {
        (401, "credentials_wrong", "用户名、密码或动态口令不对，请核对后再试。")
    }


def test_a_one_time_code_works_once(office: Office) -> None:
    code = office.totp("overseer")
    assert sign_in(office, "overseer", totp=code).status_code == 201
    assert sign_in(office, "overseer", totp=code).status_code == 401
    office.clock.forward(seconds=30)
    assert sign_in(office, "overseer", totp=office.totp("overseer")).status_code == 201
    # A code of the step before the last used is spent as well, though its time is not over.
    assert sign_in(office, "overseer", totp=code).status_code == 401


def test_five_failures_lock_that_account_and_no_other(office: Office) -> None:
    for spelled in ("window-a", "window-a", "Window-A", "WINDOW-A", "window-a"):
        assert sign_in(office, spelled, password="wrong").status_code == 401
    locked = sign_in(office, "window_a")
    assert (locked.status_code, locked.json["code"]) == (429, "rate_limited")
    assert sign_in(office, "window_b").status_code == 201
    for _ in range(12):
        assert sign_in(office, "business_a").status_code == 201


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_what_is_no_sign_in_is_said_so(office: Office) -> None:
    cases = [
        ({}, [("/username", "required"), ("/password", "required")]),
        ({"username": 7, "password": "x"}, [("/username", "type_invalid")]),
        ({"username": "a\ud800", "password": "x"}, [("/username", "text_invalid")]),
        ({"username": "a\0", "password": "x"}, [("/username", "text_invalid")]),
        ({"username": "u0", "password": "\ud800"}, [("/password", "text_invalid")]),
        ({"username": "u1", "password": "x" * 201}, [("/password", "text_too_long")]),
        ({"username": "u2", "password": "x", "totp": 123456}, [("/totp", "type_invalid")]),
        ({"username": "u3", "password": "x", "role": "sysadmin"}, [("/role", "unknown_field")]),
    ]
    for body, wrong in cases:
        answer = send(office.anybody, "POST", "/staff/sessions", json.dumps(body))
        assert (answer.status_code, errors(answer)) == (422, wrong)
    assert send(office.anybody, "POST", "/staff/sessions", b"[" * 50_000).status_code == 400


def test_losing_a_role_takes_effect_at_the_next_call(office: Office) -> None:
    number = office.file()["number"]
    general = office.staff("general")
    assert general.get(f"/staff/inquiries/{number}").status_code == 200
    with office.working() as work:
        mine = RoleGrant.staff_id == office.org.people["general"].id
        work.session.execute(delete(RoleGrant).where(mine, RoleGrant.role == Role.GENERAL_POST))
    assert general.get("/staff/me").json["roles"] == ["handler"]
    assert general.get(f"/staff/inquiries/{number}").status_code == 404


def test_a_disabled_account_is_out_at_the_next_call(office: Office) -> None:
    window = office.staff("window_b")
    with office.working() as work:
        work.session.get_one(Staff, office.org.people["window_b"].id).is_active = False
    assert window.get("/staff/me").status_code == 401
