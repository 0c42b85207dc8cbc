"""消息推送: only what WeChat signed for this mini program counts, once, and the answer comes within a second."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from backend.models import WechatEvent
from backend.services.wechat_events import open_event
from backend.wechat.crypto import signature
from tests.support.app import Office, Templates
from tests.support.fake_wechat import openid_of
from tests.support.pushes import LISTENING, PATH, event, kept, listening_office, push, push_event, sealed
from tests.support.wechat import SimulatedWechat

SENT = "subscribe_msg_sent_event"
on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def office(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    with listening_office(templates, database_kind, tmp_path / "office") as made:
        yield made


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("mode", ["safe", "compat", "plain"])
def test_sealed_pushes_are_taken_in_either_form_and_plain_ones_in_none(
    templates: Templates, tmp_path: Path, wechat_app: SimulatedWechat, mode: str, form: str
) -> None:
    wechat_app.change(mode=mode, format=form)
    with listening_office(templates, "sqlite", tmp_path / "office", wechat_app.settings()) as office:
        wechat_app.at(office.clock.now())
        items = [{"TemplateId": "T", "SubscribeStatusString": "accept", "PopupScene": "0"}]
        made = wechat_app.push(
            "subscribe_msg_popup_event", person="wang", list=items, send=False, spaced_keys=form == "json"
        )
        answer = push(office, made["query"], made["body"].encode(), made["content_type"])
        if mode == "plain":
            assert (answer.status_code, answer.json["code"], kept(office)) == (403, "push_refused", (0, 0))
            return
        assert (answer.status_code, answer.text, answer.mimetype) == (200, "success", "text/plain")
        assert kept(office) == (1, 1)
        with office.looking() as work:
            [row] = work.session.query(WechatEvent).all()
            body = open_event(work.tools, row)
            assert body is not None
            assert body["FromUserName"] == wechat_app.openid("wang")
            assert wechat_app.openid("wang").encode() not in (row.sealed or b"")
        forged = wechat_app.push(
            "subscribe_msg_popup_event", person="wang", list=items, send=False, bad_signature=True
        )
        assert (
            push(office, forged["query"], forged["body"].encode(), forged["content_type"]).status_code == 403
        )
        assert kept(office) == (1, 1)


@on_sqlite
def test_the_address_is_proved_with_the_official_vector(office: Office) -> None:
    """WeChat's own example: Token AAAAA (消息推送)."""
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    client = office.app.test_client()
    answer = client.get(PATH, query_string=query)
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "4375120948345356249", "text/plain")
    for name in ("signature", "timestamp", "nonce"):
        for wrong in ("", "x", "…", "\x00", "A" * 9000):
            refused = client.get(PATH, query_string=query | {name: wrong})
            assert (refused.status_code, refused.json["code"]) == (403, "push_refused")
    assert client.get(PATH, query_string=query | {"echostr": "<script>"}).headers["X-Content-Type-Options"]


def tampered(office: Office) -> dict[str, tuple[dict[str, Any], bytes, str, int]]:
    """What may arrive besides honest pushes: query, body, type, and how it is answered."""
    body = event(office, SENT, List={"TemplateId": "T", "MsgID": "1", "ErrorCode": "0"})
    query, outer = sealed(office, body)
    encrypt = json.loads(outer)["Encrypt"]
    kind = "application/json"
    unsigned = {name: value for name, value in query.items() if name != "msg_signature"}
    plain_signature = signature("AAAAA", query["timestamp"], query["nonce"])
    other = sealed(office, body, replace(LISTENING, app_id="wx0another0program"))
    elsewhere = sealed(office, body | {"ToUserName": "gh_somebody_else"})
    late, early = _at_another_time(office, body, minutes=-6), _at_another_time(office, body, minutes=6)
    bomb = b'<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>'
    outside = b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><Encrypt>&a;</Encrypt></xml>'
    return {
        "another signature": (query | {"msg_signature": "0" * 40}, outer, kind, 403),
        "no signature": (unsigned, outer, kind, 403),
        "the signature of a plain push": (unsigned | {"signature": plain_signature}, outer, kind, 403),
        "a plain body": (unsigned | {"signature": plain_signature}, json.dumps(body).encode(), kind, 403),
        "another nonce": (query | {"nonce": "1"}, outer, kind, 403),
        "another time": (query | {"timestamp": str(int(query["timestamp"]) + 1)}, outer, kind, 403),
        "a changed letter": (query, outer.replace(encrypt[:9].encode(), b"AAAAAAAAA"), kind, 403),
        "too old": (*late, kind, 403),
        "from the future": (*early, kind, 403),
        "for another mini program": (*other, kind, 403),
        "addressed to another": (*elsewhere, kind, 403),
        "sealed, but nothing to be read": (*sealed(office, b"\xff\xfe"), kind, 400),
        "sealed, but a list": (*sealed(office, b"[1,2]"), kind, 400),
        "sealed, but far too deep": (*sealed(office, b"[" * 20000), kind, 400),
        "no JSON": (query, b"{", kind, 400),
        "nothing": (query, b"", kind, 400),
        "a number for the sealed part": (query, b'{"Encrypt": 5}', kind, 403),
        "no base64": (query, b'{"Encrypt": "\\u0000"}', kind, 403),
        "XML with entities": (query, bomb, "text/xml", 400),
        "XML that reads a file": (query, outside, "text/xml", 400),
        "a lone surrogate": (query, b'{"Encrypt": "\\ud800"}', kind, 403),
        "too large": (query, b'{"Encrypt": "' + b"A" * 65536 + b'"}', kind, 413),
    }


