"""An office in a database of each kind, and a way to see the database refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend import models
from backend.database import db
from tests.support import rows
from tests.support.databases import KINDS, Databases, bare_app


@pytest.fixture(scope="package", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Both kinds in turn. A test of one kind parametrises it with `scope="package"`, for its database is shared."""
    return str(request.param)


@pytest.fixture(scope="package")
def engine(
    databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An empty database at the head revision; every test undoes what it does there."""
    with databases.migrated(database_kind) as url, bare_app(url, tmp_path_factory.mktemp("models")) as app:
        with app.app_context():
            engine = db.engine
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is undone at the end."""
    with Session(engine) as session:
        yield session


@dataclass(frozen=True)
class Office:
    """Two units; the first has two sections, a post with a sign, and an inquiry held by its clerk."""

    unit: models.Unit
    section: models.Section
    next_section: models.Section
    other_unit: models.Unit
    other_section: models.Section
    clerk: models.Staff
    colleague: models.Staff
    post: models.Post
    inquiry: models.Inquiry
    holding: models.Holding


@pytest.fixture
def office(session) -> Office:
    unit, other_unit = rows.unit(session), rows.unit(session)
    section, next_section = rows.section(session, unit), rows.section(session, unit)
    clerk = rows.staff(session, unit, section)
    inquiry = rows.inquiry(session, unit, first_section_id=section.id, first_responder_id=clerk.id)
    return Office(
        unit=unit,
        section=section,
        next_section=next_section,
        other_unit=other_unit,
        other_section=rows.section(session, other_unit),
        clerk=clerk,
        colleague=rows.staff(session, unit, next_section),
        post=rows.post(session, unit, section, holder_id=clerk.id),
        inquiry=inquiry,
        holding=rows.holding(session, inquiry, clerk),
    )


@pytest.fixture
def refused(session):
    """`with refused("ck_…"):` the database refuses what happens inside, for that reason; the session goes on.

    For a unique index name the index and its columns as `table.column`: PostgreSQL reports one, SQLite the other.
    """

    @contextmanager
    def expect(*reasons: str) -> Iterator[None]:
        with pytest.raises(IntegrityError, match="|".join(map(re.escape, reasons))), session.begin_nested():
            yield

    return expect
