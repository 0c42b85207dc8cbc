"""Submissions and summaries as staff see them: a section its own, the unit's readers all of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from backend.domain.errors import NotFound
from backend.domain.identity import NEVER_HOLDERS, Identity
from backend.domain.ledger_form import moment_text, provided_label
from backend.domain.ledger_periods import period_of
from backend.domain.ledger_scopes import OWN_GRADE_READERS, readable_sections, readable_units
from backend.domain.times import local
from backend.domain.vocabulary import Grade
from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.models import Inquiry, LedgerEntry, LedgerReport, Section, Staff, Unit
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.inquiry import receipt_of
from backend.queries.ledger_figures import counts_with
from backend.queries.people import ref
from backend.queries.visibility import visible_to
from backend.services.ledger_reports import submitting_sections, summing_units
from backend.services.work import Work, find_by_id

PAGE = 20
FEW = 5
"""Groups of grades under this size are suppressed for whoever does not see the grades one by one (design 5)."""


def report_list(
    work: Work, identity: Identity, kind: LedgerReportKind | None, period: str | None, cursor: str | None
) -> dict[str, Any]:
    """One page, newest first. Raises CursorInvalid."""
    key = (LedgerReport.at, LedgerReport.id)
    query = select(LedgerReport).where(_readable(identity))
    if kind is not None:
        query = query.where(LedgerReport.kind == kind)
    if period is not None:
        query = query.where(LedgerReport.period == period)
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor))
    rows = list(work.session.scalars(query.order_by(*(c.desc() for c in key)).limit(PAGE + 1)))
    page = rows[:PAGE]
    return {
        "items": [report_shape(work, identity, row) for row in page],
        "next_cursor": write_cursor(page[-1].at, page[-1].id) if len(rows) > PAGE else None,
        "can_submit": bool(submitting_sections(work.session, identity)),
        "can_sum_up": bool(summing_units(work.session, identity)),
    }


def find_report(work: Work, identity: Identity, report_id: str) -> LedgerReport:
    """Raises NotFound outside what the person reads."""
    row = find_by_id(work.session, LedgerReport, report_id)
    if (
        row is None
        or work.session.scalar(select(LedgerReport.id).where(LedgerReport.id == row.id, _readable(identity)))
        is None
    ):
        raise NotFound()
    return row


def report_shape(work: Work, identity: Identity, row: LedgerReport) -> dict[str, Any]:
    """What was said, as of when, over which period, by whom; and its place in the chain."""
    session = work.session
    unit = session.get_one(Unit, row.unit_id)
    period = period_of(row.period)
    counts, suppressed = _counts_of(work, identity, row)
    sections = [_part(work, part) for part in row.sections]
    return {
        "id": row.id,
        "kind": row.kind.value,
        "kind_label": row.kind.label,
        "label": provided_label(unit.measure),
        "unit": ref(unit),
        "section": ref(session.get(Section, row.section_id)) if row.section_id else None,
        "period": row.period,
        "period_label": period.label,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "complete": period.is_over(row.at),
        "at": local(row.at).isoformat(),
        "at_text": moment_text(row.at),
        "by": session.get_one(Staff, row.staff_id).name,
        "row_count": counts["counted"] + counts["continued"],
        "rows_sha256": row.rows_hash,
        "counts": counts,
        "grades_suppressed": suppressed,
        "sections": sections,
        "missing": [part["section"] for part in sections if part["submission"] is None],
        "receipt": receipt_of(session.get_one(LedgerEntry, row.entry_id)),
    }


def _readable(identity: Identity) -> ColumnElement[bool]:
    """SQL: the unit's readers read all of it; a section's people what their section submitted."""
    if identity.holds(*NEVER_HOLDERS):
        return LedgerReport.id.is_(None)
    return or_(
        LedgerReport.unit_id.in_(readable_units(identity)),
        and_(
            LedgerReport.kind == LedgerReportKind.SUBMISSION,
            LedgerReport.section_id.in_(readable_sections(identity)),
        ),
    )


def _counts_of(work: Work, identity: Identity, row: LedgerReport) -> tuple[dict[str, Any], bool]:
    """The figures for this reader: of complaints those they may know of, and no grades that would tell whose they are."""
    told = row.counts["complaints"]
    ids = [complaint["inquiry"] for complaint in told]
    known = set(work.session.scalars(select(Inquiry.id).where(Inquiry.id.in_(ids), visible_to(identity))))
    counts = counts_with(row.counts["lines"], (c for c in told if c["inquiry"] in known))
    is_open = row.kind is LedgerReportKind.SUBMISSION or row.unit_id in identity.units_with(
        *OWN_GRADE_READERS
    )
    if is_open or sum(counts["grade"][grade.value] for grade in Grade) >= FEW:
        return counts, False
    return {**counts, "grade": {}}, True


def _part(work: Work, part: dict[str, Any]) -> dict[str, Any]:
    section = work.session.get_one(Section, part["section"])
    return {**part, "section": ref(section)}
