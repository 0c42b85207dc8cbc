"""The forms of 一次性告知, of 收到补充材料 and of 更正类别, and the acts they lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.loading import by_number
from backend.routes.operations import notices
from backend.routes.pages import forms_citizen
from backend.routes.pages.forms import FormKind, filled, moment_of
from backend.routes.pages.steps import Step
from backend.schemas.notices import DOCUMENTS_LIMIT

NOTICE = FormKind(
    ("from_matter", "basis", "time_limit", "procedure", "documents", "days", "days_kind"),
    {"days": "请用数字填写工作日数。", "days_kind": "请选择是法定时限还是承诺时限。"},
    {
        "/matter": "from_matter",
        **{f"/documents/{place}": "documents" for place in range(2 * DOCUMENTS_LIMIT)},
    },
)
PAPERS = FormKind(
    ("text", "received_at"),
    {"text": "请写明收到了哪些材料。", "received_at": "请把日期和时间都选上。"},
)
CLASSIFICATION = FormKind(
    ("category", "channel", "reason", "about_kind", "about_name"),
    {
        "category": "请选择更正后的类别。",
        "reason": "请写明为什么更正。",
        "about_kind": "请选择投诉谁。",
    },
)


def notice(form: Mapping[str, str]) -> dict[str, Any]:
    """所需资料 stand one on a line; a number of days that is none goes as it was written."""
    data: dict[str, Any] = filled(form, "basis", "time_limit", "procedure", "days_kind")
    documents = [line.strip() for line in form.get("documents", "").splitlines() if line.strip()]
    if documents:
        data["documents"] = documents
    if days := form.get("days", "").strip():
        data["days"] = int(days) if days.isascii() and days.isdigit() and len(days) < 6 else days
    if matter := form.get("from_matter"):
        data["matter"] = matter
    return data


def papers(form: Mapping[str, str]) -> dict[str, Any]:
    came = form.get("received_at", "").strip()
    return filled(form, "text") | ({"received_at": moment_of(came)} if came else {})


def classification(form: Mapping[str, str]) -> dict[str, Any]:
    """投诉对象 goes along with a complaint only; 来访 where the box is ticked."""
    corrected = {"channel": "visit"} if form.get("channel") == "true" else {}
    return filled(form, "category", "reason") | corrected | forms_citizen.about(form)


STEPS = {
    "notice": Step("notify", NOTICE, notice, lambda number, who: notices.notice(by_number(number, who), who)),
    "supplements": Step(
        "record_supplement", PAPERS, papers, lambda number, who: notices.papers(by_number(number, who), who)
    ),
    "classification": Step(
        "classify",
        CLASSIFICATION,
        classification,
        lambda number, who: notices.classification(by_number(number, who), who),
    ),
}
