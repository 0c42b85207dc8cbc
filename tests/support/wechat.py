"""The strict local WeChat for tests: one process for each test process, a mini program of its own for each test.

`simulator` is the process, `wechat_app` a fresh app in it. Simulated people are named; they exist when first named.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from backend.settings import WechatSettings
from backend.wechat.simulator.starting import COMMAND
from backend.wechat.templates import load_templates

ROOT = Path(__file__).parents[2]
ONE_TIME, LONG_TERM = 2, 3
WAIT_SECONDS = 20.0
SEND = "/cgi-bin/message/subscribe/send"
"""The path of a message, for faults and requests."""


class Simulator:
    """The running process and its admin API."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, "--port", "0", "--die-with-parent"],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "http://" in line, "the simulator did not start"
        self.url = line.strip()[line.index("http://") :]
        self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer of the admin API. Raises AssertionError when it refuses."""
        data = None if body is None else json.dumps(body).encode()
        for attempt in (1, 2):
            try:
                self._connection.request(method, f"/_admin{path}", data)
                answer = self._connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
                self._connection.close()  # it was left alone for too long
                if attempt == 2:
                    raise
        parsed = json.loads(answer.read())
        assert answer.status == 200, f"{method} {path}: {parsed}"
        return parsed

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.kill()  # it keeps nothing
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


@dataclass
class SimulatedWechat:
    """One mini program in the simulator. `templates`: WeChat's template id by our key."""

    simulator: Simulator = field(repr=False)
    app_id: str
    secret: str = field(repr=False)
    push_token: str = field(repr=False)
    aes_key: str = field(repr=False)
    original_id: str
    templates: dict[str, str]
    types: dict[str, int] = field(default_factory=dict)

    def settings(self, **more: Any) -> WechatSettings:
        """What the application is set up with to talk to this app; `more` are fields of WechatSettings."""
        given = {
            "app_id": self.app_id,
            "app_secret": self.secret,
            "push_token": self.push_token,
            "aes_key": self.aes_key,
            "original_id": self.original_id,
            "api_url": self.simulator.url,
            "templates": self.templates,
            "long_term": frozenset(key for key, kind in self.types.items() if kind == LONG_TERM),
        }
        return WechatSettings(**(given | more))

    def login(self, name: str) -> str:
        """The person opens the mini program and calls `wx.login`: a js_code."""
        return str(self._person("POST", name, "/login")["js_code"])

    def phone(self, name: str, number: str = "13800138000") -> str:
        """The person taps the phone button: a code."""
        return str(self._person("POST", name, "/phone", {"phone": number})["code"])

    def visit(self, name: str) -> None:
        """The person opens the mini program without signing in."""
        self._person("POST", name, "/visit")

    def block(self, name: str) -> None:
        """WeChat refuses this person's sign-ins (40226)."""
        self._person("POST", name, "/block")

    def accept(self, name: str, *keys: str) -> None:
        """The person allows these templates (our keys), once each; as many prompts as it takes."""
        self._answer(name, keys, "accept")

    def reject(self, name: str, *keys: str) -> None:
        """The person refuses these templates in a prompt."""
        self._answer(name, keys, "reject")

    def withdraw(self, name: str, *keys: str) -> None:
        """The person refuses these templates in WeChat's settings: what was allowed before is void."""
        self._person("POST", name, "/withdraw", {"templates": [self.templates[key] for key in keys]})

    def openid(self, name: str) -> str:
        return str(self.person(name)["openid"])

    def person(self, name: str) -> dict[str, Any]:
        """openid, credits by template id, long_term, messages."""
        shown: dict[str, Any] = self._person("GET", name)
        return shown

    def credits(self, name: str) -> dict[str, int]:
        """How many messages the person still takes, by our key."""
        left = self.person(name)["credits"]
        return {key: left[one] for key, one in self.templates.items() if left.get(one)}

    def messages(self, name: str, at_least: int = 0) -> list[dict[str, Any]]:
        """What arrived on the phone, oldest first; waits until there are `at_least` so many."""
        query = urlencode({"messages": at_least, "seconds": WAIT_SECONDS if at_least else 0})
        found: list[dict[str, Any]] = self._person("GET", name, f"?{query}")["messages"]
        assert len(found) >= at_least, f"{len(found)} messages, not {at_least}"
        return found

    def fault(self, path: str = SEND, **what: Any) -> None:
        """The next call of this path goes wrong: errcode=, status= or kind=; times= (0: always), seconds=, after=."""
        self._app("POST", "/faults", {"path": path, **what})

    def clear_faults(self) -> None:
        self._app("DELETE", "/faults")

    def requests(self, path: str | None = None) -> list[dict[str, Any]]:
        """What was asked of WeChat so far, secrets taken out: path, method, query, body, at, status, answer."""
        found: list[dict[str, Any]] = self._app(
            "GET", "/requests" + (f"?{urlencode({'path': path})}" if path else "")
        )
        return found

    def forget_requests(self) -> None:
        self._app("DELETE", "/requests")

    def quota(self, path: str, **limits: int) -> None:
        """Set `minute` or `day`: how many calls of this path are allowed."""
        self._app("POST", "/quotas", {"path": path, **limits})

    def expire_tokens(self, *, dead: bool = False) -> None:
        """Every token now out is answered 42001, or 40001 when dead."""
        self._app("POST", "/tokens/expire", {"dead": dead})

    def push(self, event: str = "", **what: Any) -> dict[str, Any]:
        """Push an event: person= or openid=, list=, fields=, times=, bad_signature=, at=, spaced_keys=, or replay=<id>.

        Answers with the signed request (`query`, `content_type`, `body`) and its `attempts`; `send=False` only makes it.
        """
        body = {"event": event, **what} if event else what
        made: dict[str, Any] = self._app("POST", "/push", body)
        return made

    def pushes(self, done: int = 0) -> list[dict[str, Any]]:
        """Every push so far, caused by acts or by `push`; waits until `done` so many have been sent."""
        query = urlencode({"done": done, "seconds": WAIT_SECONDS if done else 0})
        found: list[dict[str, Any]] = self._app("GET", f"/pushes?{query}")
        return found

    def verify(self) -> dict[str, Any]:
        """Ask the callback by GET, as the console does when its address is set: is_verified, status, answer."""
        answer: dict[str, Any] = self._app("POST", "/verify")
        return answer

    def change(self, **what: Any) -> None:
        """Set callback_url, portal_url, mode, format, or any option of the app (backend/wechat/simulator/state.py)."""
        own = {
            name: what.pop(name) for name in ("callback_url", "portal_url", "mode", "format") if name in what
        }
        self._app("PATCH", "", own | ({"options": what} if what else {}))

    def at(self, moment: datetime) -> None:
        """Stop the simulator's clock at a time; it goes on by itself again after the test."""
        self.simulator.ask("POST", "/clock", {"now": moment.isoformat()})

    def _answer(self, name: str, keys: tuple[str, ...], result: str) -> None:
        for kind in (ONE_TIME, LONG_TERM):
            ids = [self.templates[key] for key in keys if self.types.get(key, ONE_TIME) == kind]
            for start in range(0, len(ids), 3):
                results = dict.fromkeys(ids[start : start + 3], result)
                self._person("POST", name, "/subscriptions", {"results": results})

    def _app(self, method: str, path: str, body: Any = None) -> Any:
        return self.simulator.ask(method, f"/apps/{self.app_id}{path}", body)

    def _person(self, method: str, name: str, path: str = "", body: Any = None) -> Any:
        return self._app(method, f"/people/{quote(name, safe='')}{path}", body)


def template_table(long_term: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Our templates as WeChat's console would list them."""
    return [
        {
            "key": template.key,
            "title": template.title,
            "fields": {each.key: each.keyword for each in template.fields},
            "type": LONG_TERM if template.key in long_term else ONE_TIME,
        }
        for template in load_templates().values()
    ]


def new_app(simulator: Simulator, **asked: Any) -> SimulatedWechat:
    """A new mini program with our templates, or with those asked for; other fields as the admin API takes them."""
    table = asked.setdefault("templates", template_table())
    made = simulator.ask("POST", "/apps", asked)
    types = {each["key"]: each.get("type", ONE_TIME) for each in table}
    return SimulatedWechat(simulator, **made, types=types)


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """The local WeChat of this test process."""
    running = Simulator()
    yield running
    running.close()


@pytest.fixture
def wechat_app(simulator: Simulator) -> Iterator[SimulatedWechat]:
    """A mini program of this test alone, with our templates; the clock is the system's again afterwards."""
    app = new_app(simulator)
    yield app
    simulator.ask("DELETE", f"/apps/{app.app_id}")
    simulator.ask("POST", "/clock", {"offset_seconds": 0})
