"""The lists staff work from."""

from __future__ import annotations

from backend.domain.vocabulary import Word


class Box(Word):
    """The lists a member of staff works from."""

    TODO = "todo", "待签收"
    UNSIGNED = "unsigned", "久未签收"
    OFFERED = "offered", "待承接"
    MINE = "mine", "在办"
    JOINT = "joint", "共同办理"
    DUE_SOON = "due_soon", "将到期"
    OVERDUE = "overdue", "已超期"
    DISPUTES = "disputes", "待裁定"
    SECTION = "section", "本科室"
    UNIT = "unit", "本单位"
    CLOSED = "closed", "已办结"
