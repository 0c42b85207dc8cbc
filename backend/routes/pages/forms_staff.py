"""The staff's forms: which fields each has, and what of them goes to the same use case as the API's body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.domain.vocabulary import Channel
from backend.routes.pages import forms_citizen
from backend.routes.pages.forms import FormKind, filled, moment_of, ticked

LOGIN = FormKind(("username", "password", "totp"), {"username": "请填写用户名。", "password": "请填写密码。"})

_CLOSING_ASKS = {
    "outcome": "请选择结果。",
    "reply": "请写明办理结果。",
    "authority_name": "请写明主管部门的名称。",
}
EXTERNAL = (Channel.HOTLINE.value, Channel.MAILBOX.value)
"""Channels of other systems, which number what they pass on; what another channel put away is not sent."""
AUTHORITY = ("authority_name", "authority_address", "authority_phone")

REGISTRATION = FormKind(
    (
        "channel",
        "category",
        "about_kind",
        "about_name",
        "occurred_at",
        "content",
        "summary",
        "written",
        "external_no",
        "external_due_at",
        "external_basis",
        "contact_kind",
        "contact_org_name",
        "contact_name",
        "contact_phone",
        "outcome",
        "reply",
        "reason",
        "basis",
        "remedy",
        *AUTHORITY,
        "help",
    ),
    {
        "channel": "请选择首问方式。",
        "category": "请选择首问类别。",
        "about_kind": "请选择投诉谁。",
        "occurred_at": "请把日期和时间都选上。",
        "content": "请记下首问内容。",
        "external_due_at": "请把日期和时间都选上。",
        **_CLOSING_ASKS,
    },
    {"/closing": "outcome", "/authority": "authority_name"},
)
CONFIRMATION = FormKind(("summary", "competent", "on_the_spot"))
HANDOFF = FormKind(
    ("target", "to_staff", "mode", "reason", "written"),
    {"reason": "请写明为什么转交。", "mode": "请选择方式。"},
    {"/to_unit": "target", "/to_section": "target"},
)
ACCEPTANCE = FormKind(())
RETURN = FormKind(
    ("reason", "clause"), {"reason": "请写明为什么退回。", "clause": "请写明退回依据的文件和条款。"}
)
ASSIGNMENT = FormKind(("to_staff", "reason"), {"to_staff": "请选择由谁办理。"})
CLOSING = FormKind(
    ("outcome", "reply", "reason", "basis", "remedy", *AUTHORITY, "help"),
    _CLOSING_ASKS,
    {"/authority": "authority_name"},
)


def registration(form: Mapping[str, str]) -> dict[str, Any]:
    """A call, a visit or a letter; closed at once when an outcome is chosen."""
    data = filled(form, "channel", "category", "content", "summary") | ticked(form, "written")
    data |= forms_citizen.about(form) | forms_citizen.contact(form)
    if form.get("channel") in EXTERNAL:
        data |= filled(form, "external_no", "external_basis")
        if form.get("external_due_at"):
            data["external_due_at"] = moment_of(form["external_due_at"])
    if form.get("occurred_at"):
        data["occurred_at"] = moment_of(form["occurred_at"])
    if form.get("outcome"):
        data["closing"] = closing(form)
    return data


def confirmation(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "summary") | ticked(form, "competent", "on_the_spot")


def handoff(form: Mapping[str, str]) -> dict[str, Any]:
    """`target` is `unit/section`; without a section it is the unit's general post that is asked."""
    unit, _, section = form.get("target", "").partition("/")
    target = {"to_unit": unit, "to_section": section}
    return filled(target, *target) | filled(form, "to_staff", "mode", "reason") | ticked(form, "written")


def acceptance(_form: Mapping[str, str]) -> dict[str, Any]:
    return {}


def handoff_return(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "reason", "clause")


def assignment(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "to_staff", "reason")


def closing(form: Mapping[str, str]) -> dict[str, Any]:
    """What another outcome than the chosen one put away is not sent (坛 六（一）、六（四）、七（四）)."""
    data = filled(form, "outcome", "reply")
    if form.get("outcome") == "refused":
        return data | filled(form, "reason", "basis", "remedy")
    if form.get("outcome") != "guided":
        return data
    named = {name.removeprefix("authority_"): text for name, text in filled(form, *AUTHORITY).items()}
    return data | filled(form, "reason", "help") | ({"authority": named} if named else {})
