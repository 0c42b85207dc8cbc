"""A database that tests migrate themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Connection

from backend.database import db
from backend.migrating import alembic_config, code_head, known_revisions
from tests.migrations.data import ROWS, insert_rows
from tests.support.databases import Databases, bare_app


class Lab:
    """One database and the commands on it. `extra` is a folder of further revisions."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app = app
        self.url = url
        self.extra: Path | None = None

    def up(self, revision: str = "head") -> None:
        command.upgrade(self._config(), revision)

    def down(self, revision: str) -> None:
        command.downgrade(self._config(), revision)

    def check(self) -> None:
        """What `flask db check` does: raises when the models ask for another schema."""
        command.check(self._config())

    def write_revision(self, message: str) -> Path:
        """What `flask db revision` does, into the extra folder."""
        written = command.revision(self._config(), message, version_path=str(self.extra))
        assert written is not None
        assert not isinstance(written, list)
        return Path(written.path)

    def begin(self) -> Connection:
        """A connection inside a transaction; a context manager that rolls back unless committed."""
        connection = db.engine.connect()
        connection.begin()
        return connection

    def _config(self):
        config = alembic_config()
        if self.extra is not None:
            versions = Path(config.get_main_option("script_location") or "") / "versions"
            config.set_main_option("path_separator", "newline")
            config.set_main_option("version_locations", f"{versions}\n{self.extra}")
        return config


@contextmanager
def open_lab(url: str, folder: Path) -> Iterator[Lab]:
    """Inside an application context; connections are closed at the end."""
    with bare_app(url, folder) as app, app.app_context():
        yield Lab(app, url)


@pytest.fixture
def lab(empty_database_url: str, tmp_path: Path) -> Iterator[Lab]:
    """An empty database of each kind."""
    with open_lab(empty_database_url, tmp_path) as lab:
        yield lab


@pytest.fixture
def revision() -> str:
    """Where `lab_with_data` stands; parametrise it for others than the head."""
    return code_head()


@contextmanager
def open_lab_with_data(databases: Databases, kind: str, revision: str, folder: Path) -> Iterator[Lab]:
    """A database of its own that climbed to `revision`, each step adding its rows."""

    def climb(url: str) -> None:
        with open_lab(url, folder) as lab:
            for step in known_revisions():
                lab.up(step)
                with lab.begin() as connection:
                    insert_rows(connection, ROWS[step])
                    connection.commit()
                if step == revision:
                    break

    with databases.copy(kind, f"{revision} with data", climb) as url, open_lab(url, folder) as lab:
        yield lab


@pytest.fixture
def lab_with_data(databases: Databases, database_kind: str, revision: str, tmp_path: Path) -> Iterator[Lab]:
    """The same for one test, which may do with it as it likes."""
    with open_lab_with_data(databases, database_kind, revision, tmp_path) as lab:
        yield lab
