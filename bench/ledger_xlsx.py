"""A year's ledger as a workbook: 100,000 lines of 附件2's columns, streamed from a database.

Speed: our writer and XlsxWriter with constant_memory write the same rows from the same server-side cursor, in turn.
Memory: the whole export as the product does it, lines joined, opened and written, in a process of its own.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import sqlalchemy as sa
import xlsxwriter
from sqlalchemy import Engine, insert, select

from backend.domain.times import local
from backend.exports.copies import masked_copy
from backend.exports.ledger_sheet import ledger_rows, ledger_sheet
from backend.exports.sheets import Cell, workbook
from backend.models.types import UtcDateTime
from bench.harness import Comparison, Finding, Side, Trial
from bench.ledger_archive import long_ledger
from tests.exports.lines import COVER, line
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Databases
from tests.support.postgres import running_postgres

NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
FASTER = 2.5
GROWTH_MB = 30
SHEET = ledger_sheet(COVER, masked_copy("测量", "2026年11月16日 09:00"))
AT_ONCE = 500
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Sizes:
    """Lines on either side of the comparison, and of the little and the long ledger."""

    rows: int = 100_000
    little: int = 1_000
    much: int = 100_000


def trials(sizes: Sizes | None = None, kinds: Sequence[str] = KINDS) -> Iterator[Trial]:
    """Both trials on each kind of database. PostgreSQL is left out, in so many words, where it will not start."""
    for kind in kinds:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouwen-bench-")))
            try:
                servers = [stack.enter_context(running_postgres())] if kind == POSTGRESQL else []
            except RuntimeError as error:
                print(f"{NAMES[kind]} 没有起来，台账导出没有在它上面测：{error}")
                continue
            yield from trials_on(Databases(folder, lambda: servers[0]), kind, folder, sizes or Sizes())  # noqa: B023


def trials_on(databases: Databases, kind: str, folder: Path, sizes: Sizes) -> Iterator[Trial]:
    """Raises AssertionError when the two writers do not write the same cells."""
    with databases.migrated(kind) as url:
        engine = sa.create_engine(url)
        table = _fill(engine, sizes.rows)
        _compare(engine, table, folder)
        yield Comparison(
            f"台账导出为表格，{sizes.rows:,} 行，{NAMES[kind]} 的游标",
            Side("产品的写法", 1, lambda _times: _ours(engine, table, folder / "ours.xlsx")),
            Side("XlsxWriter，constant_memory", 1, lambda _times: _peer(engine, table, folder / "peer.xlsx")),
            FASTER,
        )
        engine.dispose()
    peaks = {}
    for size in (sizes.little, sizes.much):
        with long_ledger(databases, kind, folder, size) as (url, data_dir):
            peaks[size] = _peak_mb(url, data_dir, size)
    growth = peaks[sizes.much] - peaks[sizes.little]
    yield Finding(
        f"整个导出（连接、解密、写出）占的内存，{NAMES[kind]}：{sizes.much:,} 行与 {sizes.little:,} 行相比",
        f"{peaks[sizes.little]:.0f} MB 到 {peaks[sizes.much]:.0f} MB，增长 {growth:.1f} MB，目标不到 {GROWTH_MB} MB",
        growth < GROWTH_MB,
    )


def _fill(engine: Engine, count: int) -> sa.Table:
    """A table with one column for each of the sheet's."""
    sample = next(ledger_rows([line()]))
    columns = [
        sa.Column(f"c{n}", UtcDateTime() if isinstance(cell, datetime) else sa.Text())
        for n, cell in enumerate(sample)
    ]
    table = sa.Table("bench_lines", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *columns)
    table.create(engine)
    with engine.begin() as connection:
        for start in range(0, count, AT_ONCE * 20):
            numbers = range(start, min(start + AT_ONCE * 20, count))
            connection.execute(insert(table), [_stored(n) for n in numbers])
    return table


