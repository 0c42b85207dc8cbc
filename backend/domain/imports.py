"""Tables that are imported: which columns a sheet has, and what its cells say. Everything wrong is told at once, by place.

A date may be a date of the program, a number of days as the program keeps dates, or a text; a text keeps every character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, TypeVar

from backend.domain.texts import TextEmpty, TextInvalid, TextTooLong, clean_text
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import Word

W = TypeVar("W", bound=Word)

MOST_TOLD = 500
"""So many mistakes are listed; of any more only how many."""
FIRST_DAY = datetime(1899, 12, 30, tzinfo=SHANGHAI)
"""Day 0 of the program's dates."""
EARLIEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)
_TICKED = re.compile("[√✓✔☑■●]")
_UNTICKED = re.compile("[□☐○]")
_DATE = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*"
    r"(?:[T（(]?[^0-9]*?(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*分?(?:[:：]\d{1,2})?)?\s*"
)
YES = frozenset({"是", "√", "✓", "✔", "☑", "有", "Y", "y", "1", "true", "True"})
NO = frozenset({"否", "×", "□", "无", "N", "n", "0", "false", "False"})


class Column(NamedTuple):
    """A column by its heading. `words` are all that may stand in it; `hint` says how it is filled in."""

    label: str
    required: bool = False
    words: tuple[str, ...] = ()
    hint: str = ""
    limit: int = 200
    is_long: bool = False


