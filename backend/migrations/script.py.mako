"""${message}

The law of this folder:
- Explicit operations only. Never import models: they are today's, this revision is for ever.
- Both databases, SQLite and PostgreSQL, every revision, up and down, with data: give tests/migrations/data.py a
  believable row for every new table and column.
- Schema and data apart: a revision changes one or the other. Data moves in batches.
- Batch mode (SQLite's rebuild of a table) drops triggers without a word: call drop_triggers(op) before it and
  create_triggers(op) after it. Never batch-rebuild ledger_entries, clocks, clock_facts, holdings or handoffs: add a column
  with a default, or a new table.
- A new table that must not change gets its guard in backend/migrations/triggers.py and create_triggers(op) here.
- The code before and the code after run side by side during a deploy: add, move over, and only then remove.
- A big table in PostgreSQL: columns without a rewrite, constraints NOT VALID first, indexes CONCURRENTLY in an
  autocommit block. A statement waits 2 seconds for a lock, then the whole run is undone.
- Every constraint and index has a name. Write the revision's number into current-head: two new revisions then
  conflict where people see it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
from backend.migrations.triggers import create_triggers, drop_triggers

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
