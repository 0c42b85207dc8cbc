"""Offices with a long past, for the lists and the search: a few dozen open matters, and ever more closed ones.

The application itself files, signs for and closes one matter; everything it left behind is copied, each copy a minute
older, with a phone, a sealed summary and the terms of it. Whoever looks is a member of the section that had them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, insert, select, text

from backend import create_app
from backend.clock import now
from backend.database import db, unit_of_work
from backend.domain.actors import SYSTEM
from backend.models import Citizen, ClosedPlace, Inquiry, InquiryText
from backend.services.calendar import seed_calendar, working_calendar
from backend.services.summary_terms import terms_of
from backend.services.texts import text_context
from backend.services.work import Work
from backend.vault.keys import Keyring
from tests.support.app import Office, SetClock
from tests.support.databases import SQLITE, Databases, close_connections, make_settings
from tests.support.organisation import build_small_organisation

OPEN = 60
"""Open matters, in whichever archive: hands do not grow with the past."""
A_TAIL = 100
"""Matters with the same last four digits of a phone."""
THINGS = ("面馆", "民宿", "药店", "网吧", "诊所", "货车", "工棚", "鱼塘", "车库", "阳台")
ACTS = ("咨询", "申请", "反映", "投递", "更正", "补办", "注销", "变更", "延期", "撤回")
SUMMARIES = tuple(f"{act}{thing}许可" for act in ACTS for thing in THINGS)
COMMON, PAIR, RARE = "许可", "申请民宿", "盐井迁坟"
"""Words of every summary, of one in a hundred, and of a single one, in the middle of all."""
FIRST = 10**12
BATCH = 20_000
TABLES = ("inquiries", "holdings", "texts", "citizens", "closed_places", "summary_terms", "clocks")


@dataclass(frozen=True)
class Archive:
    """A database with `closed` closed matters, all of one section."""

    office: Office
    kind: str
    closed: int

    @property
    def tail(self) -> str:
        """The last four digits that A_TAIL of them have."""
        return _tail(1, self.closed)


@contextmanager
def archive(databases: Databases, kind: str, folder: Path, size: int) -> Iterator[Archive]:
    """A fresh database of a kind, removed at the end."""
    folder = folder / f"{kind}-{size}"
    folder.mkdir(mode=0o700)
    with databases.migrated(kind) as url:
        settings = make_settings(url, folder)
        Keyring.create(settings.keys_dir)
        clock = SetClock()
        app = create_app(settings, clock)
        try:
            with app.app_context(), unit_of_work() as session:
                seed_calendar(session, now(), range(2024, 2027))
                session.flush()
                tools = app.extensions["shouwen_tools"]
                work = Work(session, SYSTEM, now(), tools, working_calendar(session))
                org = build_small_organisation(work)
            made = Archive(Office(app, org, clock, settings), kind, size)
            _fill(made)
            yield made
        finally:
            close_connections(app)


def _fill(made: Archive) -> None:
    office = made.office
    sample = office.file()["number"]
    body = {"outcome": "answered", "reply": "已经答复。"}
    _done(office.act("window_a", sample, "confirmation", {"summary": SUMMARIES[0]}))
    _done(office.act("window_a", sample, "closing", body))
    for _ in range(OPEN):
        office.file()
    with office.app.app_context(), db.engine.begin() as connection:
        row = dict(
            connection.execute(select(Inquiry.__table__).where(Inquiry.number == sample)).one()._mapping
        )
        places = list(
            connection.scalars(select(ClosedPlace.place).where(ClosedPlace.inquiry_id == row["id"]))
        )
        for start in range(1, made.closed, BATCH):
            numbers = range(start, min(start + BATCH, made.closed))
            _insert(connection, Citizen.__table__, (_citizen(office, made, n, row) for n in numbers))
            _insert(connection, Inquiry.__table__, (_inquiry(n, row) for n in numbers))
            _insert(connection, InquiryText.__table__, (_summary(office, made, n, row) for n in numbers))
        _copy_holdings(connection, row["id"])
        _list(connection, places)
        _index(connection, office, made)
    # As autovacuum does on a live server; SQLite is used without.
    if made.kind != SQLITE:
        with office.app.app_context(), db.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(f"ANALYZE {table}"))


def _done(answer: Any) -> None:
    if answer.status_code != 200:
        raise AssertionError(answer.json)


def _insert(connection: Connection, table: Table | Any, rows: Iterator[dict[str, Any]]) -> None:
    connection.execute(insert(table), list(rows))


COPIES = f"{'c' * 19}%"
"""What the ids of copied inquiries look like to LIKE; no other id does."""


def copied_name(letter: str, n: int) -> str:
    """The id of the `n`th copy; the letter says of what."""
    return f"{letter * 19}{FIRST + n}"


def _inquiry(n: int, sample: dict[str, Any]) -> dict[str, Any]:
    earlier = timedelta(minutes=n)
    moments = {
        name: sample[name] - earlier for name in ("received_at", "recorded_at", "confirmed_at", "closed_at")
    }
    named = {
        "id": copied_name("c", n),
        "number": str(FIRST + n),
        "tracking_hash": copied_name("t", n),
        "citizen_id": copied_name("p", n),
    }
    return sample | moments | named


def _tail(n: int, size: int) -> str:
    return f"{n % max(1, size // A_TAIL):04d}"[-4:]


def _citizen(office: Office, made: Archive, n: int, sample: dict[str, Any]) -> dict[str, Any]:
    index = office.app.extensions["shouwen_tools"].index
    return {
        "id": copied_name("p", n),
        "kind": "person",
        "wrapped_key": sample["wrapped_key"],
        "phone_tail_index": index.phone_tail_index(_tail(n, made.closed)),
        "created_at": sample["received_at"],
    }


def _words(made: Archive, n: int) -> str:
    return RARE if n == made.closed // 2 else SUMMARIES[n % len(SUMMARIES)]


def _summary(office: Office, made: Archive, n: int, sample: dict[str, Any]) -> dict[str, Any]:
    """Under the sample's data key, bound to the copy's own place."""
    vault, name = office.app.extensions["shouwen_tools"].vault, copied_name("x", n)
    sealed = vault.seal(sample["wrapped_key"], _words(made, n), text_context(copied_name("c", n), name))
    return {
        "id": name,
        "inquiry_id": copied_name("c", n),
        "kind": "summary",
        "sealed": sealed,
        "salt": b"salt",
        "created_at": sample["received_at"],
    }


def _copy_holdings(connection: Connection, sample_id: str) -> None:
    columns = "unit_id, section_id, post_id, staff_id, round, started_at, ended_at"
    copied = ", ".join(f"h.{column.strip()}" for column in columns.split(","))
    connection.execute(
        text(
            f"INSERT INTO holdings (id, inquiry_id, {columns})"
            f" SELECT :letters || i.number, i.id, {copied} FROM inquiries i JOIN holdings h ON h.inquiry_id = :sample"
            f" WHERE i.id LIKE '{COPIES}'"
        ),
        {"letters": "h" * 19, "sample": sample_id},
    )


def _list(connection: Connection, places: list[str]) -> None:
    for place in places:
        connection.execute(
            text(
                "INSERT INTO closed_places (place, closed_at, inquiry_id)"
                f" SELECT :place, closed_at, id FROM inquiries WHERE id LIKE '{COPIES}'"
            ),
            {"place": place},
        )


def _index(connection: Connection, office: Office, made: Archive) -> None:
    """The terms of every summary; the rare one has its own."""
    tools, unit_id = office.app.extensions["shouwen_tools"], office.org.unit.id
    rare = copied_name("c", made.closed // 2)
    table = Table(
        "bench_terms",
        MetaData(),
        Column("place", Integer),
        Column("term", BigInteger),
        prefixes=["TEMPORARY"],
    )
    table.create(connection)
    pairs = [
        (place, term) for place, words in enumerate(SUMMARIES) for term in terms_of(tools, unit_id, words)
    ]
    connection.execute(insert(table), [{"place": place, "term": term} for place, term in pairs])
    connection.execute(
        text(
            "INSERT INTO summary_terms (term, received_at, inquiry_id)"
            " SELECT t.term, i.received_at, i.id FROM inquiries i JOIN bench_terms t"
            f" ON t.place = CAST(substr(i.number, 5) AS integer) % {len(SUMMARIES)}"
            f" WHERE i.id LIKE '{COPIES}' AND i.id <> :rare"
        ),
        {"rare": rare},
    )
    of_rare = text(
        "INSERT INTO summary_terms (term, received_at, inquiry_id)"
        " SELECT :term, received_at, id FROM inquiries WHERE id = :rare"
    )
    for term in terms_of(tools, unit_id, RARE):
        connection.execute(of_rare, {"term": term, "rare": rare})
