"""Reading the ledger: pages by keyset, streams, totals and years say the same, and cost what their lines cost (泸 二（二）4)."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from backend.domain.ledger_periods import period_of
from backend.domain.ledger_scopes import LedgerScope
from backend.domain.vocabulary import Category, Channel, Grade
from backend.models import Inquiry, LedgerRow
from backend.models.types import new_id
from backend.queries.ledger import ledger_lines, ledger_page, ledger_totals, ledger_years
from backend.queries.ledger_books import Book, find_book
from backend.queries.ledger_figures import counts_with, figures_of
from backend.services.ledger_reports import new_salt
from backend.services.work import Work
from tests.queries.counting import statements
from tests.support.app import Office

SECTION, UNIT = LedgerScope.SECTION, LedgerScope.UNIT


def book(work: Work, office: Office, name: str = "window_a", scope: LedgerScope = SECTION, **more) -> Book:
    return find_book(work, office.org.identity(name), scope=scope, **more)


def walked(work: Work, book: Book, *, newest_first: bool = False) -> list[str]:
    """The ids of every line, page after page."""
    found, cursor = [], None
    while True:
        page = ledger_page(work, book, cursor, newest_first=newest_first)
        found += [item["id"] for item in page["items"]]
        assert (page["totals"] is None) == (cursor is not None)
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def multiply(office: Office, times: int, *, start: int = 0) -> None:
    """Copies of the first inquiry and its line, without texts: nobody files thousands in a test."""
    with office.working() as work:
        session = work.session
        original = session.scalars(select(Inquiry).order_by(Inquiry.number.desc()).limit(1)).one()
        row = session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == original.id)).one()
        inquiry = {c.name: getattr(original, c.key) for c in Inquiry.__table__.columns}
        line = {c.name: getattr(row, c.key) for c in LedgerRow.__table__.columns}
        inquiries, lines = [], []
        for place in range(start, start + times):
            one = new_id()
            known = {"id": one, "number": f"2000{place:09d}", "tracking_hash": f"{place:064d}"}
            at = row.received_at + timedelta(seconds=place // 3)
            inquiries.append(inquiry | known)
            lines.append(line | {"id": new_id(), "inquiry_id": one, "received_at": at, "texts": {}})
        session.execute(insert(Inquiry), inquiries)
        session.execute(insert(LedgerRow), lines)


def test_pages_follow_one_another_without_gap_or_repetition(office: Office) -> None:
    """Several lines of one moment, more than a page of them: the id goes on where the time stands still."""
    office.file()
    multiply(office, 45)
    with office.looking() as work:
        mine = book(work, office)
        oldest = walked(work, mine)
        assert len(oldest) == len(set(oldest)) == 46
        assert walked(work, mine, newest_first=True) == oldest[::-1]
        assert [line["id"] for line in ledger_lines(work, mine)] == oldest
        assert ledger_totals(work, mine)["counted"] == 46


def test_a_page_costs_the_same_however_many_lines_it_has(office: Office) -> None:
    office.file()
    with office.looking() as work, statements(office) as few:
        ledger_page(work, book(work, office), None)
    multiply(office, 60)
    with office.looking() as work, statements(office) as many:
        ledger_page(work, book(work, office), None)
    assert len(many) == len(few)


def test_a_stream_keeps_a_few_lines_in_memory(office: Office, monkeypatch) -> None:
    """However long the ledger: what is held grows with the batch, not with the book."""
    monkeypatch.setattr("backend.queries.ledger.AT_ONCE", 50)
    office.file()

    def peak() -> int:
        with office.looking() as work:
            mine = book(work, office)
            tracemalloc.start()
            try:
                assert sum(1 for _ in ledger_lines(work, mine)) > 0
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    multiply(office, 100)
    peak()
    small = peak()
    multiply(office, 1500, start=100)
    assert peak() < small + 1_000_000


def test_whoever_stops_half_way_leaves_nothing_open(office: Office) -> None:
    """An export that breaks off: the database's cursor is closed with the stream."""
    office.file()
    multiply(office, 30)
    with office.looking() as work:
        with closing(ledger_lines(work, book(work, office))) as stream:
            next(stream)
        assert len(list(ledger_lines(work, book(work, office)))) == 31


def test_names_phones_and_numbers_in_words_are_masked_unless_all_is_asked_for(office: Office) -> None:
    office.file(content="请回电 13812345678，门牌 3 号", contact={"name": "张三", "phone": "13812345678"})
    with office.looking() as work:
        mine = book(work, office)
        [masked], [full] = list(ledger_lines(work, mine)), list(ledger_lines(work, mine, full=True))
    assert (masked["citizen"]["text"], masked["contact"]) == ("张*", "138****5678")
    assert masked["content"] == "请回电 138****5678，门牌 3 号"
    assert (full["citizen"]["text"], full["contact"]) == ("张三", "13812345678")
    assert full["content"] == "请回电 13812345678，门牌 3 号"


