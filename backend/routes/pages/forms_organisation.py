"""The forms of the organisation's pages: their fields, what to fill in, and how they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.routes.pages.forms import FormKind, filled, moment_of, ticked

UNIT = FormKind(
    ("name", "organ_type", "measure", "parent", "closes_at", "address", "complaint_phone"),
    {
        "name": "请填写单位全称。",
        "organ_type": "请选择机关种类。",
        "measure": "请选择适用哪一份办法。",
        "parent": "请选择上级单位。",
    },
)
SECTION = FormKind(
    ("name", "kind", "is_dedicated"), {"name": "请填写科室名称。", "kind": "请选择是科室、窗口还是办事机构。"}
)
_KEEPERS = ("holder", "deputy_1", "deputy_2")
_DEPUTIES = {"/deputies": "deputy_1"}
POST = FormKind(
    ("kind", "section", "location", "phone", *_KEEPERS), {"kind": "请选择设哪一种岗。"}, _DEPUTIES
)
PLACE = FormKind(("location", "phone"))
KEEPERS = FormKind(_KEEPERS, names=_DEPUTIES)
SIGN = FormKind(("location",))
RETIRE = FormKind(("sign", "successor"), {"sign": "请选择停用哪一块。"})
STAFF = FormKind(
    ("username", "name", "employment", "phone", "section"),
    {"username": "请填写用户名。", "name": "请填写姓名。", "employment": "请选择用工性质。"},
)
LEAVE = FormKind(("reassign_to", "posts_to"))
MOVE = FormKind(("place", "reassign_to", "posts_to"), {"place": "请选择调到哪里。"}, {"/section": "place"})
RESET = FormKind(("totp",))
ROLE = FormKind(("role", "section"), {"role": "请选择角色。"})
REVOKE = FormKind(("grant",))
ABSENCE = FormKind(("starts_at", "ends_at"), {"starts_at": "请填写从什么时候起。"})
CANCEL = FormKind(("absence",))
PASSWORD = FormKind(
    ("old_password", "new_password", "again"),
    {
        "old_password": "请填写现在的密码。",
        "new_password": "请填写新密码。",
        "again": "请再写一遍新密码。",
    },
)
NONE = FormKind(())

KINDS: Mapping[tuple[str, str], FormKind] = {
    ("units", "add"): UNIT,
    ("units", "change"): UNIT,
    ("units", "section"): SECTION,
    ("units", "post"): POST,
    ("units", "staff"): STAFF,
    ("sections", "change"): SECTION,
    ("posts", "place"): PLACE,
    ("posts", "keepers"): KEEPERS,
    ("posts", "sign"): SIGN,
    ("posts", "retire"): RETIRE,
    ("staff", "change"): STAFF,
    ("staff", "move"): MOVE,
    ("staff", "disable"): LEAVE,
    ("staff", "reset"): RESET,
    ("staff", "grant"): ROLE,
    ("staff", "revoke"): REVOKE,
    ("staff", "absence"): ABSENCE,
    ("staff", "cancel"): CANCEL,
}
_TICKS = frozenset({"is_dedicated", "totp"})
_MOMENTS = frozenset({"starts_at", "ends_at"})


def kind_of(kind: str, act: str) -> FormKind:
    """The form of an act; acts of one button have none of their own."""
    return KINDS.get((kind, act), NONE)


def sent(form_kind: FormKind, form: Mapping[str, str]) -> dict[str, Any]:
    """What of the form is sent: what is filled in, boxes that are ticked, moments with their zone."""
    data = filled(form, *(name for name in form_kind.fields if name not in _TICKS))
    data |= ticked(form, *(name for name in form_kind.fields if name in _TICKS))
    return {name: moment_of(value) if name in _MOMENTS else value for name, value in data.items()}
