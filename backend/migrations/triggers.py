"""What the database itself refuses, whoever writes to it: the triggers of SQLite and PostgreSQL.

Revisions call `create_triggers(op)` after a change to a guarded table and `drop_triggers(op)` before one. Both look
at the tables as they are at that revision, so they serve every revision, past and coming. The refusal is an
IntegrityError on both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy import Connection, inspect, text

from backend.migrations.trigger_conditions import any_but, any_of, changed, refilled, rewritten, unset

PREFIX = "guard_"

LEDGER_APPEND_ONLY = "ledger entries are append-only"
LEDGER_GAPLESS = "ledger sequence must continue"
CLOCKS_IMMUTABLE = "clocks are immutable"
LEDGER_HEADS_KEPT = "ledger heads are never deleted"
LEDGER_HEADS_ADVANCE = "ledger heads advance one by one"
CLOCK_FACTS_APPEND_ONLY = "clock facts are append-only"
RATINGS_KEPT = "ratings are never deleted"
RATING_FIXED = "facts of a rating are fixed"
RATING_CHANGES_ONCE = "ratings change once"
TEXTS_KEPT = "texts are never deleted"
TEXTS_ONLY_ERASED = "texts are only erased"
HOLDINGS_ONLY_END = "holdings only end"
HANDOFFS_KEPT = "hand-offs are never deleted"
HANDOFF_TARGET_FIXED = "hand-off target is fixed"
HANDOFF_DECIDED = "decided hand-offs stay decided"
INQUIRIES_KEPT = "inquiries are never deleted"
FILING_FIXED = "facts of filing are fixed"
RECORDS_KEPT = "what was put on record stays"

SUBJECT = ("about_kind", "subject_staff_id", "subject_section_id", "subject_unit_id")

FIXED_RECORDS = (
    "notice_documents",
    "reminders",
    "supervisions",
    "joint_opinions",
    "lead_statements",
    "lead_decisions",
    "lead_measures",
    "opinions",
    "ledger_reports",
    "organisation_changes",
    "imported_rows",
)
"""Tables whose rows never change."""
RECORDS = (
    *FIXED_RECORDS,
    "notices",
    "external_handoffs",
    "disputes",
    "joint_handlings",
    "joint_units",
    "leads",
    "lead_elements",
    "staff_bindings",
    "consents",
    "follow_ups",
    "content_checks",
    "external_numbers",
    "export_requests",
    "imports",
)
"""Tables whose rows are never deleted."""


class Operations(Protocol):
    """What this module needs of Alembic's `op`."""

    def get_bind(self) -> Connection: ...


@dataclass(frozen=True, slots=True)
class Guard:
    """One refusal. `when` gets the table's columns and gives the condition in SQL; without it, always."""

    table: str
    name: str
    event: Literal["UPDATE", "DELETE"]
    refusal: str
    when: Callable[[Sequence[str]], str] | None = None

    @property
    def trigger(self) -> str:
        return f"{PREFIX}{self.table}_{self.name}"


