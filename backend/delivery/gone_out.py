"""Mark messages that went out: what nearly every mark is, and so all of a group in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Column, ColumnElement, Table, Text, bindparam, func, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Update
from sqlalchemy.types import TypeEngine

from backend.delivery.leases import Leased
from backend.models import OutboxItem

_TABLE: Table = OutboxItem.__table__  # type: ignore[assignment]


class Done(NamedTuple):
    """A message that went out: made with what, and its number."""

    item: Leased
    sent_with: str
    message_id: str


def mark_done(session: Session, sent: Sequence[Done], now: datetime) -> int:
    """Mark messages that went out, all in one statement: a row at a time takes half as long again.

    Returns how many were marked, as `mark` does.
    """
    if not sent:
        return 0
    connection = session.connection()
    rows = [(one.item.id, one.item.token, one.sent_with, one.message_id) for one in sent]
    if connection.dialect.name == "postgresql":
        lists = zip(
            ("item", "token", "sent_with", "message_id"), map(list, zip(*rows, strict=True)), strict=True
        )
        return connection.execute(_DONE_OF_LISTS, dict(lists) | {"now": now}).rowcount
    return connection.execute(_DONE_OF_JSON, {"now": now, "rows": json.dumps(rows)}).rowcount


def _gone_out(told: Iterable[ColumnElement[Any]]) -> Update:
    """`told` are the row's id and token, what it was made with and its number, of every row there is to mark."""
    item, token, sent_with, message_id = told
    row = _TABLE.c
    return (
        update(_TABLE)
        .where(row.id == item, row.state == "leased", row.lease_owner == token)
        .values(
            state="done",
            finished_at=bindparam("now"),
            problem=None,
            unsure_since=None,
            sent_with=sent_with,
            message_id=message_id,
            lease_owner=None,
            leased_until=None,
        )
    )


def _told_in_lists() -> Iterable[ColumnElement[Any]]:
    types: dict[str, TypeEngine[Any]] = {
        "item": BigInteger(),
        "token": Text(),
        "sent_with": Text(),
        "message_id": Text(),
    }
    lists = func.unnest(*(bindparam(name, type_=ARRAY(kind)) for name, kind in types.items()))
    return lists.table_valued(*(Column(*one) for one in types.items())).render_derived("told").c


def _told_in_json() -> Iterable[ColumnElement[Any]]:
    row = func.json_each(bindparam("rows")).table_valued("value", name="told").c.value
    return (func.json_extract(row, f"$[{n}]") for n in range(4))


_DONE_OF_LISTS = _gone_out(_told_in_lists())
_DONE_OF_JSON = _gone_out(_told_in_json())
