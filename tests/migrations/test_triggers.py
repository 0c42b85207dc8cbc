"""After every revision the database still refuses what must never be."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from backend.migrating import known_revisions
from backend.migrations import triggers
from tests.migrations import data
from tests.migrations.conftest import open_lab_with_data
from tests.support.databases import KINDS

BOTH = ("sqlite", "postgresql")
POSTGRESQL = ("postgresql",)

# Who refuses what: the refusal, a statement, the databases that know the statement.
REFUSED = [
    (triggers.LEDGER_APPEND_ONLY, "UPDATE ledger_entries SET event = 'closed'", BOTH),
    (triggers.LEDGER_APPEND_ONLY, "UPDATE ledger_entries SET event = event", BOTH),
    (triggers.LEDGER_APPEND_ONLY, "DELETE FROM ledger_entries", BOTH),
    (triggers.LEDGER_APPEND_ONLY, "TRUNCATE ledger_entries CASCADE", POSTGRESQL),
    (triggers.LEDGER_HEADS_ADVANCE, "UPDATE ledger_heads SET sequence = sequence - 1", BOTH),
    (triggers.LEDGER_HEADS_ADVANCE, "UPDATE ledger_heads SET sequence = sequence + 2", BOTH),
    (triggers.LEDGER_HEADS_ADVANCE, "UPDATE ledger_heads SET hash = signature", BOTH),
    (
        triggers.LEDGER_HEADS_ADVANCE,
        "UPDATE ledger_heads SET unit_id = '{unit}', sequence = sequence + 1",
        BOTH,
    ),
    (triggers.LEDGER_HEADS_KEPT, "DELETE FROM ledger_heads", BOTH),
    (triggers.LEDGER_HEADS_KEPT, "TRUNCATE ledger_heads", POSTGRESQL),
    (triggers.TEXTS_ONLY_ERASED, "UPDATE texts SET inquiry_id = '{complaint}'", BOTH),
    (triggers.TEXTS_ONLY_ERASED, "UPDATE texts SET kind = 'comment'", BOTH),
    (triggers.TEXTS_ONLY_ERASED, "UPDATE texts SET created_at = '2026-01-01 00:00:00'", BOTH),
    (triggers.TEXTS_ONLY_ERASED, "UPDATE texts SET sealed = salt", BOTH),
    (triggers.TEXTS_ONLY_ERASED, "UPDATE texts SET salt = sealed, sealed = NULL", BOTH),
    (triggers.TEXTS_KEPT, "DELETE FROM texts", BOTH),
    (triggers.TEXTS_KEPT, "TRUNCATE texts CASCADE", POSTGRESQL),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET due_at = created_at", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET quote = '10个工作日'", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET bearer_staff_id = NULL", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET end_kind = 'met'", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET ended_at = NULL, end_kind = NULL", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET is_overdue_noted = false", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET is_due_soon_noted = false", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "DELETE FROM clocks", BOTH),
    (triggers.CLOCKS_IMMUTABLE, "TRUNCATE clocks CASCADE", POSTGRESQL),
    (triggers.CLOCK_FACTS_APPEND_ONLY, "UPDATE clock_facts SET bearer_staff_id = NULL", BOTH),
    (triggers.CLOCK_FACTS_APPEND_ONLY, "DELETE FROM clock_facts", BOTH),
    (triggers.CLOCK_FACTS_APPEND_ONLY, "TRUNCATE clock_facts", POSTGRESQL),
    (triggers.RATING_FIXED, "UPDATE ratings SET inquiry_id = '{complaint}'", BOTH),
    (triggers.RATING_FIXED, "UPDATE ratings SET round = 2", BOTH),
    (triggers.RATING_FIXED, "UPDATE ratings SET kind = 'follow_up' WHERE kind = 'own'", BOTH),
    (triggers.RATING_FIXED, "UPDATE ratings SET source = 'survey'", BOTH),
    (triggers.RATING_FIXED, "UPDATE ratings SET rated_at = '2026-01-01 00:00:00'", BOTH),
    (triggers.RATING_CHANGES_ONCE, "UPDATE ratings SET grade = 'satisfied' WHERE changed_at IS NULL", BOTH),
    (
        triggers.RATING_CHANGES_ONCE,
        "UPDATE ratings SET grade = 'satisfied' WHERE changed_at IS NOT NULL",
        BOTH,
    ),
    (triggers.RATING_CHANGES_ONCE, "UPDATE ratings SET grade = 'satisfied', changed_at = rated_at", BOTH),
    (triggers.RATING_CHANGES_ONCE, "UPDATE ratings SET changed_at = NULL", BOTH),
    (triggers.RATINGS_KEPT, "DELETE FROM ratings", BOTH),
    (triggers.RATINGS_KEPT, "TRUNCATE ratings CASCADE", POSTGRESQL),
    (triggers.HOLDINGS_ONLY_END, "UPDATE holdings SET staff_id = NULL, post_id = '{post}'", BOTH),
    (triggers.HOLDINGS_ONLY_END, "UPDATE holdings SET ended_at = NULL WHERE ended_at IS NOT NULL", BOTH),
    (
        triggers.HOLDINGS_ONLY_END,
        "UPDATE holdings SET ended_at = started_at WHERE ended_at IS NOT NULL",
        BOTH,
    ),
    (triggers.HOLDINGS_ONLY_END, "DELETE FROM holdings", BOTH),
    (triggers.HOLDINGS_ONLY_END, "TRUNCATE holdings CASCADE", POSTGRESQL),
    (triggers.HANDOFF_TARGET_FIXED, "UPDATE handoffs SET to_staff_id = NULL", BOTH),
    (triggers.HANDOFF_TARGET_FIXED, "UPDATE handoffs SET to_section_id = '{section}'", BOTH),
    (triggers.HANDOFF_TARGET_FIXED, "UPDATE handoffs SET inquiry_id = '{complaint}'", BOTH),
    (triggers.HANDOFF_DECIDED, "UPDATE handoffs SET state = 'accepted'", BOTH),
    (triggers.HANDOFF_DECIDED, "UPDATE handoffs SET state = 'offered', decided_at = NULL", BOTH),
    (triggers.HANDOFFS_KEPT, "DELETE FROM handoffs", BOTH),
    (triggers.HANDOFFS_KEPT, "TRUNCATE handoffs CASCADE", POSTGRESQL),
    (triggers.FILING_FIXED, "UPDATE inquiries SET number = '2026ABCDEFGHZ' WHERE id = '{inquiry}'", BOTH),
    (triggers.FILING_FIXED, "UPDATE inquiries SET received_at = closed_at WHERE id = '{inquiry}'", BOTH),
    (triggers.FILING_FIXED, "UPDATE inquiries SET recorded_at = received_at WHERE id = '{inquiry}'", BOTH),
    (triggers.FILING_FIXED, "UPDATE inquiries SET first_unit_id = '{unit}' WHERE id = '{inquiry}'", BOTH),
    (triggers.FILING_FIXED, "UPDATE inquiries SET first_section_id = NULL WHERE id = '{inquiry}'", BOTH),
    (
        triggers.FILING_FIXED,
        "UPDATE inquiries SET first_section_id = '{section}' WHERE id = '{complaint}'",
        BOTH,
    ),
    (
        triggers.FILING_FIXED,
        "UPDATE inquiries SET first_responder_id = '{staff}' WHERE id = '{inquiry}'",
        BOTH,
    ),
    (triggers.FILING_FIXED, "UPDATE inquiries SET first_responder_id = NULL WHERE id = '{inquiry}'", BOTH),
    *(
        (triggers.FILING_FIXED, f"UPDATE inquiries SET {change} WHERE id = '{{inquiry}}'", BOTH)
        for change in (
            "source = 'web'",
            "measure = 'lu'",
            "occurred_at = NULL",
            "is_late_entry = false",
            "first_post_id = NULL",
            "sign_id = NULL",
            "registered_by_id = '{staff}'",
            "about_kind = 'other'",
            "subject_staff_id = '{staff}'",
            "subject_section_id = '{section}'",
            "subject_unit_id = '{unit}'",
        )
    ),
    (
        triggers.FILING_FIXED,
        "UPDATE inquiries SET subject_section_id = NULL WHERE id = '{complaint}'",
        BOTH,
    ),
    (triggers.INQUIRIES_KEPT, "DELETE FROM inquiries", BOTH),
    (triggers.INQUIRIES_KEPT, "TRUNCATE inquiries CASCADE", POSTGRESQL),
]

ALLOWED = [
    "UPDATE clocks SET is_overdue_noted = true, is_due_soon_noted = true",
    "UPDATE clocks SET ended_at = due_at, end_kind = 'met' WHERE ended_at IS NULL",
    "UPDATE holdings SET ended_at = started_at WHERE ended_at IS NULL",
    "UPDATE ratings SET grade = 'satisfied', changed_at = rated_at WHERE changed_at IS NULL",
    "UPDATE ratings SET comment_text_id = NULL, is_shared_with_section = false",
    "UPDATE inquiries SET first_responder_id = '{staff}' WHERE id = '{complaint}'",
    "UPDATE inquiries SET version = version + 1, unit_id = '{unit}', channel = 'visit'",
    "UPDATE inquiries SET category = 'complaint', is_confidential = true WHERE id = '{inquiry}'",
    "UPDATE inquiries SET citizen_id = NULL, wrapped_key = NULL, tracking_generation = 3 WHERE id = '{inquiry}'",
    "UPDATE inquiries SET tracking_hash = 'new' WHERE id = '{inquiry}'",
    "UPDATE texts SET sealed = NULL, salt = NULL",
    "UPDATE texts SET sealed = NULL, salt = NULL WHERE sealed IS NULL",
    "UPDATE ledger_heads SET sequence = sequence + 1",
    "DELETE FROM idempotency_keys",
]

OF_WECHAT = ("staff_bindings", "consents", "follow_ups", "content_checks")
OF_THE_LEDGER = ("opinions", "ledger_reports", "external_numbers")
OF_THE_ORGANISATION = ("organisation_changes", "imports", "imported_rows")
OF_EXPORTS = ("export_requests",)
OF_THE_STATUTE = tuple(
    table
    for table in triggers.RECORDS
    if table not in {*OF_WECHAT, *OF_THE_LEDGER, *OF_THE_ORGANISATION, *OF_EXPORTS}
)


def kept(tables):
    """Rows of these tables are never deleted."""
    return [
        *((triggers.RECORDS_KEPT, f"DELETE FROM {table}", BOTH) for table in tables),
        *((triggers.RECORDS_KEPT, f"TRUNCATE {table} CASCADE", POSTGRESQL) for table in tables),
    ]


REFUSED_SINCE = {
    "0002": [
        *kept(OF_THE_STATUTE),
        (triggers.RECORDS_KEPT, "UPDATE notice_documents SET is_unlisted = false", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE reminders SET day = '2026-01-01'", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE supervisions SET kind = 'supervision'", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE joint_opinions SET kind = 'opinion'", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE lead_statements SET at = at", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE lead_decisions SET body = '别处'", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE lead_measures SET measure = 'circular'", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE notices SET limit_days = 30", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE notices SET received_at = NULL", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE external_handoffs SET result_at = NULL, result_text_id = NULL", BOTH),
        (triggers.HANDOFF_TARGET_FIXED, "UPDATE external_handoffs SET name = '别的局'", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE disputes SET decided_at = opened_at", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE joint_handlings SET found_at = ended_at", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE joint_units SET cooperated_at = asked_at", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE leads SET staff_id = NULL", BOTH),
        (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET paused_at = NULL, remaining_days = NULL", BOTH),
        (triggers.CLOCKS_IMMUTABLE, "UPDATE clocks SET anchor_days = 99", BOTH),
    ],
    "0003": kept(OF_WECHAT),
    "0004": [
        *kept(OF_THE_LEDGER),
        (triggers.RECORDS_KEPT, "UPDATE opinions SET round = 2", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE ledger_reports SET row_count = 0", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE external_numbers SET due_at = NULL, basis_text_id = NULL", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE external_numbers SET number_index = 'another'", BOTH),
    ],
    "0005": [
        *kept(OF_THE_ORGANISATION),
        (triggers.RECORDS_KEPT, "UPDATE organisation_changes SET by_id = NULL", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE imports SET file_index = 'another'", BOTH),
        (
            triggers.RECORDS_KEPT,
            "UPDATE imports SET approved_by_id = created_by_id WHERE state = 'done'",
            BOTH,
        ),
        (triggers.RECORDS_KEPT, "UPDATE imported_rows SET row_number = 4", BOTH),
    ],
    "0006": [
        *kept(OF_EXPORTS),
        (triggers.RECORDS_KEPT, "UPDATE export_requests SET reason = '别的事由' WHERE is_full", BOTH),
        (triggers.RECORDS_KEPT, "UPDATE export_requests SET row_count = row_count + 1", BOTH),
        (
            triggers.RECORDS_KEPT,
            "UPDATE export_requests SET decided_at = requested_at WHERE decided_at IS NOT NULL",
            BOTH,
        ),
        (
            triggers.RECORDS_KEPT,
            "UPDATE export_requests SET state = 'ready', downloaded_at = NULL WHERE state = 'downloaded'",
            BOTH,
        ),
    ],
}
"""What later revisions have the database refuse as well."""

ALLOWED_SINCE = {
    "0002": [
        "UPDATE leads SET state = 'dismissed'",
        "UPDATE lead_elements SET is_found = false",
        (
            "UPDATE inquiries SET is_confidential = false, category = 'other', subject_staff_id = NULL,"
            " subject_section_id = NULL, subject_unit_id = NULL, about_kind = NULL WHERE id = '{complaint}'"
        ),
    ],
    "0004": ["UPDATE external_numbers SET number_index = NULL", "DELETE FROM ledger_rows"],
    "0005": ["UPDATE imports SET findings = NULL", "UPDATE staff SET password_is_initial = false"],
    "0006": ["UPDATE export_requests SET wrapped_key = NULL", "DELETE FROM export_volumes"],
}

PLACES = {
    "post": data.POST,
    "section": data.SECTION,
    "unit": data.OTHER_UNIT,
    "staff": data.COLLEAGUE,
    "inquiry": data.INQUIRY,
    "complaint": data.COMPLAINT,
}


@pytest.fixture(scope="module", params=KINDS)
def database_kind(request):
    """Both in turn; a test of one kind parametrises it with `scope="module"`, for the database is shared."""
    return request.param


@pytest.fixture(scope="module", params=known_revisions())
def revision(request):
    return request.param


@pytest.fixture(scope="module")
def lab(databases, database_kind, revision, tmp_path_factory):
    """A database of each revision, with data."""
    folder = tmp_path_factory.mktemp("triggers")
    with open_lab_with_data(databases, database_kind, revision, folder) as lab:
        yield lab


@pytest.fixture
def connection(lab):
    """A transaction on it; nothing is kept, not even the connection and what was set there."""
    with lab.begin() as connection:
        yield connection
        connection.rollback()
        connection.invalidate()


def refuse(connection, refusal, statement):
    with pytest.raises(IntegrityError, match=refusal), connection.begin_nested():
        connection.execute(text(statement))


def copy_of_entry(connection, verb="INSERT INTO", **changes):
    """A statement that writes the ledger entry of the data once more, with some values changed (as SQL)."""
    columns = [column["name"] for column in inspect(connection).get_columns("ledger_entries")]
    values = ", ".join(changes.get(column, column) for column in columns)
    return (
        f"{verb} ledger_entries ({', '.join(columns)}) SELECT {values} FROM ledger_entries WHERE sequence = 1"
    )


def test_every_trigger_is_there(connection):
    assert triggers.missing_triggers(connection) == set()


def since(rules, revision):
    """The rules of every revision up to this one."""
    return [rule for first, added in rules.items() if first <= revision for rule in added]


def test_what_must_never_change_is_refused(connection, revision):
    kind = connection.dialect.name
    for refusal, statement, kinds in [*REFUSED, *since(REFUSED_SINCE, revision)]:
        if kind in kinds:
            refuse(connection, refusal, statement.format(**PLACES))


def test_what_may_change_still_can(connection, revision):
    for statement in [*since(ALLOWED_SINCE, revision), *ALLOWED]:
        done = connection.execute(text(statement.format(**PLACES)))
        assert done.rowcount > 0, statement


def test_a_ledger_entry_cannot_be_replaced(connection):
    refuse(connection, triggers.LEDGER_APPEND_ONLY, copy_of_entry(connection))
    refuse(connection, triggers.LEDGER_APPEND_ONLY, copy_of_entry(connection, id="'another'"))
    refuse(connection, triggers.LEDGER_APPEND_ONLY, copy_of_entry(connection, sequence="2"))
    for upsert in (" ON CONFLICT (id) DO UPDATE SET event = 'closed'", " ON CONFLICT DO NOTHING"):
        refuse(connection, triggers.LEDGER_APPEND_ONLY, copy_of_entry(connection) + upsert)


@pytest.mark.parametrize("database_kind", ["sqlite"], scope="module")
@pytest.mark.parametrize("verb", ["INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO"])
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_a_ledger_entry_cannot_be_replaced_whatever_the_connection_says(connection, verb, recursive):
    connection.execute(text(f"PRAGMA recursive_triggers={recursive}"))
    refuse(connection, triggers.LEDGER_APPEND_ONLY, copy_of_entry(connection, verb))
    refuse(connection, triggers.LEDGER_APPEND_ONLY, copy_of_entry(connection, verb, id="'another'"))


def test_the_sequence_of_a_unit_has_no_gap(connection):
    refuse(connection, triggers.LEDGER_GAPLESS, copy_of_entry(connection, id="'third'", sequence="3"))
    connection.execute(text(copy_of_entry(connection, id="'second'", sequence="2")))
    connection.execute(text(copy_of_entry(connection, id="'third'", sequence="3")))
    other = f"'{data.OTHER_UNIT}'"
    refuse(
        connection, triggers.LEDGER_GAPLESS, copy_of_entry(connection, id="'x'", unit_id=other, sequence="2")
    )
    connection.execute(text(copy_of_entry(connection, id="'x'", unit_id=other)))


@pytest.mark.parametrize("database_kind", ["sqlite"], scope="module")
def test_replacing_by_row_number_does_not_slip_past_either(connection):
    columns = [column["name"] for column in inspect(connection).get_columns("ledger_entries")]
    values = ", ".join({"id": "'another'", "sequence": "2"}.get(column, column) for column in columns)
    refuse(
        connection,
        triggers.LEDGER_APPEND_ONLY,
        f"INSERT OR REPLACE INTO ledger_entries (rowid, {', '.join(columns)})"
        f" SELECT rowid, {values} FROM ledger_entries",
    )


@pytest.mark.parametrize("database_kind", ["sqlite"], scope="module")
@pytest.mark.parametrize("table", sorted({guard.table for guard in triggers.GUARDS}))
def test_replacing_is_deleting_and_refused_like_it(connection, table):
    if table not in inspect(connection).get_table_names():
        pytest.skip("a later revision makes this table")
    with pytest.raises(IntegrityError):
        connection.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


@pytest.mark.parametrize("database_kind", ["postgresql"], scope="module")
def test_a_temporary_table_does_not_hide_the_ledger(connection):
    statement = copy_of_entry(connection, id="'ninth'", sequence="9")
    schema = connection.scalar(text("SELECT current_schema()"))
    connection.execute(
        text("CREATE TEMPORARY TABLE ledger_entries AS SELECT id, unit_id, 8 AS sequence FROM ledger_entries")
    )
    refuse(
        connection, triggers.LEDGER_GAPLESS, statement.replace("ledger_entries", f"{schema}.ledger_entries")
    )
