"""What somebody answered to WeChat's prompt, and how many messages that leaves."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields

from backend.schemas.fields import MESSAGES, In, Out

MOST_RESULTS = 20
"""More than WeChat asks about at once in any version."""

_RESULT = re.compile(r"accept[A-Za-z]{0,20}|reject|ban|filter")


class Results(fields.Field[dict[str, str]]):
    """WeChat's template ids with what was tapped for each, as wx.requestSubscribeMessage gives them."""

    default_error_messages = MESSAGES

    def __init__(self, **kwargs: Any) -> None:
        metadata = {
            "type": "object",
            "minProperties": 1,
            "maxProperties": MOST_RESULTS,
            "additionalProperties": {"type": "string", "pattern": f"^({_RESULT.pattern})$"},
            "description": "模板编号 → accept 同意（含 acceptWithAudio 等）；reject 拒绝；ban 被后台封禁；filter 同名被过滤",
        }
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self.make_error("type")
        if not 1 <= len(value) <= MOST_RESULTS:
            raise ValidationError(f"value_invalid|一次上报 1 到 {MOST_RESULTS} 个模板的结果。")
        for result in value.values():
            if not isinstance(result, str) or not _RESULT.fullmatch(result):
                raise ValidationError("choice_invalid|结果只能是 accept、reject、ban 或 filter。")
        return value


class SubscriptionsIn(In):
    results = Results(required=True)


class LeftOut(Out):
    template = fields.String(
        required=True, metadata={"description": "我们对模板的称呼，同登录时 templates 的 key"}
    )
    granted = fields.Integer(
        required=True, metadata={"description": "还可以发几条；长期订阅的模板，1 表示同意着"}
    )


class SubscriptionsOut(Out):
    items = fields.List(fields.Nested(LeftOut), required=True)
