"""The simulator inside the test process: its state within reach, its clock in the test's hand, no port."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from backend.domain.times import SHANGHAI
from backend.wechat.simulator.accounts import new_code
from backend.wechat.simulator.application import create_simulator
from backend.wechat.simulator.clock import SimulatedClock
from backend.wechat.simulator.making import make_app
from backend.wechat.simulator.state import App, Person, World

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=SHANGHAI)
TEMPLATES = [
    {"key": "progress", "title": "办理进度提醒", "fields": {"thing1": "事项", "time2": "时间"}},
    {"key": "result", "title": "办结提醒", "fields": {"phrase1": "结果", "thing2": "提示"}},
    {"key": "always", "title": "督办提醒", "fields": {"thing1": "事项"}, "type": 3},
]
GOOD = {"thing1": "办理营业执照", "time2": "2026年11月16日 09:00"}


class Inside:
    """One app in a world whose clock stands still until it is moved."""

    def __init__(self, **asked: Any) -> None:
        clock = SimulatedClock()
        clock.stop_at(NOON)
        self.world = World(clock)
        self.app: App = make_app({"templates": TEMPLATES} | asked)
        self.world.add(self.app)
        self.client = create_simulator(self.world).test_client()
        self._token = ""

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def forward(self, **delta: float) -> None:
        self.world.clock.stop_at(self.now + timedelta(**delta))

    def login(self, name: str = "王女士") -> str:
        """A js_code of somebody who has just opened the mini program."""
        person = self.app.person(name)
        person.last_visit = self.now
        return new_code(self.app.login_codes, person, self.now)

    def person(self, name: str = "王女士") -> Person:
        return self.app.person(name)

    def stable(self, **more: Any) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": self.app.app_id, "secret": self.app.secret} | more
        return self.asked("POST", "/cgi-bin/stable_token", body, token=None)

    def sign_in(self, js_code: str, **more: str) -> dict[str, Any]:
        query = {
            "appid": self.app.app_id,
            "secret": self.app.secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        return self.asked("GET", "/sns/jscode2session", token=None, **query | more)

    def send(self, key: str = "progress", data: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """A message to 王女士, with values by field."""
        template = self.app.of_key(key)
        assert template is not None
        values = {name: {"value": text} for name, text in (GOOD if data is None else data).items()}
        body = {"touser": self.person().openid, "template_id": template.id, "data": values} | more
        return self.asked("POST", "/cgi-bin/message/subscribe/send", body)

    def asked(
        self, method: str, path: str, body: Any = None, *, token: str | None = "", **query: str
    ) -> dict[str, Any]:
        """The JSON answer of one call, with a fresh token unless one (or None: without) is given."""
        answer: dict[str, Any] = self.raw(method, path, body, token=token, **query).get_json(force=True)
        return answer

    def raw(
        self, method: str, path: str, body: Any = None, *, token: str | None = "", **query: str
    ) -> TestResponse:
        if token is not None:
            query["access_token"] = token or self.token()
        if isinstance(body, bytes):
            return self.client.open(path, method=method, data=body, query_string=query)
        return self.client.open(path, method=method, json=body, query_string=query)

    def token(self) -> str:
        """The app's stable token, asked for once in a while."""
        return str(self.stable()["access_token"])
