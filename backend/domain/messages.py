"""What each message says, in words fixed beforehand: no text of anyone, no name and no phone can get into one.

A message stands open on a locked screen. It tells which inquiry by the tail of its number, and what happened to it;
everything else is behind a tap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Any, Literal

Audience = Literal["citizen", "staff"]

LONGEST_STAGE = 5
LONGEST_LINE = 20


class While(Enum):
    """What must still be so for a message to be worth sending: many wait for hours while WeChat is away."""

    ALWAYS = auto()
    OPEN = auto()
    """The same round is still open; the message about its closing follows in the same lane."""
    FILED = auto()
    """The same round waits to be signed for."""
    OFFERED = auto()
    """Its hand-off still waits for an answer."""
    RUNNING = auto()
    """Its limit still runs, and what the message says of it is so."""
    CLOSED = auto()
    """The same round is closed."""
    ASKED = auto()
    """The same round is closed and its follow-up waits for an answer."""


class Shown(Enum):
    """To which staff of the chain the fate of a message is shown."""

    UNIT = auto()
    """To the unit of whoever it went to; what went to the citizen, to all."""
    RECIPIENT = auto()
    """To whoever it went to only: that it was sent says something the others may not know."""
    NOBODY = auto()
    """To no staff at all: what became of a survey would tell who has rated (design 5)."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`stage` is at most five Chinese characters, `title` and `hint` at most twenty; `templates` in order of preference.

    `is_closing`: it may take the last voucher, which everything else leaves for it.
    """

    templates: tuple[str, ...]
    stage: str
    title: str
    hint: str
    still: While = While.OPEN
    shown: Shown = Shown.UNIT
    is_closing: bool = False


def topic_key(topic: str, payload: Mapping[str, Any]) -> str:
    """Under which name the words of a message stand: some topics have several, by what their payload says."""
    if topic == "progress":
        return f"progress:{payload.get('event')}"
    if topic == "supervised":
        return f"supervised:{payload.get('kind')}"
    if topic == "closed" and payload.get("follow_up"):
        return "closed:survey"
    return topic


def find_topic(audience: Audience, topic: str, payload: Mapping[str, Any]) -> Topic | None:
    """What a message says; None for one that nobody has given words to."""
    return TOPICS[audience].get(topic_key(topic, payload))


_LOOK = "点开查看办理进度"
_OPEN_IT = "点开查看详情"


def _progress(stage: str, title: str, hint: str = _LOOK) -> Topic:
    return Topic(("progress",), stage, title, hint)


def _task(stage: str, title: str, hint: str, still: While = While.OPEN, shown: Shown = Shown.UNIT) -> Topic:
    return Topic(("task",), stage, title, hint, still, shown)


_CITIZEN = {
    "received": _progress("已收到", "已收到您的事项", "点开查看由谁办理、何时到期"),
    "progress:confirmed": _progress("已签收", "已签收"),
    "progress:assigned": _progress("已安排", "已安排承办人员"),
    "progress:offered": _progress("已转交", "已转交，等待承接"),
    "progress:accepted": _progress("已承接", "转交的事项已承接"),
    "progress:returned": _progress("已退回", "转交被退回，继续由原岗位负责"),
    "progress:lapsed": _progress("已退回", "转交无人承接，继续由原岗位负责"),
    "progress:supplemented": _progress("已收材料", "已收到补充材料"),
    "progress:matter_named": _progress("已定时限", "已确定办理事项和时限", "点开查看何时到期"),
    "progress:clock_extended": _progress("已延期", "办理时限已延长", "点开查看理由和新的期限"),
    "progress:clock_recalculated": _progress("期限调整", "按官方日历调整了期限", "点开查看新的期限"),
    "progress:joint_started": _progress("共同办理", "已请其他单位共同办理"),
    "progress:joint_planned": _progress("已定方案", "共同办理的方案已商定"),
    "progress:joint_referred": _progress("已上报", "已书面报告上级协调"),
    "progress:dispute_opened": _progress("待裁定", "已提请裁定由谁承办"),
    "progress:dispute_decided": _progress("已裁定", "已裁定由谁承办"),
    "progress:addressed_outside": _progress("移交中", "正在移交主管单位"),
    "progress:external_cancelled": _progress("取消移交", "不再移交，由本单位继续办理"),
    "reclassified": _progress("类别调整", "事项类别已调整"),
    "notice": Topic(("documents", "progress"), "待补材料", "需要补充材料", "点开查看要补充的全部材料"),
    "closed": Topic(
        ("result", "progress"), "已办结", "已办结", "点开查看办理结果", While.CLOSED, is_closing=True
    ),
    "closed:survey": Topic(
        ("result", "progress"), "已办结", "已办结，请您评价", "点开查看结果，欢迎评价", While.CLOSED, is_closing=True
    ),
    "result_back": Topic(
        ("progress", "result"), "已有结果", "移交的事项已有结果", "点开查看办理结果", While.ALWAYS, is_closing=True
    ),
    "survey": Topic(
        ("result", "progress"), "请您评价", "请您评价", "点开评价，不评价也可以", While.ASKED, Shown.NOBODY, True
    ),
    "survey_reminder": Topic(
        ("result", "progress"), "请您评价", "提醒您评价", "只提醒这一次，点开评价", While.ASKED, Shown.NOBODY, True
    ),
}  # fmt: skip

_STAFF = {
    "inquiry_filed": _task("待签收", "新的首问事项", "请尽快签收", While.FILED),
    "unsigned": _task("待签收", "尚未签收的事项", "请督促签收", While.FILED),
    "assigned": _task("已交办", "交由您承办", "请尽快办理"),
    "offered": _task("待承接", "转交待承接", "请承接或者说明职责依据退回", While.OFFERED),
    "accepted": _task("已承接", "您转交的事项已承接", _OPEN_IT),
    "returned": _task("已退回", "转交被退回", "请继续办理或者另行转交"),
    "lapsed": _task("已退回", "转交无人承接，已退回", "请继续办理或者另行转交"),
    "supplemented": _task("已补充", "服务对象补充了材料", "请查看并继续办理"),
    "reopened": _task("重新办理", "事项重新办理", "请查看理由并继续办理"),
    "withdrawn": _task("已撤回", "服务对象撤回了事项", _OPEN_IT, While.ALWAYS),
    "reclassified": _task("类别调整", "事项类别已调整", _OPEN_IT),
    "regime_named": _task("另有规定", "事项适用其他规定的时限", _OPEN_IT),
    "result_back": _task("已有结果", "移交的事项已有结果", "请告知服务对象", While.ALWAYS),
    "joint_reported": _task("待协商", "共同办理报告", "请组织商定办理方案"),
    "joint_asked": _task("待配合", "请您单位共同办理", "请表明意见"),
    "joint_opinion": _task("有新意见", "共同办理有新意见", _OPEN_IT),
    "joint_planned": _task("已定方案", "共同办理方案已商定", "请按分工办理"),
    "joint_referred": _task("已上报", "共同办理已书面报告上级", _OPEN_IT),
    "joint_task_done": _task("任务完成", "共同办理的任务已完成", _OPEN_IT),
    "joint_ended": _task("已结束", "共同办理已结束", _OPEN_IT, While.ALWAYS),
    "dispute": _task("待裁定", "承办争议待裁定", "请裁定由谁承办"),
    "dispute_decided": _task("已裁定", "承办争议已裁定", _OPEN_IT),
    "lead_opened": _task("请查看", "有一条记录请您查看", "点开可以写下说明", While.ALWAYS, Shown.RECIPIENT),
    "lead_decided": _task("请查看", "有一条记录已有决定", _OPEN_IT, While.ALWAYS, Shown.RECIPIENT),
    "calendar_missing": _task("待导入", "缺少工作日历", "请尽快导入官方日历", While.ALWAYS),
    "template_refused": _task("请处理", "微信拒绝了消息模板", "请核对模板编号、字段和页面", While.ALWAYS),
    "wechat_punished": _task("请处理", "小程序收到微信的处罚", "请登录公众平台查看原因", While.ALWAYS),
    "due_soon": Topic(("deadline",), "即将到期", "时限即将到期", "请在到期前办理", While.RUNNING),
    "overdue": Topic(("deadline",), "已经超期", "时限已经超期", "请立即办理", While.RUNNING),
    "clock_recalculated": Topic(("deadline",), "期限调整", "按官方日历调整了期限", _OPEN_IT, While.RUNNING),
    "reminded": Topic(("supervision",), "催办", "服务对象催办", "请尽快办理并答复"),
    "supervised:supervision": Topic(("supervision",), "督办", "督办", "请按督办意见办理"),
    "supervised:instruction": Topic(("supervision",), "批示", "领导批示", "请按批示办理"),
}

TOPICS: Mapping[Audience, Mapping[str, Topic]] = MappingProxyType({"citizen": _CITIZEN, "staff": _STAFF})
"""Every message the office sends, by `topic_key`."""
