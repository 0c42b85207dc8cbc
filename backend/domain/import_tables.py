"""The sheets an office fills in: units, sections, people, posts; and the ledger in the wording of 附件2."""

from __future__ import annotations

from backend.domain.imports import Column, TableKind
from backend.domain.ledger_form import COLUMNS, DETAILS
from backend.domain.vocabulary import (
    Category,
    Channel,
    Disposition,
    Employment,
    Grade,
    Measure,
    OrganType,
    PostKind,
    SectionKind,
    Word,
)

YES_NO = ("是", "否")


def _labels(kind: type[Word]) -> tuple[str, ...]:
    return tuple(word.label for word in kind)


UNIT_NAME = Column("单位", True, hint="单位全称，和系统里的一样；新单位先写在“单位”表里", limit=80)
SECTION_NAME = Column("科室", False, hint="科室名称；不在科室的领导等不填", limit=80)

UNITS = TableKind(
    "单位",
    (
        Column("单位全称", True, hint="全系统不重名", limit=80),
        Column("上级单位", True, hint="单位全称；可以是本表里的", limit=80),
        Column("机关种类", True, _labels(OrganType)),
        Column("适用办法", True, _labels(Measure), "金坛写首问负责制，泸州写首问责任制；定了不能改"),
        Column("下班时间", False, hint="例如 17:00；不填就是 17:30", limit=8),
        Column("地址", False, limit=300),
        Column("投诉举报电话", False, limit=40),
    ),
    500,
)
SECTIONS = TableKind(
    "科室",
    (
        UNIT_NAME,
        Column("科室", True, limit=80),
        Column("种类", True, _labels(SectionKind)),
        Column("专门科室", False, YES_NO, "统筹首问工作，一个单位一个"),
    ),
    2000,
)
STAFF = TableKind(
    "人员",
    (
        UNIT_NAME,
        SECTION_NAME,
        Column("姓名", True, limit=40),
        Column("用户名", True, hint="登录用，3 到 32 个英文字母、数字、点、横线；例如工号", limit=32),
        Column("用工性质", True, _labels(Employment)),
        Column("手机", False, hint="只用来防止工作人员评价自己", limit=40),
        Column("科室负责人", False, YES_NO),
        Column("主要领导", False, YES_NO),
        Column("分管科室", False, hint="分管领导填：分管哪些科室，用顿号分开", limit=400),
    ),
    2000,
)
POSTS = TableKind(
    "岗位",
    (
        UNIT_NAME,
        Column("岗位", True, _labels(PostKind), "总岗、机关纪委、牵头部门一个单位各一个"),
        Column("科室", False, hint="首问责任岗填，一个科室一个", limit=80),
        Column("位置", False, hint="例如：三楼 305 室，进门第一个工位"),
        Column("电话", False, limit=40),
        Column("责任人", True, hint="用户名", limit=32),
        Column("替岗", False, hint="B 岗的用户名", limit=32),
        Column("第二替岗", False, hint="用户名", limit=32),
    ),
    2000,
)
ORGANISATION = (UNITS, SECTIONS, STAFF, POSTS)

_HINTS = {
    "received_at": "2025-03-01 09:30 或者 2025年3月1日；可以早于 30 天",
    "first_responder": "姓名；有同名的写用户名；没有办结的一定要填",
    "citizen": "姓名或者单位名称，可以不填",
    "contact": "电话，可以不填；写法不对的记在备注里",
    "content": "最多 5,000 字",
    "closed_at": "没有办结的不填，从受理时间起算时限",
    "followed_up_at": "打了没有人接的也填，群众满意度空着",
    "grade": "群众在回访时说的",
}
_REQUIRED = frozenset({"received_at", "channel", "category", "content"})
_WORDS: dict[str, type[Word]] = {
    "channel": Channel,
    "category": Category,
    "disposition": Disposition,
    "grade": Grade,
}
_LONG = frozenset({"content", "section_head_opinion", "deputy_leader_opinion", "remark"})
LONG_TEXT = 5000
LONGEST_DETAILS = 60_000
"""具体办理情况 of our own export: where it went, then the texts of an answer, each as long as a text may be."""
LEDGER_SECTION = Column("科（股）室", False, hint="不填就是首问责任人所在的科室", limit=80)
LEDGER_DETAILS = Column(
    DETAILS, False, hint="办结的要填，就是给群众的答复", limit=LONGEST_DETAILS, is_long=True
)
LEDGER_COLUMNS = {
    column.id: Column(
        column.label,
        column.id in _REQUIRED,
        _labels(_WORDS[column.id]) if column.id in _WORDS else (),
        _HINTS.get(column.id, ""),
        LONG_TEXT if column.id in _LONG else 200,
        column.id in _LONG,
    )
    for column in COLUMNS
}
"""附件2's own fields by their identifiers, in their own order and wording."""


def _ledger() -> tuple[Column, ...]:
    columns = [LEDGER_SECTION]
    for name, column in LEDGER_COLUMNS.items():
        columns.append(column)
        if name == "disposition":
            columns.append(LEDGER_DETAILS)
    return tuple(columns)


LEDGER_LINE, GOES_ON = "台账行", "接上行"
"""A column of our own export: which line a row is; and that it goes on with the row above."""
LEDGER = TableKind("台账", _ledger(), 20_000, (LEDGER_LINE,))
