"""Files the office gave out, opened by readers that know nothing of their writers."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import openpyxl
import pypdfium2


def sheet_rows(data: bytes) -> list[dict[str, Any]]:
    """The rows below the headings, by heading."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    heading = sheet.freeze_panes
    number = int(heading[1:]) - 1
    names = [cell.value for cell in sheet[number]]
    return [
        dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=number + 1, values_only=True)
    ]


def sheet_top(data: bytes) -> str:
    """What stands above the headings, and at the head of each page."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    words = [str(sheet.cell(row, 1).value) for row in range(1, int(sheet.freeze_panes[1:]) - 1)]
    return "\n".join([*words, sheet.oddHeader.center.text or ""])


def pdf_pages(data: bytes) -> list[str]:
    """The words of every page without spaces."""
    return [
        re.sub(r"[\s\u200b]", "", page.get_textpage().get_text_range())
        for page in pypdfium2.PdfDocument(data)
    ]


def word_forms(data: bytes) -> list[list[list[str]]]:
    """The tables of a Word file as rows of cells."""
    tables = docx.Document(io.BytesIO(data)).tables
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
