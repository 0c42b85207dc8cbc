"""The ledger as a sheet: the fields of 附件2 in their order and wording, one row for each line.

Of a field with boxes the ticked one stands as a word, so that an office can filter and count by it. After the form's own
fields come the columns that tell lines apart: which line of the ledger it is, and the inquiry's number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from backend.domain.import_tables import GOES_ON, LEDGER_LINE
from backend.domain.ledger_form import COLUMNS, CONFIDENTIAL, DETAILS, LATE_ENTRY
from backend.domain.times import local
from backend.domain.vocabulary import PostKind
from backend.exports.copies import Copy
from backend.exports.sheets import LONGEST_CELL, Cell, Sheet, SheetColumn, units

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WIDTHS = {
    "received_at": 17.0, "first_responder": 12.0, "citizen": 16.0, "contact": 15.0, "channel": 11.0, "category": 11.0,
    "content": 40.0, "disposition": 18.0, "closed_at": 17.0, "followed_up_at": 17.0, "grade": 13.0,
    "section_head_opinion": 24.0, "deputy_leader_opinion": 24.0, "remark": 30.0,
}  # fmt: skip
_BESIDE = (
    SheetColumn("编号", 16.0),
    SheetColumn(LEDGER_LINE, 12.0),
    SheetColumn("是否计数", 10.0),
    SheetColumn("是否补录", 10.0),
    SheetColumn("科（股）室", 18.0),
    SheetColumn("其他系统编号", 18.0),
    SheetColumn("其他系统交办的期限", 18.0),
)


def ledger_sheet(cover: Mapping[str, Any], copy: Copy) -> Sheet:
    """What stands around the rows: the cover's words on top, then how this copy came about."""
    about = [copy.label] if cover["label"] is None else [cover["label"], copy.label]
    return Sheet(
        name=f"{cover['scope_label']}{cover['year']}",
        title=cover["title"],
        notes=("　".join(cover_words(cover)), "　".join(about)),
        columns=tuple(_columns()),
        mark=copy.mark,
    )


def cover_words(cover: Mapping[str, Any]) -> list[str]:
    """What the cover says below the title: the section, the post and who holds it, the year."""
    section = cover["section"]
    return [section["name"] if section else cover["scope_label"], post_words(cover), f"{cover['year']} 年"]


def post_words(cover: Mapping[str, Any]) -> str:
    """The post and who holds it; where there is none yet the form's own line, to be filled in by hand."""
    post = cover["post"]
    if post is None:
        return f"{(PostKind.SECTION if cover['section'] else PostKind.GENERAL).label}："
    return f"{post['label']}：{post['holder_name'] or '（暂缺）'}"


def ledger_rows(lines: Iterable[Mapping[str, Any]]) -> Iterator[list[Cell]]:
    """The rows, in the order of the lines. A text too long for a cell goes on below."""
    for line in lines:
        row = _row(line)
        yield [_first(cell) for cell in row]
        rest = [_rest(cell) for cell in row]
        while any(rest):
            rest[_KIND] = GOES_ON
            yield [_first(cell) for cell in rest]
            rest = [_rest(cell) for cell in rest]


def _columns() -> Iterator[SheetColumn]:
    for column in COLUMNS:
        yield SheetColumn(column.label, _WIDTHS[column.id])
        if column.id == "disposition":
            yield SheetColumn(DETAILS, 40.0)
    yield from _BESIDE


_KIND = len(COLUMNS) + 1 + 1
"""Where 台账行 stands: after the form's fields, 具体办理情况 and the number."""


def _row(line: Mapping[str, Any]) -> list[Cell]:
    first, section = line["first_responder"], line["section"]
    external = line["external"]
    return [
        datetime.fromisoformat(line["received_at"]),
        first["name"] if first else None,
        line["citizen"]["text"],
        line["contact"],
        line["channel_label"],
        line["category_label"],
        line["content"],
        line["disposition_label"],
        line["handling"],
        _moment(line["closed_at"]),
        _moment(line["followed_up_at"]),
        # 未评价 and the like stand in 备注; 已评价（保密） where the box would be, so that nobody asks again.
        line["grade_label"] or (CONFIDENTIAL if line["grade_note"] == CONFIDENTIAL else None),
        opinion_text(line["section_head_opinion"]),
        opinion_text(line["deputy_leader_opinion"]),
        line["remark"],
        line["display_number"],
        line["kind_label"],
        None if line["counted"] else "不计数",
        LATE_ENTRY if line["late_entry"] else None,
        section["name"] if section else None,
        external["number"] if external else None,
        _moment(external["due_at"]) if external else None,
    ]


def opinion_text(opinion: Mapping[str, Any] | None) -> str | None:
    """What somebody wrote, and below who and on which day; what an old ledger had there as it stood."""
    if opinion is None:
        return None
    if opinion["by"] is None:
        return str(opinion["text"])
    day = local(datetime.fromisoformat(opinion["at"]))
    return f"{opinion['text'] or ''}\n{opinion['by']} {day.year}年{day.month}月{day.day}日".strip()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _first(cell: Cell) -> Cell:
    return cell[: _cut(cell)] if isinstance(cell, str) else cell


def _rest(cell: Cell) -> str:
    return cell[_cut(cell) :] if isinstance(cell, str) else ""


def _cut(text: str) -> int:
    """Where a text is cut so that its head fits into a cell: at the end, for nearly every one."""
    if len(text) <= LONGEST_CELL // 2 or units(text) <= LONGEST_CELL:
        return len(text)
    # No character takes more than two units, and an escape of the format none of its own.
    return LONGEST_CELL // 2
