"""A run of migrations is kept whole or not at all, whatever a revision does."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import IntegrityError

from backend.database import db
from backend.migrating import MIGRATIONS, code_head, database_revision, upgrade
from backend.migrations.triggers import HANDOFFS_KEPT, missing_triggers
from tests.migrations.data import count_rows

REPOSITORY = MIGRATIONS.parent.parent


@pytest.fixture
def with_data(lab_with_data, tmp_path):
    """A database at the head with data, and a folder for one revision more."""
    lab_with_data.extra = tmp_path
    return lab_with_data


def add_revision(lab, body):
    """Write a revision after the head whose upgrade runs `body`."""
    lines = "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
    (lab.extra / "9000_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "from backend.migrations.triggers import create_triggers, drop_triggers\n"
        f"revision = '9000'\ndown_revision = '{code_head()}'\n\n\n"
        f"def upgrade():\n{lines}\n\ndef downgrade():\n    pass\n",
        "utf-8",
    )


REBUILD = """
with op.batch_alter_table("handoffs") as batch:
    batch.alter_column("clause", type_=sa.String(200), existing_nullable=False)
"""
SAFE_REBUILD = f"drop_triggers(op)\n{dedent(REBUILD).strip()}\ncreate_triggers(op)"


def width_of_clause(connection):
    columns = {column["name"]: column["type"] for column in inspect(connection).get_columns("handoffs")}
    return columns["clause"].length


def test_a_revision_that_fails_leaves_the_database_as_it_was(with_data):
    with with_data.begin() as connection:
        before = count_rows(connection)
    add_revision(
        with_data,
        """
        drop_triggers(op)
        op.execute("UPDATE texts SET sealed = NULL")
        op.create_table("half", sa.Column("id", sa.Integer()))
        op.execute("SELECT * FROM no_such_table")
        """,
    )
    with pytest.raises(Exception, match="no_such_table"):
        with_data.up()
    assert database_revision(with_data.app) == code_head()
    with with_data.begin() as connection:
        assert count_rows(connection) == before
        assert connection.scalar(text("SELECT count(sealed) FROM texts")) == before["texts"]
        assert missing_triggers(connection) == set()


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_rebuild_that_loses_triggers_is_undone(with_data):
    add_revision(with_data, REBUILD)
    with pytest.raises(Exception, match=r"guard_handoffs_decided, guard_handoffs_delete"):
        with_data.up()
    with with_data.begin() as connection:
        assert missing_triggers(connection) == set()
        assert width_of_clause(connection) == 120


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_rebuild_that_loses_what_others_point_to_is_undone(with_data):
    add_revision(with_data, 'drop_triggers(op)\nop.execute("DELETE FROM blobs")\ncreate_triggers(op)')
    with pytest.raises(Exception, match="blob_chunks -> blobs"):
        with_data.up()
    with with_data.begin() as connection:
        assert count_rows(connection)["blobs"] == 1


def test_a_rebuild_by_the_law_keeps_rows_references_and_triggers(with_data):
    add_revision(with_data, SAFE_REBUILD)
    with with_data.begin() as connection:
        before = count_rows(connection)
    with_data.up()
    with with_data.begin() as connection:
        assert count_rows(connection) == before
        assert width_of_clause(connection) == 200
        with pytest.raises(IntegrityError, match=HANDOFFS_KEPT):
            connection.execute(text("DELETE FROM handoffs"))


def test_foreign_keys_are_enforced_again_after_a_run(with_data):
    add_revision(with_data, "pass")
    with_data.up()
    with with_data.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("DELETE FROM blobs"))


@pytest.mark.parametrize("statement_number", [1, 40, 90])
def test_a_run_that_breaks_off_leaves_nothing_and_can_be_repeated(lab, statement_number):
    executed = []

    def break_off(_connection, _cursor, statement, *_rest):
        executed.append(statement)
        if len([made for made in executed if "CREATE" in made]) == statement_number:
            raise KeyboardInterrupt

    event.listen(db.engine, "before_cursor_execute", break_off)
    with pytest.raises(KeyboardInterrupt):
        lab.up()
    event.remove(db.engine, "before_cursor_execute", break_off)

    with lab.begin() as connection:
        assert inspect(connection).get_table_names() == []
    assert upgrade(lab.app) == code_head()


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from backend.database import db
from backend.migrating import upgrade
from tests.support.databases import bare_app

made = 0
def kill(connection, cursor, statement, *rest):
    global made
    made += "CREATE" in statement
    if made == 60:
        os.kill(os.getpid(), signal.SIGKILL)

with bare_app(sys.argv[1], Path(sys.argv[2])) as app:
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", kill)
    upgrade(app)
"""


def test_a_killed_run_leaves_nothing_and_can_be_repeated(lab, tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, lab.url, tmp_path], cwd=REPOSITORY, check=False)
    assert done.returncode == -9
    assert database_revision(lab.app) is None
    assert upgrade(lab.app) == code_head()
    with lab.begin() as connection:
        assert missing_triggers(connection) == set()


TWICE = """
import sys
from pathlib import Path
from backend.migrating import upgrade
from tests.support.databases import bare_app

with bare_app(sys.argv[1], Path(sys.argv[2])) as app:
    print(upgrade(app))
"""


def test_two_runs_at_once_wait_for_each_other(lab, tmp_path):
    command = [sys.executable, "-c", TWICE, lab.url, tmp_path]
    runs = [subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [run.communicate()[0].strip() for run in runs] == [code_head(), code_head()]
    assert database_revision(lab.app) == code_head()


def test_a_new_revision_gets_the_next_number_and_the_law(with_data):
    written = with_data.write_revision("add a note to hand-offs")
    assert written.name == f"{int(code_head()) + 1:04d}_add_a_note_to_hand_offs.py"
    law = ast.get_docstring(ast.parse(Path(written).read_text("utf-8"))) or ""
    assert "Never import models" in law
    assert "Batch mode" in law