GUARDS = (
    Guard("ledger_entries", "update", "UPDATE", LEDGER_APPEND_ONLY),
    Guard("ledger_entries", "delete", "DELETE", LEDGER_APPEND_ONLY),
    Guard("ledger_heads", "delete", "DELETE", LEDGER_HEADS_KEPT),
    Guard(
        "ledger_heads",
        "update",
        "UPDATE",
        LEDGER_HEADS_ADVANCE,
        lambda _columns: f"NEW.sequence <> OLD.sequence + 1 OR {changed(['unit_id'])}",
    ),
    Guard("clocks", "delete", "DELETE", CLOCKS_IMMUTABLE),
    Guard(
        "clocks",
        "update",
        "UPDATE",
        CLOCKS_IMMUTABLE,
        any_but("ended_at", "end_kind", "is_due_soon_noted", "is_overdue_noted"),
    ),
    Guard("clocks", "end_once", "UPDATE", CLOCKS_IMMUTABLE, rewritten("ended_at", "end_kind")),
    Guard("clocks", "note_once", "UPDATE", CLOCKS_IMMUTABLE, unset("is_due_soon_noted", "is_overdue_noted")),
    Guard("clock_facts", "update", "UPDATE", CLOCK_FACTS_APPEND_ONLY),
    Guard("clock_facts", "delete", "DELETE", CLOCK_FACTS_APPEND_ONLY),
    Guard("ratings", "delete", "DELETE", RATINGS_KEPT),
    Guard(
        "ratings",
        "update",
        "UPDATE",
        RATING_FIXED,
        any_of("id", "inquiry_id", "round", "kind", "source", "rated_at"),
    ),
    Guard("ratings", "change_once", "UPDATE", RATING_CHANGES_ONCE, rewritten("changed_at")),
    # With the guard above: a grade changes in the statement that fills in changed_at, and never again.
    Guard(
        "ratings",
        "grade",
        "UPDATE",
        RATING_CHANGES_ONCE,
        lambda _columns: f"({changed(['grade'])}) AND NOT ({changed(['changed_at'])})",
    ),
    Guard("texts", "delete", "DELETE", TEXTS_KEPT),
    Guard("texts", "update", "UPDATE", TEXTS_ONLY_ERASED, any_but("sealed", "salt")),
    Guard("texts", "erase", "UPDATE", TEXTS_ONLY_ERASED, refilled("sealed", "salt")),
    Guard("holdings", "delete", "DELETE", HOLDINGS_ONLY_END),
    Guard("holdings", "update", "UPDATE", HOLDINGS_ONLY_END, any_but("ended_at")),
    Guard("holdings", "end_once", "UPDATE", HOLDINGS_ONLY_END, rewritten("ended_at")),
    Guard("handoffs", "delete", "DELETE", HANDOFFS_KEPT),
    Guard(
        "handoffs",
        "target",
        "UPDATE",
        HANDOFF_TARGET_FIXED,
        any_of("id", "inquiry_id", "kind", "from_unit_id", "to_unit_id", "to_section_id", "to_staff_id"),
    ),
    Guard(
        "handoffs",
        "decided",
        "UPDATE",
        HANDOFF_DECIDED,
        lambda _columns: f"OLD.state <> 'offered' AND ({changed(['state', 'decided_at', 'decided_by_id'])})",
    ),
    Guard("inquiries", "delete", "DELETE", INQUIRIES_KEPT),
    Guard(
        "inquiries",
        "filing",
        "UPDATE",
        FILING_FIXED,
        any_of(
            *(
                "id",
                "number",
                "source",
                "measure",
                "received_at",
                "recorded_at",
                "occurred_at",
                "is_late_entry",
            ),
            *("first_unit_id", "first_section_id", "first_post_id", "sign_id", "registered_by_id"),
        ),
    ),
    # Whom it is about changes only with its being a complaint at all (reclassified, or released).
    Guard(
        "inquiries",
        "subject",
        "UPDATE",
        FILING_FIXED,
        lambda _columns: f"OLD.is_confidential = NEW.is_confidential AND ({changed(SUBJECT)})",
    ),
    # Said once and kept: what was asked of the citizen, who urged, who spoke, what was decided.
    *(Guard(table, "delete", "DELETE", RECORDS_KEPT) for table in RECORDS),
    *(Guard(table, "update", "UPDATE", RECORDS_KEPT) for table in FIXED_RECORDS),
    Guard("notices", "update", "UPDATE", RECORDS_KEPT, any_but("received_at")),
    Guard("notices", "receive_once", "UPDATE", RECORDS_KEPT, rewritten("received_at")),
    Guard("external_handoffs", "serve_once", "UPDATE", RECORDS_KEPT, rewritten("served_at", "result_at")),
    Guard(
        "external_handoffs",
        "target",
        "UPDATE",
        HANDOFF_TARGET_FIXED,
        any_of("id", "inquiry_id", "name", "address", "phone", "reason_text_id", "clause", "made_at"),
    ),
    Guard("disputes", "decide_once", "UPDATE", RECORDS_KEPT, rewritten("decided_at")),
    Guard(
        "joint_handlings",
        "once",
        "UPDATE",
        RECORDS_KEPT,
        rewritten("reported_at", "found_at", "planned_at", "referred_at", "ended_at"),
    ),
    Guard("joint_units", "once", "UPDATE", RECORDS_KEPT, rewritten("cooperated_at", "done_at")),
    Guard("leads", "fact", "UPDATE", RECORDS_KEPT, any_but("state")),
    Guard(
        "imports",
        "file",
        "UPDATE",
        RECORDS_KEPT,
        any_of("id", "kind", "unit_id", "created_by_id", "file_name", "file_index", "created_at"),
    ),
    Guard("imports", "once", "UPDATE", RECORDS_KEPT, rewritten("finished_at", "approved_by_id")),
    Guard("external_numbers", "update", "UPDATE", RECORDS_KEPT, any_but("number_index")),
    Guard("external_numbers", "erase", "UPDATE", RECORDS_KEPT, refilled("number_index")),
    Guard(
        "export_requests",
        "request",
        "UPDATE",
        RECORDS_KEPT,
        any_of(
            *("id", "unit_id", "section_id", "scope", "year", "format", "is_full", "reason"),
            *("requested_by_id", "requested_at", "row_count"),
        ),
    ),
    Guard(
        "export_requests",
        "once",
        "UPDATE",
        RECORDS_KEPT,
        rewritten("decided_by_id", "decided_at", "downloaded_at"),
    ),
    # None only while nobody in the unit was present: filled in once, then frozen like the rest.
    Guard("inquiries", "first_responder", "UPDATE", FILING_FIXED, rewritten("first_responder_id")),
)

LEDGER_INSERT = f"{PREFIX}ledger_entries_insert"
"""Refuses a place or id that is taken (INSERT OR REPLACE and upserts come by here too) and a gap in the sequence."""

# No value of a user ever comes near this module: every name and text is one of the constants above (hence S608 below).
_TAKEN = "id = NEW.id OR (unit_id = NEW.unit_id AND sequence = NEW.sequence)"
_NEXT = "SELECT coalesce(max(sequence), 0) + 1 FROM {table} WHERE unit_id = NEW.unit_id"