def _at_another_time(office: Office, body: Any, minutes: int) -> tuple[dict[str, str], bytes]:
    office.clock.forward(minutes=minutes)
    made = sealed(office, body)
    office.clock.forward(minutes=-minutes)
    return made


@on_sqlite
def test_forged_and_malformed_pushes_are_refused_and_have_no_effect(office: Office, subtests) -> None:
    for name, (query, body, media_type, status) in tampered(office).items():
        with subtests.test(name):
            answer = push(office, query, body, media_type)
            assert answer.status_code == status, answer.text
            assert answer.json["code"] in {"push_refused", "bad_request", "content_too_large"}
            assert openid_of("wang") not in answer.text
            assert kept(office) == (0, 0)
    assert office.app.test_client().put(PATH).status_code == 405


@on_sqlite
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.binary(max_size=200) | st.text(max_size=80).map(lambda t: f"<xml>{t}</xml>".encode()),
    signed=st.booleans(),
    args=st.dictionaries(
        st.sampled_from(["msg_signature", "timestamp", "nonce", "signature"]), st.text(max_size=60)
    ),
)
def test_no_bytes_whatever_break_the_door(office: Office, body: bytes, signed: bool, args: Any) -> None:
    """Also sealed and signed as WeChat would: what is inside may be anything."""
    query, outer = sealed(office, body) if signed else (args, body)
    for media_type in ("application/json", "text/xml"):
        answer = push(office, query | (args if not signed else {}), outer, media_type)
        assert answer.status_code in ({200, 400, 403} if signed else {400, 403})


@pytest.mark.parametrize("wechat", [None, replace(LISTENING, push_token=""), replace(LISTENING, aes_key="")])
def test_where_no_mini_program_pushes_everything_is_refused(
    templates: Templates, tmp_path: Path, wechat: Any
) -> None:
    with listening_office(templates, "sqlite", tmp_path / "office", wechat) as office:
        assert push(office, *sealed(office, event(office, SENT))).status_code == 403
        told = {"timestamp": "1", "nonce": "2", "echostr": "3", "signature": signature("", "1", "2")}
        assert office.app.test_client().get(PATH, query_string=told).status_code == 403


def test_an_event_counts_once_however_often_and_however_encrypted_it_comes(office: Office) -> None:
    body = event(office, SENT, List={"TemplateId": "T", "MsgID": "1", "ErrorCode": "0"})
    first = sealed(office, body)
    for query, outer in [first, first, first, sealed(office, body), sealed(office, body)]:
        assert push(office, query, outer).text == "success"
    assert kept(office) == (1, 1)
    # What differs only in what it is about is another event, though sender and second are the same.
    push_event(office, SENT, List={"TemplateId": "T", "MsgID": "2", "ErrorCode": "0"})
    assert kept(office) == (2, 2)
    # Later it is known, and only what was never seen is too old.
    office.clock.forward(minutes=6)
    assert push(office, *first).status_code == 200
    unseen = _at_another_time(office, event(office, SENT, List={"MsgID": "3"}), minutes=-6)
    assert push(office, *unseen).status_code == 403
    assert kept(office) == (2, 2)


@on_sqlite
def test_what_nothing_is_done_about_is_answered_and_not_kept(office: Office) -> None:
    for name in ("debug_demo", "user_info_modified", "\x00" * 3, "x" * 500, "", None, 7, ["a"]):
        push_event(office, name)  # type: ignore[arg-type]
    message = {"ToUserName": "gh_office", "MsgType": "text", "Content": "你好", "FromUserName": "o"}
    assert push(office, *sealed(office, message)).text == "success"
    assert kept(office) == (0, 0)


@pytest.fixture
def standstill(office: Office, database_kind: str) -> Iterator[Any]:
    """Somebody else holds the database; calling it lets go."""
    url = office.settings.database_url
    if database_kind == "sqlite":
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield other.rollback
        other.close()
    else:
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(text("LOCK TABLE wechat_events IN ACCESS EXCLUSIVE MODE"))
            yield connection.rollback
        engine.dispose()


def test_a_slow_database_is_answered_within_a_second_and_the_effect_comes_once(
    office: Office, standstill: Any
) -> None:
    """WeChat makes three tries; the first one's write goes on by itself."""
    first = sealed(office, event(office, SENT, List={"MsgID": "1"}))
    for made in (first, first, sealed(office, event(office, SENT, List={"MsgID": "1"}))):
        begun = time.monotonic()
        answer = push(office, *made)
        assert time.monotonic() - begun < 1
        assert (answer.status_code, answer.json["code"]) == (503, "busy")
        assert answer.headers["Retry-After"]
    keeping = [thread for thread in threading.enumerate() if thread.name == "pushes"]
    assert keeping
    assert all(thread.daemon for thread in keeping), "a process that ends does not wait for them"
    standstill()
    for _ in range(10):
        if push(office, *first).status_code == 200:
            break
    assert kept(office) == (1, 1)
