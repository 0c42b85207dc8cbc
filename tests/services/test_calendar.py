from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from backend.database import READER, db, reading, unit_of_work
from backend.models import CalendarDayRow
from backend.services.calendar import (
    CalendarInvalid,
    OfficialDay,
    load_calendar,
    read_calendar_csv,
    seed_calendar,
    working_calendar,
)
from tests.support.databases import bare_app
from tests.support.rows import DAY, NOW

NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
HOLIDAYS_2027 = [
    OfficialDay(date(2027, 1, 1), False, "元旦"),
    OfficialDay(date(2027, 5, 1), False, "劳动节"),
    OfficialDay(date(2027, 10, 1), False, "国庆节"),
    OfficialDay(date(2027, 10, 9), True, "调休"),
]


@pytest.fixture
def app(database_url, tmp_path):
    with bare_app(database_url, tmp_path) as app, app.app_context():
        yield app


def seed(years=(2026,), now=NOW):
    with unit_of_work() as session:
        return seed_calendar(session, now, years)


def load(rows=HOLIDAYS_2027, source=NOTICE, now=NOW):
    with unit_of_work() as session:
        return load_calendar(session, now, rows, source)


def stored(day):
    with reading() as session:
        return session.get(CalendarDayRow, day)


def current():
    with reading() as session:
        return working_calendar(session)


