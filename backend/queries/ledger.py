"""The 台账 as it is read: a page at a time, all of it one line after the other, its totals, the years there are.

What a person may not see stands in no page, stream, total or year: a complaint's row is checked as the complaint is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, case, exists, func, literal, or_, select, tuple_, type_coerce

from backend.domain.follow_ups import CALL_RESULTS
from backend.domain.identity import Identity
from backend.domain.ratings import shown_to_staff_until
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Outcome, Word
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
    # As plain rows: nothing of so many lines is to be kept track of.
    query = select(*LedgerRow.__table__.columns).where(*conditions(book)).order_by(*_KEY)
    with work.session.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for rows in found.partitions():
            yield from reader.read(rows)


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
    told = no_totals()
    # Lines alike in all of this are counted by the database, a few hundred kinds at most.
    key = (
        LedgerRow.kind,
        LedgerRow.is_late_entry,
        *(column for _, _, column in _PARTS),
        LedgerRow.follow_up_result,
        _grade_word(work, book),
    )
    query = select(func.count(), *key).where(*conditions(book), *within).group_by(*key)
    for number, kind, is_late, *parts, result, grade in work.session.execute(query):
        if kind is LineKind.CONTINUED:
            told["continued"] += number
            continue
        told["counted"] += number
        told["late_entries"] += number * is_late
        told["closed" if parts[-1] is not None else "open"] += number
        for (name, _, _), word in zip(_PARTS, parts, strict=True):
            _add(told[name], word, number)
        _add(told["followed_up"], result, number)
        _add(told["grade"], grade, number)
    return told


def no_totals() -> dict[str, Any]:
    """Figures of which nothing is counted yet."""
    return {
        **dict.fromkeys(("counted", "continued", "open", "closed", "late_entries"), 0),
        **{name: dict.fromkeys((word.value for word in words), 0) for name, words, _ in _PARTS},
        "followed_up": {result.value: 0 for result in CALL_RESULTS},
        "grade": dict.fromkeys((*(grade.value for grade in Grade), CONFIDENTIAL, UNRATED), 0),
    }


CONFIDENTIAL, UNRATED = "confidential", "unrated"
"""What is counted beside the grades."""
_PARTS: tuple[tuple[str, type[Word], Any], ...] = (
    ("channel", Channel, LedgerRow.channel),
    ("category", Category, LedgerRow.category),
    ("disposition", Disposition, LedgerRow.disposition),
    ("outcome", Outcome, LedgerRow.outcome),
)


def _add(figures: dict[str, int], word: str | None, number: int) -> None:
    if word is not None and word in figures:
        figures[word] += number


def _grade_word(work: Work, book: Book) -> ColumnElement[Any]:
    """SQL: the box this copy ticks, as `satisfaction_of` says it of one line; or what stands in place of one."""
    until = shown_to_staff_until(work.now)
    changed, rated = LedgerRow.changed_at < until, LedgerRow.own_rated_at < until
    own = case((changed, LedgerRow.changed_grade), (rated, LedgerRow.own_grade))
    shared = case((changed, LedgerRow.changed_shared), (rated, LedgerRow.own_shared))
    seen = own if book.sees_own_grades else case((shared.is_(True), own))
    # What was withdrawn is not rated, and what another unit closed is rated in that unit's ledger.
    asked = (LedgerRow.closing_unit_id == LedgerRow.unit_id) & (LedgerRow.outcome != Outcome.WITHDRAWN)
    return case(
        (LedgerRow.follow_up_grade.is_not(None), type_coerce(LedgerRow.follow_up_grade, String)),
        (seen.is_not(None), type_coerce(seen, String)),
        (own.is_not(None), literal(CONFIDENTIAL)),
        (asked, literal(UNRATED)),
    ).label("grade_word")
