"""Files of the ledger: copies with names and phones by somebody's leave, thick books made by jobs."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Integer, String

from backend.migrations.tables import BYTES, MOMENT, column, id_column, index, ref, table, word
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_triggers(op)
    table(
        "export_requests", id_column(), ref("unit_id", "units"), ref("section_id", "sections", null=True),
        word("scope", "section unit"), column("year", Integer()), word("format", "docx pdf xlsx"),
        column("is_full", Boolean()), column("reason", String(200), null=True), ref("requested_by_id", "staff"),
        column("requested_at", MOMENT), column("row_count", Integer()),
        word("state", "downloaded expired failed making ready refused waiting"),
        ref("decided_by_id", "staff", null=True), column("decided_at", MOMENT, null=True),
        column("note", String(200), null=True), column("expires_at", MOMENT),
        column("downloaded_at", MOMENT, null=True), column("done_count", Integer()),
        column("last_at", MOMENT, null=True), column("last_row_id", String(32), null=True),
        column("problem", String(40), null=True), column("wrapped_key", BYTES, null=True),
        checks={
            "a_section_has_a_section": "(scope = 'section') = (section_id IS NOT NULL)",
            "names_need_a_reason": "is_full = (reason IS NOT NULL)",
            "a_second_person": "decided_by_id <> requested_by_id",
            "decided_by_somebody": "(decided_by_id IS NULL) = (decided_at IS NULL)",
            "masked_needs_no_leave": "is_full OR decided_by_id IS NULL",
            "names_need_leave": "NOT is_full OR decided_by_id IS NOT NULL OR state IN ('waiting', 'expired')",
            "downloaded_has_time": "(state = 'downloaded') = (downloaded_at IS NOT NULL)",
            "no_more_than_there_are": "done_count <= row_count",
        },
    )
    index("export_requests", "unit_id", "requested_at", "id")
    index("export_requests", "requested_by_id", "requested_at", "id")
    index("export_requests", "state", "expires_at")
    table(
        "export_volumes", ref("export_id", "export_requests"), column("position", Integer()),
        ref("blob_id", "blobs"),
        key=("export_id", "position"),
    )
    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    for name in ("export_volumes", "export_requests"):
        op.drop_table(name)
    create_triggers(op)
