from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.migrations.triggers import (
    LEDGER_APPEND_ONLY,
    LEDGER_GAPLESS,
    LEDGER_HEADS_ADVANCE,
    LEDGER_HEADS_KEPT,
)
from backend.models import LedgerEntry, LedgerHead
from backend.models.types import new_id
from tests.support import rows

CHAIN = 3


@pytest.fixture
def entries(session, office):
    """A chain of three entries in the office's unit."""
    return [rows.ledger_entry(session, office.unit) for _ in range(CHAIN)]


def values_of(entry, **changes):
    return {column.key: getattr(entry, column.key) for column in LedgerEntry.__table__.columns} | changes


def test_an_entry_is_not_edited(session, entries, refused):
    with refused(LEDGER_APPEND_ONLY):
        entries[1].body = '{"forged":true}'
        session.flush()
    with refused(LEDGER_APPEND_ONLY):
        session.execute(update(LedgerEntry).values(is_mirror=True))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_entry_is_not_deleted_not_even_the_last(session, entries, refused, place):
    with refused(LEDGER_APPEND_ONLY):
        session.execute(delete(LedgerEntry).where(LedgerEntry.id == entries[place].id))


@pytest.mark.parametrize(
    "changes", [{}, {"id": new_id()}, {"sequence": CHAIN + 1}], ids=["same", "place", "id"]
)
def test_an_entry_is_not_inserted_over_another(session, entries, refused, changes):
    with refused(LEDGER_APPEND_ONLY):
        session.execute(insert(LedgerEntry).values(values_of(entries[1], **changes)))


@pytest.mark.parametrize("changes", [{}, {"id": new_id()}], ids=["same", "place"])
def test_an_entry_is_not_upserted(session, entries, refused, database_kind, changes):
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[database_kind]
    fresh = dialect.insert(LedgerEntry).values(values_of(entries[1], **changes))
    for target in (["id"], ["unit_id", "sequence"]):
        with refused(LEDGER_APPEND_ONLY):
            session.execute(fresh.on_conflict_do_update(index_elements=target, set_={"event": "closed"}))


@pytest.mark.parametrize("database_kind", ["sqlite"], scope="package")
def test_an_entry_is_not_replaced(session, entries, refused):
    with refused(LEDGER_APPEND_ONLY):
        session.execute(
            insert(LedgerEntry).prefix_with("OR REPLACE").values(values_of(entries[2], event="x"))
        )


@pytest.mark.parametrize("database_kind", ["postgresql"], scope="package")
def test_the_ledger_is_not_truncated(session, entries, refused):
    with refused(LEDGER_APPEND_ONLY):
        session.execute(text("TRUNCATE ledger_entries CASCADE"))


@pytest.mark.parametrize("sequence", [CHAIN + 2, CHAIN + 100])
def test_the_sequence_has_no_gap(session, office, entries, refused, sequence):
    with refused(LEDGER_GAPLESS):
        rows.ledger_entry(session, office.unit, sequence=sequence)
    rows.ledger_entry(session, office.unit, sequence=CHAIN + 1)


@pytest.mark.parametrize("sequence", [-1, 0, 2])
def test_every_chain_starts_at_one(session, office, entries, refused, sequence):
    with refused(LEDGER_GAPLESS):
        rows.ledger_entry(session, office.other_unit, sequence=sequence)
    rows.ledger_entry(session, office.other_unit, sequence=1)


def test_several_entries_of_one_statement_follow_each_other(session, office, entries, refused):
    following = [values_of(entries[0], id=new_id(), sequence=CHAIN + step) for step in (1, 2)]
    session.execute(insert(LedgerEntry).values(following))
    with refused(LEDGER_GAPLESS):
        session.execute(
            insert(LedgerEntry).values([row | {"id": new_id(), "sequence": 9} for row in following])
        )


@pytest.mark.parametrize("sequence", [0, CHAIN - 1, CHAIN, CHAIN + 2])
def test_a_head_goes_to_the_next_entry_and_nowhere_else(session, office, refused, sequence):
    head = rows.ledger_head(session, office.unit, sequence=CHAIN)
    with refused(LEDGER_HEADS_ADVANCE):
        session.execute(update(LedgerHead).values(sequence=sequence, hash=b"another"))
    head.sequence, head.hash = CHAIN + 1, b"another"
    session.flush()


def test_a_head_does_not_pass_to_another_unit(session, office, refused):
    rows.ledger_head(session, office.unit)
    with refused(LEDGER_HEADS_ADVANCE):
        session.execute(update(LedgerHead).values(unit_id=office.other_unit.id, sequence=2))


def test_a_head_is_never_deleted(session, office, refused):
    rows.ledger_head(session, office.unit)
    with refused(LEDGER_HEADS_KEPT):
        session.execute(delete(LedgerHead))


def test_a_head_is_not_upserted_backwards(session, office, refused, database_kind):
    rows.ledger_head(session, office.unit, sequence=CHAIN)
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[database_kind]
    fresh = dialect.insert(LedgerHead).values(unit_id=office.unit.id, sequence=1, hash=b"x", signature=b"x")
    with refused(LEDGER_HEADS_ADVANCE):
        session.execute(
            fresh.on_conflict_do_update(
                index_elements=["unit_id"], set_={"sequence": fresh.excluded.sequence}
            )
        )


@pytest.mark.parametrize("database_kind", ["sqlite"], scope="package")
def test_a_head_is_not_replaced(session, office, refused):
    rows.ledger_head(session, office.unit, sequence=CHAIN)
    with refused(LEDGER_HEADS_KEPT):
        session.execute(
            insert(LedgerHead)
            .prefix_with("OR REPLACE")
            .values(unit_id=office.unit.id, sequence=1, hash=b"x", signature=b"x")
        )
