"""The citizens' forms: which fields each has, and what of them goes to the same use case as the API's body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.pages.forms import FormKind, filled, ticked

FILING = FormKind(
    (
        "category",
        "about_kind",
        "about_name",
        "content",
        "photos",
        "contact_kind",
        "contact_org_name",
        "contact_name",
        "contact_phone",
    ),
    {
        "category": "请选择您要做什么。",
        "about_kind": "请选择投诉谁。",
        "content": "请说说情况。",
        "contact_kind": "请选择您是个人、法人还是其他组织。",
    },
)
SUPPLEMENT = FormKind(("text",), {"text": "请写下要补充的内容。"})
ATTACHMENTS = FormKind(("photos",), {"photos": "请选择一个文件。"}, {"/file": "photos"})
WITHDRAWAL = FormKind(("reason",))
REOPENING = FormKind(("reason",), {"reason": "请写明哪里没有解决。"})
RATING = FormKind(("grade", "comment", "share_with_section"), {"grade": "请选择满意、一般或者不满意。"})
LOOKUP = FormKind(
    ("number", "phone_tail"), {"number": "请填写编号。", "phone_tail": "请填写手机号的后四位数字。"}
)


def inquiry(form: Mapping[str, str]) -> dict[str, Any]:
    """What is filed, without the place: 投诉对象 only of a complaint, a contact only when something was left."""
    return filled(form, "category", "content") | about(form) | contact(form)


def about(form: Mapping[str, str]) -> dict[str, Any]:
    """投诉对象, if it is a complaint and somebody is named."""
    named = _part(form, "about", ("kind", "name"))
    return {"about": named} if named and form.get("category") == "complaint" else {}


def contact(form: Mapping[str, str]) -> dict[str, Any]:
    """The contact, if a name, an organisation or a phone was left; the kind alone says nothing."""
    left = _part(form, "contact", ("org_name", "name", "phone"))
    return {"contact": _part(form, "contact", ("kind",)) | left} if left else {}


def supplement(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "text")


def reason(form: Mapping[str, str]) -> dict[str, Any]:
    """Of withdrawing and of reopening."""
    return filled(form, "reason")


def rating(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "grade", "comment") | ticked(form, "share_with_section")


def lookup(form: Mapping[str, str]) -> dict[str, Any]:
    found = filled(form, "number", "phone_tail")
    return {name: text.strip() for name, text in found.items()}


def _part(form: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: form[f"{prefix}_{name}"] for name in names if form.get(f"{prefix}_{name}", "").strip()}
