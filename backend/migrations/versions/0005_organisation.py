"""Running the organisation: its changes on record, first passwords that must be replaced, files that are imported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, Boolean, Integer, String

from backend.migrations.tables import BYTES, MOMENT, column, id_column, index, ref, table, word
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = (
    "absence_ended absence_set imported password_changed password_reset post_changed post_closed post_created"
    " role_granted role_revoked section_changed section_closed section_created sign_issued sign_retired"
    " staff_changed staff_created staff_disabled staff_moved staff_restored unit_changed unit_closed unit_created"
)


def upgrade() -> None:
    drop_triggers(op)
    table(
        "organisation_changes", id_column(), column("at", MOMENT), word("kind", KINDS),
        ref("by_id", "staff", null=True), ref("unit_id", "units"), ref("section_id", "sections", null=True),
        ref("post_id", "posts", null=True), ref("staff_id", "staff", null=True), column("facts", JSON()),
    )
    index("organisation_changes", "unit_id", "at", "id")
    index("organisation_changes", "staff_id", "at")
    table(
        "imports", id_column(), word("kind", "ledger organisation"),
        word("state", "checking done dropped ready refused running"), ref("unit_id", "units"),
        ref("created_by_id", "staff", null=True), ref("approved_by_id", "staff", null=True),
        column("file_name", String(200)), column("file_index", String(64)), column("created_at", MOMENT),
        column("finished_at", MOMENT, null=True), column("row_count", Integer()), column("done_count", Integer()),
        column("counts", JSON()), column("wrapped_key", BYTES, null=True), column("sealed", BYTES, null=True),
        column("findings", BYTES, null=True),
        checks={
            "no_more_than_there_are": "done_count <= row_count",
            "finished_when_over": "(finished_at IS NULL) = (state IN ('checking', 'ready', 'running'))",
            "file_destroyed_when_over": "finished_at IS NULL OR sealed IS NULL",
            "key_while_sealed": "wrapped_key IS NOT NULL OR (sealed IS NULL AND findings IS NULL)",
        },
    )
    index("imports", "unit_id", "created_at", "id")
    table(
        "imported_rows", column("row_index", String(64)), ref("inquiry_id", "inquiries"),
        ref("import_id", "imports"), column("row_number", Integer()),
        key=("row_index",),
    )
    index("imported_rows", "import_id")
    index("imported_rows", "inquiry_id", unique=True)
    op.add_column(
        "staff", sa.Column("password_is_initial", Boolean(), nullable=False, server_default=sa.false())
    )
    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    op.drop_column("staff", "password_is_initial")
    for name in ("imported_rows", "imports", "organisation_changes"):
        op.drop_table(name)
    create_triggers(op)
