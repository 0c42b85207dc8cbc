"""What a ledger says over a period at this moment: its figures, and one hash over every line they sum up."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from backend.domain.ledger import canonical_json
from backend.domain.ledger_form import CONFIDENTIAL, UNRATED, Satisfaction, satisfaction_of
from backend.domain.ledger_periods import Period
from backend.domain.ratings import shown_to_staff_until
from backend.domain.times import local
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models import LedgerRow
from backend.queries.ledger import AT_ONCE, ledger_totals, scope_conditions
from backend.queries.ledger_books import Book
from backend.services.ledger_reports import Figures
from backend.services.work import Work


def figures_of(work: Work, book: Book, period: Period, salt: bytes) -> Figures:
    """Totals and hash of the lines received within the period, as this copy of the ledger shows them.

    Complaints are kept one by one: whoever reads the figures later counts those alone that they may know of.
    """
    book = replace(book, year=period.starts_on.year)
    totals = ledger_totals(work, book, *within(period), ~LedgerRow.is_restricted)
    count, digest, complaints = _hash(work, book, period, salt)
    return Figures(row_count=count, rows_hash=digest, counts=totals, complaints=complaints)


def counts_with(counts: dict[str, Any], complaints: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The totals with these complaints counted in."""
    made: dict[str, Any] = deepcopy(counts)
    for line in complaints:
        made["counted"] += 1
        made["closed" if line["outcome"] else "open"] += 1
        made["late_entries"] += line["late_entry"]
        for name in ("channel", "category", "disposition", "outcome", "followed_up", "grade"):
            if line[name] in made[name]:
                made[name][line[name]] += 1
    return made


def counts_by_section(work: Work, book: Book, period: Period) -> dict[str, dict[str, int]]:
    """Of each section's own lines in the period: how many, how many closed, how many reached by 回访. No grades."""
    reached = LedgerRow.follow_up_result == FollowUpState.ANSWERED
    rows = work.session.execute(
        select(
            LedgerRow.section_id,
            func.count(),
            func.sum(case((LedgerRow.closed_at.is_not(None), 1), else_=0)),
            func.sum(case((reached, 1), else_=0)),
        )
        .where(
            LedgerRow.unit_id == book.unit.id,
            LedgerRow.section_id.is_not(None),
            LedgerRow.kind != LineKind.CONTINUED,
            *within(period),
        )
        .group_by(LedgerRow.section_id)
    )
    return {
        section_id: {"counted": counted, "closed": int(closed), "followed_up": int(followed)}
        for section_id, counted, closed, followed in rows
    }


def within(period: Period) -> tuple[ColumnElement[bool], ...]:
    """SQL: the line was received within the period."""
    start, end = period.span
    return (
        LedgerRow.year == period.starts_on.year,
        LedgerRow.received_at >= start,
        LedgerRow.received_at < end,
    )


def _hash(work: Work, book: Book, period: Period, salt: bytes) -> tuple[int, str, list[dict[str, Any]]]:
    """How many lines, one hash over all of them, and of the complaints among them what they count for."""
    rows = work.session.scalars(
        select(LedgerRow)
        .where(*scope_conditions(book), *within(period))
        .order_by(LedgerRow.received_at, LedgerRow.id)
        .execution_options(yield_per=AT_ONCE)
    )
    until = shown_to_staff_until(work.now)
    made, count, complaints = sha256(salt), 0, []
    for row in rows:
        satisfaction = satisfaction_of(row, until, sees_own=book.sees_own_grades)
        made.update(canonical_json(_facts(row, satisfaction)) + b"\n")
        count += 1
        if row.is_restricted:
            complaints.append(_counts_for(row, satisfaction))
    return count, made.hexdigest(), complaints


def _counts_for(row: LedgerRow, satisfaction: Satisfaction) -> dict[str, Any]:
    beside = {CONFIDENTIAL: "confidential", UNRATED: "unrated"}.get(satisfaction.note or "")
    return {
        "inquiry": row.inquiry_id,
        "late_entry": row.is_late_entry,
        "channel": row.channel.value,
        "category": row.category.value,
        "disposition": row.disposition.value,
        "outcome": row.outcome.value if row.outcome else None,
        "followed_up": row.follow_up_result.value if row.follow_up_result else None,
        "grade": satisfaction.grade.value if satisfaction.grade else beside,
    }


def _facts(row: LedgerRow, satisfaction: Satisfaction) -> dict[str, Any]:
    """A line as it stands: ids, enums and times, its grade as this copy shows it."""
    grade = satisfaction.grade
    return {
        "id": row.id,
        "kind": row.kind.value,
        "received_at": local(row.received_at).isoformat(),
        "channel": row.channel.value,
        "category": row.category.value,
        "disposition": row.disposition.value,
        "first_responder": row.first_responder_id,
        "round": row.round,
        "outcome": row.outcome.value if row.outcome else None,
        "closed_at": local(row.closed_at).isoformat() if row.closed_at else None,
        "followed_up_at": local(row.followed_up_at).isoformat() if row.followed_up_at else None,
        "follow_up_result": row.follow_up_result.value if row.follow_up_result else None,
        "grade": grade.value if grade else None,
        "texts": row.texts,
    }
