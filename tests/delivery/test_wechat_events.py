"""What is done about what WeChat pushed: each kind once, however often it comes, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from backend.delivery.duties import purge
from backend.delivery.leases import Leased
from backend.delivery.wechat_events import CheckNotKnownYet, handle_event
from backend.domain.vocabulary_contact import ConsentSource, ErasureReason
from backend.models import (
    Attachment,
    Citizen,
    Consent,
    ContentCheck,
    LedgerEntry,
    OutboxItem,
    WechatAccount,
    WechatEvent,
)
from backend.services import erasing
from backend.services.consents import record_results
from tests.support.app import Office, Templates
from tests.support.fake_wechat import WECHAT, openid_of
from tests.support.pushes import event, listening_office, push, push_event, sealed, work_off

POPUP, CHANGE, SENT = (f"subscribe_msg_{name}_event" for name in ("popup", "change", "sent"))
REVOKED, CANCELLED = "user_authorization_revoke", "user_authorization_cancellation"
KEYS = list(WECHAT.templates)[:2]
ID = WECHAT.templates


@pytest.fixture
def office(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    with listening_office(templates, database_kind, tmp_path / "office") as made:
        made.citizen_session("wang")
        yield made


def rows(office: Office, kind: type[Any]) -> list[Any]:
    with office.looking() as work:
        return list(work.session.scalars(select(kind)))


def account_id(office: Office) -> str:
    [account] = rows(office, WechatAccount)
    return str(account.id)


def happens(office: Office, name: str, **fields: Any) -> None:
    """It is pushed twice, and the job done twice: what it left is empty."""
    body = event(office, name, **fields)
    for _ in range(2):
        assert push(office, *sealed(office, body)).status_code == 200
    work_off(office)
    office.clock.forward(seconds=11)
    work_off(office)
    left = rows(office, WechatEvent)
    for row in left:
        assert (row.sealed, row.wrapped_key) == (None, None)
        assert row.handled_at is not None
    item = Leased(0, "", "job", "wechat_event", None, None, None, {"event": left[-1].id}, 1)
    with office.app.app_context():
        handle_event(item)


def answer_to(key: str, status: str, **more: str) -> dict[str, str]:
    return {"TemplateId": ID[key], "SubscribeStatusString": status, "PopupScene": "0"} | more


SHAPES: dict[str, Callable[[str, list[dict[str, str]]], dict[str, Any]]] = {
    "flat": lambda _wrapper, items: {"List": items},
    "one, flat": lambda _wrapper, items: {"List": items[0]},
    "nested": lambda wrapper, items: {wrapper: {"List": items}},
    "one, nested": lambda wrapper, items: {wrapper: {"List": items[0]}},
}


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_acceptance_is_one_voucher_in_whatever_shape_it_comes(office: Office, shape: str) -> None:
    items = [answer_to(KEYS[0], "accept"), answer_to(KEYS[1], "reject")]
    happens(office, POPUP, **SHAPES[shape]("SubscribeMsgPopupEvent", items))
    [consent] = rows(office, Consent)
    assert (consent.template, consent.source, consent.voided_at) == (KEYS[0], ConsentSource.EVENT, None)


def test_what_the_mini_program_told_before_counts_no_second_time_and_refusing_in_the_settings_voids_it(
    office: Office,
) -> None:
    with office.working() as work:
        record_results(work, account_id(office), {KEYS[0]: "accept"}, ConsentSource.CLIENT, frozenset())
    happens(office, POPUP, List=answer_to(KEYS[0], "accept"))
    [consent] = rows(office, Consent)
    assert consent.paired_at is not None
    happens(office, CHANGE, List=answer_to(KEYS[1], "reject"))
    assert rows(office, Consent)[0].voided_at is None
    happens(office, CHANGE, SubscribeMsgChangeEvent={"List": [answer_to(KEYS[0], "reject")]})
    assert rows(office, Consent)[0].voided_at is not None


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("code", "confirmed", "problem"), [("0", True, None), ("1", False, "push_failed")])
def test_what_became_of_a_message_is_noted_at_the_message(
    office: Office, code: str, confirmed: bool, problem: str | None
) -> None:
    office.citizen_session("wang").post("/inquiries", _inquiry(office))
    with office.working() as work:
        [message] = work.session.scalars(select(OutboxItem).where(OutboxItem.recipient_kind == "account"))
        message.state, message.finished_at = "done", work.now
        message.sent_with, message.message_id = KEYS[0], "1700827132819554304"
    item = {"TemplateId": ID[KEYS[0]], "MsgID": "1700827132819554304", "ErrorCode": code}
    happens(office, SENT, List=item)
    [message] = [row for row in rows(office, OutboxItem) if row.recipient_kind == "account"]
    assert (message.confirmed_at is not None, message.problem) == (confirmed, problem)


def _inquiry(office: Office, **changes: Any) -> dict[str, Any]:
    return {
        "sign": office.org.window.sign.code,
        "category": "consult",
        "content": "问材料",
        "contact": {"name": "王小明", "phone": "13812345678"},
    } | changes


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("fields", "state", "reason", "label"),
    [
        ({"result": {"suggest": "pass", "label": 100}}, "passed", None, 100),
        ({"result": {"suggest": "risky", "label": "20002"}, "errcode": "0"}, "review", "risky", 20002),
        ({"result": {"suggest": "review", "label": 21000}}, "review", "doubtful", 21000),
        ({"result": {"suggest": "pass", "label": 100}, "errcode": -1008}, "review", "unchecked", None),
        ({"result": None}, "review", "unchecked", None),
        ({}, "review", "unchecked", None),
    ],
)
def test_what_wechat_found_in_a_photo_is_noted_at_its_check(
    office: Office, fields: dict[str, Any], state: str, reason: str | None, label: int | None
) -> None:
    office.citizen_session("wang").post("/inquiries", _inquiry(office))
    with office.working() as work:
        [check] = work.session.scalars(select(ContentCheck))
        check.trace_id = "trace-1"
    told = {"FromUserName": "oplatform", "trace_id": "trace-1", "appid": WECHAT.app_id} | fields
    happens(office, "wxa_media_check", **told)
    [check] = rows(office, ContentCheck)
    assert (check.state, check.reason, check.label) == (state, reason, label)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_result_that_is_faster_than_our_note_is_tried_again_and_given_up_in_the_end(office: Office) -> None:
    push_event(office, "wxa_media_check", trace_id="early", result={"suggest": "pass", "label": 100})
    [row] = rows(office, WechatEvent)
    item = Leased(0, "", "job", "wechat_event", None, None, None, {"event": row.id}, 1)
    with office.app.app_context(), pytest.raises(CheckNotKnownYet):
        handle_event(item)
    assert rows(office, WechatEvent)[0].handled_at is None
    office.clock.forward(minutes=11)
    with office.app.app_context():
        handle_event(item)
    assert rows(office, WechatEvent)[0].handled_at is not None


def erasures(office: Office) -> list[str]:
    return [row.body for row in rows(office, LedgerEntry) if row.event == "erased"]


def test_taking_back_the_phone_destroys_the_numbers_and_leaves_the_name(office: Office) -> None:
    office.citizen_session("wang").post("/inquiries", _inquiry(office))
    office.citizen_session("li").post("/inquiries", _inquiry(office, content="别人的"))
    happens(office, REVOKED, FromUserName="oplatform", OpenID=openid_of("wang"), RevokeInfo="8")
    kept = [
        (c.phone_sealed is None, c.phone_tail_index is None, c.name_sealed is None)
        for c in rows(office, Citizen)
    ]
    assert sorted(kept) == [(False, False, False), (True, True, False)]
    [entry] = erasures(office)
    assert '"parts":["phone"]' in entry
    assert '"reason":"revoked"' in entry


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("info", ["13", "19,20", "6", "", None, ["8"] * 99, {"8": 1}, 80, "1800"])
def test_taking_back_what_we_never_keep_destroys_nothing(office: Office, info: Any) -> None:
    office.citizen_session("wang").post("/inquiries", _inquiry(office))
    happens(office, REVOKED, OpenID=openid_of("wang"), RevokeInfo=info)
    if isinstance(info, list | dict):
        return  # no shape of WeChat's: whatever becomes of it, the job is done
    assert erasures(office) == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(("info", "media_types"), [("14", erasing.PHOTOS), ("13,15", erasing.FILES)])
def test_taking_back_photos_or_files_destroys_those(
    office: Office, monkeypatch: pytest.MonkeyPatch, info: str, media_types: frozenset[str]
) -> None:
    asked = []
    monkeypatch.setattr(
        "backend.delivery.wechat_events.erase_files", lambda _work, *what: asked.append(what) or []
    )
    happens(office, REVOKED, OpenID=openid_of("wang"), RevokeInfo=info)
    assert asked == [(account_id(office), ErasureReason.REVOKED, media_types)]


def test_closing_the_account_destroys_the_person_once(office: Office) -> None:
    session = office.citizen_session("wang")
    filed = session.post("/inquiries", _inquiry(office)).json
    happens(office, CANCELLED, FromUserName="oplatform", OpenID=openid_of("wang"))
    [account] = rows(office, WechatAccount)
    assert (account.openid_index, account.openid_sealed, account.wrapped_key) == (None, None, None)
    assert session.get(f"/inquiries/{filed['number']}").status_code == 401
    assert len(erasures(office)) == 1
    assert rows(office, Attachment) == []
    # Who comes back is somebody new.
    again = office.citizen_session("wang")
    assert again.get("/inquiries").json["items"] == []


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_punishment_is_told_to_those_who_run_the_system(office: Office) -> None:
    happens(office, "wxa_punish_event", FromUserName="oplatform", event_type="3", detail="{")
    told = {
        (row.recipient_id, row.payload["kind"])
        for row in rows(office, OutboxItem)
        if row.topic == "wechat_punished"
    }
    assert told == {(office.org.people[name].id, 3) for name in ("sysadmin", "overseer")}


STRANGE = (
    None,
    0,
    "",
    "\x00",
    "ў" * 300,
    [],
    [[]],
    {},
    {"List": {"List": []}},
    [None, 1, "x", {"TemplateId": []}],
)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_whatever_stands_in_an_event_of_ours_its_job_ends(office: Office) -> None:
    """Signed by WeChat, and still nothing is taken for granted."""
    for name in (POPUP, CHANGE, SENT, "wxa_media_check", REVOKED, CANCELLED, "wxa_punish_event"):
        for value in STRANGE:
            fields = dict.fromkeys(
                ("List", "trace_id", "result", "OpenID", "RevokeInfo", "event_type"), value
            )
            push_event(office, name, FromUserName=value, **fields)
    office.clock.forward(minutes=11)
    work_off(office)
    states = {row.state for row in rows(office, OutboxItem) if row.topic == "wechat_event"}
    assert states == {"done"}
    assert rows(office, WechatAccount)[0].erased_at is None
    assert [row for row in rows(office, WechatEvent) if row.handled_at is None] == []


def test_what_was_dealt_with_is_forgotten_after_a_while(office: Office) -> None:
    happens(office, CANCELLED, OpenID="unknown")
    for days, left in ((7, 1), (2, 0)):
        office.clock.forward(days=days)
        with office.app.app_context():
            purge(Event())
        assert len(rows(office, WechatEvent)) == left


def test_what_nobody_could_deal_with_is_emptied_after_a_while_and_then_forgotten(office: Office) -> None:
    """Its job gave up, or is stuck: it names people all the same."""
    push_event(office, CANCELLED, OpenID=openid_of("wang"))
    for days, left in ((8, [(False, False)]), (1, [(True, True)]), (8, [(True, True)]), (1, [])):
        office.clock.forward(days=days)
        with office.app.app_context():
            purge(Event())
        assert [
            (row.sealed is None and row.wrapped_key is None, row.handled_at is not None)
            for row in rows(office, WechatEvent)
        ] == left
