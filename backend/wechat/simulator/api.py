"""WeChat's addresses: which there are, what each wants of a caller, how often it may be called, and the answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from backend.wechat.simulator import accounts, content, messages
from backend.wechat.simulator.calls import JSON_TYPE, Call, Reply, encoded
from backend.wechat.simulator.faults import take_fault
from backend.wechat.simulator.images import mini_code
from backend.wechat.simulator.journal import close_entry, open_entry
from backend.wechat.simulator.pushing import Pusher
from backend.wechat.simulator.state import App, Refused, World, request_id
from backend.wechat.simulator.tokens import app_of_token

Handler = Callable[[Call], dict[str, Any] | Reply]
_MINUTE_TEXT = "api minute-quota reach limit, must slower, retry next minute"


@dataclass(frozen=True)
class Endpoint:
    """One address. `minute` and `day`: how many calls; `minute_errcode`: what the one too many is answered."""

    answer: Handler
    method: str = "POST"
    has_token: bool = True
    says_ok: bool = True
    """Whether success carries errcode 0."""
    content_type: str = JSON_TYPE
    minute: int = 10_000
    day: int = 10_000_000
    minute_errcode: int = 45011


class Api:
    """Answers every call of WeChat's API for all apps of a world."""

    def __init__(self, world: World, pusher: Pusher) -> None:
        self.world = world
        self.endpoints: dict[str, Endpoint] = {
            "/cgi-bin/stable_token": Endpoint(
                accounts.give_stable_token, has_token=False, says_ok=False, day=500_000
            ),
            "/cgi-bin/token": Endpoint(
                accounts.give_token, "GET", has_token=False, says_ok=False, day=100_000
            ),
            "/sns/jscode2session": Endpoint(
                accounts.sign_in, "GET", has_token=False, says_ok=False, content_type="text/plain"
            ),
            "/wxa/checksession": Endpoint(accounts.check_session, "GET"),
            "/wxa/business/getuserphonenumber": Endpoint(accounts.phone_number),
            "/cgi-bin/message/subscribe/send": Endpoint(
                partial(messages.send, pusher=pusher), minute=1_000_000
            ),
            "/wxaapi/newtmpl/gettemplate": Endpoint(messages.list_templates, "GET"),
            "/wxa/getwxacodeunlimit": Endpoint(mini_code, minute=5000),
            "/wxa/msg_sec_check": Endpoint(
                content.check_text, minute=4000, day=2_000_000, minute_errcode=44991
            ),
            "/wxa/media_check_async": Endpoint(
                partial(content.check_media, pusher=pusher), minute=2000, day=200_000, minute_errcode=44991
            ),
            "/cgi-bin/openapi/quota/get": Endpoint(self._quota),
            "/cgi-bin/getcallbackip": Endpoint(_callback_addresses, "GET", says_ok=False),
        }

    def handle(self, method: str, path: str, query: Mapping[str, str], raw: bytes, remote: str) -> Reply:
        """Answer one call, faults included, and note it."""
        call = Call(self.world, path, query, raw, self.world.clock.now(), remote)
        with self.world.changed:
            app = self._app_of(call)
            fault = take_fault(app, path) if app else None
            entry = open_entry(app, method, path, query, raw, call.now) if app else None
            if fault and fault.is_slow:
                call.delay_seconds = 6.0 if fault.seconds is None else fault.seconds
        if call.delay_seconds and path != "/cgi-bin/message/subscribe/send":
            time.sleep(call.delay_seconds)
        reply = Reply()
        if fault is None or fault.is_slow or fault.is_after:
            reply = self._answer(call, method)
        if fault is not None and not fault.is_slow:
            reply = fault.answer(request_id(call.now))
        if entry is not None:
            close_entry(entry, reply)
        return reply

    def _answer(self, call: Call, method: str) -> Reply:
        endpoint = self.endpoints.get(call.path)
        kind = endpoint.content_type if endpoint else JSON_TYPE
        try:
            with self.world.changed:
                answer = self._checked(call, method, endpoint)
        except Refused as refused:
            text = f"{refused.text}, rid: " if kind == "text/plain" else f"{refused.text} rid: "
            answer = {"errcode": refused.errcode, "errmsg": text + request_id(call.now)}
            return Reply(encoded(answer), content_type=kind)
        if isinstance(answer, Reply):
            return answer
        head = {"errcode": 0, "errmsg": "ok"} if endpoint is not None and endpoint.says_ok else {}
        return Reply(encoded(head | answer), content_type=kind)

    def _checked(self, call: Call, method: str, endpoint: Endpoint | None) -> dict[str, Any] | Reply:
        if endpoint is None:
            raise Refused(40066, "invalid url")
        if method != endpoint.method:
            raise Refused(
                *((43002, "require POST method") if method == "GET" else (43001, "require GET method"))
            )
        if endpoint.has_token:
            call.found_app = app_of_token(self.world, call.query.get("access_token", ""), call.now)
            self._count(call.found_app, call.path, endpoint, call.now)
        elif (app := self._app_of(call)) is not None:
            self._count(app, call.path, endpoint, call.now)
        return endpoint.answer(call)

    def _count(self, app: App, path: str, endpoint: Endpoint, now: datetime) -> None:
        """Raises Refused 45011 (or the endpoint's own) and 45009. Days end at midnight in Shanghai."""
        minute, day = self._limits(app, path)
        keys = ((path, f"{now:%Y%m%d%H%M}"), (path, f"{now:%Y%m%d}"))
        for key in keys:
            app.calls[key] += 1
        if app.calls[keys[1]] > day:
            raise Refused(45009, "reach max api daily quota limit")
        if app.calls[keys[0]] > minute:
            raise Refused(endpoint.minute_errcode, _MINUTE_TEXT)

    def _limits(self, app: App, path: str) -> tuple[int, int]:
        endpoint = self.endpoints[path]
        return app.limits.get(path, (endpoint.minute, endpoint.day))

    def _quota(self, call: Call) -> dict[str, Any]:
        path = call.text("cgi_path")
        if path.startswith("/sns/"):
            raise Refused(76022, "you have no permission to query this cgi's quota")
        if path not in self.endpoints:
            raise Refused(76021, "cgi_path not found, please check")
        _, day = self._limits(call.app, path)
        used = call.app.calls[path, f"{call.now:%Y%m%d}"]
        minute, _ = self._limits(call.app, path)
        return {
            "quota": {"daily_limit": day, "used": used, "remain": max(0, day - used)},
            "rate_limit": {"call_count": minute, "refresh_second": 60},
        }

    def _app_of(self, call: Call) -> App | None:
        """Whose call this is: by token, else by the appid it names. None for a stranger's."""
        if (value := call.query.get("access_token")) and value in self.world.tokens:
            return self.world.tokens[value][0]
        app_id = call.query.get("appid")
        if app_id is None and call.path == "/cgi-bin/stable_token":
            try:
                parsed = json.loads(call.raw or b"{}")
            except ValueError:
                return None
            app_id = parsed.get("appid") if isinstance(parsed, dict) else None
        return self.world.apps.get(app_id) if isinstance(app_id, str) else None


def _callback_addresses(_call: Call) -> dict[str, Any]:
    return {"ip_list": ["127.0.0.1"]}
