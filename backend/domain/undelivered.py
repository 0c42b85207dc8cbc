"""Why a message did not go out, or has not yet: every code once, with the words people read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

OUTDATED = "outdated"
"""Something newer has happened: it was left out on purpose, and nobody missed anything."""

NO_CHANNEL = "no_channel"
"""This installation has no way to tell such a recipient anything."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        # Known before WeChat is asked (backend/delivery/composing.py).
        "no_wechat": "没有可以通知的微信",
        NO_CHANNEL: "没有可以通知的微信",
        "other_app": "当初使用的是另一个小程序",
        "erased": "微信账号的信息已按本人要求删除",
        "inactive": "工作人员已停用",
        "withheld": "按投诉保密规定不通知",
        "no_words": "系统没有这种消息的用语",
        "no_template": "还没有开通这种消息模板",
        "no_consent": "没有同意接收，或者同意的次数已经用完",
        OUTDATED: "已经有了新的进展，不再需要",
        # While it was sent (backend/delivery/, backend/wechat/gateway/).
        "unreachable": "暂时连不上微信",
        "connection_not_trusted": "与微信的连接不可信",
        "unanswered": "已经发出，还没有收到微信的答复",
        "answer_unreadable": "微信的答复看不懂",
        "answer_incomplete": "微信的答复不完整",
        "unconfirmed": "发出后没有收到微信的答复，不能确认是否送达",
        "system_busy": "微信系统繁忙",
        "concurrent_send": "同一个人的上一条消息正在发送",
        "minute_quota": "微信限制了每分钟的发送数量",
        "day_quota": "今天可以发送的数量已经用完",
        "daily_quota": "今天可以发送的数量已经用完",
        "misconfigured": "微信账号的设置需要管理员处理",
        **dict.fromkeys(
            (
                "app_id_wrong",
                "secret_wrong",
                "secret_frozen",
                "address_not_allowed",
                "address_unconfirmed",
                "address_rejected",
                "token_refused",
                "token_forbidden",
                "account_refused",
                "account_frozen",
                "not_authorised",
                "messages_banned",
            ),
            "微信账号的设置需要管理员处理",
        ),
        "openid_invalid": "微信已经找不到这个账号",
        "template_invalid": "消息模板在微信里已经失效",
        "page_invalid": "小程序里没有要打开的页面",
        "text_refused": "微信认为内容含有不当的词",
        "data_invalid": "微信认为内容不合模板的要求",
        "request_invalid": "微信没有接受这条消息",
        "refused": "微信没有接受这条消息",
        "failed": "微信没有送达这条消息",
        "not_composed": "系统没有写成这条消息",
        "not_recorded": "系统没有记下发送的结果",
        "worker_died": "系统多次发送都中断了",
    }
)

ELSE = "没有发出去"


def reason_label(problem: str) -> str:
    """What a person reads for a problem's code; whatever has no words of its own only did not go out."""
    return REASONS.get(problem, ELSE)
