"""The demo, built once on each database, each time with another now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend import create_app
from backend.database import reading, unit_of_work
from backend.demo import build_demo
from backend.services.calendar import seed_calendar
from backend.vault.keys import Keyring
from tests.support.databases import POSTGRESQL, SQLITE, Databases, close_connections, make_settings

BUILDS = {
    "a Saturday night on SQLite": (SQLITE, datetime.fromisoformat("2026-11-21T23:40:00+08:00")),
    "a Tuesday noon on PostgreSQL": (POSTGRESQL, datetime.fromisoformat("2026-11-24T12:05:00+08:00")),
}


@dataclass(frozen=True)
class Demo:
    app: Flask
    now: datetime
    handout: dict[str, Any]


@dataclass(frozen=True)
class StoppedClock:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


@pytest.fixture(scope="package", params=BUILDS)
def demo(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """A built demo; tests of it only read."""
    kind, now = BUILDS[request.param]
    with databases.migrated(kind) as url:
        settings = make_settings(url, tmp_path_factory.mktemp("demo"))
        Keyring.create(settings.keys_dir)
        app = create_app(settings, StoppedClock(now))
        with app.app_context():
            with unit_of_work() as session:
                seed_calendar(session, now)
            handout = build_demo(app)
        yield Demo(app, now, handout)
        close_connections(app)


@pytest.fixture
def session(demo: Demo) -> Iterator[Session]:
    """A reading session on the demo."""
    with demo.app.app_context(), reading() as session:
        yield session
