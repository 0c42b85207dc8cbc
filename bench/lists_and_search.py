"""The work list and the search at a million inquiries: a page costs the same however long the past is.

What is timed are the very read models of the console and the API (`backend.queries`), as a member of the section that
had every one of them, on both databases; first each must find what is there.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.domain.boxes import Box
from backend.models import Inquiry
from backend.queries.cursors import write_cursor
from backend.queries.searching import Wanted, search
from backend.queries.worklist import box_counts, work_list
from backend.services.work import Work
from bench.archives import A_TAIL, COMMON, FIRST, OPEN, PAIR, RARE, SUMMARIES, Archive, archive
from bench.harness import Growth, Side, Trial
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Databases
from tests.support.postgres import running_postgres

NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL"}
LONGER, LONGER_TO_FIND = 1.3, 1.5
DEEPER = 2.0
PAGE = 20
WHO = "window_a"
Job = Callable[[Work, Archive], Any]


@dataclass(frozen=True)
class Sizes:
    """Closed inquiries on either side, and how often a round asks."""

    little: int = 10_000
    much: int = 1_000_000
    times: int = 20


def trials(sizes: Sizes | None = None, kinds: Sequence[str] = KINDS) -> Iterator[Trial]:
    """The trials on each kind of database. PostgreSQL is left out, in so many words, where it will not start."""
    for kind in kinds:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouwen-bench-")))
            try:
                databases = _databases(kind, folder, stack)
            except RuntimeError as error:
                print(f"{NAMES[kind]} 没有起来，列表和查找没有在它上面测：{error}")
                continue
            yield from trials_on(databases, kind, folder, sizes or Sizes())


def _databases(kind: str, folder: Path, stack: ExitStack) -> Databases:
    """Where databases of a kind come from, until the stack is closed. Raises RuntimeError without a server."""
    servers = [stack.enter_context(running_postgres())] if kind == POSTGRESQL else []
    return Databases(folder, lambda: servers[0])  # SQLite never asks for one


def trials_on(databases: Databases, kind: str, folder: Path, sizes: Sizes) -> Iterator[Trial]:
    """The trials on one kind of database. Raises AssertionError when something that is there is not found."""
    with ExitStack() as stack:
        started = time.perf_counter()
        little, much = (
            stack.enter_context(archive(databases, kind, folder, size)) for size in (sizes.little, sizes.much)
        )
        print(f"{NAMES[kind]}：备好 {sizes.much:,} 件已办结，用了 {time.perf_counter() - started:.0f} 秒")
        for made in (little, much):
            check(made)
        for title, job in JOBS.items():
            yield Growth(
                f"{title}，{NAMES[kind]}：{sizes.much:,} 件与 {sizes.little:,} 件相比",
                _side(little, job, sizes.times),
                _side(much, job, sizes.times),
                LONGER_TO_FIND if title.startswith("查") else LONGER,
            )
        for title, share in (("翻到一半", 2), ("翻到最后", 1)):
            yield Growth(
                f"已办结{title}与第一页相比，{NAMES[kind]}，{sizes.much:,} 件",
                _side(much, JOBS["已办结第一页"], sizes.times),
                _side(much, _deep(sizes.much // share - PAGE - 1), sizes.times),
                DEEPER,
            )


def check(made: Archive) -> None:
    """Whether each way finds exactly what there is."""
    with made.office.app.app_context(), made.office.looking() as work:
        found = {title: job(work, made) for title, job in JOBS.items()}
        last = _deep(made.closed - PAGE - 1)(work, made)
    sizes = {title: len(answer["items"]) for title, answer in found.items() if "items" in answer}
    wanted = dict.fromkeys(sizes, PAGE) | {"查编号": 1, "查少见的字": 1}
    wanted["查百分之一的字"] = min(PAGE, made.closed // len(SUMMARIES))
    if sizes != wanted or found["各列表的件数"]["section"] != OPEN or len(last["items"]) != PAGE:
        raise AssertionError(f"{sizes} instead of {wanted}; {len(last['items'])} at the end")


def _me(made: Archive) -> Any:
    return made.office.org.identity(WHO)


def _find(words: str) -> Job:
    return lambda work, made: search(work, _me(made), Wanted(text=words), None)


def _deep(n: int) -> Job:
    """The page below the `n`th closed inquiry."""

    def page(work: Work, made: Archive) -> Any:
        row = work.session.scalars(select(Inquiry).where(Inquiry.number == str(FIRST + n))).one()
        if row.closed_at is None:
            raise AssertionError("all of them are closed")
        return work_list(work, _me(made), Box.CLOSED, write_cursor(row.closed_at, row.id))

    return page


JOBS: dict[str, Job] = {
    "已办结第一页": lambda work, made: work_list(work, _me(made), Box.CLOSED, None),
    "本科室在办第一页": lambda work, made: work_list(work, _me(made), Box.SECTION, None),
    "各列表的件数": lambda work, made: box_counts(work, _me(made)),
    "查编号": lambda work, made: search(work, _me(made), Wanted(number=str(_number(work))), None),
    f"查电话后四位，各 {A_TAIL} 件": lambda work, made: search(
        work, _me(made), Wanted(phone_tail=made.tail), None
    ),
    "查每件都有的字": _find(COMMON),
    "查百分之一的字": _find(PAIR),
    "查少见的字": _find(RARE),
}


def _number(work: Work) -> str:
    """A number that a person could type, of an open inquiry."""
    return work.session.scalars(select(Inquiry.number).where(Inquiry.status == "filed").limit(1)).one()


def _side(made: Archive, job: Job, times: int) -> Side:
    def ask(times: int) -> None:
        for _ in range(times):
            with made.office.looking() as work:
                job(work, made)

    return Side(f"{made.closed:,} 件", times, ask)
