"""Imports that can be taken up again: what a checked ledger makes, held from the first row on; and why one stopped."""

from __future__ import annotations

from alembic import op
from sqlalchemy import String

from backend.migrations.tables import BYTES, column
from backend.migrations.triggers import create_triggers, drop_triggers

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_triggers(op)
    op.add_column("imports", column("planned", BYTES, null=True))
    op.add_column("imports", column("problem", String(40), null=True))
    create_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    op.drop_column("imports", "problem")
    op.drop_column("imports", "planned")
    create_triggers(op)
