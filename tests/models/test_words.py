"""The database knows the words of every column that holds one, and refuses any other."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import inspect, text

from backend.database import Base
from backend.domain import vocabulary as v
from backend.models.types import WordType
from tests.support import rows

COLUMNS = sorted(
    (table.name, column.name)
    for table in Base.metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, WordType)
)

# What else must change in the row for the word to be all that is wrong with it.
BESIDES = {
    ("clocks", "end_kind"): {"ended_at": "due_at"},
    ("handoffs", "state"): {"decided_at": "offered_at"},
    ("inquiries", "outcome"): {"status": "'closed'", "closed_at": "received_at"},
    ("posts", "kind"): {"section_id": "NULL"},
}
# No hand-off of an unknown kind has a target either, and PostgreSQL says that first.
ALSO = {("handoffs", "kind"): ("ck_handoffs_has_a_target",)}


@pytest.fixture
def filled(session, office):
    """One row in every table that holds words."""
    rows.citizen(session)
    rows.role_grant(session, office.clerk, v.Role.GENERAL_POST)
    rows.handoff(session, office.inquiry, office.holding, office.clerk, office.next_section)
    rows.clock(session, office.inquiry)
    rows.rating(session, office.inquiry)
    return session


def copy_with(session, table, changes):
    """Insert a row of the table once more, with some values changed (as SQL)."""
    names = Base.metadata.tables[table].columns.keys()
    values = ", ".join(changes.get(name, name) for name in names)
    session.execute(text(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} LIMIT 1"))


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_an_unknown_word_is_refused(filled, refused, table, column):
    place = (table, column)
    with refused(f"ck_{table}_known_{column}", *ALSO.get(place, ())):
        copy_with(filled, table, BESIDES.get(place, {}) | {column: "'gossip'"})


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_every_word_of_the_vocabulary_is_known(session, table, column):
    known = {
        check["name"]: check["sqltext"]
        for check in inspect(session.connection()).get_check_constraints(table)
    }
    words = Base.metadata.tables[table].columns[column].type.word
    assert set(re.findall(r"'(\w+)'", known[f"ck_{table}_known_{column}"])) == set(words)
