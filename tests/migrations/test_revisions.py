"""Every revision up, down and up again, with data, on both databases (DR11)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import create_engine, inspect, text

from backend.database import Base
from backend.migrating import MIGRATIONS, code_head, known_revisions
from backend.migrations.triggers import missing_triggers
from tests.migrations.data import ROWS, count_rows, insert_rows, reflect

REVISIONS = known_revisions()
FILES = sorted((MIGRATIONS / "versions").glob("*.py"))


def dump(connection):
    """Every row of every table; order does not matter."""
    return {
        name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
        for name, table in reflect(connection).items()
    }


def describe(connection):
    """The schema as the database tells it: columns, keys, constraints, indexes and their conditions."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": [
                (c["name"], repr(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            # SQLite does not tell the name of a reference that came with an added column.
            "foreign keys": sorted(
                repr(key | {"name": None} if connection.dialect.name == "sqlite" else key)
                for key in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(map(repr, inspector.get_unique_constraints(table))),
            "checks": sorted(map(repr, inspector.get_check_constraints(table))),
            "indexes": sorted(
                (index["name"], index["column_names"], bool(index["unique"]), conditions(index))
                for index in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def conditions(index):
    return sorted(
        (key, str(value)) for key, value in index.get("dialect_options", {}).items() if "where" in key
    )


def test_every_revision_has_rows_of_its_own():
    assert list(ROWS) == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_rows_fill_every_column_and_so_follow_every_foreign_key(lab_with_data):
    with lab_with_data.begin() as connection:
        empty = [
            f"{name}.{column.name}"
            for name, table in reflect(connection).items()
            for column in table.columns
            if not connection.scalar(text(f"SELECT count({column.name}) FROM {name}"))
        ]
    assert empty == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_goes_down_and_up_again_with_data(lab_with_data, revision):
    lab = lab_with_data
    position = REVISIONS.index(revision)
    with lab.begin() as connection:
        before = dump(connection)

    lab.down(REVISIONS[position - 1] if position else "base")
    with lab.begin() as connection:
        below = dump(connection)
        assert missing_triggers(connection) == set()
    assert {name: len(rows) for name, rows in below.items()} == {name: len(before[name]) for name in below}

    lab.up(revision)
    with lab.begin() as connection:
        assert missing_triggers(connection) == set()
        if position == 0:
            insert_rows(connection, ROWS[revision])
            assert dump(connection) == before
        else:
            assert count_rows(connection).items() >= {name: len(rows) for name, rows in below.items()}.items()


def test_after_going_down_to_the_base_nothing_is_left(lab_with_data):
    lab_with_data.down("base")
    with lab_with_data.begin() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        if connection.dialect.name == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE tbl_name <> 'alembic_version'"
        else:
            query = "SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace(current_schema())"
        assert connection.scalars(text(query)).all() == []


def test_flask_db_check_finds_nothing_to_migrate(lab_with_data):
    lab_with_data.check()


def test_the_head_is_exactly_the_schema_of_the_models(lab_with_data, databases, database_kind):
    with lab_with_data.begin() as connection:
        migrated = describe(connection)
    with databases.empty(database_kind) as url:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        with engine.connect() as connection:
            wanted = describe(connection)
        engine.dispose()
    assert migrated == wanted


def test_the_head_file_names_the_newest_revision():
    assert (MIGRATIONS / "current-head").read_text("ascii") == f"{code_head()}\n"


def test_files_are_numbered_in_the_order_they_run():
    assert [path.name[:4] for path in FILES] == REVISIONS == [f"{n:04d}" for n in range(1, len(FILES) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name) for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_revision_imports_nothing_that_changes_under_it(path):
    imported = set(
        re.findall(r"^\s*(?:from|import)\s+(backend[\w.]*)", path.read_text("utf-8"), re.MULTILINE)
    )
    assert imported <= {"backend.migrations.triggers", "backend.migrations.tables"}
