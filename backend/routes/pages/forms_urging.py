"""The forms of 催办, 督办 and 批示, and of a lead put on record by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backend.domain.vocabulary import SupervisionKind
from backend.routes.loading import by_number
from backend.routes.operations import leads, urging
from backend.routes.pages.forms import FormKind, filled
from backend.routes.pages.steps import Step

REMINDER = FormKind(("text",))
SUPERVISION = FormKind(("text",), {"text": "请写明督办的内容。"})
INSTRUCTION = FormKind(("text",), {"text": "请写明批示的内容。"})
LEAD = FormKind(
    ("item", "note", "ground", "staff"),
    {"item": "请选择是哪一项。", "note": "请写明看到了什么。"},
)


def reminder(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "text")


def lead(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "item", "note", "ground", "staff")


def _of_kind(kind: SupervisionKind) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    return lambda form: {"kind": kind.value} | filled(form, "text")


STEPS = {
    "supervision": Step(
        "supervise",
        SUPERVISION,
        _of_kind(SupervisionKind.SUPERVISION),
        lambda number, who: urging.supervision(by_number(number, who), who),
    ),
    "instruction": Step(
        "instruct",
        INSTRUCTION,
        _of_kind(SupervisionKind.INSTRUCTION),
        lambda number, who: urging.supervision(by_number(number, who), who),
    ),
    "leads": Step(
        "open_lead",
        LEAD,
        lead,
        lambda number, who: leads.opening(by_number(number, who), who),
    ),
}
