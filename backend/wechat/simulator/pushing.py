"""Pushes to the app's callback: signed as its mode wants, three attempts, five seconds each, as WeChat does it."""

from __future__ import annotations

import heapq
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from backend.wechat.simulator.events import Items, event_json, event_xml
from backend.wechat.simulator.state import App, World

ATTEMPTS = 3
KEPT_PUSHES = 2000
HELD_SECONDS = 3.0
"""How long a push waits to be overtaken, where the app wants its pushes in the wrong order."""
_TYPES = {"json": "application/json", "xml": "text/xml"}


@dataclass
class Push:
    """One signed request to the callback and what became of it."""

    id: str
    event: str
    query: dict[str, str]
    body: bytes
    content_type: str
    attempts: list[dict[str, Any]] = field(default_factory=list)
    is_done: bool = False

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "event": self.event,
            "query": self.query,
            "content_type": self.content_type,
            "body": self.body.decode(),
            "attempts": self.attempts,
            "is_done": self.is_done,
        }


class Pusher:
    """Sends what is due from one thread; `now` pushes are sent by whoever asked."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._due: list[tuple[float, int, App, list[Push], int]] = []
        self._held: dict[str, list[Push]] = {}
        """By app, what waits to be overtaken by the next push."""
        self._number = 0
        self._thread: Thread | None = None

    def make(
        self,
        app: App,
        event: str,
        openid: str,
        items: Items | None = None,
        fields: dict[str, Any] | None = None,
        *,
        at: datetime | None = None,
        bad_signature: bool = False,
        spaced: bool = False,
    ) -> Push:
        """A push, signed and remembered. The caller holds the lock."""
        moment = at or self._world.clock.now()
        # JSON of subscription events carries numbers as text.
        created: Any = int(moment.timestamp())
        head = {
            "ToUserName": app.original_id,
            "FromUserName": openid,
            "CreateTime": str(created) if items is not None and app.format == "json" else created,
            "MsgType": "event",
            "Event": event,
        }
        more = fields or {}
        plain = (
            event_json(head, items, more, spaced=spaced)
            if app.format == "json"
            else event_xml(head, items, more)
        )
        query, body = _sealed(app, openid, plain, str(created), is_bad=bad_signature)
        self._number += 1
        push = Push(f"push-{self._number}", event, query, body, _TYPES[app.format])
        app.pushes.append(push)
        del app.pushes[:-KEPT_PUSHES]
        return push

    def later(
        self,
        app: App,
        event: str,
        openid: str,
        items: Items | None = None,
        fields: dict[str, Any] | None = None,
    ) -> None:
        """Push an event a moment after the act that caused it. The caller holds the lock."""
        options = app.options
        push = self.make(app, event, openid, items, fields, bad_signature=options.push_bad_signature)
        self._number += 1
        due, pushes = time.monotonic() + options.push_seconds, [push]
        if options.push_reordered:
            held = self._held.pop(app.app_id, [])
            if held:
                pushes += held
                held.clear()  # its own turn has nothing left to send
            else:
                self._held[app.app_id] = pushes
                due += HELD_SECONDS
        heapq.heappush(self._due, (due, self._number, app, pushes, max(1, options.push_times)))
        if self._thread is None:
            self._thread = Thread(target=self._run, name="pusher", daemon=True)
            self._thread.start()
        self._world.changed.notify_all()

    def send(self, app: App, push: Push, times: int = 1) -> None:
        """Send a push so many times, each with its attempts. The caller must not hold the lock."""
        for _ in range(times):
            _deliver(app, push)
        with self._world.changed:
            push.is_done = True
            self._world.changed.notify_all()

    def _run(self) -> None:
        """Every push that is due goes out on a thread of its own: a slow callback holds up nothing else."""
        while True:
            with self._world.changed:
                while not self._due or self._due[0][0] > time.monotonic():
                    pause = self._due[0][0] - time.monotonic() if self._due else None
                    self._world.changed.wait(pause)
                _, _, app, pushes, times = heapq.heappop(self._due)
                if self._held.get(app.app_id) is pushes:
                    del self._held[app.app_id]  # nothing came to overtake it
            Thread(target=self._send_all, args=(app, pushes, times), daemon=True).start()

    def _send_all(self, app: App, pushes: list[Push], times: int) -> None:
        for push in pushes:
            self.send(app, push, times)


def _sealed(
    app: App, openid: str, plain: bytes, timestamp: str, *, is_bad: bool
) -> tuple[dict[str, str], bytes]:
    """Query and body of a push in the app's mode."""
    nonce = str(secrets.randbelow(10**9)).zfill(9)
    token = app.push_token if not is_bad else f"{app.push_token}?"
    # Loaded with the first push: it brings much along.
    from backend.wechat.crypto import PushCipher, signature

    query = {"signature": signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    if app.mode == "plain":
        return query, plain
    encrypt, signed = PushCipher(app.app_id, token, app.aes_key).seal(plain, timestamp, nonce)
    query |= {"openid": openid, "encrypt_type": "aes", "msg_signature": signed}
    if app.format == "json":
        outer = {"ToUserName": app.original_id, "Encrypt": encrypt}
        if app.mode == "compat":
            outer = json.loads(plain) | {"Encrypt": encrypt}
        return query, json.dumps(outer, ensure_ascii=False).encode()
    inner = plain.decode().removeprefix("<xml>").removesuffix("</xml>") if app.mode == "compat" else ""
    to = "" if inner else f"<ToUserName><![CDATA[{app.original_id}]]></ToUserName>"
    return query, f"<xml>{inner or to}<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


def verification(app: App, now: datetime) -> dict[str, str]:
    """The query by which WeChat asks a new callback whether it is ours."""
    from backend.wechat.crypto import signature

    timestamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**9)).zfill(9)
    return {
        "signature": signature(app.push_token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "echostr": str(secrets.randbelow(10**19)).zfill(19),
    }


def verify_callback(app: App, query: dict[str, str]) -> dict[str, Any]:
    """Ask the callback as the console does: it is verified when it gives back exactly the echostr."""
    import requests

    try:
        answer = requests.get(f"{app.callback_url}?{urlencode(query)}", timeout=app.options.push_timeout)
    except requests.RequestException as error:
        return {"is_verified": False, "status": None, "answer": type(error).__name__}
    return {
        "is_verified": answer.status_code == 200 and answer.text == query["echostr"],
        "status": answer.status_code,
        "answer": answer.text[:200],
    }


def _deliver(app: App, push: Push) -> None:
    """Attempt until the callback answers as WeChat wants, at most three times."""
    import requests

    if not app.callback_url:
        return
    for _ in range(ATTEMPTS):
        try:
            answer = requests.post(
                f"{app.callback_url}?{urlencode(push.query)}",
                data=push.body,
                headers={
                    "Content-Type": push.content_type,
                    "User-Agent": "Mozilla/4.0",
                    "Connection": "close",
                },
                timeout=app.options.push_timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            push.attempts.append({"status": None, "answer": type(error).__name__})
            continue
        push.attempts.append({"status": answer.status_code, "answer": answer.text[:200]})
        if answer.status_code == 200:
            return
