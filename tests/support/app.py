"""The real application for a test: a fresh database with the small organisation, and a clock the test sets."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import create_app
from backend.clock import now
from backend.database import reading, unit_of_work
from backend.domain.actors import SYSTEM, Actor
from backend.domain.times import SHANGHAI
from backend.migrating import upgrade
from backend.models import Inquiry
from backend.services.calendar import seed_calendar, working_calendar
from backend.services.work import Work
from backend.settings import Settings
from backend.vault.keys import Keyring
from backend.vault.passwords import verify_totp
from tests.support.databases import Databases, bare_app, close_connections, make_settings
from tests.support.fake_wechat import FakeWechat
from tests.support.organisation import SmallOrganisation, build_small_organisation
from tests.support.sharing import share

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)
"""An ordinary Monday morning: where every test begins unless it says otherwise."""

_keys = itertools.count(1)


def new_key() -> str:
    """A fresh Idempotency-Key."""
    return f"test-key-{next(_keys):012d}"


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    moment: datetime = MONDAY

    def now(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        self.moment = moment

    def forward(self, **delta: float) -> datetime:
        """Move on by a timedelta's keywords and return the new time."""
        self.moment += timedelta(**delta)
        return self.moment


@dataclass
class Templates:
    """One database with the organisation per kind, built once a run, with the keys it was sealed with."""

    databases: Databases
    folder: Path
    organisations: dict[str, SmallOrganisation] = field(default_factory=dict)

    @contextmanager
    def fresh(
        self, kind: str, data_dir: Path, **changes: Any
    ) -> Iterator[tuple[Settings, SmallOrganisation]]:
        """Settings of a new copy. `changes` are fields of Settings."""
        keys = self.folder / kind / "keys"
        if not keys.exists():
            keys.parent.mkdir(parents=True)
            Keyring.create(keys)
        with self.databases.copy(kind, "organisation", lambda url: self._build(kind, url)) as url:
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copytree(keys, data_dir / "keys")
            yield make_settings(url, data_dir, **changes), self.organisations[kind]

    def _build(self, kind: str, url: str) -> None:
        folder = self.folder / kind
        with bare_app(url, folder) as bare:
            upgrade(bare)
        app = create_app(make_settings(url, folder), SetClock())
        share(app)
        with app.app_context(), unit_of_work() as session:
            seed_calendar(session, now(), range(2024, 2027))
            session.flush()
            tools = app.extensions["shouwen_tools"]
            work = Work(session, SYSTEM, now(), tools, working_calendar(session))
            self.organisations[kind] = build_small_organisation(work)
        close_connections(app)


class Api:
    """Calls the API as somebody: `staff_name` signs in, `tracking` shows a capability, neither is anybody."""

    def __init__(self, client: FlaskClient, headers: dict[str, str] | None = None) -> None:
        self.client = client
        self.headers = headers or {}

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers, **kwargs)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, json: Any = None, *, key: str | None = None, version: object = None) -> Any:
        return self._write("POST", path, json, key, version)

    def put(self, path: str, json: Any = None, *, key: str | None = None, version: object = None) -> Any:
        return self._write("PUT", path, json, key, version)

    def _write(self, method: str, path: str, json: Any, key: str | None, version: object) -> Any:
        headers = {**self.headers, "Idempotency-Key": key or new_key()}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.open(
            f"/api/v1{path}", method=method, json={} if json is None else json, headers=headers
        )


