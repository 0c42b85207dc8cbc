"""Limits are shared through Redis, and hold on when it dies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from backend import create_app
from backend.routes.limits import limiter
from backend.services import signing_in
from tests.api.asking import send
from tests.api.contract import CheckedClient
from tests.support.app import Office, SetClock, Templates, new_key
from tests.support.databases import close_connections
from tests.support.redis import RedisServer, running_redis

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def make_office(templates: Templates, kind: str, folder: Path, **changes: Any) -> Iterator[Office]:
    clock = SetClock()
    with templates.fresh(kind, folder, **changes) as (settings, org):
        app = create_app(settings, clock)
        app.test_client_class = CheckedClient
        yield Office(app, org, clock, settings)
        close_connections(app)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A server of this test only, which may be stopped."""
    with running_redis() as server:
        yield server


@pytest.fixture
def shared(templates: Templates, database_kind: str, tmp_path: Path, redis: RedisServer) -> Iterator[Office]:
    yield from make_office(templates, database_kind, tmp_path / "office", redis_url=redis.limiter_url)
    # One process, one application, one limiter: only here does another application come after a dead Redis.
    limiter._storage_dead = False


def wrong(office: Office, name: str = "window-a") -> int:
    return int(office.anybody.post("/staff/sessions", {"username": name, "password": "wrong"}).status_code)


def miss(office: Office) -> int:
    return int(office.anybody.post("/lookups", {"number": "x", "phone_tail": "0000"}).status_code)


def stop(redis: RedisServer) -> None:
    connection = redis_client.Redis.from_url(redis.url)
    connection.shutdown(nosave=True)
    connection.close()


def test_two_processes_count_together(shared: Office) -> None:
    """A second application on the same Redis, as another gunicorn process is."""
    assert [wrong(shared) for _ in range(3)] == [401] * 3
    twin = Office(create_app(shared.settings, shared.clock), shared.org, shared.clock, shared.settings)
    assert [wrong(twin) for _ in range(3)] == [401, 401, 429]
    assert wrong(shared) == 429
    close_connections(twin.app)


def test_what_is_typed_as_a_name_never_reaches_redis(shared: Office, redis: RedisServer) -> None:
    wrong(shared, "zhang-san-canary")
    odd = send(shared.anybody, "POST", "/staff/sessions", b'{"username": "\\ud800", "password": "x"}')
    assert odd.status_code == 422
    with redis_client.Redis.from_url(redis.url) as connection:
        keys = b"\n".join(connection.scan_iter())
    assert b"sign-in" in keys
    assert b"canary" not in keys
    # A name that is no text does not push everybody onto the counters of one process.
    assert [wrong(shared) for _ in range(6)] == [401] * 5 + [429]


def test_with_redis_dead_the_same_limits_hold_in_memory(shared: Office, redis: RedisServer) -> None:
    assert wrong(shared) == 401
    stop(redis)
    assert [wrong(shared) for _ in range(6)] == [401] * 5 + [429]
    assert [miss(shared) for _ in range(11)] == [404] * 10 + [429]
    shared.file()
    assert shared.staff("window_b").get("/staff/me").status_code == 200


def test_redis_dying_between_question_and_count_fails_no_request(
    shared: Office, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = signing_in.verify_password

    def die_first(stored: str, password: str) -> bool:
        stop(redis)
        return verify(stored, password)

    monkeypatch.setattr(signing_in, "verify_password", die_first)
    assert wrong(shared) == 401


@pytest.fixture
def strict(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    rates = {"anonymous_filing_rate": "3 per 10 minutes", "anonymous_filing_cap": "5 per 10 minutes"}
    yield from make_office(templates, database_kind, tmp_path / "office", **rates)


def test_anonymous_filing_has_a_limit_per_address_and_a_cap_for_all(strict: Office) -> None:
    body = {"sign": strict.org.window.sign.code, "category": "consult", "content": "问"}

    def file(address: str) -> int:
        headers = {"Idempotency-Key": new_key()}
        source = {"REMOTE_ADDR": address}
        client = strict.app.test_client()
        answer = client.post("/api/v1/inquiries", json=body, headers=headers, environ_overrides=source)
        return answer.status_code

    assert [file("192.0.2.1") for _ in range(4)] == [201, 201, 201, 429]
    assert [file("192.0.2.2") for _ in range(3)] == [201, 201, 429]
    # Staff at the desk are not counted with the street.
    registration = {"channel": "call", "category": "consult", "content": "问"}
    assert strict.staff("window_a").post("/staff/inquiries", registration).status_code == 201
