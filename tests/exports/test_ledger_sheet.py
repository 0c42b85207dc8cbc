"""The ledger as a sheet: 附件2's fields in order, one row a line."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl

from backend.exports.copies import full_copy, masked_copy
from backend.exports.ledger_sheet import ledger_rows, ledger_sheet
from backend.exports.sheets import workbook
from tests.exports.lines import COVER, line

MASKED = masked_copy("周九", "2026年11月29日 10:00")
FIELDS = [
    "受理时间", "首问责任人", "服务对象", "联系方式", "首问方式", "首问类别", "首问内容", "办理情况", "具体办理情况",
    "办结时间", "回访时间", "群众满意度", "科室负责人意见", "分管领导意见", "备注",
]  # fmt: skip


def sheet_of(lines, copy=MASKED, cover=COVER):
    data = b"".join(workbook(ledger_sheet(cover, copy), ledger_rows(lines)))
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def row_of(sheet, number=5):
    return {sheet.cell(4, n).value: sheet.cell(number, n).value for n in range(1, sheet.max_column + 1)}


def test_the_forms_fields_come_first_in_its_order_and_wording():
    sheet = sheet_of([line()])
    assert [sheet.cell(4, n).value for n in range(1, 16)] == FIELDS
    assert sheet.title == "分台账2026"
    assert sheet["A1"].value == "泸州市示例局首问责任制工作台账"
    assert sheet["A2"].value == "综合科　首问责任岗：张三　2026 年"
    assert sheet["A3"].value == "姓名、电话已遮盖。周九 2026年11月29日 10:00 导出"


def test_a_line_is_one_row_with_the_ticked_boxes_as_words():
    row = row_of(sheet_of([line()]))
    assert row["受理时间"] == datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001 - cells have no zone
    assert (row["首问方式"], row["首问类别"], row["办理情况"]) == ("来访", "咨询事项", "转交其他科室办理")
    assert (row["首问责任人"], row["服务对象"], row["联系方式"]) == ("李四", "王**", "138****1234")
    assert row["具体办理情况"].endswith("三个工作日办结。")
    assert (row["群众满意度"], row["科室负责人意见"]) == ("一般", "同意\n钱七 2026年11月28日")
    assert (row["编号"], row["台账行"], row["是否计数"], row["是否补录"]) == (
        "2026-ABCD-EFGH-X",
        "首问",
        None,
        None,
    )
    assert row["科（股）室"] == "综合科"


def test_continued_lines_and_late_entries_say_so():
    row = row_of(sheet_of([line(counted=False, kind_label="承接", late_entry=True)]))
    assert (row["台账行"], row["是否计数"], row["是否补录"]) == ("承接", "不计数", "补录")


def test_another_systems_limit_stands_beside_its_number_and_in_no_field_of_the_form():
    outside = {"number": "HX-001", "due_at": "2026-11-20T17:00:00+08:00"}
    row = row_of(sheet_of([line(external=outside)]))
    assert row["其他系统编号"] == "HX-001"
    assert row["其他系统交办的期限"] == datetime(2026, 11, 20, 17, 0)  # noqa: DTZ001 - cells have no zone
    assert row_of(sheet_of([line(external=outside | {"due_at": None})]))["其他系统交办的期限"] is None
    assert row_of(sheet_of([line()]))["其他系统交办的期限"] is None


def test_a_confidential_grade_stands_in_no_copy_of_a_section():
    row = row_of(sheet_of([line(grade=None, grade_note="已评价（保密）")]))
    assert row["群众满意度"] == "已评价（保密）"
    assert row_of(sheet_of([line(grade=None, grade_note="未评价")]))["群众满意度"] is None


def test_the_ledger_of_a_tan_unit_says_that_the_system_provides_it():
    sheet = sheet_of([], cover=COVER | {"label": "本系统提供", "section": None, "post": None})
    assert sheet["A2"].value == "分台账　首问责任总岗：　2026 年"
    assert sheet["A3"].value.startswith("本系统提供　")


def test_a_copy_with_names_says_on_every_page_who_when_why_and_by_whose_leave():
    copy = full_copy("周九", "2026年11月29日 10:00", "配合核查", "吴十")
    sheet = sheet_of([line()], copy)
    mark = "周九 2026年11月29日 10:00 导出；批准人：吴十；事由：配合核查"
    assert sheet.oddHeader.center.text == mark
    assert sheet["A3"].value == f"含姓名、电话，按审批导出，不得外传。{mark}"


def test_a_long_reason_is_what_is_cut_of_the_mark_in_the_head_of_a_page():
    copy = full_copy("周九", "2026年11月29日 10:00", "事&\uffff" * 66, "吴十")
    said = sheet_of([line()], copy).oddHeader.center.text
    assert said.startswith("周九 2026年11月29日 10:00 导出；批准人：吴十；事由：事")
    assert said.endswith("…")
    assert len("&C") + len(said) <= 255


def test_a_text_longer_than_a_cell_goes_on_in_the_next_row():
    long = "答复" * 40_000
    sheet = sheet_of([line(handling=long), line(content="下一件")])
    rows = [row_of(sheet, number) for number in range(5, sheet.max_row + 1)]
    kinds = [row["台账行"] for row in rows]
    assert kinds == ["首问", *["接上行"] * (len(kinds) - 2), "首问"]
    assert "".join(row["具体办理情况"] for row in rows[:-1]) == long
    assert rows[-1]["首问内容"] == "下一件"
