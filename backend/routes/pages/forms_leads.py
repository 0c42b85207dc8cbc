"""The forms beside a lead, and of a unit's record: which fields each has, and what of them is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.vocabulary import DecisionMeasure
from backend.routes.pages.forms import FormKind, filled

STATEMENT = FormKind(("text",), {"text": "请写下您的说明。"})
ELEMENT = FormKind(("found", "text"), {"found": "请选择有还是没有。", "text": "请写明根据什么认定。"})
MEASURES = tuple(f"measure_{measure.value}" for measure in DecisionMeasure)
"""One box each: several may be ticked (坛 十（四）)."""
DECISION = FormKind(
    ("decided_on", "body", "document", "result", "measures", *MEASURES, "tolerance", "reason"),
    {
        "decided_on": "请填写决定的日期。",
        "body": "请填写由谁决定。",
        "reason": "请写明决定的理由。",
    },
    {"/dismissed": "result"},
)
RECORD = FormKind(
    ("kind", "title", "document_number", "dated_on", "body", "section", "staff"),
    {
        "kind": "请选择是哪一种。",
        "title": "请填写标题。",
        "dated_on": "请填写日期。",
        "body": "请填写内容。",
    },
)


def statement(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "text")


def element(form: Mapping[str, str]) -> dict[str, Any]:
    """有 or 没有; nothing is taken for granted."""
    found = {"yes": {"found": True}, "no": {"found": False}}.get(form.get("found", ""), {})
    return found | filled(form, "text")


def decision(form: Mapping[str, str]) -> dict[str, Any]:
    """The boxes ticked, and whether the case was found to be none."""
    data = filled(form, "decided_on", "body", "document", "tolerance", "reason")
    data["measures"] = [
        measure.value for measure in DecisionMeasure if form.get(f"measure_{measure.value}") == "true"
    ]
    return data | {"dismissed": form.get("result") == "dismissed"}


def record(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, *RECORD.fields)
