"""Workbooks are read in a process of their own: what an office sends, and what nobody should."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from backend.domain.import_tables import LONGEST_DETAILS
from backend.spreadsheets.apart import read_workbook
from backend.spreadsheets.templates import template_of
from backend.spreadsheets.terms import LONGEST_CELL, MOST_BYTES, TOO_COMPLEX, UNREADABLE, WorkbookRefused
from tests.support.workbooks import workbook


def refused(data: bytes) -> str:
    with pytest.raises(WorkbookRefused) as error:
        read_workbook(data, most_rows=10)
    return error.value.code


def test_cells_come_as_what_they_mean():
    rows = [
        ["名", None, 13800138000],
        [date(2025, 3, 1), datetime.fromisoformat("2025-03-01T09:30"), True],
        ["𠮷田「𪚥」", "=1+1", "  "],
    ]
    [sheet] = read_workbook(workbook({"表": rows}), most_rows=10)
    assert sheet.name == "表"
    assert sheet.height == 3
    assert sheet.rows[0] == ["名", None, 13800138000.0]
    assert sheet.rows[1] == [date(2025, 3, 1), datetime.fromisoformat("2025-03-01T09:30"), True]
    assert sheet.rows[2] == ["𠮷田「𪚥」", "=1+1", "  "]


def test_a_formula_is_read_as_its_result_and_never_run():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("表")
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, '=HYPERLINK("http://例子.cn","点我")', None, "点我")
        sheet.write_string(0, 2, "后")
    [read] = read_workbook(file.getvalue(), most_rows=10)
    assert read.rows[0] == [2.0, "点我", "后"]


def test_places_below_a_merged_cell_are_known():
    [sheet] = read_workbook(workbook({"表": [["头"], ["甲"], ["乙"]]}, merged="A2:B3"), most_rows=10)
    assert sheet.merged == {(2, 2), (3, 1), (3, 2)}


def test_only_as_many_rows_as_are_wanted_come_over_and_the_height_is_told():
    [sheet] = read_workbook(workbook({"表": [[n] for n in range(500)]}), most_rows=20)
    assert (len(sheet.rows), sheet.height) == (21, 500)


def test_hidden_sheets_are_left_out():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("看得见").write_string(0, 0, "甲")
        book.add_worksheet("藏起来").hide()
    assert [sheet.name for sheet in read_workbook(file.getvalue(), most_rows=5)] == ["看得见"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", UNREADABLE),
        (b"not a workbook", UNREADABLE),
        (b"PK\x03\x04 cut off", UNREADABLE),
        (workbook({"表": [["甲"]]})[:-200], UNREADABLE),
        (b"PK" + bytes(MOST_BYTES), TOO_COMPLEX),
    ],
    ids=["empty", "text", "cut", "shortened", "too many bytes"],
)
def test_a_broken_workbook_is_refused(data, code):
    assert refused(data) == code


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("readme.txt", "hello")
    assert refused(file.getvalue()) == UNREADABLE


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<x/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(400):
                sheet.write(b" " * 1024 * 1024)
    assert len(file.getvalue()) < 1024 * 1024
    assert refused(file.getvalue()) == TOO_COMPLEX


def test_broken_xml_inside_is_refused():
    file = io.BytesIO(workbook({"表": [["甲"]]}))
    broken = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data[: len(data) // 2] if name == "xl/workbook.xml" else data)
    assert refused(broken.getvalue()) == UNREADABLE


@pytest.mark.parametrize(
    ("kind", "names"),
    [("organisation", ["填写说明", "单位", "科室", "人员", "岗位"]), ("ledger", ["填写说明", "台账"])],
)
def test_the_templates_have_the_sheets_the_headings_and_lists_to_choose_from(kind, names):
    data = template_of(kind)
    sheets = read_workbook(data, most_rows=50)
    assert [sheet.name for sheet in sheets] == names
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        last = package.read(f"xl/worksheets/sheet{len(names)}.xml").decode()
    assert "<dataValidation " in last
    if kind == "ledger":
        headings = [str(cell).rstrip("*") for cell in sheets[1].rows[0]]
        assert headings == [
            "科（股）室", "受理时间", "首问责任人", "服务对象", "联系方式", "首问方式", "首问类别", "首问内容",
            "办理情况", "具体办理情况", "办结时间", "回访时间", "群众满意度", "科室负责人意见", "分管领导意见", "备注",
        ]  # fmt: skip


def test_no_cell_is_cut_that_a_column_would_take_as_it_is():
    assert LONGEST_CELL >= LONGEST_DETAILS
