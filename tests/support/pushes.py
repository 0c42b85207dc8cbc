"""An office that a mini program pushes to, and pushes as WeChat makes them: sealed, signed, in JSON."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import func, select

from backend import create_app
from backend.delivery.handlers import HANDLERS
from backend.delivery.worker import Worker
from backend.models import OutboxItem, WechatEvent
from backend.settings import WechatSettings
from backend.wechat.crypto import PushCipher
from tests.support.app import Office, SetClock, Templates
from tests.support.databases import close_connections
from tests.support.fake_wechat import WECHAT, FakeWechat, openid_of

LISTENING = replace(WECHAT, push_token="AAAAA", aes_key="A" * 43, original_id="gh_office")
PATH = "/wechat/callback"
_nonces = itertools.count(1)


@contextmanager
def listening_office(
    templates: Templates, kind: str, folder: Path, wechat: WechatSettings | None = LISTENING, **changes: Any
) -> Iterator[Office]:
    """The small organisation with a mini program whose pushes it takes; its WeChat is inside the test."""
    clock = SetClock()
    with templates.fresh(kind, folder, wechat=wechat, **changes) as (settings, org):
        app = create_app(settings, clock)
        app.extensions["shouwen_gateway"] = FakeWechat()
        yield Office(app, org, clock, settings)
        close_connections(app)


def event(office: Office, name: str, person: str = "wang", **fields: Any) -> dict[str, Any]:
    """What WeChat says happened."""
    return {
        "ToUserName": "gh_office",
        "FromUserName": openid_of(person),
        "CreateTime": int(office.clock.now().timestamp()),
        "MsgType": "event",
        "Event": name,
    } | fields


def sealed(office: Office, body: Any, wechat: WechatSettings = LISTENING) -> tuple[dict[str, str], bytes]:
    """Query and body of a push in safe mode, signed at the office's time with a nonce of its own."""
    timestamp, nonce = str(int(office.clock.now().timestamp())), f"{next(_nonces):09d}"
    plain = body if isinstance(body, bytes) else json.dumps(body).encode()
    encrypt, signed = PushCipher(wechat.app_id, wechat.push_token, wechat.aes_key).seal(
        plain, timestamp, nonce
    )
    query = {"timestamp": timestamp, "nonce": nonce, "encrypt_type": "aes", "msg_signature": signed}
    return query, json.dumps({"ToUserName": "gh_office", "Encrypt": encrypt}).encode()


def push(office: Office, query: dict[str, str], body: bytes, media_type: str = "application/json") -> Any:
    return office.app.test_client().post(PATH, query_string=query, data=body, content_type=media_type)


def push_event(office: Office, name: str, person: str = "wang", **fields: Any) -> None:
    """Push it as WeChat does; it is taken."""
    answer = push(office, *sealed(office, event(office, name, person, **fields)))
    assert (answer.status_code, answer.text) == (200, "success"), answer.text


def kept(office: Office) -> tuple[int, int]:
    """How many events are kept, and how many jobs for them."""
    with office.looking() as work:
        events = work.session.scalar(select(func.count()).select_from(WechatEvent))
        jobs = work.session.scalar(
            select(func.count()).select_from(OutboxItem).where(OutboxItem.topic == "wechat_event")
        )
    return events or 0, jobs or 0


def work_off(office: Office) -> None:
    """Do every job that is due."""
    worker = Worker(office.app, Event(), (), HANDLERS)
    while worker.round():
        pass
