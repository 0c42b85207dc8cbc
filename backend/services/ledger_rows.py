"""Keep the ledger's lines up to date with the event log, in the transaction of each entry; and replay the log from scratch.

Both ways work the lines out by `lines_of` from the stored entries, so neither can say anything the other does not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.domain.ledger_rows import Line, concerns, lines_of
from backend.models import Inquiry, LedgerEntry, LedgerRow

COLUMNS = tuple(column.name for column in fields(Line))
AT_ONCE = 500
"""Inquiries replayed in one transaction."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is not as the log tells it: `missing`, `extra`, or the names of the columns that differ."""

    inquiry_id: str
    line_id: str
    what: str


@dataclass(slots=True)
class Replayed:
    """What a replay found: how many inquiries and lines, and every line that differed."""

    inquiries: int = 0
    lines: int = 0
    differences: list[Difference] = field(default_factory=list)

    def take(self, other: Replayed) -> None:
        """Add what another part of the replay found."""
        self.inquiries += other.inquiries
        self.lines += other.lines
        self.differences += other.differences


def project(session: Session, body: Mapping[str, Any]) -> None:
    """Bring the lines of an inquiry up to this entry, which was just written."""
    if not concerns(body):
        return
    inquiry_id = body["inquiry"]
    if body["event"] == "filed":
        session.add_all(LedgerRow(**asdict(line)) for line in lines_of([body]))
        session.flush()
        return
    lines = lines_of(logs_of(session, [inquiry_id])[inquiry_id])
    _put_right(session, _stored(session, [inquiry_id]), lines)


def logs_of(session: Session, inquiry_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What the log says of each inquiry, in the order it happened; mirrors left out."""
    rows = session.execute(
        select(LedgerEntry.recorded_at, LedgerEntry.sequence, LedgerEntry.body).where(
            LedgerEntry.inquiry_id.in_(inquiry_ids), ~LedgerEntry.is_mirror
        )
    )
    entries = [(at, sequence, json.loads(body)) for at, sequence, body in rows]
    # The version counts the steps, whichever chain they went to; within one, time and place tell.
    entries.sort(key=lambda entry: (entry[2]["version"], entry[0], entry[1]))
    found: dict[str, list[dict[str, Any]]] = {inquiry_id: [] for inquiry_id in inquiry_ids}
    for _, _, body in entries:
        found[body["inquiry"]].append(body)
    return found


def replay(session: Session, inquiry_ids: Collection[str], *, apply: bool) -> Replayed:
    """Work out the lines of these inquiries from the log and compare; with `apply`, put right what differs.

    Then they are locked first, so that no entry is written in between.
    """
    if apply:
        wanted = select(Inquiry.id).where(Inquiry.id.in_(inquiry_ids)).order_by(Inquiry.id)
        session.execute(wanted.with_for_update()).all()
    stored = _stored(session, inquiry_ids)
    by_inquiry: dict[str, list[LedgerRow]] = {inquiry_id: [] for inquiry_id in inquiry_ids}
    for row in stored:
        by_inquiry[row.inquiry_id].append(row)
    told = Replayed(inquiries=len(inquiry_ids))
    for inquiry_id, log in logs_of(session, inquiry_ids).items():
        lines = lines_of(log)
        told.lines += len(lines)
        told.differences += _differences(inquiry_id, by_inquiry[inquiry_id], lines)
        if apply:
            _put_right(session, by_inquiry[inquiry_id], lines)
    return told


def batches(session: Session) -> Iterator[list[str]]:
    """The ids of all inquiries in order, some at a time."""
    last = ""
    while True:
        page = select(Inquiry.id).where(Inquiry.id > last).order_by(Inquiry.id).limit(AT_ONCE)
        ids = list(session.scalars(page))
        if not ids:
            return
        yield ids
        last = ids[-1]


def is_behind(session: Session) -> bool:
    """Whether there are inquiries and not one line: the log is older than the table."""
    if session.scalar(select(LedgerRow.id).limit(1)) is not None:
        return False
    return session.scalar(select(Inquiry.id).limit(1)) is not None


def _stored(session: Session, inquiry_ids: Collection[str]) -> list[LedgerRow]:
    return list(session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id.in_(inquiry_ids))))


def _differences(inquiry_id: str, stored: list[LedgerRow], lines: list[Line]) -> list[Difference]:
    rows, wanted = {row.id: row for row in stored}, {line.id: line for line in lines}
    found = [Difference(inquiry_id, line_id, "missing") for line_id in wanted.keys() - rows.keys()]
    found += [Difference(inquiry_id, row_id, "extra") for row_id in rows.keys() - wanted.keys()]
    for line_id in wanted.keys() & rows.keys():
        changed = _changed(rows[line_id], wanted[line_id])
        if changed:
            found.append(Difference(inquiry_id, line_id, ", ".join(changed)))
    return found


def _changed(row: LedgerRow, line: Line) -> list[str]:
    return [name for name in COLUMNS if getattr(row, name) != getattr(line, name)]


def _put_right(session: Session, stored: list[LedgerRow], lines: list[Line]) -> None:
    rows, wanted = {row.id: row for row in stored}, {line.id: line for line in lines}
    extra = rows.keys() - wanted.keys()
    if extra:
        # First: a line that goes may stand where another one comes.
        session.execute(delete(LedgerRow).where(LedgerRow.id.in_(extra)))
    for line in lines:
        row = rows.get(line.id)
        if row is None:
            session.add(LedgerRow(**asdict(line)))
            continue
        for name in _changed(row, line):
            setattr(row, name, getattr(line, name))
    session.flush()
