"""附件2《首问责任制工作台账（样表）》: its fields and boxes in their own wording and order, and what fills them.

The form keeps its wording everywhere: under 坛 too it says 首问责任人, and the ledger as a whole is 本系统提供 there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from backend.domain.times import local
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Measure, Outcome, Word

BOOK = "首问责任制工作台账"
FORM = "首问责任制登记表"
PROVIDED = "本系统提供"
"""坛 knows no ledger: it is ours there, and says so (design 3)."""
CONFIDENTIAL = "已评价（保密）"
UNRATED = "未评价"
ELSEWHERE = "由办结单位回访"
LATE_ENTRY = "补录"
DETAILS = "具体办理情况"
ANONYMOUS = "未留姓名"


class Column(NamedTuple):
    """One field: its identifier in every answer and print, its wording in 附件2, and its boxes if it has any."""

    id: str
    label: str
    boxes: tuple[Word, ...] = ()


COLUMNS = (
    Column("received_at", "受理时间"),
    Column("first_responder", "首问责任人"),
    Column("citizen", "服务对象"),
    Column("contact", "联系方式"),
    Column("channel", "首问方式", tuple(Channel)),
    Column("category", "首问类别", tuple(Category)),
    Column("content", "首问内容"),
    Column("disposition", "办理情况", tuple(Disposition)),
    Column("closed_at", "办结时间"),
    Column("followed_up_at", "回访时间"),
    Column("grade", "群众满意度", tuple(Grade)),
    Column("section_head_opinion", "科室负责人意见"),
    Column("deputy_leader_opinion", "分管领导意见"),
    Column("remark", "备注"),
)
"""The form's fields, in the form's order; 具体办理情况 stands inside 办理情况."""


def boxes(words: Iterable[Word], ticked: Word | None) -> list[dict[str, Any]]:
    """Every box of a field with whether it is ticked."""
    return [{"value": word.value, "label": word.label, "ticked": word is ticked} for word in words]


def book_title(unit_name: str) -> str:
    """× × × 局首问责任制工作台账."""
    return f"{unit_name}{BOOK}"


def provided_label(measure: Measure) -> str | None:
    """What stands beside a ledger that the unit's own measure does not ask for."""
    return PROVIDED if measure is Measure.TAN else None


def moment_text(moment: datetime | None) -> str | None:
    """A time as the form shows it, with its year: 2026年11月24日 10:30."""
    if moment is None:
        return None
    at = local(moment)
    return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"


def read_moment(text: str | None) -> datetime | None:
    """A time as the log writes it."""
    return datetime.fromisoformat(text) if text is not None else None


class Graded(Protocol):
    """What a line keeps of grades."""

    unit_id: Any
    outcome: Any
    closing_unit_id: Any
    follow_up_grade: Any
    own_grade: Any
    own_shared: Any
    own_rated_at: Any
    changed_grade: Any
    changed_shared: Any
    changed_at: Any


@dataclass(frozen=True, slots=True)
class OwnGrade:
    """The citizen's own grade as staff may know of it, and whether the citizen agreed to tell the section."""

    grade: Grade
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """群众满意度 on one copy of the ledger: the box that is ticked, and what stands beside."""

    grade: Grade | None
    note: str | None


def own_grade_of(line: Graded, shown_until: datetime) -> OwnGrade | None:
    """The own grade as it stood when the last week's grades were shown (design 5)."""
    if line.changed_at is not None and line.changed_at < shown_until:
        return OwnGrade(line.changed_grade, line.changed_shared)
    if line.own_rated_at is not None and line.own_rated_at < shown_until:
        return OwnGrade(line.own_grade, line.own_shared)
    return None


def satisfaction_of(line: Graded, shown_until: datetime, *, sees_own: bool) -> Satisfaction:
    """Which box a copy ticks. The 回访 grade, given openly, fills it; else the citizen's own, where this copy sees it.

    `sees_own`: the 总台账 in the hands of the general post or discipline. Any other copy leaves the box of a
    confidential grade blank and says 已评价（保密）.
    """
    own = own_grade_of(line, shown_until)
    is_seen = own is not None and (sees_own or own.is_shared)
    if line.follow_up_grade is not None:
        beside = None
        if own is not None:
            beside = f"本人评价：{own.grade.label}" if is_seen else f"本人{CONFIDENTIAL}"
        return Satisfaction(line.follow_up_grade, beside)
    if own is not None:
        return Satisfaction(own.grade, None) if is_seen else Satisfaction(None, CONFIDENTIAL)
    if line.outcome in {None, Outcome.WITHDRAWN}:
        return Satisfaction(None, None)
    return Satisfaction(None, UNRATED if line.closing_unit_id == line.unit_id else ELSEWHERE)