def _stored(n: int) -> dict[str, Any]:
    told = line(content=f"第{n}件：办理营业执照要什么材料，{'=' if n % 50 == 0 else ''}{n * 7919}<号>&")
    return {"id": n, **{f"c{place}": cell for place, cell in enumerate(next(ledger_rows([told])))}}


def _rows(engine: Engine, table: sa.Table, limit: int | None = None) -> Iterator[Sequence[Cell]]:
    """From a cursor the server keeps."""
    query = select(*list(table.c)[1:]).order_by(table.c.id).limit(limit)
    with engine.connect() as connection:
        yield from connection.execution_options(yield_per=AT_ONCE).execute(query)


def _ours(engine: Engine, table: sa.Table, target: Path, limit: int | None = None) -> None:
    with target.open("wb") as file:
        for chunk in workbook(SHEET, _rows(engine, table, limit)):
            file.write(chunk)


def _peer(engine: Engine, table: sa.Table, target: Path, limit: int | None = None) -> None:
    """The same sheet the way XlsxWriter's manual says for long ones."""
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet(SHEET.name)
        head, text = (
            book.add_format({"bold": True, "border": 1}),
            book.add_format({"border": 1, "text_wrap": True}),
        )
        moment = book.add_format({"border": 1, "num_format": "yyyy-mm-dd hh:mm"})
        for n, column in enumerate(SHEET.columns):
            sheet.set_column(n, n, column.width)
        sheet.freeze_panes(SHEET.heading_row, 0)
        for n, words in enumerate((SHEET.title, *SHEET.notes)):
            sheet.write_string(n, 0, words)
        for n, column in enumerate(SHEET.columns):
            sheet.write_string(SHEET.heading_row - 1, n, column.label, head)
        for number, row in enumerate(_rows(engine, table, limit), start=SHEET.heading_row):
            for n, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, n, local(cell).replace(tzinfo=None), moment)
                elif cell:
                    sheet.write_string(number, n, cell, text)


def _compare(engine: Engine, table: sa.Table, folder: Path) -> None:
    """Whether both write the same cells, as a third program reads them."""
    _ours(engine, table, folder / "ours.xlsx", 200)
    _peer(engine, table, folder / "peer.xlsx", 200)
    cells = [
        list(openpyxl.load_workbook(folder / f"{name}.xlsx").worksheets[0].values)
        for name in ("ours", "peer")
    ]
    if cells[0] != cells[1] or len(cells[0]) < SHEET.heading_row:
        raise AssertionError("the two writers do not write the same cells")


def _peak_mb(url: str, data_dir: Path, size: int) -> float:
    """The largest a process that exports this ledger became. Raises AssertionError when lines are missing."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ledger_xlsx", url, str(data_dir)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines, peak = done.stdout.split()[-2:]
    if int(lines) != size:
        raise AssertionError(f"{lines} lines instead of {size}")
    return int(peak) / 1024


def _export(url: str, data_dir: Path) -> None:
    """What the child does: the product's own export, chunk by chunk into nothing."""
    from backend import create_app
    from backend.domain.ledger_scopes import LedgerScope
    from backend.models import Section
    from backend.queries.ledger_books import Book
    from backend.queries.ledger_files import ledger_count, ledger_workbook
    from bench.ledger_archive import reader_of
    from tests.support.app import SetClock
    from tests.support.databases import make_settings

    app = create_app(make_settings(url, data_dir), SetClock())
    with reader_of(app) as (work, identity):
        section = work.session.get_one(Section, identity.section_id)
        book = Book(LedgerScope.SECTION, section.unit, section, 2026, identity)
        sink = io.BytesIO()
        for chunk in ledger_workbook(work, book, masked_copy("测量", "2026年11月16日")):
            sink.seek(0)
            sink.write(chunk)
        count = ledger_count(work, book)
    print(count, _peak_kb())


def _peak_kb() -> int:
    """The largest this process became. What getrusage says of a child begins with its parent's size."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    _export(sys.argv[1], Path(sys.argv[2]))
