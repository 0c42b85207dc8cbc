"""Cells of imported tables: what they say, and every mistake with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.imports import Column, Findings, Row, TableKind, read_moment, rows_of, ticked_word
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Category, Channel, Grade

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=SHANGHAI)
NAME, KIND = Column("姓名", True), Column("种类", False)
TABLE = TableKind("人", (NAME, KIND), 3)


@dataclass
class Sheet:
    name: str
    rows: list[list[object]]
    merged: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def height(self) -> int:
        return len(self.rows)


def row(**cells: object) -> Row:
    return Row("人", 5, cells, frozenset(), Findings())


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (datetime.fromisoformat("2025-03-01T09:30"), "2025-03-01 09:30"),
        (date(2025, 3, 1), "2025-03-01 00:00"),
        (45717.0, "2025-03-01 00:00"),
        (45717.395833333336, "2025-03-01 09:30"),
        ("45717", "2025-03-01 00:00"),
        ("2025-03-01", "2025-03-01 00:00"),
        ("2025/3/1 9:30", "2025-03-01 09:30"),
        ("2025.3.1", "2025-03-01 00:00"),
        ("2025年3月1日", "2025-03-01 00:00"),
        (" 2025年3月1日 9时30分 ", "2025-03-01 09:30"),
        ("2025年3月1日（周六）09:30", "2025-03-01 09:30"),
        ("2025-03-01T09:30:15", "2025-03-01 09:30"),
        ("2025-02-30", None),
        ("去年春天", None),
        ("", None),
        (True, None),
        (0, None),
        (1e9, None),
    ],
)
def test_dates_of_the_program_as_numbers_and_as_texts(value, moment):
    read = read_moment(value)
    assert (f"{read:%Y-%m-%d %H:%M}" if read else None) == moment


@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")))
def test_a_date_written_out_is_read_back(moment):
    said = f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}:{moment.minute:02d}"
    read = read_moment(said)
    assert read is not None
    assert read.replace(tzinfo=None) == moment.replace(second=0, microsecond=0)


@given(st.text())
def test_no_text_breaks_the_reader(said):
    read_moment(said)
    ticked_word(said, Channel)


@pytest.mark.parametrize(
    ("said", "kind", "word"),
    [
        ("来电☑ 来访□ 来信□", Channel, Channel.CALL),
        ("□来电 ☑来访 □来信", Channel, Channel.VISIT),
        ("来电□来访√来信□", Channel, Channel.VISIT),
        ("满意 ■ 一般 □ 不满意 □", Grade, Grade.SATISFIED),
        ("满意□ 一般□ 不满意☑", Grade, Grade.DISSATISFIED),
        ("来电□ 来访□", Channel, None),
        ("来电☑ 来访☑", Channel, None),
        ("咨询", Category, None),
    ],
)
def test_boxes_ticked_as_on_the_printed_form(said, kind, word):
    assert ticked_word(said, kind) is word


def test_a_word_is_taken_by_its_label_and_anything_else_names_the_choices():
    assert row(首问方式="来电").word(Column("首问方式"), Channel) is Channel.CALL
    wrong = row(首问方式="打电话")
    assert wrong.word(Column("首问方式"), Channel) is None
    assert "来电、来访" in wrong.findings.problems[0].told()


def test_a_phone_typed_as_a_number_is_a_phone():
    assert row(电话=13800138000.0).text(Column("电话")) == "13800138000"


@pytest.mark.parametrize(
    ("value", "text"),
    [("x" * 201, "太长"), ("甲\x00乙", "不能保存"), (None, "不能空着"), ("   ", "不能空着")],
)
def test_what_cannot_be_taken_says_so_at_its_place(value, text):
    bad = row(姓名=value)
    assert bad.text(NAME) is None
    [problem] = bad.findings.problems
    assert text in problem.text
    assert problem.told().startswith("“人”第 5 行“姓名”：")


def test_an_empty_place_below_a_merged_cell_says_what_to_do():
    bad = Row("人", 5, {"姓名": None}, frozenset({"姓名"}), Findings())
    bad.text(NAME)
    assert "取消合并" in bad.findings.problems[0].text


@pytest.mark.parametrize(
    ("value", "text"),
    [(NOW + timedelta(hours=1), "晚于现在"), ("1999-12-31", "太早"), ("昨天", "看不懂")],
)
def test_a_day_is_no_later_than_now_and_can_be_read(value, text):
    value = value.replace(tzinfo=None) if isinstance(value, datetime) else value
    bad = row(受理时间=value)
    assert bad.moment(Column("受理时间", True), NOW) is None
    assert text in bad.findings.problems[0].text


def test_the_headings_may_stand_below_a_title_and_carry_a_star():
    findings = Findings()
    sheet = Sheet(
        "人",
        [
            ["二〇二五年名册"],
            [None, "姓 名*", "种类"],
            [None, "王敏", "甲"],
            [None, None, None],
            [None, "李强", None],
        ],
    )
    rows = list(rows_of([sheet], TABLE, findings, needed=True))
    assert [(one.number, one.text(NAME)) for one in rows] == [(3, "王敏"), (5, "李强")]
    assert findings.count == 0


@pytest.mark.parametrize(
    ("sheets", "text"),
    [
        ([], "没有这张工作表"),
        ([Sheet("人", [["种类"], ["甲"]])], "没有找到表头"),
        ([Sheet("人", [["姓名"], *[["王敏"]] * 4])], "一次最多 3 行"),
    ],
)
def test_a_sheet_that_is_missing_nameless_or_too_long_is_told_of(sheets, text):
    findings = Findings()
    assert list(rows_of(sheets, TABLE, findings, needed=True)) == []
    assert text in findings.problems[0].text


def test_of_very_many_mistakes_only_some_are_kept_and_all_are_counted():
    findings = Findings()
    for number in range(1200):
        findings.add("人", number, "姓名", "不能空着。")
    assert (findings.count, len(findings.problems)) == (1200, 500)