def create_triggers(op: Operations) -> None:
    """Create every trigger whose table exists at this revision, replacing what is there."""
    drop_triggers(op)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _create_sqlite(connection)
    else:
        _create_postgresql(connection)


def drop_triggers(op: Operations) -> None:
    """Drop every trigger made here, by whatever revision, and the functions behind them."""
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    for trigger, table in sorted(_present(connection).items()):
        connection.execute(
            text(f"DROP TRIGGER {trigger}" if sqlite else f"DROP TRIGGER {trigger} ON {table}")
        )
    if not sqlite:
        for function in (f"{PREFIX}refuse", LEDGER_INSERT):
            connection.execute(text(f"DROP FUNCTION IF EXISTS {function}()"))


def missing_triggers(connection: Connection) -> set[str]:
    """Names of the triggers that the tables of this database ought to have and do not."""
    return _expected(connection) - set(_present(connection))


def _expected(connection: Connection) -> set[str]:
    tables = set(inspect(connection).get_table_names())
    guarded = [guard for guard in GUARDS if guard.table in tables]
    names = {guard.trigger for guard in guarded}
    if "ledger_entries" in tables:
        names.add(LEDGER_INSERT)
    if connection.dialect.name == "postgresql":
        names |= {_truncate_name(guard.table) for guard in guarded}
    return names


def _present(connection: Connection) -> dict[str, str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = to_regnamespace(current_schema())"
        )
    return {name: table for name, table in connection.execute(text(query)) if name.startswith(PREFIX)}


def _guards(connection: Connection) -> list[tuple[Guard, str]]:
    """Each guard whose table exists, with its condition (empty: always)."""
    inspector = inspect(connection)
    columns = {
        table: [str(c["name"]) for c in inspector.get_columns(table)] for table in inspector.get_table_names()
    }
    return [
        (guard, guard.when(columns[guard.table]) if guard.when else "")
        for guard in GUARDS
        if guard.table in columns
    ]


def _create_sqlite(connection: Connection) -> None:
    for guard, condition in _guards(connection):
        when = f"WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}" if condition else ""
        connection.execute(
            text(
                f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON {guard.table} {when}"
                f" BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
            )
        )
    if LEDGER_INSERT in _expected(connection):
        connection.execute(
            text(
                f"CREATE TRIGGER {LEDGER_INSERT} BEFORE INSERT ON ledger_entries BEGIN"  # noqa: S608
                f" SELECT RAISE(ABORT, '{LEDGER_APPEND_ONLY}')"
                f" WHERE EXISTS (SELECT 1 FROM ledger_entries WHERE {_TAKEN});"
                f" SELECT RAISE(ABORT, '{LEDGER_GAPLESS}')"
                f" WHERE NEW.sequence <> ({_NEXT.format(table='ledger_entries')});"
                " END"
            )
        )


def _create_postgresql(connection: Connection) -> None:
    connection.execute(
        text(
            f"CREATE FUNCTION {PREFIX}refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';"
            " END $$"
        )
    )
    guards = _guards(connection)
    for guard, condition in guards:
        when = f"WHEN ({condition})" if condition else ""
        connection.execute(
            text(
                f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON {guard.table} FOR EACH ROW {when}"
                f" EXECUTE FUNCTION {PREFIX}refuse('{guard.refusal}')"
            )
        )
    # What may not be deleted row by row may not be emptied at one stroke either.
    refusals = {guard.table: guard.refusal for guard, _ in guards if guard.event == "DELETE"}
    for table, refusal in refusals.items():
        connection.execute(
            text(
                f"CREATE TRIGGER {_truncate_name(table)} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
                f" EXECUTE FUNCTION {PREFIX}refuse('{refusal}')"
            )
        )
    if LEDGER_INSERT in _expected(connection):
        _create_ledger_insert(connection)


def _create_ledger_insert(connection: Connection) -> None:
    # The table is named with its schema, so that a temporary table of the same name cannot stand in for it.
    table = f"{connection.scalar(text('SELECT quote_ident(current_schema())'))}.ledger_entries"
    connection.execute(
        text(
            f"CREATE FUNCTION {LEDGER_INSERT}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"  # noqa: S608
            f" IF EXISTS (SELECT 1 FROM {table} WHERE {_TAKEN}) THEN"
            f" RAISE EXCEPTION '{LEDGER_APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" IF NEW.sequence <> ({_NEXT.format(table=table)}) THEN"
            f" RAISE EXCEPTION '{LEDGER_GAPLESS}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            " RETURN NEW; END $$"
        )
    )
    connection.execute(
        text(
            f"CREATE TRIGGER {LEDGER_INSERT} BEFORE INSERT ON ledger_entries FOR EACH ROW"
            f" EXECUTE FUNCTION {LEDGER_INSERT}()"
        )
    )


def _truncate_name(table: str) -> str:
    return f"{PREFIX}{table}_truncate"
