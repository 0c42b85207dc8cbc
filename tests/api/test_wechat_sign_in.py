"""Citizens sign in by WeChat and out again; WeChat's codes, keys and openids stay where they belong."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from backend import create_app
from backend.models import WechatAccount
from backend.wechat.gateway import Remedy, WechatProblem
from tests.api.asking import errors, rows, send
from tests.api.contract import CheckedClient
from tests.support.app import Api, Office
from tests.support.databases import close_connections
from tests.support.fake_wechat import WECHAT, openid_of
from tests.support.wechat import SimulatedWechat

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
PHONE = "+8613812345678"


def sign_in(office: Office, js_code: str, **more: Any) -> Any:
    return office.anybody.post("/sessions/wechat", {"js_code": js_code} | more)


def test_a_citizen_signs_in_and_is_the_same_person_the_next_time(wechat_office: Office) -> None:
    office = wechat_office
    made = sign_in(office, office.wechat.code("wang"))
    assert made.status_code == 201
    assert made.json["expires_at"] == "2026-12-16T09:00:00+08:00"
    assert made.json["templates"], "a citizen can be asked for consents"
    assert {prompt["id"] for prompt in made.json["templates"]} < set(WECHAT.templates.values())
    assert sign_in(office, office.wechat.code("wang")).json["token"] != made.json["token"]
    assert sign_in(office, office.wechat.code("li")).status_code == 201
    there = rows(office)
    assert there["wechat_accounts"] == 2
    assert office.wechat.asked == ["sign_in"] * 3, "one question each, and none for a token"


def test_a_session_ends_after_thirty_days_or_at_once(wechat_office: Office) -> None:
    office = wechat_office
    first, second = office.citizen_session("wang"), office.citizen_session("wang")
    assert first.delete("/sessions/current").status_code == 204
    assert [who.get("/inquiries").status_code for who in (first, second)] == [401, 200]
    assert first.delete("/sessions/current").status_code == 401
    office.clock.forward(days=30, seconds=-1)
    assert second.get("/inquiries").status_code == 200
    office.clock.forward(seconds=1)
    assert second.get("/inquiries").status_code == 401


CODES = {
    "used": (WechatProblem("code_used", Remedy.SIGN_IN_AGAIN, errcode=40163), 401, "code_used"),
    "unknown or expired": (
        WechatProblem("code_invalid", Remedy.SIGN_IN_AGAIN, errcode=40029),
        401,
        "code_invalid",
    ),
    "blocked": (WechatProblem("person_blocked", Remedy.PERMANENT, errcode=40226), 401, "code_blocked"),
    "busy": (WechatProblem("system_busy", Remedy.LATER, errcode=-1), 503, "wechat_unavailable"),
    "no answer": (WechatProblem("no_answer", Remedy.UNSURE), 503, "wechat_unavailable"),
    "minute": (WechatProblem("minute_quota", Remedy.NEXT_MINUTE, errcode=45011), 503, "wechat_unavailable"),
    "secret": (WechatProblem("secret_wrong", Remedy.OPERATOR, errcode=40125), 503, "wechat_unavailable"),
}


@pytest.mark.parametrize("path", ["/sessions/wechat", "/staff/sessions/wechat"])
@pytest.mark.parametrize(("problem", "status", "code"), CODES.values(), ids=CODES)
def test_what_wechat_refuses_has_its_code_and_leaves_nothing(
    wechat_office: Office, path: str, problem: WechatProblem, status: int, code: str
) -> None:
    office = wechat_office
    before = rows(office)
    office.wechat.silent = problem
    refused = office.anybody.post(path, {"js_code": office.wechat.code("wang")})
    assert (refused.status_code, refused.json["code"]) == (status, code)
    assert ("Retry-After" in refused.headers) is (status == 503)
    assert office.wechat.asked == ["sign_in"], "a code is never shown twice"
    assert rows(office) == before


def test_a_replayed_code_is_refused_and_pages_go_on_without_wechat(wechat_office: Office) -> None:
    office = wechat_office
    code = office.wechat.code("wang")
    assert [sign_in(office, code).status_code for _ in range(2)] == [201, 401]
    assert sign_in(office, code).json["code"] == "code_used"
    office.wechat.silent = WechatProblem("no_answer", Remedy.UNSURE)
    filed = office.file()
    assert office.citizen(filed["tracking_token"]).get(f"/inquiries/{filed['number']}").status_code == 200


HOSTILE = {
    "an openid as proof": ({"js_code": "x", "openid": openid_of("wang")}, ("/openid", "unknown_field")),
    "none": ({}, ("/js_code", "required")),
    "null": ({"js_code": None}, ("/js_code", "null_not_allowed")),
    "a number": ({"js_code": 7}, ("/js_code", "type_invalid")),
    "empty": ({"js_code": ""}, ("/js_code", "value_invalid")),
    "NUL": ({"js_code": "a\x00b"}, ("/js_code", "value_invalid")),
    "no code of WeChat's": ({"js_code": "码"}, ("/js_code", "value_invalid")),
    "endless": ({"js_code": "a" * 513}, ("/js_code", "value_invalid")),
}


@pytest.mark.parametrize("path", ["/sessions/wechat", "/staff/sessions/wechat"])
@pytest.mark.parametrize(("body", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_code_is_not_shown_to_wechat(
    wechat_office: Office, path: str, body: dict[str, Any], expected: tuple[str, str]
) -> None:
    refused = wechat_office.anybody.post(path, body)
    assert (refused.status_code, errors(refused)) == (422, [expected])
    assert wechat_office.wechat.asked == []


def test_an_office_without_a_mini_program_says_so(office: Office) -> None:
    for path in ("/sessions/wechat", "/staff/sessions/wechat"):
        refused = office.anybody.post(path, {"js_code": "abc"})
        assert (refused.status_code, refused.json["code"]) == (404, "wechat_not_set_up")
    refused = office.staff("window_a").post("/staff/wechat/binding-codes")
    assert (refused.status_code, refused.json["code"]) == (404, "wechat_not_set_up")


def test_sign_ins_are_limited_by_address(wechat_office: Office) -> None:
    office = wechat_office
    object.__setattr__(office.settings, "wechat_sign_in_rate", "2 per minute")
    answers = [sign_in(office, office.wechat.code("wang")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert office.wechat.asked == ["sign_in"] * 2


def test_neither_token_opens_the_other_door(wechat_office: Office) -> None:
    office = wechat_office
    citizen, staff, bound = (
        office.citizen_session("wang"),
        office.staff("window_a"),
        office.bound_session("window_b"),
    )
    filed = citizen.post("/inquiries", filing(office)).json
    for path in ("/staff/me", "/staff/wechat", f"/staff/inquiries/{filed['number']}"):
        assert citizen.get(path).status_code == 401
    for who in (staff, bound):
        assert who.get("/inquiries").status_code == 401
        assert who.get(f"/inquiries/{filed['number']}").status_code == 401
        assert who.post("/inquiries", filing(office)).status_code == 401
        assert who.post("/phone-numbers", {"code": "x"}).status_code == 401
    assert staff.delete("/sessions/current").status_code == 401, "it did not come by WeChat"
    assert bound.delete("/sessions/current").status_code == 204
    assert bound.get("/staff/me").status_code == 401


FORGED = {
    "none": "Bearer none",
    "unsigned": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "basic": "Basic d2FuZzp3YW5n",
    "empty": "Bearer ",
    "endless": f"Bearer {'a' * 129}",
    "not ASCII": "Bearer é",
}


@pytest.mark.parametrize("shown", FORGED.values(), ids=FORGED)
def test_a_dead_or_forged_session_is_refused_and_not_taken_for_nobody(
    wechat_office: Office, shown: str
) -> None:
    office = wechat_office
    caller = Api(office.app.test_client(), {"Authorization": shown})
    before = rows(office)
    assert caller.post("/inquiries", filing(office)).status_code == 401
    assert caller.get("/inquiries").status_code == 401
    assert rows(office) == before
    # It keeps nobody from signing in again, and an inquiry's own capability opens as ever.
    assert caller.post("/sessions/wechat", {"js_code": office.wechat.code("wang")}).status_code == 201
    opened = office.file()
    caller.headers["X-Tracking-Token"] = opened["tracking_token"]
    assert caller.get(f"/inquiries/{opened['number']}").status_code == 200


def test_a_disabled_or_erased_account_is_out_at_once(wechat_office: Office) -> None:
    office = wechat_office
    citizen = office.citizen_session("wang")
    with office.working() as work:
        account = work.session.scalars(select(WechatAccount)).one()
        account.erased_at = office.clock.now()
        account.openid_index = account.openid_sealed = account.wrapped_key = None
    assert citizen.get("/inquiries").status_code == 401


def test_the_phone_number_fills_the_form_and_is_kept_nowhere(wechat_office: Office) -> None:
    office = wechat_office
    citizen = office.citizen_session("wang")
    before = rows(office)
    code = office.wechat.phone_code(PHONE)
    told = citizen.post("/phone-numbers", {"code": code})
    assert (told.status_code, told.json) == (200, {"phone": "13812345678"})
    assert told.headers["Cache-Control"] == "no-store"
    assert rows(office) == before
    assert office.anybody.post("/phone-numbers", {"code": code}).status_code == 401
    for again in (code, office.wechat.code("wang"), "made-up"):
        refused = citizen.post("/phone-numbers", {"code": again})
        assert (refused.status_code, refused.json["code"]) == (422, "phone_code_wrong")
    office.wechat.silent = WechatProblem("no_answer", Remedy.UNSURE)
    assert citizen.post("/phone-numbers", {"code": "x"}).status_code == 503
    filed = citizen.post("/inquiries", filing(office, contact={"phone": told.json["phone"]}))
    assert filed.status_code == 201


def test_they_are_seen_as_long_as_they_write(wechat_office: Office) -> None:
    """The content check knows only people whom WeChat has seen within two hours."""
    office = wechat_office
    citizen = office.citizen_session("wang")
    began = office.clock.now()
    for minutes, path, seen in (
        (9, "/inquiries", 0),
        (2, None, 0),
        (0, "/inquiries", 11),
        (9, "/inquiries", 11),
    ):
        office.clock.forward(minutes=minutes)
        if path is None:
            assert citizen.get("/inquiries").status_code == 200
        else:
            assert (
                citizen.post(path, filing(office, content=f"第 {office.clock.now()} 件")).status_code == 201
            )
        with office.looking() as work:
            assert work.session.scalars(select(WechatAccount.seen_at)).one() == began + timedelta(
                minutes=seen
            )


def test_secrets_reach_neither_answers_nor_logs_nor_the_database(
    wechat_office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    office = wechat_office
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as told:
        answers = [sign_in(office, office.wechat.code("wang"))]
        citizen = Api(office.app.test_client(), {"Authorization": f"Bearer {answers[0].json['token']}"})
        answers += [
            sign_in(office, "canary-login-code-none"),
            citizen.post("/phone-numbers", {"code": office.wechat.phone_code(PHONE)}),
            citizen.post("/inquiries", filing(office)),
            citizen.get("/inquiries"),
            citizen.get("/staff/me"),
        ]
        binding = office.staff("window_a").post("/staff/wechat/binding-codes").json["code"]
        body = {"js_code": office.wechat.code("window_a"), "binding_code": binding}
        answers.append(office.anybody.post("/staff/sessions/wechat", body))
        office.wechat.silent = WechatProblem("secret_wrong", Remedy.OPERATOR, errcode=40125)
        answers.append(sign_in(office, office.wechat.code("wang")))
    assert [a.status_code for a in answers] == [201, 401, 200, 201, 200, 401, 201, 503]
    out = capfd.readouterr()
    said = "".join((str(told), caplog.text, out.out, out.err))
    kept = on_disk(office)
    assert answers[3].json["number"].encode() in kept, "this is where it would stand"
    for canary in (
        "canary-openid",
        "canary-login-code",
        "canary-phone-code",
        "canary-app-secret",
        "session_key",
    ):
        assert canary not in said
        assert all(canary not in a.get_data(as_text=True) for a in answers)
        assert canary.encode() not in kept
    for a in (answers[0], answers[6]):
        assert a.json["token"].encode() not in kept
        assert a.json["token"] not in said
    assert binding.encode() not in kept


def on_disk(office: Office) -> bytes:
    """Every byte of the installation: database with its log, keys, files."""
    database = Path(office.settings.database_url.removeprefix("sqlite:///"))
    files = {*office.settings.data_dir.rglob("*"), *database.parent.glob(f"{database.name}*")}
    return b"".join(path.read_bytes() for path in files if path.is_file())


def filing(office: Office, **changes: Any) -> dict[str, Any]:
    """A body to file at the window's sign."""
    return {"sign": office.org.window.sign.code, "category": "report", "content": "井盖坏了"} | changes


