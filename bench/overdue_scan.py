"""The scan for limits that have passed: what it costs depends on what became due, not on what is open.

The statement is the one the worker runs (`backend.delivery.duties.overdue_now`), sent through the same engine. Its
plan is asked for, what it visits is counted, and it is timed on little and on much, and against the whole table.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, event, text
from sqlalchemy.orm import Session

from backend.database import reading
from backend.delivery.duties import overdue_now
from backend.models.types import UtcDateTime
from bench.harness import Comparison, Finding, Growth, Side, Trial
from bench.open_clocks import NOW, OpenClocks, open_clocks
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Databases
from tests.support.postgres import running_postgres

INDEX = "ix_clocks_becoming_overdue"
NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
TOLERANCE = 1.05
"""Visiting five in a hundred more than what is due still counts as visiting only that."""
LONGER = 3.0
FASTER = 10.0

CONDITIONS = "ended_at IS NULL AND paused_at IS NULL AND NOT is_overdue_noted AND due_at < :now"
TABLES = {SQLITE: "clocks NOT INDEXED", POSTGRESQL: "clocks"}
SCAN_ONLY = ("SET LOCAL enable_indexscan = off", "SET LOCAL enable_bitmapscan = off")
"""What keeps PostgreSQL from using an index, until the transaction ends."""


@dataclass(frozen=True)
class Sizes:
    """Open limits on either side, how many of them have passed, and how often a round scans."""

    little: int = 10_000
    much: int = 1_000_000
    due: int = 1_000
    scans: int = 20


@dataclass(frozen=True)
class Seen:
    """How a database went about the scan: whether by the partial index, and what it visited, in `unit`."""

    by_index: bool
    visited: int
    unit: str


def trials(sizes: Sizes | None = None, kinds: Sequence[str] = KINDS) -> Iterator[Trial]:
    """The trials on each kind of database. PostgreSQL is left out, in so many words, where it will not start."""
    for kind in kinds:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouwen-bench-")))
            try:
                databases = _databases(kind, folder, stack)
            except RuntimeError as error:
                print(f"{NAMES[kind]} 没有起来，超期扫描没有在它上面测：{error}")
                continue
            yield from trials_on(databases, kind, folder, sizes or Sizes())


def _databases(kind: str, folder: Path, stack: ExitStack) -> Databases:
    """Where databases of a kind come from, until the stack is closed. Raises RuntimeError without a server."""
    servers = [stack.enter_context(running_postgres())] if kind == POSTGRESQL else []
    return Databases(folder, lambda: servers[0])  # SQLite never asks for one


def trials_on(databases: Databases, kind: str, folder: Path, sizes: Sizes) -> Iterator[Trial]:
    """The trials on one kind of database. Raises AssertionError when the two ways to ask give different answers."""
    with ExitStack() as stack:
        started = time.perf_counter()
        little, much = (
            stack.enter_context(open_clocks(databases, kind, folder, size, sizes.due))
            for size in (sizes.little, sizes.much)
        )
        print(f"{NAMES[kind]}：备好 {sizes.much:,} 条在办时限，用了 {time.perf_counter() - started:.0f} 秒")
        _compare(little, kind)
        _compare(much, kind)
        title = f"超期扫描，{NAMES[kind]}，{sizes.much:,} 条在办、{sizes.due:,} 条刚到期"
        yield finding(title, look(little, kind), look(much, kind), sizes.due)
        ours = _scanning(much, sizes.scans)
        yield Growth(f"{title}：与 {sizes.little:,} 条在办相比", _scanning(little, sizes.scans), ours, LONGER)
        yield Comparison(f"{title}：与整表扫描相比", ours, _reading_all(much, kind), FASTER)


def finding(title: str, little: Seen, much: Seen, due: int) -> Finding:
    """Whether only what is due was visited: by rows where the database tells them, else by the steps it took."""
    allowed = TOLERANCE * (due if much.unit == "行" else little.visited)
    by = f"走部分索引 {INDEX}" if much.by_index else f"没有走部分索引 {INDEX}"
    said = f"{by}，经过 {much.visited:,} {much.unit}（在办少时 {little.visited:,} {little.unit}）"
    return Finding(title, said, much.by_index and much.visited <= allowed)


def look(clocks: OpenClocks, kind: str) -> Seen:
    """Run the scan once and see how the database went about the very statement that was sent."""
    with clocks.app.app_context(), reading() as session:
        connection = session.connection()
        sent: list[tuple[str, Any]] = []
        event.listen(connection, "before_cursor_execute", lambda *call: sent.append((call[2], call[3])))
        session.scalars(overdue_now(NOW)).all()
        statement, parameters = sent[0]
        return (_look_sqlite if kind == SQLITE else _look_postgresql)(connection, statement, parameters)


def _look_sqlite(connection: Connection, statement: str, parameters: Any) -> Seen:
    """SQLite tells no rows; every row it visits takes it several steps of its virtual machine."""
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    by_index = any(INDEX in row[-1] for row in plan)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    database: Any = connection.connection.driver_connection
    database.set_progress_handler(step, 1)
    try:
        connection.exec_driver_sql(statement, parameters).all()
    finally:
        database.set_progress_handler(None, 0)
    return Seen(by_index, steps, "步虚拟机指令")


def _look_postgresql(connection: Connection, statement: str, parameters: Any) -> Seen:
    """Rows that a node of the plan passed on, and those it fetched and threw away."""
    answer = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters
    ).scalar_one()
    plan = answer if isinstance(answer, list) else json.loads(answer)
    nodes = list(_nodes(plan[0]["Plan"]))
    by_index = any(node.get("Index Name") == INDEX for node in nodes)
    return Seen(by_index, max(_rows(node) for node in nodes), "行")


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _rows(node: dict[str, Any]) -> int:
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(name, 0) for name in names) * node["Actual Loops"])


def _scanning(clocks: OpenClocks, times: int) -> Side:
    def scan(times: int) -> None:
        with clocks.app.app_context():
            for _ in range(times):
                with reading() as session:
                    session.scalars(overdue_now(NOW)).all()

    return Side(f"部分索引，{clocks.open:,} 条在办", times, scan)


def _reading_all(clocks: OpenClocks, kind: str) -> Side:
    def read(times: int) -> None:
        with clocks.app.app_context():
            for _ in range(times):
                with reading() as session:
                    _ask_whole_table(session, kind)

    return Side(f"整表扫描，{clocks.open:,} 条在办", 1, read)


def _ask_whole_table(session: Session, kind: str) -> Sequence[str]:
    """The same question without any index."""
    if kind == POSTGRESQL:
        for setting in SCAN_ONLY:
            session.execute(text(setting))
    statement = f"SELECT inquiry_id FROM {TABLES[kind]} WHERE {CONDITIONS} ORDER BY due_at, id"
    return session.scalars(text(statement).bindparams(bindparam("now", NOW, UtcDateTime()))).all()


def _compare(clocks: OpenClocks, kind: str) -> None:
    with clocks.app.app_context(), reading() as session:
        found = session.scalars(overdue_now(NOW)).all()
        if len(found) != clocks.due or found != _ask_whole_table(session, kind):
            raise AssertionError(f"{len(found)} limits found where {clocks.due} are due")