class TableKind(NamedTuple):
    """A sheet by its name; `most` is how many rows of it are taken at once, `beside` are headings that nobody fills in."""

    name: str
    columns: tuple[Column, ...]
    most: int
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake and where it is; `row` is that of the program, 0 for the sheet as a whole."""

    sheet: str
    row: int
    column: str
    text: str

    def told(self) -> str:
        place = f"“{self.sheet}”" + (f"第 {self.row} 行" if self.row else "")
        return f"{place}{f'“{self.column}”' if self.column else ''}：{self.text}"


@dataclass(slots=True)
class Findings:
    """Every mistake of a file."""

    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, sheet: str, row: int, column: str, text: str) -> None:
        self.count += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem(sheet, row, column, text))


class SheetLike(Protocol):
    """What a sheet has that was read."""

    @property
    def name(self) -> str: ...
    @property
    def rows(self) -> Sequence[Sequence[Any]]: ...
    @property
    def height(self) -> int: ...
    @property
    def merged(self) -> frozenset[tuple[int, int]]: ...


@dataclass(slots=True)
class Row:
    """One row under its headings. Reading a cell tells what is wrong with it and gives None."""

    sheet: str
    number: int
    cells: Mapping[str, Any]
    merged: frozenset[str]
    findings: Findings

    def wrong(self, column: str, text: str) -> None:
        self.findings.add(self.sheet, self.number, column, text)

    def text(self, column: Column) -> str | None:
        """The text of a cell, as it was written; white space around it is not part of it."""
        value = self.cells.get(column.label)
        said = _said(value)
        if not said.strip():
            if column.required:
                hint = (
                    "这里是合并单元格，请取消合并，每一行都写上。"
                    if column.label in self.merged
                    else "不能空着。"
                )
                self.wrong(column.label, hint)
            return None
        try:
            return clean_text(said.strip(), limit=column.limit, lines=column.is_long)
        except TextTooLong:
            self.wrong(column.label, f"太长，最多 {column.limit:,} 字。")
        except (TextInvalid, TextEmpty):
            self.wrong(column.label, "含有不能保存的字符，请重新输入。")
        return None

    def word(self, column: Column, kind: type[W]) -> W | None:
        """One word of a vocabulary, by its label; also ticked among all of them, as on the printed form."""
        said = self.text(column)
        if said is None:
            return None
        for word in kind:
            if said == word.label:
                return word
        ticked = ticked_word(said, kind)
        if ticked is None:
            self.wrong(
                column.label, f"“{said[:20]}”不在可选的里面：{'、'.join(word.label for word in kind)}。"
            )
        return ticked

    def flag(self, column: Column) -> bool:
        """是 or 否; nothing means 否."""
        said = self.text(column)
        if said is None or said in NO:
            return False
        if said not in YES:
            self.wrong(column.label, "只写“是”或者“否”。")
        return True

    def moment(self, column: Column, now: datetime) -> datetime | None:
        """A day and perhaps a time, none of the future. A day alone stands for its beginning."""
        value = self.cells.get(column.label)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.text(column)
            return None
        moment = read_moment(value)
        if moment is None:
            self.wrong(column.label, "看不懂这个日期，请写成 2025-03-01 09:30 或者 2025年3月1日。")
        elif moment > now:
            self.wrong(column.label, "日期不能晚于现在。")
        elif moment < EARLIEST:
            self.wrong(column.label, "日期太早，请核对年份。")
        else:
            return moment
        return None


def rows_of(
    sheets: Sequence[SheetLike], kind: TableKind, findings: Findings, *, needed: bool
) -> Iterator[Row]:
    """The rows of the sheet of this name that hold anything; what is wrong with the sheet itself is told."""
    sheet = next((one for one in sheets if one.name.strip() == kind.name), None)
    if sheet is None:
        if needed:
            findings.add(kind.name, 0, "", "没有这张工作表；请用下载的模板填写。")
        return
    heading = _heading(sheet, kind)
    if heading is None:
        findings.add(
            kind.name,
            0,
            "",
            f"没有找到表头：{'、'.join(one.label for one in kind.columns if one.required)}。",
        )
        return
    top, places = heading
    first = top + 1
    if sheet.height - first > kind.most:
        findings.add(
            kind.name, 0, "", f"有 {sheet.height - first:,} 行，一次最多 {kind.most:,} 行，请分成几个文件。"
        )
        return
    for offset, cells in enumerate(sheet.rows[first:], first + 1):
        named = {label: cells[place] if place < len(cells) else None for label, place in places.items()}
        if all(not _said(value).strip() for value in named.values()):
            continue
        merged = frozenset(label for label, place in places.items() if (offset, place + 1) in sheet.merged)
        yield Row(kind.name, offset, named, merged, findings)


def ticked_word(said: str, kind: type[W]) -> W | None:
    """`来电□ 来访☑ 来信□`: the one word that is ticked; None where none is, or several are.

    Boxes stand all before their words or all behind them; where only the ticked one is drawn, it is the nearest.
    """
    labels = sorted((word.label for word in kind), key=len, reverse=True)
    marks = f"{_TICKED.pattern}|{_UNTICKED.pattern}"
    tokens = re.findall(f"{'|'.join(map(re.escape, labels))}|{marks}", said)
    if tokens and not re.fullmatch(marks, tokens[0]):
        tokens.reverse()
    ticked = [
        word for mark, word in pairwise(tokens) if _TICKED.fullmatch(mark) and not re.fullmatch(marks, word)
    ]
    return next(word for word in kind if word.label == ticked[0]) if len(ticked) == 1 else None


def read_moment(value: Any) -> datetime | None:
    """What a cell says as a moment of Beijing; None where it says none."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(float(value))
    found = _DATE.fullmatch(_said(value))
    if found is None:
        return (
            _from_number(float(value))
            if isinstance(value, str) and re.fullmatch(r"\s*\d{5}(\.\d+)?\s*", value)
            else None
        )
    year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
    except ValueError:
        return None


def _from_number(days: float) -> datetime | None:
    if not 1 <= days < 100_000:
        return None
    return FIRST_DAY + timedelta(seconds=round(days * 86400))


def _said(value: Any) -> str:
    """A cell as text: 13800138000.0 is a phone, not a fraction."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def _heading(sheet: SheetLike, kind: TableKind) -> tuple[int, dict[str, int]] | None:
    """Which of the first rows holds the headings, and in which column each stands."""
    needed = {one.label for one in kind.columns if one.required}
    known = {one.label for one in kind.columns} | set(kind.beside)
    for number, cells in enumerate(sheet.rows[:10]):
        places: dict[str, int] = {}
        for place, value in enumerate(cells):
            label = re.sub(r"[\s*＊]", "", _said(value))
            if label in known:
                places.setdefault(label, place)
        if needed <= places.keys():
            return number, places
    return None