@pytest.mark.parametrize(
    ("day", "is_workday", "note"),
    [
        (date(2026, 1, 1), False, "元旦"),
        (date(2026, 2, 17), False, "春节"),
        (date(2026, 4, 6), False, "清明节"),
        (date(2026, 5, 1), False, "劳动节"),
        (date(2026, 6, 19), False, "端午节"),
        (date(2026, 9, 25), False, "中秋节"),
        (date(2026, 10, 7), False, "国庆节"),
        (date(2026, 10, 10), True, "调休"),
        (date(2026, 11, 24), True, ""),
        (date(2026, 11, 28), False, ""),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_seeded_days_are_those_of_the_official_notice(app, day, is_workday, note):
    seed()
    row = stored(day)
    assert (row.is_workday, row.note) == (is_workday, note)
    assert row.source.startswith("chinesecalendar ")
    assert row.source.endswith("（国务院办公厅放假通知）")


def test_seeding_fills_each_year_once_from_2019_to_the_last_one_known(app):
    assert seed(None)[0] == 2019
    assert seed(None) == []
    assert stored(date(2019, 1, 1)) is not None
    assert stored(date(2018, 12, 31)) is None
    assert stored(date(2027, 1, 1)) is None


def test_seeding_leaves_a_year_alone_that_an_office_loaded(app):
    rows = [day._replace(day=day.day.replace(year=2026)) for day in HOLIDAYS_2027]
    load(rows)
    assert seed((2025, 2026)) == [2025]
    assert stored(date(2026, 5, 1)).source == NOTICE


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_year_the_library_does_not_know_is_refused(app):
    with pytest.raises(CalendarInvalid, match="只有"):
        seed((2099,))


def test_a_notice_replaces_its_year_and_no_other(app):
    seed()
    assert load() == 2027
    shorter = [day for day in HOLIDAYS_2027 if day.note != "调休"]
    load(shorter, "更正的通知", NOW + DAY)
    assert not stored(date(2027, 10, 9)).is_workday
    with reading() as session:
        of_2027 = select(CalendarDayRow.source).where(CalendarDayRow.day >= date(2027, 1, 1))
        assert session.scalars(of_2027).all() == ["更正的通知"] * 365
    assert stored(date(2026, 10, 10)).is_workday


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_day_the_notice_does_not_name_is_an_ordinary_one(app):
    load()
    assert stored(date(2027, 3, 1)).is_workday
    assert not stored(date(2027, 3, 6)).is_workday
    assert stored(date(2027, 10, 9)).note == "调休"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([], "没有日期"),
        ([*HOLIDAYS_2027, HOLIDAYS_2027[0]], "出现了两次"),
        ([*HOLIDAYS_2027, OfficialDay(date(2028, 1, 1), False)], "一次只能载入一年"),
        ([day._replace(day=day.day.replace(year=1999)) for day in HOLIDAYS_2027], "2000 年到 2100 年"),
        (HOLIDAYS_2027[1:], "1 月 1 日不是放假"),
        ([*HOLIDAYS_2027[:2], OfficialDay(date(2027, 10, 1), True)], "10 月 1 日不是放假"),
        ([*HOLIDAYS_2027, OfficialDay(date(2027, 6, 9), False, "端" * 81)], "最多 80 个字"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_and_changes_nothing(app, rows, complaint):
    seed()
    with pytest.raises(CalendarInvalid, match=complaint):
        load(rows)
    with reading() as session:
        assert len(session.scalars(select(CalendarDayRow.day)).all()) == 365


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("source", ["", "通" * 81])
def test_a_notice_needs_its_name(app, source):
    with pytest.raises(CalendarInvalid, match="来源"):
        load(source=source)


def test_a_csv_file_is_read_with_blank_lines_and_either_way_of_saying_yes():
    lines = [
        "date,is_workday,note\n",
        "2027-01-01,0,元旦\n",
        "\n",
        "2027-10-09,是,调休\n",
        " 2027-03-01 , True ,\n",
    ]
    assert read_calendar_csv(lines) == [
        OfficialDay(date(2027, 1, 1), False, "元旦"),
        OfficialDay(date(2027, 10, 9), True, "调休"),
        OfficialDay(date(2027, 3, 1), True, ""),
    ]


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([], "第 1 行"),
        (["日期,上班,说明\n"], "第 1 行"),
        (["date,is_workday,note\n", "2027-01-01,0\n"], "第 2 行要有 3 列"),
        (["date,is_workday,note\n", "2027-01-01,0,元旦\n", "2027年1月2日,0,\n"], "第 3 行的日期"),
        (["date,is_workday,note\n", "2027-02-30,0,\n"], "第 2 行的日期"),
        (["date,is_workday,note\n", "2027-01-01,休,元旦\n"], "第 2 行的 is_workday"),
    ],
)
def test_a_csv_file_that_cannot_be_read_names_the_line(lines, complaint):
    with pytest.raises(CalendarInvalid, match=complaint):
        read_calendar_csv(lines)


def test_the_table_counts_with_the_stored_days(app):
    seed()
    due = current().add_working_days(date(2026, 9, 30), 2)
    assert (due.day, due.provisional) == (date(2026, 10, 9), False)
    assert current().add_working_days(date(2026, 12, 31), 1).provisional


def test_without_rows_every_answer_is_provisional(app):
    assert current().add_working_days(date(2026, 11, 24), 2).provisional


def test_one_query_tells_that_the_table_at_hand_is_still_good(app):
    seed()
    first = current()
    statements = []

    def note(*details):
        statements.append(details[2])

    event.listen(db.engines[READER], "before_cursor_execute", note)
    assert current() is first
    event.remove(db.engines[READER], "before_cursor_execute", note)
    assert [line for line in statements if line.startswith("SELECT")] == statements[-1:]


def test_a_load_shows_at_once_even_when_the_clock_stands_still(app):
    load(now=NOW)
    assert current().is_workday(date(2027, 10, 9))
    other = [*HOLIDAYS_2027[:3], OfficialDay(date(2027, 10, 9), False, "国庆节")]
    load(other, now=NOW)
    assert not current().is_workday(date(2027, 10, 9))
    load(now=NOW - timedelta(days=1))
    assert current().is_workday(date(2027, 10, 9))


def test_a_load_that_is_undone_leaves_the_table_as_it_was(app):
    def load_in_vain():
        with unit_of_work() as session:
            load_calendar(session, NOW, HOLIDAYS_2027[:3], "更正的通知")
            assert not working_calendar(session).is_workday(date(2027, 10, 9))
            raise ZeroDivisionError

    load()
    with pytest.raises(ZeroDivisionError):
        load_in_vain()
    assert current().is_workday(date(2027, 10, 9))


def test_threads_asking_at_once_share_one_table(app):
    seed()
    together = threading.Barrier(4)

    def ask():
        with app.app_context():
            together.wait()
            return current()

    with ThreadPoolExecutor(4) as pool:
        tables = [done.result() for done in [pool.submit(ask) for _ in range(4)]]
    assert len({id(table) for table in tables}) == 1
