"""核验上报和汇总: each report is as its entry in the chain sealed it, and each has one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, cast, exists, func, select
from sqlalchemy.orm import Session

from backend.domain.errors import FieldInvalid
from backend.domain.ledger import NotCanonical
from backend.domain.ledger_periods import period_of
from backend.models import LedgerEntry, LedgerReport
from backend.services.ledger_reports import EVENTS, figures_seal
from backend.services.raw_reading import Raw, as_bytes, as_json, as_moment, as_text

_KINDS = {event: kind.value for kind, event in EVENTS.items()}


def first_bad_report(session: Session, unit_id: str) -> int | None:
    """The first entry of the unit that seals a report which is gone, or is not what it was."""
    raw = Raw(session)
    row = LedgerReport
    texts = (row.id, row.kind, row.unit_id, row.section_id, row.period, row.staff_id, row.rows_hash)
    rows = session.execute(
        select(
            raw.number(LedgerEntry.sequence),
            raw.bytes(LedgerEntry.event),
            raw.bytes(LedgerEntry.body),
            *(raw.bytes(column) for column in texts),
            raw.bytes(row.at),
            raw.bytes(cast(row.starts_on, String)),
            raw.bytes(cast(row.ends_on, String)),
            raw.number(row.row_count),
            raw.bytes(row.salt),
            raw.bytes(row.counts),
            raw.bytes(row.sections),
        )
        .outerjoin(row, row.entry_id == LedgerEntry.id)
        .where(LedgerEntry.unit_id == unit_id, LedgerEntry.event.in_(_KINDS))
        .order_by(LedgerEntry.sequence)
    )
    for sequence, event, body, *columns in rows:
        if not _holds(as_text(event) or "", as_json(body), columns):
            return int(sequence)
    return None


def reports_without_entry(session: Session) -> dict[str, int]:
    """By unit, how many reports no entry of its chain seals."""
    sealed = exists().where(
        LedgerEntry.id == LedgerReport.entry_id,
        LedgerEntry.unit_id == LedgerReport.unit_id,
        LedgerEntry.event.in_(_KINDS),
    )
    rows = session.execute(
        select(LedgerReport.unit_id, func.count()).where(~sealed).group_by(LedgerReport.unit_id)
    )
    return dict(rows.all())


def _holds(event: str, body: Any, columns: list[Any]) -> bool:
    """Whether a report is what its entry says. A body that is no entry's is found by the chain."""
    report_id, kind, unit_id, section_id, period, staff_id, rows_hash = map(as_text, columns[:7])
    at, starts_on, ends_on, row_count, salt, counts, sections = columns[7:]
    try:
        facts = body["facts"]
        sealed = {
            "kind": _KINDS[event],
            "unit": body["unit_id"],
            "by": body["actor"]["id"],
            "at": body["at"],
            **{
                name: facts[name]
                for name in ("report", "section", "period", "rows", "rows_sha256", "missing")
            },
            "days": _days(facts["period"]),
            # Entries from before figures were sealed have none.
            "figures": facts.get("figures_sha256"),
        }
        parts = as_json(sections)
        kept = {
            "kind": kind,
            "unit": unit_id,
            "by": staff_id,
            "at": as_moment(at),
            "report": report_id,
            "section": section_id,
            "period": period,
            "rows": row_count,
            "rows_sha256": rows_hash,
            "missing": [part["section"] for part in parts if part["submission"] is None],
            "days": (as_text(starts_on), as_text(ends_on)),
            "figures": sealed["figures"] and figures_seal(as_bytes(salt), as_json(counts), parts),
        }
    except (KeyError, TypeError, ValueError, NotCanonical):
        return False
    return kept == sealed


def _days(name: str) -> tuple[str, str]:
    """Raises ValueError."""
    try:
        period = period_of(name)
    except FieldInvalid as error:
        raise ValueError(name) from error
    return period.starts_on.isoformat(), period.ends_on.isoformat()
