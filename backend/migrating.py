"""Bringing a database to the revision this code was written for, and saying which one it has.

`flask db …` is for writing revisions; `upgrade` is what `make run` and a deployment call. A database that is newer
than the code is left alone.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate

from backend.database import db

MIGRATIONS = Path(__file__).parent / "migrations"

_migrate = Migrate(directory=str(MIGRATIONS), render_as_batch=False)


class DatabaseNewer(RuntimeError):
    """The database is at a revision this code does not know: an older code must not touch it."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"database revision {revision} is unknown to this code (newest known: {code_head()})"
        )
        self.revision = revision


def init_migrations(app: Flask) -> None:
    """Add `flask db …`. Call after `init_database`."""
    _migrate.init_app(app, db)


def known_revisions() -> list[str]:
    """Every revision of this code, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def code_head() -> str:
    """The revision this code needs."""
    return known_revisions()[-1]


def database_revision(app: Flask) -> str | None:
    """The revision the database is at; None when it has never been migrated."""
    with app.app_context(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(app: Flask) -> str:
    """Bring the database to `code_head()` in one transaction and return it.

    Raises DatabaseNewer when the database is ahead of the code.
    """
    current = database_revision(app)
    if current is not None and current not in known_revisions():
        raise DatabaseNewer(current)
    with app.app_context():
        command.upgrade(alembic_config(), "head")
    return code_head()


def alembic_config() -> Config:
    """What Alembic's own commands take; they need an application context."""
    config = Config(MIGRATIONS / "alembic.ini")
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())
