"""Fixtures for every test: throw-away servers for the run, a fresh database and settings for each test."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from backend import create_app
from backend.logs import configure_logging
from backend.settings import Settings
from backend.vault.keys import Keyring
from tests.support.app import Office, SetClock, Templates
from tests.support.browser import browser, open_page
from tests.support.databases import KINDS, Databases, close_connections, make_settings
from tests.support.fake_wechat import WECHAT, FakeWechat
from tests.support.once import made_once
from tests.support.phone import phone_build
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.redis import RedisServer, running_redis
from tests.support.running import build_demo_in
from tests.support.sharing import share_builders
from tests.support.wechat import simulator, wechat_app

__all__ = ["browser", "open_page", "phone_build", "simulator", "wechat_app"]
"""Fixtures made elsewhere. One browser a process: Playwright refuses a second one, so it is known here alone."""


# How long an example takes says how busy the machine is.
hypothesis_settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("busy")


def pytest_collection_finish() -> None:
    """What collecting made stays to the end: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def builders() -> Iterator[None]:
    """Applications of this process share what routing writes for each address."""
    with pytest.MonkeyPatch.context() as patch:
        share_builders(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def logs() -> None:
    """Lines are written as when served. As structlog comes, it draws each failure with every variable there was."""
    configure_logging(production=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server of this test process."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where fresh databases come from; PostgreSQL starts when the first test asks for it."""
    return Databases(tmp_path_factory.mktemp("databases"), lambda: request.getfixturevalue("postgres"))


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both kinds in turn. A test of one kind says `@pytest.mark.parametrize("database_kind", ["sqlite"])`."""
    return str(request.param)


@pytest.fixture
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A fresh database at the head revision, of this test only."""
    with databases.migrated(database_kind) as url:
        yield url


@pytest.fixture
def empty_database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A fresh database without any table."""
    with databases.empty(database_kind) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a fresh installation with its own keys and data directory; the database is migrated."""
    settings = make_settings(database_url, tmp_path / "data")
    Keyring.create(settings.keys_dir)
    return settings


@pytest.fixture(scope="session")
def templates(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Databases that already hold the small organisation."""
    return Templates(databases, tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session")
def built_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """DATA_DIR as the first `make run` leaves it, with the demo; copied by who wants to start it."""
    return made_once(tmp_path_factory, "built", build_demo_in)


@pytest.fixture
def office(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    """The application with the small organisation, on a Monday morning that the test moves on."""
    clock = SetClock()
    with templates.fresh(database_kind, tmp_path / "office") as (settings, org):
        app = create_app(settings, clock)
        yield Office(app, org, clock, settings)
        close_connections(app)


@pytest.fixture
def wechat_office(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    """The same office with a mini program; WeChat is inside the test (`office.wechat`)."""
    clock = SetClock()
    with templates.fresh(database_kind, tmp_path / "office", wechat=WECHAT) as (settings, org):
        app = create_app(settings, clock)
        app.extensions["shouwen_gateway"] = FakeWechat()
        yield Office(app, org, clock, settings)
        close_connections(app)
