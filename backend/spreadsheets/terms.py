"""What the reader of spreadsheets and its child process agree on. Imports nothing of ours but the media cleaner's terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from backend.vault.media_terms import MediaLimits

UNREADABLE: Final = "workbook_unreadable"
TOO_COMPLEX: Final = "workbook_too_complex"
REFUSALS: Final = frozenset({UNREADABLE, TOO_COMPLEX})

MOST_BYTES: Final = 10 * 1024 * 1024
"""Of an uploaded file."""
MOST_INFLATED: Final = 300 * 1024 * 1024
"""What all parts of a workbook may come to."""
MOST_PARTS: Final = 2000
MOST_COLUMNS: Final = 60
MOST_COVERED: Final = 100_000
"""Places told of as covered by merged cells."""
LONGEST_CELL: Final = 60_000
"""Characters, as many as any column takes (`LONGEST_DETAILS`): a cell that holds more is cut there, and then refused as too long."""
MOST_OUTPUT: Final = 64 * 1024 * 1024
SECONDS: Final = 60.0

LIMITS: Final = MediaLimits(memory_bytes=900 * 1024 * 1024, cpu_seconds=45)
"""What binds the child: its address space and its processor time."""

Cell = str | float | int | bool | date | datetime | time | None


class WorkbookRefused(Exception):
    """The file is not taken; ``code`` is one of ``REFUSALS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReaderBusy(Exception):
    """No reader could be started: the same file may be taken a little later."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its rows up to a limit, how many rows it has in all, and the cells that stand merged below another.

    Rows and columns are counted from 1 as in the program. `merged` are places that a merged cell covers.
    """

    name: str
    rows: list[list[Cell]]
    height: int
    merged: frozenset[tuple[int, int]]
