"""The organisation in a transaction that is never committed: it stands for many tests, each undoes its own changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from backend import create_app
from backend.database import db
from backend.domain.actors import SYSTEM
from backend.domain.calendar import WorkCalendar
from backend.services.work import Work
from backend.vault.keys import Keyring
from tests.support.databases import Databases, close_connections, make_settings
from tests.support.organisation import SmallOrganisation, build_small_organisation
from tests.support.sharing import share


@contextmanager
def standing_organisation(
    databases: Databases, kind: str, folder: Path, now: datetime
) -> Iterator[tuple[Work, SmallOrganisation]]:
    """Work at `now` on an organisation of its own, under a calendar without any data."""
    with databases.migrated(kind) as url:
        settings = make_settings(url, folder)
        Keyring.create(settings.keys_dir)
        app = create_app(settings)
        share(app)
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            work = Work(session, SYSTEM, now, app.extensions["shouwen_tools"], WorkCalendar({}))
            yield work, build_small_organisation(work)
            session.rollback()
        close_connections(app)


@contextmanager
def undone(work: Work) -> Iterator[Work]:
    """The same work; whatever is changed inside the block is taken back at its end."""
    with work.session.begin_nested() as test:
        yield work
        if test.is_active:
            test.rollback()
