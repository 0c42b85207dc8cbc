"""Fresh databases at the head revision, in milliseconds: one template per run and kind, copied for each test."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from backend import migrating
from backend.database import db, init_database
from backend.settings import Settings
from tests.support.postgres import PostgresServer

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
KINDS = (SQLITE, POSTGRESQL)


def make_settings(database_url: str, data_dir: Path, **changes: object) -> Settings:
    """Settings as a fresh installation has them, for one database. `changes` are fields of Settings."""
    values = {"data_dir": data_dir, "database_url": database_url, "reader_url": database_url}
    return Settings(**(values | {"base_url": "http://127.0.0.1:8000"} | changes))  # type: ignore[arg-type]


@contextmanager
def bare_app(database_url: str, data_dir: Path) -> Iterator[Flask]:
    """An application that has a database and nothing else; its connections are closed at the end."""
    app = Flask("bare")
    init_database(app, make_settings(database_url, data_dir))
    migrating.init_migrations(app)
    try:
        yield app
    finally:
        close_connections(app)


def close_connections(app: Flask) -> None:
    """Close every pooled connection of an application, so that its database can be copied or dropped."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


class Databases:
    """Hands out databases. `empty` ones have no table, `migrated` ones are at the head revision."""

    def __init__(self, folder: Path, postgres: Callable[[], PostgresServer]) -> None:
        """`postgres` starts the server when it is first needed, so that SQLite tests do without."""
        self._folder = folder
        self._postgres = postgres
        self._templates: dict[tuple[str, str], str] = {}

    @contextmanager
    def empty(self, kind: str) -> Iterator[str]:
        """The address of a new database without tables, removed at the end."""
        if kind == SQLITE:
            with self._file() as path:
                yield f"sqlite:///{path}"
        else:
            with self._database("template1") as name:
                yield self._postgres().url(name)

    @contextmanager
    def migrated(self, kind: str) -> Iterator[str]:
        """The address of a new database at the head revision, removed at the end."""
        with self.copy(kind, "head", self._upgrade) as url:
            yield url

    @contextmanager
    def copy(self, kind: str, name: str, build: Callable[[str], None]) -> Iterator[str]:
        """The address of a new database like the one called `name`, which `build` fills once a run.

        `build` gets the address of an empty database and leaves no connection open.
        """
        template = self._template(kind, name, build)
        if kind == SQLITE:
            with self._file() as path:
                shutil.copyfile(template, path)
                yield f"sqlite:///{path}"
        else:
            with self._database(template) as database:
                yield self._postgres().url(database)

    def _template(self, kind: str, name: str, build: Callable[[str], None]) -> str:
        """The file or database that others are copied from."""
        if (kind, name) not in self._templates:
            template = f"template_{uuid.uuid4().hex}"
            if kind == SQLITE:
                template = str(self._folder / template)
                build(f"sqlite:///{template}")
            else:
                self._postgres().execute(f"CREATE DATABASE {template}")
                build(self._postgres().url(template))
            self._templates[kind, name] = template
        return self._templates[kind, name]

    def _upgrade(self, url: str) -> None:
        with bare_app(url, self._folder) as app:
            migrating.upgrade(app)

    @contextmanager
    def _file(self) -> Iterator[Path]:
        path = self._folder / f"{uuid.uuid4().hex}.db"
        try:
            yield path
        finally:
            for left in self._folder.glob(f"{path.name}*"):
                left.unlink()

    @contextmanager
    def _database(self, template: str) -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        self._postgres().execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield name
        finally:
            self._postgres().execute(f"DROP DATABASE {name} WITH (FORCE)")