def test_who_left_nothing_is_anonymous(office: Office) -> None:
    office.file(contact=None)
    with office.looking() as work:
        [line] = ledger_lines(work, book(work, office))
    assert (line["citizen"]["text"], line["contact"]) == ("未留姓名", None)


def closed_and_rated(office: Office, grade: str, *, shared: bool = False, **filing) -> str:
    filed = office.file(**filing)
    assert (
        office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"}).status_code
        == 200
    )
    body = {"grade": grade, "share_with_section": shared}
    rated = office.citizen(filed["tracking_token"]).post(f"/inquiries/{filed['number']}/rating", body)
    assert rated.status_code in {200, 201}, rated.json
    return str(filed["number"])


@pytest.mark.parametrize(("name", "scope"), [("window_a", SECTION), ("general", UNIT), ("principal", UNIT)])
def test_totals_say_what_the_lines_say(office: Office, name: str, scope: LedgerScope) -> None:
    closed_and_rated(office, "satisfied")
    closed_and_rated(office, "fair", shared=True)
    changed = closed_and_rated(office, "dissatisfied")
    filed = office.file(category="report")
    office.act("window_a", filed["number"], "closing", {"outcome": "answered", "reply": "好"})
    assert (
        office.act("window_a", changed, "follow-ups", {"result": "answered", "grade": "fair"}).status_code
        == 201
    )
    offered = office.file(category="application")
    made = office.act(
        "window_a", offered["number"], "handoffs",
        {"to_section": office.org.business.section.id, "reason": "属于业务科"},
    )  # fmt: skip
    office.staff("business_b").post(
        f"/staff/handoffs/{made.json['id']}/acceptance", version=made.json["version"]
    )
    office.file(category="complaint")
    withdrawn = office.file()
    office.citizen(withdrawn["tracking_token"]).post(f"/inquiries/{withdrawn['number']}/withdrawal")
    for days in (0, 8):
        office.clock.forward(days=days)
        with office.looking() as work:
            mine = book(work, office, name, scope)
            totals = ledger_totals(work, mine)
            figures = figures_of(work, mine, period_of("2026-11"), new_salt())
            lines = [line for line in ledger_lines(work, mine) if line["counted"]]
        # What is reported from the ledger is counted line by line, and comes to the same.
        assert counts_with(figures.counts, figures.complaints) == totals
        assert totals["counted"] == len(lines)
        assert totals["closed"] == sum(line["closed_at"] is not None for line in lines)
        for part in ("channel", "category", "disposition", "outcome"):
            for word, number in totals[part].items():
                assert number == sum(line[part] == word for line in lines), (part, word)
        for grade in Grade:
            assert totals["grade"][grade.value] == sum(line["grade"] == grade.value for line in lines)
        for note, word in (("已评价（保密）", "confidential"), ("未评价", "unrated")):
            assert totals["grade"][word] == sum(line["grade_note"] == note for line in lines), word
        assert totals["followed_up"]["answered"] == sum(
            line["follow_up_result"] == "answered" for line in lines
        )
        assert sum(box["ticked"] for line in lines for box in line["category_boxes"]) == len(lines)


def test_years_are_those_that_have_a_line_and_a_year_without_is_empty(office: Office) -> None:
    office.file()
    with office.working() as work:
        row = work.session.scalars(select(LedgerRow)).one()
        values = {c.name: getattr(row, c.key) for c in LedgerRow.__table__.columns}
        inquiry = work.session.get_one(Inquiry, row.inquiry_id)
        copy = {c.name: getattr(inquiry, c.key) for c in Inquiry.__table__.columns}
        for year in (2024, 2019):
            one = new_id()
            work.session.execute(
                insert(Inquiry),
                [copy | {"id": one, "number": f"{year}000000000", "tracking_hash": f"{year:064d}"}],
            )
            work.session.execute(
                insert(LedgerRow), [values | {"id": new_id(), "inquiry_id": one, "year": year}]
            )
    with office.looking() as work:
        assert ledger_years(work, book(work, office)) == [2026, 2024, 2019]
        empty = book(work, office, year=2020)
        page = ledger_page(work, empty, None)
        assert (page["items"], page["next_cursor"], page["totals"]["counted"]) == ([], None, 0)
        assert page["totals"]["channel"] == dict.fromkeys((channel.value for channel in Channel), 0)
        assert list(ledger_lines(work, empty)) == []
        assert page["totals"]["category"] == dict.fromkeys((category.value for category in Category), 0)
