"""签署意见: 科室负责人意见 and 分管领导意见, on the page of an inquiry and on the ledger's lines alike (泸 附件2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.loading import by_number
from backend.routes.operations.sign_offs import opinion
from backend.routes.pages.forms import FormKind, filled
from backend.routes.pages.steps import Step

OPINION = FormKind(("role", "text"), {"role": "请选择以什么身份签署。", "text": "请写意见。"})


def signed(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "role", "text")


STEPS = {
    "opinions": Step("sign_off", OPINION, signed, lambda number, who: opinion(by_number(number, who), who)),
}
