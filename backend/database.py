"""Engines, the read session and the unit of work.

SQLite: one writer connection per process (a pool of one, so threads queue in order instead of polling for the
file lock), `BEGIN IMMEDIATE`, WAL with synchronous=FULL; readers are query_only. PostgreSQL: ordinary pools.
A write is one unit of work: everything in the `with` block commits together, or nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from backend.settings import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

READER = "reader"


class OutcomeUnknown(Exception):
    """The connection broke while committing: the write may or may not stand. The same key settles it."""


class Base(DeclarativeBase):
    """Every table's base; constraint names are predictable so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def init_database(app: Flask, settings: Settings) -> None:
    """Configure the writer and the reader engine. Opens no connection."""
    # An error that quotes its parameters would put them into a log.
    writer: dict[str, Any] = {"url": settings.database_url, "hide_parameters": True}
    reader: dict[str, Any] = {"url": settings.reader_url, "hide_parameters": True}
    if settings.is_sqlite:
        timeout = {"timeout": settings.busy_seconds, "check_same_thread": False}
        writer |= {
            "pool_size": 1,
            "max_overflow": 0,
            "pool_timeout": settings.busy_seconds,
            "connect_args": timeout,
        }
        reader |= {"pool_size": 8, "max_overflow": 0, "connect_args": timeout}
    else:
        pool = {
            "pool_size": 8,
            "max_overflow": 4,
            "pool_timeout": settings.busy_seconds,
            "pool_pre_ping": True,
        }
        connect = {"connect_timeout": max(1, int(settings.busy_seconds)), "application_name": "shouwen"}
        writer |= pool | {"connect_args": connect}
        reader |= pool | {"connect_args": connect}
    app.config["SQLALCHEMY_BINDS"] = {None: writer, READER: reader}
    db.init_app(app)
    with app.app_context():
        if settings.is_sqlite:
            _tune_sqlite(db.engine, begin="BEGIN IMMEDIATE", query_only=False)
            _tune_sqlite(db.engines[READER], begin="BEGIN", query_only=True)
        else:
            _tune_postgresql(db.engine, settings, read_only=False)
            _tune_postgresql(db.engines[READER], settings, read_only=True)


def _tune_sqlite(engine: Engine, *, begin: str, query_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            # Without this, INSERT OR REPLACE would slip past the ledger's BEFORE DELETE trigger.
            "recursive_triggers=ON",
            "trusted_schema=OFF",
            f"query_only={'ON' if query_only else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _tune_postgresql(engine: Engine, settings: Settings, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_limits(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{int(settings.busy_seconds * 1000)}ms'")
            if read_only:
                cursor.execute("SET default_transaction_read_only = on")
        connection.commit()


@contextmanager
def reading() -> Iterator[Session]:
    """A session on the reader engine; nothing it does is ever committed."""
    with Session(db.engines[READER], expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """A session whose whole work commits when the block ends, or is undone when it raises.

    Raises OutcomeUnknown when the connection breaks while committing.
    """
    with Session(db.engine, expire_on_commit=False) as session:
        session.begin()
        yield session
        session.flush()
        try:
            session.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise OutcomeUnknown from error
            raise
