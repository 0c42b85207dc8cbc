"""The workbook that is written as it is read, opened again by two readers that know nothing of its writer."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from backend.exports import sheets
from backend.exports.sheets import Sheet, SheetColumn, column_name, workbook

SHEET = Sheet("台账", "题目", ("说明",), (SheetColumn("甲", 10), SheetColumn("乙", 20.5)))
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", " =1", "\u00a0=1", "\u3000=1",
    '=HYPERLINK("http://x.example","点")', "=cmd|' /C calc'!A0", "第一行\n=1+1", "\ufeff=1",
]  # fmt: skip


def made(rows, sheet=SHEET, **options):
    return b"".join(workbook(sheet, rows, **options))


def reopened(data):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_looks_like_a_formula_is_a_text_for_every_reader(text):
    data = made([[text, "其他"]])
    cell = reopened(data)["A4"]
    assert (cell.data_type, unescape(cell.value)) == ("s", text)
    # Also once somebody opens the cell to edit it and leaves it again.
    assert cell.quotePrefix == (not text.startswith("第"))
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[3][0] == text
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "text",
    [
        "<b>&amp;",
        "_x0041_",
        "_x000D_",
        "第一行\r\n第二行",
        "  前后空格  ",
        "😀𠮷 \u200d",
        "\x07响铃",
        "]]>",
        "'",
        "\t",
    ],
)
def test_a_text_comes_back_as_it_was_written(text):
    data = made([[text, "其他"]])
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[3][0] == text
    if "_x" not in text:
        # openpyxl leaves the format's escape of control characters and of what looks like one to whoever reads on.
        shown = reopened(data)["A4"].value
        assert unescape(shown).replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_times_are_real_times_of_beijing_and_numbers_numbers():
    data = made([[datetime(2026, 11, 24, 2, 30, tzinfo=UTC), 7], [None, None]])
    moment, number = reopened(data)["A4"], reopened(data)["B4"]
    assert moment.value == datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001 - cells have no zone
    assert (moment.number_format, number.value, number.data_type) == ("yyyy\\-mm\\-dd\\ hh:mm", 7, "n")
    assert (
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[3][0]
        == moment.value
    )


def test_title_notes_and_headings_stay_in_view_and_the_page_is_set_up():
    sheet = reopened(
        made([["一", "二"]], Sheet("台账", "题目", ("一行", "两行"), SHEET.columns, mark="甲 & 乙"))
    )
    assert [sheet[f"A{n}"].value for n in (1, 2, 3, 4)] == ["题目", "一行", "两行", "甲"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:B5")
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.column_dimensions["B"].width == 20.5
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.oddHeader.center.text == "甲 && 乙"
    assert sorted(str(area) for area in sheet.merged_cells.ranges) == ["A1:B1", "A2:B2", "A3:B3"]


def test_a_sheet_without_a_row_opens_too():
    assert reopened(made([])).max_row == 3


def test_beyond_what_a_sheet_holds_another_one_begins():
    book = openpyxl.load_workbook(io.BytesIO(made(([str(n), ""] for n in range(7)), most=3)))
    assert book.sheetnames == ["台账", "台账2", "台账3"]
    assert [sheet.max_row - 3 for sheet in book] == [3, 3, 1]
    assert book["台账3"]["A4"].value == "6"


def test_a_text_no_cell_holds_is_not_cut_in_silence():
    made([["汉" * sheets.LONGEST_CELL, ""]])
    with pytest.raises(ValueError, match="A4"):
        made([["😀" * (sheets.LONGEST_CELL // 2 + 1), ""]])


def test_the_same_rows_make_the_same_bytes():
    rows = [["一", datetime(2026, 1, 1, tzinfo=UTC)]]
    assert made(rows) == made(rows)


def test_rows_are_written_before_the_last_one_is_read():
    read = []

    def rows():
        for number in range(20_000):
            read.append(number)
            yield [f"{number * 7919} 号来访咨询", "答复"]

    first = next(workbook(SHEET, rows()))
    assert len(first) >= sheets.CHUNK
    assert len(read) < 15_000


def test_columns_are_named_like_a_spreadsheet_names_them():
    assert [column_name(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]
