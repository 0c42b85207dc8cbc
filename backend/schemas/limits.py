"""What staff send about limits: which matter it is, and an extension with its reason."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from backend.domain.vocabulary import Regime
from backend.schemas.fields import MESSAGES, Choice, Id, In, Paragraphs
from backend.schemas.inquiries import TEXT_LIMIT

LONGEST = 366
BASIS_LIMIT = 500


class WorkingDays(fields.Integer):
    """A number of working days, 1 to 366; a number only, nothing that merely reads like one."""

    default_error_messages = MESSAGES

    def __init__(self, **kwargs: Any) -> None:
        in_range = validate.Range(1, LONGEST, error=f"value_invalid|请填写 1 到 {LONGEST} 的整数。")
        super().__init__(strict=True, validate=in_range, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class NamingIn(In):
    """An entry of the unit's 事项目录, or the other regime with its days and where they stand (坛 五)."""

    matter = Id()
    regime = Choice(Regime)
    days = WorkingDays()
    basis = Paragraphs(BASIS_LIMIT)


class ExtensionIn(In):
    """Why, in words for the citizen, and by how many working days (坛 七（一）)."""

    reason = Paragraphs(TEXT_LIMIT, required=True)
    days = WorkingDays()
