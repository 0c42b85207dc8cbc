"""Empty tables to be filled in: the headings, lists to choose from, and a sheet that says how. Written by XlsxWriter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from backend.domain.import_tables import LEDGER, ORGANISATION
from backend.domain.imports import TableKind

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GUIDE = "填写说明"
_COMMON = (
    "一行一条，从表头下面一行开始；带 * 的必须填，其余可以空着。",
    "不要合并单元格，不要改表头和工作表的名字；多余的列不读。",
    "公式按结果读取。日期写成 2025-03-01 09:30 或者 2025年3月1日都可以。",
    "上传以后先检查，所有错误一次列出；没有错误、确认以后才导入，有一处不对就什么都不导入。",
    "同一个文件再传一次，已经有的不会重复。",
)
_OF = {
    "organisation": (
        "单位、科室、人员、岗位分四张表，用不着的表可以空着。单位和科室要先有，或者写在同一个文件里。",
        "新建的人都是本科室的工作人员。首问责任岗、总岗等角色随“岗位”表的责任人走。",
        "每个人的初始密码在导入以后一次给出，本人第一次登录要换成自己的。",
    ),
    "ledger": (
        "栏目和用语与《首问责任制工作台账（样表）》相同，一件事一行。首问方式、首问类别等也可以照样表打钩，例如：来电☑ 来访□。",
        "都标“补录”和“导入”。办结的写办结时间和具体办理情况；没有办结的从受理时间起算时限，可能已经超期。",
        "首问责任人离开的也要在系统里有账号（可以是停用的），办结了的可以空着；没有办结的写本单位在岗的人。写法不对的电话、没有回访时间的满意度记在备注里。",
    ),
}


def template_of(kind: str) -> bytes:
    """The template of an import: `organisation` or `ledger`."""
    import xlsxwriter  # type: ignore[import-untyped]

    tables: Sequence[TableKind] = ORGANISATION if kind == "organisation" else (LEDGER,)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "head": book.add_format({"bold": True, "bg_color": "#F3F1EC", "border": 1, "text_wrap": True}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
        }
        _guide(book, styles, kind, tables)
        for table in tables:
            _table(book, styles, table)
    return file.getvalue()


def _guide(book: Any, styles: dict[str, Any], kind: str, tables: Sequence[TableKind]) -> None:
    sheet = book.add_worksheet(_GUIDE)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 80)
    sheet.write_string(0, 0, "怎么填写", styles["title"])
    line = 1
    for words in (*_COMMON, *_OF[kind]):
        sheet.write_string(line, 0, words)
        line += 1
    for table in tables:
        line += 1
        sheet.write_string(line, 0, f"“{table.name}”表，一次最多 {table.most:,} 行", styles["title"])
        for column in table.columns:
            line += 1
            said = [column.hint] if column.hint else []
            if column.words:
                said.append("可选：" + "、".join(column.words))
            sheet.write_string(line, 0, column.label)
            sheet.write_string(line, 1, "必填" if column.required else "可不填")
            sheet.write_string(line, 2, "；".join(said), styles["wrap"])
        line += 1


def _table(book: Any, styles: dict[str, Any], table: TableKind) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        width = 40 if column.is_long else max(14, 2 * len(column.label) + 4)
        sheet.set_column(place, place, width, styles["text"])
        sheet.write_string(0, place, column.label + ("*" if column.required else ""), styles["head"])
        if column.words:
            sheet.data_validation(
                1,
                place,
                table.most,
                place,
                {
                    "validate": "list",
                    "source": list(column.words),
                    # Ticked as on the printed form is taken too.
                    "error_type": "warning",
                    "error_title": "不在可选的里面",
                    "error_message": "请从列表里选。",
                },
            )
    if table.name in {"单位", "台账"}:
        sheet.activate()
