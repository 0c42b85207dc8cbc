"""Workbooks as offices fill them in, and as nobody should."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

UNITS = ["单位全称*", "上级单位*", "机关种类*", "适用办法*", "下班时间", "地址", "投诉举报电话"]
SECTIONS = ["单位*", "科室*", "种类*", "专门科室"]
STAFF = ["单位*", "科室", "姓名*", "用户名*", "用工性质*", "手机", "科室负责人", "主要领导", "分管科室"]
POSTS = ["单位*", "岗位*", "科室", "位置", "电话", "责任人*", "替岗", "第二替岗"]
LEDGER = [
    "科（股）室", "受理时间", "首问责任人", "服务对象", "联系方式", "首问方式", "首问类别", "首问内容", "办理情况",
    "具体办理情况", "办结时间", "回访时间", "群众满意度", "科室负责人意见", "分管领导意见", "备注",
]  # fmt: skip

Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows], *, merged: str = "") -> bytes:
    """An xlsx file with these sheets; `merged` joins cells of the first one, e.g. `B2:B3`."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(line, place, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(line, place, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(line, place, cell)
                    elif cell is not None:
                        sheet.write(line, place, cell)
            if merged and not number:
                sheet.merge_range(merged, "合并的")
    return file.getvalue()


def ledger(*rows: Mapping[str, Any]) -> bytes:
    """A ledger with these rows by heading."""
    return workbook({"台账": [LEDGER, *([row.get(label) for label in LEDGER] for row in rows)]})
