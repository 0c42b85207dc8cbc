"""核验台账: read every unit's chain from its first entry and say where it stops being trustworthy.

The database is not believed in anything: not in its types, not in its encoding, not in its foreign keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, exists, func, select, text
from sqlalchemy.orm import Session

from backend.domain.ledger import ChainEntry, ChainHead, Fault, verify_chain
from backend.models import Inquiry, LedgerEntry, LedgerHead, Unit
from backend.services.raw_reading import Raw, as_bytes, as_moment, as_text
from backend.services.verifying_reports import first_bad_report, reports_without_entry
from backend.vault.signing import Verifier

AT_ONCE = 1000
"""Entries in memory at a time."""

_BOOLEANS = {True: True, False: False, b"1": True, b"0": False}


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What one unit's chain is worth. `bad_sequence` is the first place that does not hold, None when all do.

    `entries` counts the entries that hold up to there. `reason` is Chinese.
    """

    unit_id: str
    unit_name: str
    entries: int
    bad_sequence: int | None = None
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return self.bad_sequence is None


@dataclass(frozen=True, slots=True)
class _Bad:
    sequence: int
    reason: str


def verify_ledgers(session: Session, verifier: Verifier, unit_id: str | None = None) -> list[ChainReport]:
    """Check the chain of every unit, or of one, and that what it speaks of is there: inquiries and their 受理 entries
    answer to one another, reports and their entries too.

    `session` must be new: PostgreSQL gives one snapshot only from the first statement of a transaction. Raises
    LookupError for an unknown unit. What this cannot see is a chain put back, head and all, to an earlier state.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    names = _unit_names(session)
    if unit_id is not None and unit_id not in names:
        raise LookupError(unit_id)
    orphans, unrecorded = _entries_without_inquiry(session), _inquiries_without_entry(session)
    invented = reports_without_entry(session)
    reports = []
    for each, name in names.items():
        if unit_id is not None and each != unit_id:
            continue
        entries, bad = _check_chain(session, verifier, each)
        found = [bad] if bad else []
        if each in orphans:
            found.append(_Bad(orphans[each], "所记的事项已不在数据库中"))
        if each in unrecorded:
            found.append(_Bad(entries + 1, f"事项 {unrecorded[each]} 没有受理记录"))
        if (at := first_bad_report(session, each)) is not None:
            found.append(_Bad(at, "上报或汇总的内容与封存时不一致，或者已不在数据库中"))
        if each in invented:
            found.append(_Bad(entries + 1, f"有 {invented[each]} 份上报或汇总没有记录"))
        first = min(found, key=lambda place: place.sequence, default=None)
        reports.append(
            ChainReport(each, name, entries, first.sequence, first.reason)
            if first
            else ChainReport(each, name, entries)
        )
    return reports


def _unit_names(session: Session) -> dict[str, str]:
    """Every unit by name, and whatever else has a chain: a unit's row can be removed too."""
    names = {
        row.id: row.name for row in session.execute(select(Unit.id, Unit.name).order_by(Unit.name, Unit.id))
    }
    chains = select(LedgerEntry.unit_id).distinct().union(select(LedgerHead.unit_id))
    return names | {each: each for each in session.scalars(chains) if each not in names}


def _check_chain(session: Session, verifier: Verifier, unit_id: str) -> tuple[int, _Bad | None]:
    """How many entries hold, and the first place that does not."""
    held = 0

    def counted(rows: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[ChainEntry]:
        nonlocal held
        for row in rows:
            yield _entry(*row)
            held += 1  # reached only when the next one is asked for

    head = _head(session, unit_id)
    with session.execute(_entries(session, unit_id)) as rows:
        bad = verify_chain(unit_id, counted(rows), head, verifier.verify)
    if bad is not None:
        return held, _Bad(bad.sequence, bad.reason.label)
    # A unit is given its signed head with its first row: one without has lost it.
    return held, None if head else _Bad(0, Fault.HEAD_MISSING.label)


def _entries(session: Session, unit_id: str) -> Select[*tuple[Any, ...]]:
    raw = Raw(session)
    return (
        select(
            raw.number(LedgerEntry.sequence),
            raw.bytes(LedgerEntry.body),
            raw.bytes(LedgerEntry.prev_hash),
            raw.bytes(LedgerEntry.hash),
            raw.bytes(LedgerEntry.signature),
            raw.bytes(LedgerEntry.event),
            raw.bytes(LedgerEntry.inquiry_id),
            raw.bytes(LedgerEntry.recorded_at),
            raw.bytes(LedgerEntry.is_mirror),
        )
        .where(LedgerEntry.unit_id == unit_id)
        .order_by(LedgerEntry.sequence)
        .execution_options(yield_per=AT_ONCE)
    )


def _entry(
    sequence: int,
    body: Any,
    prev: Any,
    digest: Any,
    signature: Any,
    event: Any,
    inquiry_id: Any,
    recorded_at: Any,
    is_mirror: Any,
) -> ChainEntry:
    return ChainEntry(
        sequence=sequence,
        body=as_bytes(body),
        prev=as_bytes(prev),
        hash=as_bytes(digest),
        signature=as_bytes(signature),
        columns={
            "event": as_text(event),
            "inquiry": as_text(inquiry_id),
            "at": as_moment(recorded_at),
            "is_mirror": _BOOLEANS.get(is_mirror),
        },
    )


def _head(session: Session, unit_id: str) -> ChainHead | None:
    raw = Raw(session)
    row = session.execute(
        select(
            raw.number(LedgerHead.sequence), raw.bytes(LedgerHead.hash), raw.bytes(LedgerHead.signature)
        ).where(LedgerHead.unit_id == unit_id)
    ).one_or_none()
    return None if row is None else ChainHead(unit_id, row[0], as_bytes(row[1]), as_bytes(row[2]))


def _entries_without_inquiry(session: Session) -> dict[str, int]:
    """The first entry of each chain whose inquiry is gone."""
    there = exists().where(Inquiry.id == LedgerEntry.inquiry_id)
    rows = session.execute(
        select(LedgerEntry.unit_id, func.min(LedgerEntry.sequence))
        .where(LedgerEntry.inquiry_id.is_not(None), ~there)
        .group_by(LedgerEntry.unit_id)
    )
    return dict(rows.all())


def _inquiries_without_entry(session: Session) -> dict[str, str]:
    """By first unit, the number of one inquiry that no 受理 entry vouches for."""
    filed = exists().where(LedgerEntry.inquiry_id == Inquiry.id, LedgerEntry.event == "filed")
    rows = session.execute(
        select(Inquiry.first_unit_id, func.min(Inquiry.number)).where(~filed).group_by(Inquiry.first_unit_id)
    )
    return dict(rows.all())
