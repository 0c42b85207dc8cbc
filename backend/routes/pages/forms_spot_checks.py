"""登记抽查 on the page of an inquiry (泸 二（二）4, 附件1-17)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.loading import by_number
from backend.routes.operations.spot_checks import spot_check_report
from backend.routes.pages.forms import FormKind, filled, ticked
from backend.routes.pages.steps import Step

CHECK = FormKind(
    ("by", "with_staff", "how", "result", "grade", "finding", "needs_rectification"),
    {"by": "请选择以什么身份抽查。", "how": "请选择怎样抽查。"},
)


def check(form: Mapping[str, str]) -> dict[str, Any]:
    names = ("by", "with_staff", "how", "result", "grade", "finding")
    return filled(form, *names) | ticked(form, "needs_rectification")


STEPS = {
    "spot_checks": Step(
        "spot_check", CHECK, check, lambda number, who: spot_check_report(by_number(number, who), who)
    ),
}