def test_against_the_strict_wechat(office: Office, wechat_app: SimulatedWechat) -> None:
    """The same through the real gateway: one question for each sign-in, none for a token, every code once."""
    app = create_app(replace(office.settings, wechat=wechat_app.settings()), office.clock)
    app.test_client_class = CheckedClient
    made = Office(app, office.org, office.clock, office.settings)
    try:
        code = wechat_app.login("wang")
        first, again, unknown = sign_in(made, code), sign_in(made, code), sign_in(made, "0a1b2c")
        assert [a.status_code for a in (first, again, unknown)] == [201, 401, 401]
        assert (again.json["code"], unknown.json["code"]) == ("code_used", "code_invalid")
        wechat_app.block("li")
        assert sign_in(made, wechat_app.login("li")).json["code"] == "code_blocked"
        asked = {one["path"] for one in wechat_app.requests()}
        assert asked == {"/sns/jscode2session"}
        citizen = Api(app.test_client(), {"Authorization": f"Bearer {first.json['token']}"})
        assert citizen.post("/phone-numbers", {"code": wechat_app.phone("wang")}).json == {
            "phone": "13800138000"
        }
        assert citizen.post("/phone-numbers", {"code": "0a1b2c"}).status_code == 422
        wechat_app.fault("/sns/jscode2session", errcode=-1)
        assert sign_in(made, wechat_app.login("wang")).json["code"] == "wechat_unavailable"
        openid = wechat_app.openid("wang")
        assert all(openid not in a.get_data(as_text=True) for a in (first, again, unknown))
        assert openid.encode() not in on_disk(office)
    finally:
        close_connections(app)


def test_a_broken_body_is_refused_before_wechat_is_asked(wechat_office: Office) -> None:
    refused = send(wechat_office.anybody, "POST", "/sessions/wechat", b"{", Idempotency_Key="")
    assert (refused.status_code, refused.json["code"]) == (400, "json_invalid")
    assert wechat_office.wechat.asked == []
