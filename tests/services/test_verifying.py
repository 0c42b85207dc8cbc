from __future__ import annotations

import pytest
from sqlalchemy import insert, select, text

from backend.database import reading, unit_of_work
from backend.domain.ledger import Fault
from backend.domain.vocabulary import Category
from backend.models import LedgerEntry, LedgerReport
from backend.models.types import new_id
from backend.services import verifying
from backend.services.verifying import verify_ledgers
from backend.vault.signing import Signer
from tests.cli.tampering import Chain, unguarded
from tests.delivery.office import at, at_work
from tests.support import rows

FORGER = Signer(bytes(range(32)))


@pytest.fixture
def office(office):
    """Three inquiries, two hand-offs: five entries in the unit's chain, one in the neighbour's."""
    with at_work(office, at("2026-11-24 10:30")) as busy:
        for _ in range(2):
            busy.offer(busy.file())
        busy.file()
        busy.file(Category.APPLICATION, busy.org.neighbour_window.sign.code)
        yield busy


@pytest.fixture
def tamper(office):
    """`tamper(act)` lets `act(chain)` loose on the unit's chain."""

    def loose(act):
        with unguarded(office.settings) as connection:
            act(Chain(connection, office.org.unit.id))

    return loose


def reports(office, unit_id=None):
    with reading() as session:
        signer = office.app.extensions["shouwen_tools"].signer
        return {report.unit_id: report for report in verify_ledgers(session, signer, unit_id)}


def of_unit(office):
    return reports(office)[office.org.unit.id]


def test_chains_that_hold_are_whole_and_counted(office):
    found = reports(office)
    assert all(report.is_whole for report in found.values())
    assert found[office.org.unit.id].entries == len(office.entries("filed")) - 1 + len(
        office.entries("offered")
    )
    assert found[office.org.neighbour.id].entries == 1
    assert found[office.org.lu_unit.id].entries == 0


def flip_body(chain):
    body = chain.value(3, "body")
    chain.change(3, body=body.replace('"status":"', '"status":"x', 1))


def flip(column):
    def act(chain):
        value = bytearray(chain.value(3, column))
        value[5] ^= 0b100
        chain.change(3, **{column: bytes(value)})

    return act


def set_back_to(sequence):
    """Cut the tail and put a head of one's own making at its end."""

    def act(chain):
        chain.remove(*range(sequence + 1, chain.length() + 1))
        chain.set_head(sequence, bytes(chain.value(sequence, "hash")), FORGER)

    return act


TAMPERING = [
    pytest.param(flip_body, 3, Fault.HASH, id="a changed body"),
    pytest.param(flip("hash"), 3, Fault.HASH, id="a flipped bit of a hash"),
    pytest.param(flip("prev_hash"), 3, Fault.LINK, id="a flipped bit of the hash before"),
    pytest.param(flip("signature"), 3, Fault.SIGNATURE, id="a flipped bit of a signature"),
    pytest.param(lambda c: c.change(2, event="closed"), 2, Fault.COLUMN, id="another event"),
    pytest.param(
        lambda c: c.change(2, inquiry_id=c.value(3, "inquiry_id")), 2, Fault.COLUMN, id="another inquiry"
    ),
    pytest.param(
        lambda c: c.change(
            2,
            recorded_at=c.value(2, "recorded_at").replace("02", "03")
            if isinstance(c.value(2, "recorded_at"), str)
            else at("2026-11-25 10:30"),
        ),
        2,
        Fault.COLUMN,
        id="another moment",
    ),
    pytest.param(lambda c: c.change(2, is_mirror=True), 2, Fault.COLUMN, id="another standing"),
    pytest.param(lambda c: c.remove(3), 3, Fault.MISSING, id="a removed row"),
    pytest.param(lambda c: c.remove(1), 1, Fault.MISSING, id="a removed first row"),
    pytest.param(lambda c: c.swap(2, 3), 2, Fault.COLUMN, id="swapped rows"),
    pytest.param(
        lambda c: c.rewrite_tail(3, FORGER), 3, Fault.SIGNATURE, id="a tail rewritten under another key"
    ),
    pytest.param(lambda c: c.rewrite_tail(3, None), 3, Fault.SIGNATURE, id="a tail rewritten without a key"),
    pytest.param(lambda c: c.rewrite_tail(1, FORGER), 1, Fault.SIGNATURE, id="the whole chain rewritten"),
    pytest.param(lambda c: c.remove(4, 5), 4, Fault.MISSING, id="a removed tail"),
    pytest.param(set_back_to(3), 3, Fault.HEAD_SIGNATURE, id="a removed tail and a forged head"),
    pytest.param(lambda c: c.remove_head(), 5, Fault.HEAD_MISSING, id="a removed head"),
    pytest.param(
        lambda c: (c.remove(*range(1, 6)), c.remove_head()), 0, Fault.HEAD_MISSING, id="a removed chain"
    ),
]


@pytest.mark.parametrize(("act", "sequence", "fault"), TAMPERING)
def test_tampering_shows_at_its_first_place(office, tamper, act, sequence, fault):
    tamper(act)
    report = of_unit(office)
    assert (report.bad_sequence, report.reason) == (sequence, fault.label)
    assert reports(office)[office.org.neighbour.id].is_whole


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("body", b"\xff{}", Fault.BODY),
        ("event", b"\xff", Fault.COLUMN),
        ("recorded_at", "long ago", Fault.COLUMN),
        ("hash", "text", Fault.HASH),
        ("signature", "text", Fault.SIGNATURE),
    ],
)
def test_what_sqlite_would_choke_on_shows_as_one_bad_place(office, column, value, fault):
    """SQLite keeps any bytes in any column."""
    with unguarded(office.settings) as connection:
        stored = "CAST(:value AS TEXT)" if isinstance(value, bytes) else ":value"
        connection.execute(
            text(f"UPDATE ledger_entries SET {column} = {stored} WHERE unit_id = :unit AND sequence = 3"),
            {"value": value, "unit": office.org.unit.id},
        )
    report = of_unit(office)
    assert (report.bad_sequence, report.reason) == (3, fault.label)


