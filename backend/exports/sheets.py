"""A workbook written as it is read: one row after the other, in memory that does not grow with their number.

Made for texts that strangers wrote. Every text is a string cell, never a formula, whatever it begins with; a cell that a
spreadsheet would take for a formula once somebody edits it carries the mark of a text (`quotePrefix`) besides. What XML
cannot hold is written in the format's own escape, so that every reader gets back what was written.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import chain, islice
from xml.sax.saxutils import escape

from backend.exports.sheet_parts import (
    CONTENT_TYPES,
    HEADER_STYLE,
    MOMENT_STYLE,
    NOTE_STYLE,
    NUMBER_STYLE,
    OVERRIDE,
    RELATIONS,
    STYLES,
    TEXT_STYLE,
    TITLE_STYLE,
    TYPED_TEXT_STYLE,
    WORKBOOK,
    sheet_head,
    sheet_tail,
    workbook_relations,
)
from backend.exports.streams import FIXED_TIME, Sink

Cell = str | datetime | int | None
"""A text, an aware time (shown as Beijing time), a whole number, or nothing."""

LONGEST_CELL = 32_767
"""UTF-16 code units a cell may hold."""
LONGEST_HEADER = 255
"""The same for the head of a page, commands included."""
_CENTRED = "&C"
ROWS_A_SHEET = 1_000_000
"""Beyond these a further sheet begins; the format ends a little later."""
CHUNK = 1 << 16
_ROWS_AT_ONCE = 200
# A day in a spreadsheet has no zone; on Beijing's clocks it is UTC+8 since 1991, long before any ledger.
_EPOCH = datetime(1899, 12, 30, tzinfo=timezone(timedelta(hours=8)))
_DAY = timedelta(days=1)
_ESCAPED = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FORMULA_STARTS = frozenset("=+-@＝＋－＠\u200b\ufeff")
_FORMULA_LIKE = re.compile(r"[\s\u00a0\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
_COLUMN_NAMES = [chr(65 + n) for n in range(26)]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """Its heading, and its width in characters."""

    label: str
    width: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around the rows. `notes` are lines under the title; `mark` is printed at the top of every page."""

    name: str
    title: str
    notes: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    mark: str | None = None

    @property
    def heading_row(self) -> int:
        """The number of the row that names the columns; it and what is above stay in view."""
        return len(self.notes) + 2


def workbook(sheet: Sheet, rows: Iterable[Sequence[Cell]], *, most: int = ROWS_A_SHEET) -> Iterator[bytes]:
    """The workbook's bytes, as they come. A text longer than LONGEST_CELL raises ValueError: split it before."""
    sink = Sink()
    rest, count = iter(rows), 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]
        while True:
            first = next(rest, None)
            if first is None and count:
                break
            count += 1
            piece = chain(() if first is None else (first,), islice(rest, most - 1))
            with archive.open(_entry(f"xl/worksheets/sheet{count}.xml"), "w", force_zip64=True) as part:
                for text in _sheet_xml(sheet, piece):
                    part.write(text.encode("utf-8"))
                    if sink.size >= CHUNK:
                        yield sink.take()
        for name, text in _other_parts(sheet, count):
            archive.writestr(_entry(name), text)
    yield sink.take()


def _entry(name: str) -> zipfile.ZipInfo:
    """A part dated like every other: the same rows make the same bytes."""
    entry = zipfile.ZipInfo(name, FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet_xml(sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield sheet_head([column.width for column in sheet.columns], sheet.heading_row)
    top: list[tuple[str, int]] = [(sheet.title, TITLE_STYLE), *((note, NOTE_STYLE) for note in sheet.notes)]
    for number, (text, style) in enumerate(top, start=1):
        yield f'<row r="{number}">{_text(f"A{number}", text, style)}</row>'
    heading = sheet.heading_row
    names = [column_name(n) for n in range(len(sheet.columns))]
    labels = (
        _text(f"{n}{heading}", c.label, HEADER_STYLE) for n, c in zip(names, sheet.columns, strict=True)
    )
    yield f'<row r="{heading}">{"".join(labels)}</row>'
    number, waiting = heading, []
    for row in rows:
        number += 1
        waiting.append(_row(number, names, row))
        if len(waiting) == _ROWS_AT_ONCE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)
    yield sheet_tail(len(top), names[-1], heading, number, _header_text(sheet.mark))


def _row(number: int, names: list[str], row: Sequence[Cell]) -> str:
    cells = []
    for name, value in zip(names, row, strict=True):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            cells.append(_text(f"{name}{number}", value, TEXT_STYLE))
        elif isinstance(value, datetime):
            days = (value - _EPOCH) / _DAY
            cells.append(f'<c r="{name}{number}" s="{MOMENT_STYLE}"><v>{days!r}</v></c>')
        else:
            cells.append(f'<c r="{name}{number}" s="{NUMBER_STYLE}"><v>{value:d}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(place: str, text: str, style: int) -> str:
    if len(text) > LONGEST_CELL // 2 and units(text) > LONGEST_CELL:
        raise ValueError(f"the text of {place} does not fit into a cell")
    first = text[:1]
    if (first in _FORMULA_STARTS or first.isspace()) and style == TEXT_STYLE and _FORMULA_LIKE.match(text):
        style = TYPED_TEXT_STYLE
    if _ESCAPED.search(text):
        text = _ESCAPED.sub(_escape_one, text)
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _escape_one(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ENTITIES:
        return _ENTITIES[character]
    # The format's own escape, of which a text that looks like one needs it too.
    return f"_x{ord(character):04X}_"


def units(text: str) -> int:
    """How long a spreadsheet thinks a text is: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def column_name(index: int) -> str:
    """A, B … Z, AA, AB …; the first is 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = _COLUMN_NAMES[rest] + name
    return name


def _header_text(mark: str | None) -> str | None:
    """The mark for the head of a page as XML holds it, cut to what a head may hold; an & in it begins no command."""
    if mark is None:
        return None
    taken, room = "", LONGEST_HEADER - len(_CENTRED)
    for character in mark:
        said = "&&" if character == "&" else character
        room -= units(said)
        if room < 1:
            taken += "…"
            break
        taken += said
    return _ESCAPED.sub(_escape_one, f"{_CENTRED}{taken}")


def _other_parts(sheet: Sheet, count: int) -> Iterator[tuple[str, str]]:
    names = [sheet.name if n == 1 else f"{sheet.name}{n}" for n in range(1, count + 1)]
    heading = sheet.heading_row
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, start=1)
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">\'{escape(name)}\'!${heading}:${heading}</definedName>'
        for n, name in enumerate(names)
    )
    yield "xl/workbook.xml", WORKBOOK.format(sheets=sheets, names=titles)
    yield "xl/_rels/workbook.xml.rels", workbook_relations(count)
    yield "xl/styles.xml", STYLES
    yield "_rels/.rels", RELATIONS
    overrides = "".join(OVERRIDE.format(number=n) for n in range(1, count + 1))
    yield "[Content_Types].xml", CONTENT_TYPES.format(sheets=overrides)
