"""Which revision a database has, and bringing it to the code's."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from backend.database import db
from backend.migrating import DatabaseNewer, code_head, database_revision, known_revisions, upgrade
from tests.support.databases import bare_app


@pytest.fixture
def app(empty_database_url, tmp_path):
    with bare_app(empty_database_url, tmp_path) as app:
        yield app


def test_a_database_that_was_never_migrated_has_no_revision(app):
    assert database_revision(app) is None


def test_upgrading_reaches_the_head_and_says_so(app):
    assert upgrade(app) == code_head() == known_revisions()[-1]
    assert database_revision(app) == code_head()


def test_upgrading_again_changes_nothing(app):
    upgrade(app)
    assert upgrade(app) == code_head()


def test_a_database_newer_than_the_code_is_left_alone(app):
    upgrade(app)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match="9999") as refused:
        upgrade(app)
    assert refused.value.revision == "9999"
    assert database_revision(app) == "9999"
