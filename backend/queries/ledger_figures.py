"""What a ledger says over a period at this moment: its figures, and one hash over every line they sum up."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select

from backend.domain.ledger import canonical_json
from backend.domain.ledger_form import CONFIDENTIAL, UNRATED, Satisfaction, satisfaction_of
from backend.domain.ledger_periods import Period
from backend.domain.ratings import shown_to_staff_until
from backend.domain.times import local
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models import LedgerRow
from backend.queries.ledger import AT_ONCE, no_totals, scope_conditions
from backend.queries.ledger_books import Book
from backend.services.ledger_reports import NO_LINES, Figures
from backend.services.work import Work


def figures_of(work: Work, book: Book, period: Period, salt: bytes) -> Figures:
    """Totals and hash of the lines received within the period, as this copy of the ledger shows them.

    All of it from one pass over one query: PostgreSQL shows each query of a transaction what was committed by then,
    and figures of several would contradict one another. Complaints are kept one by one: whoever reads the figures
    later counts those alone that they may know of.
    """
    rows = work.session.scalars(
        select(LedgerRow)
        .where(*scope_conditions(book), *within(period))
        .order_by(LedgerRow.received_at, LedgerRow.id)
        .execution_options(yield_per=AT_ONCE)
    )
    until = shown_to_staff_until(work.now)
    hashed, told, complaints = sha256(salt), no_totals(), []
    by_section: dict[str, dict[str, int]] = {}
    count = 0
    for row in rows:
        satisfaction = satisfaction_of(row, until, sees_own=book.sees_own_grades)
        hashed.update(canonical_json(_facts(row, satisfaction)) + b"\n")
        count += 1
        line = _counts_for(row, satisfaction)
        if row.kind is LineKind.CONTINUED:
            told["continued"] += 1
        elif row.is_restricted:
            complaints.append({"inquiry": row.inquiry_id, **line})
        else:
            _count(told, line)
        if row.kind is not LineKind.CONTINUED and row.section_id is not None:
            _count_section(by_section.setdefault(row.section_id, dict(NO_LINES)), row)
    return Figures(count, hashed.hexdigest(), told, complaints, by_section)


def counts_with(counts: dict[str, Any], complaints: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The totals with these complaints counted in."""
    made: dict[str, Any] = deepcopy(counts)
    for line in complaints:
        _count(made, line)
    return made


def _count(made: dict[str, Any], line: dict[str, Any]) -> None:
    made["counted"] += 1
    made["closed" if line["outcome"] else "open"] += 1
    made["late_entries"] += line["late_entry"]
    for name in ("channel", "category", "disposition", "outcome", "followed_up", "grade"):
        if line[name] in made[name]:
            made[name][line[name]] += 1


def _count_section(part: dict[str, int], row: LedgerRow) -> None:
    """How many, how many closed, how many reached by 回访. No grades."""
    part["counted"] += 1
    part["closed"] += row.closed_at is not None
    part["followed_up"] += row.follow_up_result is FollowUpState.ANSWERED


def within(period: Period) -> tuple[ColumnElement[bool], ...]:
    """SQL: the line was received within the period."""
    start, end = period.span
    return (
        LedgerRow.year == period.starts_on.year,
        LedgerRow.received_at >= start,
        LedgerRow.received_at < end,
    )


def _counts_for(row: LedgerRow, satisfaction: Satisfaction) -> dict[str, Any]:
    beside = {CONFIDENTIAL: "confidential", UNRATED: "unrated"}.get(satisfaction.note or "")
    return {
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
