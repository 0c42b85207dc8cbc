"""How revisions make tables: names by the convention of backend/database.py, words and references spelled once.

Revisions depend on what these functions do: what is here never changes its meaning. The convention:
pk_<table>, fk_<table>_<column>_<target>, uq_<table>_<column>, ck_<table>_<name>, ix_<table>_<columns>.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)
BYTES = sa.LargeBinary()


def column(name: str, kind: sa.types.TypeEngine[Any], *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=null)


def id_column() -> sa.Column[object]:
    return column("id", sa.String(32))


def word(name: str, words: str, *, null: bool = False) -> sa.Column[object]:
    """A column that takes one of these words only."""
    rule = f"{name} IN ({', '.join(map(repr, words.split()))})"
    return sa.Column(name, sa.String(32), nullable=null, info={"rule": rule})


def ref(name: str, target: str, *, null: bool = False) -> sa.Column[object]:
    """A column that points to another table's id."""
    return sa.Column(name, sa.String(32), nullable=null, info={"target": target})


def table(
    name: str,
    *columns: sa.Column[object],
    key: Sequence[str] = ("id",),
    unique: Sequence[str] = (),
    checks: Mapping[str, str] | None = None,
    created_as: str = "",
) -> None:
    """Create a table; with `created_as` under another name for now, its constraints named as they will stay."""
    rules = {f"known_{c.name}": c.info["rule"] for c in columns if "rule" in c.info} | dict(checks or {})
    op.create_table(
        created_as or name,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        *(
            sa.ForeignKeyConstraint(
                [column.name], [f"{target}.id"], name=op.f(f"fk_{name}_{column.name}_{target}")
            )
            for column in columns
            if (target := column.info.get("target"))
        ),
        *(sa.UniqueConstraint(column, name=op.f(f"uq_{name}_{column}")) for column in unique),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{name}_{what}")) for what, rule in rules.items()),
    )


def index(table: str, *columns: str, name: str = "", unique: bool = False, where: str = "") -> None:
    """Create an index, partial where `where` is a condition in SQL."""
    condition = sa.text(where) if where else None
    op.create_index(
        op.f(name or f"ix_{table}_{'_'.join(columns)}"),
        table,
        columns,
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )
