"""How migrations run: everything of one run in one transaction, one run at a time, on SQLite and PostgreSQL.

Needs an application context with `init_database` done. What fails in the middle leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

import backend.models  # noqa: F401  (fills the metadata that `flask db check` compares with)
from backend.database import db
from backend.migrations.triggers import missing_triggers

ADVISORY_LOCK = 0x53484F5557454E
"""Any fixed number: whoever migrates this database holds it."""
QUEUE_SECONDS = 30
"""How long a second migrating process waits for the first."""
LOCK_SECONDS = 2
"""How long a statement may wait for a table, and so hold up the work of everybody queueing behind it."""


class TriggersLost(RuntimeError):
    """A revision left a table without the triggers that protect it; nothing of the run was kept."""


class SchemaBroken(RuntimeError):
    """A revision left rows that point to nothing (SQLite checks no foreign key while migrating)."""


def run_migrations() -> None:
    with db.engine.connect() as connection, _sqlite_foreign_keys_off(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            transaction_per_migration=False,
            compare_type=True,
            compare_server_default=True,
            autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
            render_item=_render_item,
            process_revision_directives=_number_revision,
        )
        with context.begin_transaction():
            _lock(connection)
            context.run_migrations()
            _inspect_result(connection)


def _lock(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return  # BEGIN IMMEDIATE has locked the whole file already
    connection.execute(text(f"SET LOCAL lock_timeout = '{QUEUE_SECONDS}s'"))
    connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))


@contextmanager
def _sqlite_foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let a table be rebuilt under the rows that point to it; the pragma only works outside a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()  # the driver's own: SQLAlchemy's would begin a transaction
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if not connection.invalidated:  # else broken off by a signal, and the next connection starts afresh
            connection.rollback()
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()


def _inspect_result(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (
        broken := connection.execute(text("PRAGMA foreign_key_check")).all()
    ):
        raise SchemaBroken(", ".join(sorted({f"{row[0]} -> {row[2]}" for row in broken})))
    if missing := missing_triggers(connection):
        raise TriggersLost(", ".join(sorted(missing)))


def _render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: revisions never import models."""
    if kind == "type" and type(item).__module__ == "backend.models.types":
        return f"sa.{item.impl!r}"
    return False


def _number_revision(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Give a new revision the next number, so that file names sort in the order they run."""
    if directives:
        newest = max(int(path.name[:4]) for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
        directives[0].rev_id = f"{newest + 1:04d}"


if context.is_offline_mode():
    raise RuntimeError("migrations read the database they change; --sql is not supported")
run_migrations()
