"""What a submission or a summary would say if it were made now: the same figures, nothing kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.identity import Identity
from backend.domain.ledger_form import moment_text, provided_label
from backend.domain.ledger_periods import begun_period
from backend.domain.ledger_scopes import LedgerScope
from backend.domain.times import local_date
from backend.domain.vocabulary_ledger import LedgerReportKind
from backend.models import Section, Unit
from backend.queries.ledger_books import Book
from backend.queries.ledger_figures import counts_with, figures_of
from backend.queries.people import ref
from backend.services.ledger_reports import (
    new_salt,
    parts_of,
    section_to_submit,
    submitting_sections,
    summing_units,
    unit_to_sum_up,
)
from backend.services.work import Work


def report_preview(
    work: Work, identity: Identity, kind: LedgerReportKind, period_name: str, section_id: str | None
) -> dict[str, Any]:
    """The figures over the period as they are now. Raises RoleRequired, FieldInvalid."""
    period = begun_period(period_name, work.now)
    if kind is LedgerReportKind.SUBMISSION:
        section: Section | None = section_to_submit(work, identity, section_id)
        unit = section.unit if section else None
    else:
        section, unit = None, work.session.get_one(Unit, unit_to_sum_up(work, identity))
    if unit is None:
        raise LookupError("a section belongs to a unit")
    scope = LedgerScope.SECTION if section else LedgerScope.UNIT
    book = Book(scope, unit, section, period.starts_on.year, identity)
    figures = figures_of(work, book, period, new_salt())
    parts = [] if section else parts_of(work.session, unit.id, period, figures)
    shown = [{**part, "section": ref(work.session.get_one(Section, part["section"]))} for part in parts]
    return {
        "kind": kind.value,
        "kind_label": kind.label,
        "label": provided_label(unit.measure),
        "unit": ref(unit),
        "section": ref(section),
        "period": period.name,
        "period_label": period.label,
        "complete": period.is_over(work.now),
        "at_text": moment_text(work.now),
        "counts": counts_with(figures.counts, figures.complaints),
        "sections": shown,
        "missing": [part["section"] for part in shown if part["submission"] is None],
    }


def makes_reports(work: Work, identity: Identity) -> dict[str, Any]:
    """What this person may make: the sections whose results they submit, and whether they sum up the unit."""
    ids = submitting_sections(work.session, identity)
    sections = work.session.scalars(
        select(Section).where(Section.id.in_(ids)).order_by(Section.name, Section.id)
    )
    return {
        "sections": [(section.id, section.name) for section in sections],
        "sums_up": bool(summing_units(work.session, identity)),
    }


def recent_periods(work: Work) -> list[tuple[str, str]]:
    """The months and quarters there is something to say about, the last ones first: `(2026-11, 2026年11月)`."""
    today = local_date(work.now)
    found: list[tuple[str, str]] = []
    year, month = today.year, today.month
    for _ in range(6):
        found.append((f"{year}-{month:02d}", f"{year}年{month}月"))
        if month % 3 == 1 or (year, month) == (today.year, today.month):
            quarter = (month + 2) // 3
            name = f"{year}-Q{quarter}"
            if name not in dict(found):
                found.append((name, begun_period(name, work.now).label))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return found
