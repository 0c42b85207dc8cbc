"""The database knows the words of every column that holds one, and refuses any other."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import inspect, text

from backend.database import Base
from backend.domain import vocabulary as v
from backend.domain.exports import ExportState
from backend.models.types import WordType
from tests.support import export_rows, ledger_rows, organisation_rows, rows, statute_rows, wechat_rows

COLUMNS = sorted(
    (table.name, column.name)
    for table in Base.metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, WordType)
)

# What else must change in the row for the word to be all that is wrong with it.
BESIDES = {
    ("clocks", "end_kind"): {"ended_at": "due_at"},
    ("clocks", "change_kind"): {"supersedes_id": "id"},
    ("handoffs", "state"): {"decided_at": "offered_at"},
    ("inquiries", "outcome"): {"status": "'closed'", "closed_at": "received_at"},
    ("posts", "kind"): {"section_id": "NULL"},
    ("imports", "state"): {"finished_at": "created_at"},
    ("export_requests", "scope"): {"section_id": "NULL"},
    ("ledger_rows", "kind"): {"unit_id": "(SELECT max(id) FROM units)"},
}
# No hand-off of an unknown kind has a target either, and PostgreSQL says that first.
ALSO = {
    ("handoffs", "kind"): ("ck_handoffs_has_a_target",),
    ("external_handoffs", "state"): ("ck_external_handoffs_served_with_proof",),
    ("disputes", "state"): ("ck_disputes_decided_has_time",),
}


@pytest.fixture
def filled(session, office):
    """One row in every table that holds words."""
    rows.citizen(session)
    rows.role_grant(session, office.clerk, v.Role.GENERAL_POST)
    handoff = rows.handoff(session, office.inquiry, office.holding, office.clerk, office.next_section)
    clock = rows.clock(session, office.inquiry)
    rows.rating(session, office.inquiry)
    text = rows.inquiry_text(session, office.inquiry)
    statute_rows.promise(session, office.unit)
    statute_rows.matter(session, office.unit)
    statute_rows.unit_record(session, office.unit)
    statute_rows.notice(session, office.inquiry, office.clerk)
    statute_rows.letter(session, office.inquiry, office.clerk)
    statute_rows.dispute(session, office.inquiry, handoff)
    statute_rows.joint_opinion(
        session, statute_rows.joint(session, office.inquiry, office.clerk), office.clerk, text
    )
    statute_rows.supervision(session, office.inquiry, office.clerk)
    lead = statute_rows.lead(session, clock)
    statute_rows.lead_decision(session, lead, office.clerk, text, v.DecisionMeasure.CRITICISM)
    wechat_rows.consent(session, wechat_rows.account(session))
    wechat_rows.follow_up(session, office.inquiry)
    wechat_rows.content_check(session, text)
    ledger_rows.ledger_row(session, office.inquiry)
    ledger_rows.opinion(session, text, office.clerk)
    ledger_rows.ledger_report(session, office.clerk)
    organisation_rows.organisation_change(session, office.clerk)
    organisation_rows.import_file(session, office.unit, sealed=None)
    export_rows.export_request(session, office.clerk, state=ExportState.FAILED)
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
