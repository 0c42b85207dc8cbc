"""A book as a file: lines read a few at a time and handed to the writers as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, select, tuple_

from backend.domain.exports import ExportFormat
from backend.exports.copies import Copy
from backend.exports.forms import WHOLE, Volume, form_of, head_of
from backend.exports.ledger_sheet import ledger_rows, ledger_sheet
from backend.exports.printing import docx_of, pdf_of, word_template
from backend.exports.sheets import workbook
from backend.models import LedgerRow
from backend.queries.ledger import AT_ONCE, conditions, ledger_lines
from backend.queries.ledger_books import Book, cover_of
from backend.queries.ledger_lines import LineReader
from backend.services.exports import texts_size
from backend.services.work import Work

_KEY = (LedgerRow.received_at, LedgerRow.id)
Place = tuple[datetime, str]
"""Of a line in its book: where the lines after it begin."""


def ledger_count(work: Work, book: Book) -> int:
    """How many lines the book has."""
    return int(work.session.scalar(select(func.count(LedgerRow.id)).where(*conditions(book))) or 0)


def book_size(work: Work, book: Book) -> int:
    """How much the texts of its lines take, as they are kept."""
    return texts_size(work, and_(*conditions(book)))


def ledger_workbook(work: Work, book: Book, copy: Copy, *, full: bool = False) -> Iterator[bytes]:
    """The book as a workbook, given away as it is read. Memory does not grow with its lines."""
    return workbook(
        ledger_sheet(cover_of(work, book), copy), ledger_rows(ledger_lines(work, book, full=full))
    )


@dataclass(frozen=True, slots=True)
class Prints:
    """Everything a print of forms needs: read in one go, set after the database is let go."""

    form: ExportFormat
    head: dict[str, Any]
    forms: list[dict[str, Any]]
    made_at: datetime


def prints_of(
    work: Work,
    book: Book,
    copy: Copy,
    form: ExportFormat,
    lines: Iterable[Mapping[str, Any]],
    volume: Volume = WHOLE,
) -> Prints:
    """These lines of the book as forms, and its cover."""
    head = head_of(cover_of(work, book), copy, volume)
    return Prints(form, head, [form_of(line) for line in lines], work.now)


def printed(prints: Prints, templates: Path) -> bytes:
    """The file; asks no database. Whoever prints has the turn (`print_slot`). Raises TemplateBroken, PrintBusy, PrintFailed."""
    if prints.form is ExportFormat.PDF:
        return pdf_of(prints.head, prints.forms, prints.made_at)
    return docx_of(prints.head, prints.forms, word_template(templates))


def rows_after(work: Work, book: Book, after: Place | None, limit: int) -> list[LedgerRow]:
    """The next rows of the book, at most so many."""
    query = select(LedgerRow).where(*conditions(book)).order_by(*_KEY).limit(limit)
    if after is not None:
        query = query.where(tuple_(*_KEY) > after)
    return list(work.session.scalars(query))


def lines_of(work: Work, book: Book, rows: list[LedgerRow], *, full: bool) -> Iterator[dict[str, Any]]:
    """Those rows opened, a few at a time."""
    reader = LineReader(work, book, full=full)
    for start in range(0, len(rows), AT_ONCE):
        yield from reader.read(rows[start : start + AT_ONCE])
