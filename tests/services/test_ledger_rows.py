"""The ledger's lines follow each entry in its transaction, and a replay of the log puts right whatever differs (泸 二（二）4)."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from backend.domain.vocabulary import AboutKind, Category, Disposition, Grade
from backend.domain.vocabulary_ledger import LineKind
from backend.models import Inquiry, LedgerRow
from backend.services import ledger_rows
from backend.services.ledger_rows import batches, is_behind, replay
from backend.services.work import Work
from tests.services.desk import file
from tests.services.inquiry_ledger import check_ledger
from tests.support.organisation import SmallOrganisation


def rows(work: Work, inquiry: Inquiry) -> list[LedgerRow]:
    query = select(LedgerRow).where(LedgerRow.inquiry_id == inquiry.id)
    return list(work.session.scalars(query.execution_options(populate_existing=True)))


def test_a_filing_stands_in_the_first_sections_ledger_at_once(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    [row] = rows(work, inquiry)
    assert (row.kind, row.unit_id, row.section_id) == (LineKind.OWN, org.unit.id, org.window.section.id)
    check_ledger(work.session, inquiry.id)


def test_a_complaint_stands_in_no_sections_ledger(work: Work, org: SmallOrganisation) -> None:
    """Past the unit it is about, it stands in the ledger of those who hold it (design 4)."""
    for about, unit in ((AboutKind.SECTION, org.unit), (AboutKind.UNIT, org.lead)):
        [row] = rows(work, file(work, org, Category.COMPLAINT, about=about).inquiry)
        assert (row.section_id, row.unit_id, row.is_restricted) == (None, unit.id, True)


WRONG = {
    "one is gone": (delete(LedgerRow), "missing"),
    "one says something else": (
        update(LedgerRow).values(disposition=Disposition.OTHER_UNIT, follow_up_grade=None),
        "disposition",
    ),
    "one is in another year": (update(LedgerRow).values(year=2025), "year"),
}


@pytest.mark.parametrize(("damage", "what"), WRONG.values(), ids=WRONG)
def test_a_replay_finds_what_differs_and_puts_it_right(
    work: Work, org: SmallOrganisation, damage, what
) -> None:
    inquiry = file(work, org).inquiry
    before = [vars(row)["id"] for row in rows(work, inquiry)]
    work.session.execute(damage.where(LedgerRow.inquiry_id == inquiry.id))
    work.session.expire_all()
    [found] = replay(work.session, [inquiry.id], apply=False).differences
    assert found.what == what
    assert len(replay(work.session, [inquiry.id], apply=True).differences) == 1
    assert replay(work.session, [inquiry.id], apply=False).differences == []
    assert [row.id for row in rows(work, inquiry)] == before


def test_a_replay_removes_what_the_log_does_not_tell(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    [row] = rows(work, inquiry)
    values = {name: getattr(row, name) for name in ledger_rows.COLUMNS}
    more = {"id": "f" * 32, "kind": LineKind.CONTINUED, "section_id": org.business.section.id}
    work.session.add(LedgerRow(**values | more))
    work.session.flush()
    told = replay(work.session, [inquiry.id], apply=True)
    assert [(found.line_id, found.what) for found in told.differences] == [("f" * 32, "extra")]
    assert len(rows(work, inquiry)) == 1


def test_old_entries_without_newer_facts_are_read_as_they_are(work: Work, org: SmallOrganisation) -> None:
    """A call that was put on record before its layer was: it is of the 回访."""
    log = ledger_rows.logs_of(work.session, [file(work, org).inquiry.id])
    [entries] = log.values()
    closed = entries[0] | {
        "event": "closed", "facts": {"outcome": "answered"}, "texts": {}, "version": 2, "unit_id": org.unit.id,
    }  # fmt: skip
    called = closed | {"event": "followed_up", "facts": {"result": "answered", "grade": "fair"}, "version": 2}
    [line] = ledger_rows.lines_of([entries[0], closed, called])
    assert line.follow_up_grade is Grade.FAIR


def test_every_inquiry_is_in_one_batch(work: Work, org: SmallOrganisation, monkeypatch) -> None:
    monkeypatch.setattr(ledger_rows, "AT_ONCE", 2)
    ids = {file(work, org).inquiry.id for _ in range(5)}
    pages = list(batches(work.session))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {one for page in pages for one in page} == ids


def test_a_log_older_than_the_table_is_behind(work: Work, org: SmallOrganisation) -> None:
    assert not is_behind(work.session)
    file(work, org)
    assert not is_behind(work.session)
    work.session.execute(delete(LedgerRow))
    assert is_behind(work.session)
