"""The ledger: its lines as a projection of the log, opinions, numbers of other systems, reports for a period."""

from __future__ import annotations

from alembic import op
from sqlalchemy import JSON, Boolean, Date, Integer, String

from backend.migrations.tables import BYTES, MOMENT, column, id_column, index, ref, table, word
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GRADES = "dissatisfied fair satisfied"
COUNTED = "kind <> 'continued'"


def upgrade() -> None:
    drop_triggers(op)
    table(
        "ledger_rows", id_column(), ref("inquiry_id", "inquiries"), ref("unit_id", "units"),
        ref("section_id", "sections", null=True), word("kind", "continued own received"),
        column("year", Integer()), column("received_at", MOMENT), column("taken_at", MOMENT),
        column("is_restricted", Boolean()), column("is_late_entry", Boolean()),
        word("channel", "call hotline letter mailbox other visit"),
        word("source", "import miniprogram sign staff web"),
        word("category", "application complaint consult other report"),
        word("disposition", "other_section other_unit own"),
        ref("first_responder_id", "staff", null=True), column("round", Integer()),
        word("outcome", "answered completed guided refused transferred withdrawn", null=True),
        column("closed_at", MOMENT, null=True), ref("closed_by_id", "staff", null=True),
        ref("closing_unit_id", "units", null=True),
        column("followed_up_at", MOMENT, null=True),
        word(
            "follow_up_result",
            "answered cancelled refused reminded sent silent undelivered unreachable waiting", null=True,
        ),
        word("follow_up_grade", GRADES, null=True),
        word("own_grade", GRADES, null=True), column("own_shared", Boolean(), null=True),
        column("own_rated_at", MOMENT, null=True),
        word("changed_grade", GRADES, null=True), column("changed_shared", Boolean(), null=True),
        column("changed_at", MOMENT, null=True),
        column("texts", JSON()), column("path", JSON()),
        checks={
            "continued_in_a_section": "kind <> 'continued' OR section_id IS NOT NULL",
            "complaints_are_restricted": "(category = 'complaint') = is_restricted",
            "restricted_in_no_section": "NOT is_restricted OR section_id IS NULL",
            "closed_has_outcome": "(closed_at IS NULL) = (outcome IS NULL)",
            "closed_by_a_unit": "(closed_at IS NULL) = (closing_unit_id IS NULL)",
            "follow_up_is_whole": (
                "(followed_up_at IS NULL) = (follow_up_result IS NULL)"
                " AND (follow_up_grade IS NULL OR followed_up_at IS NOT NULL)"
            ),
            "grades_are_whole": (
                "(own_rated_at IS NULL) = (own_grade IS NULL) AND (own_rated_at IS NULL) = (own_shared IS NULL)"
                " AND (changed_at IS NULL) = (changed_grade IS NULL)"
                " AND (changed_at IS NULL) = (changed_shared IS NULL)"
                " AND (changed_at IS NULL OR own_rated_at IS NOT NULL)"
            ),
        },
    )
    index("ledger_rows", "inquiry_id", "unit_id", name="uq_ledger_rows_one_a_unit", unique=True, where=COUNTED)
    index("ledger_rows", "inquiry_id", "section_id", unique=True)
    index("ledger_rows", "unit_id", "year", "received_at", "id", name="ix_ledger_rows_unit", where=COUNTED)
    index("ledger_rows", "section_id", "year", "received_at", "id", name="ix_ledger_rows_section")
    table(
        "opinions", id_column(), ref("inquiry_id", "inquiries"), ref("unit_id", "units"),
        ref("section_id", "sections", null=True), column("round", Integer()),
        word("role", "deputy_leader section_head"), ref("staff_id", "staff"), ref("text_id", "texts"),
        column("at", MOMENT), column("batch_id", String(32)),
    )
    index("opinions", "inquiry_id", "role", "at")
    index("opinions", "batch_id")
    table(
        "external_numbers", ref("inquiry_id", "inquiries"), ref("text_id", "texts"),
        column("number_index", String(64), null=True), column("due_at", MOMENT, null=True),
        ref("basis_text_id", "texts", null=True),
        key=("inquiry_id",),
        checks={"basis_of_a_limit": "basis_text_id IS NULL OR due_at IS NOT NULL"},
    )
    index("external_numbers", "number_index")
    table(
        "ledger_reports", id_column(), word("kind", "submission summary"), ref("unit_id", "units"),
        ref("section_id", "sections", null=True), column("period", String(7)), column("starts_on", Date()),
        column("ends_on", Date()), column("at", MOMENT), ref("staff_id", "staff"),
        column("row_count", Integer()), column("rows_hash", String(64)), column("salt", BYTES),
        column("counts", JSON()), column("sections", JSON()), ref("entry_id", "ledger_entries"),
        checks={
            "submitted_by_a_section": "(kind = 'submission') = (section_id IS NOT NULL)",
            "a_period_has_days": "starts_on <= ends_on",
            "rows_are_counted": "row_count >= 0",
        },
    )
    index("ledger_reports", "unit_id", "kind", "period", "at")
    index("ledger_reports", "unit_id", "at", "id")
    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    for name in ("ledger_reports", "external_numbers", "opinions", "ledger_rows"):
        op.drop_table(name)
    create_triggers(op)
