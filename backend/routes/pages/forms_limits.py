"""The forms about limits: which matter it is, and an extension with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.loading import by_number
from backend.routes.operations import limits
from backend.routes.pages.forms import FormKind, filled
from backend.routes.pages.steps import Step

NAMING = FormKind(
    ("matter", "regime", "days", "basis"),
    {
        "regime": "请选择事项目录中的事项，或者选择适用的其他规定。",
        "days": "请写明办理时限是多少个工作日。",
        "basis": "请写明时限的依据：文件名称和条款。",
    },
)
EXTENSION = FormKind(("reason", "days"), {"reason": "请写明为什么延长。", "days": "请写明延长几个工作日。"})


def naming(form: Mapping[str, str]) -> dict[str, Any]:
    """An entry of the 事项目录 says all the rest itself."""
    if form.get("matter", "").strip():
        return filled(form, "matter")
    return filled(form, "regime", "basis") | _days(form)


def extension(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "reason") | _days(form)


def _days(form: Mapping[str, str]) -> dict[str, Any]:
    """A number as a number; what is none goes as it is, and is refused."""
    text = form.get("days", "").strip()
    if not text:
        return {}
    return {"days": int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text}


STEPS = {
    "matter": Step(
        "name_matter", NAMING, naming, lambda number, who: limits.naming(by_number(number, who), who)
    ),
    "extension": Step(
        "extend", EXTENSION, extension, lambda number, who: limits.extension(by_number(number, who), who)
    ),
}
"""Each act by its address below the inquiry."""
