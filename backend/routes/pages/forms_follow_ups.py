"""The form for what came of a call, on the list of calls and on the page of an inquiry alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.loading import by_number
from backend.routes.operations.follow_ups import call_report
from backend.routes.pages.forms import FormKind, filled
from backend.routes.pages.steps import Step

CALL = FormKind(
    ("result", "grade", "comment"),
    {"result": "请选择电话打得怎么样。"},
)


def call(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "result", "grade", "comment")


STEPS = {
    "follow_ups": Step("follow_up", CALL, call, lambda number, who: call_report(by_number(number, who), who)),
}
