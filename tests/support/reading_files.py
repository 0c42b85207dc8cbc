"""Files the office gave out, opened by readers that know nothing of their writers."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pypdfium2
from lxml import etree


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


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class WordFile:
    """A Word file as its format says, from the archive's own XML: python-docx would be its maker reading itself.

    `paragraphs` of the body outside tables; `tables` as rows of cells in the order they stand, a cell that goes on from
    the row above with what stands there; `headers` of the pages. Every part must be well-formed.
    """

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            parts = {
                name: etree.fromstring(archive.read(name))
                for name in archive.namelist()
                if name.endswith((".xml", ".rels"))
            }
        body = parts["word/document.xml"].find(f"{_W}body")
        self.paragraphs = [_paragraph(one) for one in body.findall(f"{_W}p")]
        self.tables = [_table(one) for one in body.findall(f"{_W}tbl")]
        targets = {one.get("Id"): one.get("Target") for one in parts["word/_rels/document.xml.rels"]}
        named = [targets[one.get(f"{_R}id")] for one in body.iter(f"{_W}headerReference")]
        self.headers = ["\n".join(map(_paragraph, parts[f"word/{name}"].iter(f"{_W}p"))) for name in named]


def _table(table: Any) -> list[list[str]]:
    rows: list[list[str]] = []
    above: dict[int, str] = {}
    for row in table.findall(f"{_W}tr"):
        cells, column = [], 0
        for cell in row.findall(f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            words = above[column] if goes_on else "\n".join(map(_paragraph, cell.findall(f"{_W}p")))
            above[column] = words
            cells.append(words)
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            column += int(span.get(f"{_W}val")) if span is not None else 1
        rows.append(cells)
    return rows


def _paragraph(paragraph: Any) -> str:
    written = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t"}
    runs = (one for run in paragraph.iter(f"{_W}r") for one in run)
    return "".join(one.text or "" if one.tag == f"{_W}t" else written.get(one.tag, "") for one in runs)


def word_forms(data: bytes) -> list[list[list[str]]]:
    """The tables of a Word file as rows of cells."""
    return WordFile(data).tables
