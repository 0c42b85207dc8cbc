"""An organisation that stands for all tests of a package; each test's changes are undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from backend import create_app
from backend.database import db
from backend.domain.actors import SYSTEM
from backend.domain.calendar import WorkCalendar
from backend.services.work import Work
from backend.vault.keys import Keyring
from tests.support.databases import KINDS, Databases, close_connections, make_settings
from tests.support.organisation import SmallOrganisation, build_small_organisation

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""A Tuesday, 10:30 in Shanghai."""


@pytest.fixture(scope="package", params=KINDS)
def standing(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Work, SmallOrganisation]]:
    """The organisation in a transaction that is never committed."""
    with databases.migrated(request.param) as url:
        settings = make_settings(url, tmp_path_factory.mktemp("standing"))
        Keyring.create(settings.keys_dir)
        app = create_app(settings)
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            work = Work(session, SYSTEM, NOW, app.extensions["shouwen_tools"], WorkCalendar({}))
            yield work, build_small_organisation(work)
            session.rollback()
        close_connections(app)


@pytest.fixture
def work(standing: tuple[Work, SmallOrganisation]) -> Iterator[Work]:
    """Work at NOW on the standing organisation."""
    work, _ = standing
    with work.session.begin_nested() as test:
        yield work
        if test.is_active:
            test.rollback()


@pytest.fixture
def org(standing: tuple[Work, SmallOrganisation], work: Work) -> SmallOrganisation:
    return standing[1]