def test_a_deleted_inquiry_shows_at_its_first_entry(office, tamper):
    tamper(
        lambda chain: chain.connection.execute(
            text("DELETE FROM inquiries WHERE id = :id"), {"id": chain.value(3, "inquiry_id")}
        )
    )
    report = of_unit(office)
    assert report.bad_sequence == 3
    assert "已不在数据库中" in report.reason


def test_an_inquiry_nobody_received_shows_after_the_last_entry(office):
    with unit_of_work() as session:
        number = rows.inquiry(session, office.org.unit).number
    report = of_unit(office)
    assert report.bad_sequence == 6
    assert number in report.reason


def test_a_chain_whose_unit_was_removed_is_still_read(office, tamper):
    tamper(
        lambda chain: chain.connection.execute(
            text("DELETE FROM units WHERE id = :id"), {"id": chain.unit_id}
        )
    )
    report = of_unit(office)
    assert report.is_whole
    assert report.unit_name == office.org.unit.id


def test_one_unit_alone_can_be_verified(office):
    assert list(reports(office, office.org.neighbour.id)) == [office.org.neighbour.id]
    with pytest.raises(LookupError):
        reports(office, "0" * 32)


def test_what_is_written_meanwhile_does_not_disturb(office, monkeypatch):
    real = verifying._head

    def slow(session, unit_id):
        head = real(session, unit_id)
        office.file()
        return head

    monkeypatch.setattr(verifying, "_head", slow)
    assert all(report.is_whole for report in reports(office).values())


def test_a_long_chain_is_read_piece_by_piece(office, monkeypatch):
    monkeypatch.setattr(verifying, "AT_ONCE", 2)
    assert of_unit(office).entries == 5


@pytest.fixture
def reported(office):
    """A submission and a summary over it: the sixth and the seventh entry of the unit's chain."""
    for name, path in (("window_a", "submissions"), ("general", "summaries")):
        made = office.office.staff(name).post(f"/staff/ledger/{path}", {"period": "2026-11"})
        assert made.status_code == 201, made.json
    return office


def test_reports_that_are_as_they_were_sealed_hold(reported):
    assert all(report.is_whole for report in reports(reported).values())


def other(column, former, latter):
    """Another figure in a JSON column."""
    return f"UPDATE ledger_reports SET {column} = REPLACE(CAST({column} AS TEXT), '{former}', '{latter}')"


CHANGES = [
    pytest.param(other("counts", '"counted": 3', '"counted": 4'), 6, id="a total"),
    pytest.param(other("counts", '"complaints": []', '"complaints": [{}]'), 6, id="a complaint more"),
    pytest.param(other("sections", '"counted": 3', '"counted": 4'), 7, id="a section's figure"),
    pytest.param("UPDATE ledger_reports SET sections = '[]'", 7, id="no sections"),
    pytest.param("UPDATE ledger_reports SET row_count = row_count + 1", 6, id="how many lines"),
    pytest.param("UPDATE ledger_reports SET rows_hash = upper(rows_hash)", 6, id="the hash of the lines"),
    pytest.param("UPDATE ledger_reports SET period = '2026-10' WHERE kind = 'summary'", 7, id="the period"),
    pytest.param("UPDATE ledger_reports SET starts_on = '2026-11-02' WHERE kind = 'summary'", 7, id="the days"),
    pytest.param(
        "UPDATE ledger_reports SET staff_id = (SELECT id FROM staff WHERE username = 'principal')", 6, id="by whom"
    ),
    pytest.param("DELETE FROM ledger_reports WHERE kind = 'summary'", 7, id="a removed one"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "sequence"), CHANGES)
def test_a_report_that_was_changed_or_removed_shows_at_its_entry(reported, statement, sequence):
    with unguarded(reported.settings) as connection:
        if connection.dialect.name == "postgresql" and "REPLACE" in statement:
            statement = statement.replace("REPLACE(", "CAST(REPLACE(") + " AS JSON)"
        connection.execute(text(statement))
    report = of_unit(reported)
    assert (report.bad_sequence, "上报或汇总" in report.reason) == (sequence, True)
    assert reports(reported)[reported.org.neighbour.id].is_whole


@pytest.mark.parametrize("event", ["filed", "ledger_summed_up"])
def test_a_report_that_nobody_sealed_shows(reported, event):
    with reading() as session:
        entry = session.scalars(select(LedgerEntry.id).where(LedgerEntry.event == event).limit(1)).one()
        copy = dict(session.execute(select(LedgerReport.__table__).limit(1)).mappings().one())
    with unguarded(reported.settings) as connection:
        connection.execute(insert(LedgerReport), copy | {"id": new_id(), "entry_id": entry})
    report = of_unit(reported)
    assert (report.bad_sequence, "上报或汇总" in report.reason) == ({"filed": 8}.get(event, 7), True)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_report_that_is_no_json_any_more_shows_as_one_bad_place(reported):
    with unguarded(reported.settings) as connection:
        connection.execute(text("UPDATE ledger_reports SET counts = CAST(x'ff' AS TEXT)"))
    assert of_unit(reported).bad_sequence == 6
