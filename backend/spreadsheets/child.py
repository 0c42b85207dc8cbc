"""The reader's child process: a workbook in on stdin, one line of JSON a sheet out on stdout; started by ``apart.py``.

It binds itself to its limits before it looks at the file.
"""

from __future__ import annotations

import codecs
import io
import json
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.spreadsheets.terms import (
    LIMITS,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_COVERED,
    MOST_INFLATED,
    MOST_OUTPUT,
    MOST_PARTS,
    TOO_COMPLEX,
    UNREADABLE,
    WorkbookRefused,
)
from backend.vault.media_child import close_the_door, confine
from backend.vault.media_terms import EXIT_NOT_READY


def look_before(data: bytes) -> None:
    """Refuse what is no zip at all, and what says itself that it is far larger inside. Raises WorkbookRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise WorkbookRefused(UNREADABLE) from None
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookRefused(UNREADABLE)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED:
        raise WorkbookRefused(TOO_COMPLEX)
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise WorkbookRefused(UNREADABLE)


def sheets_of(data: bytes, most_rows: int) -> list[str]:
    """Each sheet as a line of JSON. Raises WorkbookRefused."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    look_before(data)
    lines, size = [], 0
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet or about.visible is not SheetVisibleEnum.Visible:
                continue
            line = json.dumps(_shape(book.get_sheet_by_name(about.name), most_rows), ensure_ascii=False)
            size += len(line.encode("utf-8", "replace"))
            if size > MOST_OUTPUT:
                raise WorkbookRefused(TOO_COMPLEX)
            lines.append(line)
    return lines


def _shape(sheet: Any, most_rows: int) -> dict[str, Any]:
    """Rows from the first of the sheet on, whatever stands empty above or to the left."""
    rows = []
    height = sheet.end[0] + 1 if sheet.end is not None else 0
    for number, row in enumerate(sheet.iter_rows()):
        if number > most_rows:
            break
        rows.append([_plain(cell) for cell in row[:MOST_COLUMNS]])
    return {"name": sheet.name, "rows": rows, "height": height, "merged": _covered(sheet, most_rows)}


def _covered(sheet: Any, most_rows: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        rows, columns = range(top, min(bottom, most_rows) + 1), range(left, min(right, MOST_COLUMNS) + 1)
        found.extend((r + 1, c + 1) for r in rows for c in columns if (r, c) != (top, left))
        if len(found) > MOST_COVERED:
            break
    return found[:MOST_COVERED]


def _plain(cell: Any) -> Any:
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell[: LONGEST_CELL + 1]
    if isinstance(cell, (datetime, date, time)):
        return {"t": cell.isoformat()}
    if isinstance(cell, timedelta):
        return str(cell)
    return cell


def main(parent: str, most_rows: str) -> int:
    """Serve one workbook and return the exit status."""
    confine(int(parent), LIMITS)
    try:
        # All that reading needs, before the door is closed: zip names are in the PC's old code page.
        import python_calamine  # noqa: F401

        codecs.lookup("cp437")
    except (ImportError, LookupError):
        return EXIT_NOT_READY
    close_the_door()
    try:
        lines = sheets_of(sys.stdin.buffer.read(), int(most_rows))
    except WorkbookRefused as refusal:
        lines = [json.dumps({"refused": refusal.code})]
    except (MemoryError, RecursionError):
        lines = [json.dumps({"refused": TOO_COMPLEX})]
    except BaseException:  # noqa: BLE001 - the library's own panics are no Exception; the file cannot be read
        lines = [json.dumps({"refused": UNREADABLE})]
    sys.stdout.buffer.write("\n".join(lines).encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()
    return 0
