"""The 台账 as it is read: a page at a time, all of it one line after the other, its totals, the years there are.

What a person may not see stands in no page, stream, total or year: a complaint's row is checked as the complaint is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select, tuple_

from backend.domain.identity import Identity
from backend.domain.ratings import shown_to_staff_until
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Outcome, Word
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models import Inquiry, LedgerRow
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.ledger_books import Book, cover_of
from backend.queries.ledger_lines import LineReader
from backend.queries.visibility import visible_to
from backend.services.work import Work

PAGE = 20
AT_ONCE = 500
"""Lines in memory at a time, where all of them are read."""
_KEY = (LedgerRow.received_at, LedgerRow.id)


def ledger_page(
    work: Work, book: Book, cursor: str | None, *, newest_first: bool = False, full: bool = False
) -> dict[str, Any]:
    """One page, in the order of 受理: the cover, the lines, and with the first page the totals. Raises CursorInvalid.

    Names and phones are masked unless `full`.
    """
    query = select(LedgerRow).where(*conditions(book))
    if cursor:
        place, at = tuple_(*_KEY), read_cursor(cursor)
        query = query.where(place < at if newest_first else place > at)
    order = [column.desc() for column in _KEY] if newest_first else list(_KEY)
    rows = list(work.session.scalars(query.order_by(*order).limit(PAGE + 1)))
    page = rows[:PAGE]
    more = write_cursor(page[-1].received_at, page[-1].id) if len(rows) > PAGE else None
    return {
        **cover_of(work, book),
        "items": LineReader(work, book, full=full).read(page),
        "totals": ledger_totals(work, book) if not cursor else None,
        "next_cursor": more,
    }


def ledger_lines(work: Work, book: Book, *, full: bool = False) -> Iterator[dict[str, Any]]:
    """Every line in the order of 受理, as a page shows it, opened a few at a time: for exports and prints.

    PostgreSQL keeps the cursor; memory does not grow with the ledger on either database.
    """
    reader = LineReader(work, book, full=full)
    query = select(LedgerRow).where(*conditions(book)).order_by(*_KEY)
    found = work.session.scalars(query.execution_options(yield_per=AT_ONCE))
    for rows in found.partitions():
        yield from reader.read(list(rows))


def ledger_years(work: Work, book: Book) -> list[int]:
    """The years that have a line in this book's scope, the newest first; the year of the book is of no account."""
    years: list[int] = []
    before = None
    while True:
        found = select(func.max(LedgerRow.year)).where(*scope_conditions(book))
        year = work.session.scalar(found.where(LedgerRow.year < before) if before is not None else found)
        if year is None:
            return years
        years.append(year)
        before = year


def conditions(book: Book) -> list[ColumnElement[bool]]:
    """SQL: this line stands in the book, and the person may know of it."""
    return [*scope_conditions(book), LedgerRow.year == book.year]


def scope_conditions(book: Book) -> list[ColumnElement[bool]]:
    """The same in every year."""
    if book.section is not None:
        return [LedgerRow.section_id == book.section.id]
    return [
        LedgerRow.unit_id == book.unit.id,
        LedgerRow.kind != LineKind.CONTINUED,
        _may_know(book.identity),
    ]


def _may_know(identity: Identity) -> ColumnElement[bool]:
    seen = exists(select(Inquiry.id).where(Inquiry.id == LedgerRow.inquiry_id, visible_to(identity)))
    return or_(~LedgerRow.is_restricted, seen)


def ledger_totals(work: Work, book: Book, *within: ColumnElement[bool]) -> dict[str, Any]:
    """Figures of the book: every counted line once; 承接 lines apart. `within` narrows down what is counted.

    Grades are counted as this copy shows them: what it leaves blank is in no grade's figure.
    """
    counted = LedgerRow.kind != LineKind.CONTINUED
    sums: dict[str, ColumnElement[Any]] = {
        "counted": _count(counted),
        "continued": _count(~counted),
        "open": _count(counted, LedgerRow.closed_at.is_(None)),
        "closed": _count(counted, LedgerRow.closed_at.is_not(None)),
        "late_entries": _count(counted, LedgerRow.is_late_entry.is_(True)),
    }
    parts: tuple[tuple[str, type[Word], Any], ...] = (
        ("channel", Channel, LedgerRow.channel),
        ("category", Category, LedgerRow.category),
        ("disposition", Disposition, LedgerRow.disposition),
        ("outcome", Outcome, LedgerRow.outcome),
    )
    for name, words, column in parts:
        sums |= {f"{name}.{word.value}": _count(counted, column == word) for word in words}
    for result in (FollowUpState.ANSWERED, FollowUpState.UNREACHABLE, FollowUpState.REFUSED):
        sums[f"followed_up.{result.value}"] = _count(counted, LedgerRow.follow_up_result == result)
    sums |= {f"grade.{name}": _count(counted, condition) for name, condition in _graded(work, book).items()}
    query = select(*(column.label(name) for name, column in sums.items())).where(*conditions(book), *within)
    return _nested(
        {name: int(value or 0) for name, value in work.session.execute(query).one()._mapping.items()}
    )


def _graded(work: Work, book: Book) -> dict[str, ColumnElement[bool]]:
    """SQL: the box this copy ticks, as `satisfaction_of` says it of one line."""
    until = shown_to_staff_until(work.now)
    changed, rated = LedgerRow.changed_at < until, LedgerRow.own_rated_at < until
    own = case((changed, LedgerRow.changed_grade), (rated, LedgerRow.own_grade))
    shared = case((changed, LedgerRow.changed_shared), (rated, LedgerRow.own_shared))
    seen = own if book.sees_own_grades else case((shared.is_(True), own))
    shown = func.coalesce(LedgerRow.follow_up_grade, seen)
    # What was withdrawn is not rated, and what another unit closed is rated in that unit's ledger.
    asked = (LedgerRow.closing_unit_id == LedgerRow.unit_id) & (LedgerRow.outcome != Outcome.WITHDRAWN)
    return {
        **{grade.value: shown == grade.value for grade in Grade},
        "confidential": shown.is_(None) & own.is_not(None),
        "unrated": asked & shown.is_(None) & own.is_(None),
    }


def _count(*wanted: ColumnElement[bool]) -> ColumnElement[int]:
    condition = wanted[0]
    for more in wanted[1:]:
        condition &= more
    return func.sum(case((condition, 1), else_=0))


def _nested(flat: dict[str, int]) -> dict[str, Any]:
    """`{"channel.call": 1}` as `{"channel": {"call": 1}}`."""
    made: dict[str, Any] = {}
    for name, value in flat.items():
        part, _, word = name.partition(".")
        if word:
            made.setdefault(part, {})[word] = value
        else:
            made[part] = value
    return made