@dataclass
class Office:
    """A running application with its organisation, its clock, and short ways to do the usual."""

    app: APIFlask
    org: SmallOrganisation
    clock: SetClock
    settings: Settings
    _tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every test has an application of its own; what they all compile alike is compiled once."""
        share(self.app)

    @property
    def anybody(self) -> Api:
        """Nobody in particular."""
        return Api(self.app.test_client())

    def citizen(self, token: str) -> Api:
        """Whoever holds this tracking capability."""
        return Api(self.app.test_client(), {"X-Tracking-Token": token})

    @property
    def wechat(self) -> FakeWechat:
        """WeChat, where the office has a mini program (fixture `wechat_office`)."""
        gateway: FakeWechat = self.app.extensions["shouwen_gateway"]
        return gateway

    def citizen_session(self, name: str) -> Api:
        """A citizen who has just signed in by WeChat."""
        answer = self.anybody.post("/sessions/wechat", {"js_code": self.wechat.code(name)})
        assert answer.status_code == 201, answer.json
        return Api(self.app.test_client(), {"Authorization": f"Bearer {answer.json['token']}"})

    def bound_session(self, name: str) -> Api:
        """Somebody of the organisation, signed in by a WeChat of the same name, which is bound first where it is not."""
        body = {"js_code": self.wechat.code(name)}
        answer = self.anybody.post("/staff/sessions/wechat", body)
        if answer.status_code == 401:
            code = self.staff(name).post("/staff/wechat/binding-codes").json["code"]
            body = {"js_code": self.wechat.code(name), "binding_code": code}
            answer = self.anybody.post("/staff/sessions/wechat", body)
        assert answer.status_code == 201, answer.json
        return Api(self.app.test_client(), {"Authorization": f"Bearer {answer.json['token']}"})

    def staff(self, name: str) -> Api:
        """Somebody of the organisation, signed in (the same session at every call, while it lasts)."""
        return Api(self.app.test_client(), {"Authorization": f"Bearer {self.token(name)}"})

    def token(self, name: str) -> str:
        """What shows somebody's session."""
        if name not in self._tokens or self.clock.now() >= self._tokens[name][1]:
            person = self.org.people[name]
            body = {"username": person.username, "password": self.org.password}
            if name in self.org.totp:
                body["totp"] = self.totp(name)
            answer = self.anybody.post("/staff/sessions", body)
            assert answer.status_code == 201, answer.json
            self._tokens[name] = answer.json["token"], datetime.fromisoformat(answer.json["expires_at"])
        return self._tokens[name][0]

    def totp(self, name: str) -> str:
        """The code an authenticator shows now."""
        secret = self.org.totp[name]
        code = pyotp.TOTP(secret).at(self.clock.now())
        assert verify_totp(secret, code, self.clock.now()) is not None
        return code

    def file(self, **changes: Any) -> dict[str, Any]:
        """File an inquiry at the window's sign; returns the 201."""
        body: dict[str, Any] = {
            "sign": self.org.window.sign.code,
            "category": "consult",
            "content": "请问办理营业执照要带什么材料？",
            "contact": {"name": "王小明", "phone": "13812345678"},
        }
        body |= changes
        answer = self.anybody.post("/inquiries", {k: v for k, v in body.items() if v is not None})
        assert answer.status_code == 201, answer.json
        filed: dict[str, Any] = answer.json
        return filed

    def version(self, number: str, name: str) -> int:
        """The version this person sees now."""
        return int(self.staff(name).get(f"/staff/inquiries/{number}").json["version"])

    def act(self, name: str, number: str, what: str, body: Any = None) -> Any:
        """Do a step as somebody at the version of now."""
        with self.app.app_context(), reading() as session:
            version = session.scalar(select(Inquiry.version).where(Inquiry.number == number))
        return self.staff(name).post(f"/staff/inquiries/{number}/{what}", body, version=version)

    @contextmanager
    def working(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """A unit of work at the office's time."""
        with self.app.app_context(), unit_of_work() as session:
            yield self._work(session, actor)

    @contextmanager
    def looking(self, actor: Actor = SYSTEM) -> Iterator[Work]:
        """The same for reads."""
        with self.app.app_context(), reading() as session:
            yield self._work(session, actor)

    def _work(self, session: Session, actor: Actor) -> Work:
        tools = self.app.extensions["shouwen_tools"]
        return Work(session, actor, self.clock.now(), tools, working_calendar(session))
