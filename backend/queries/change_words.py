"""What a change to the organisation says in words: fields by their Chinese names, words by their labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.domain.times import local
from backend.domain.vocabulary import Employment, Measure, OrganType, PostKind, Role, SectionKind, Word

_NAMES = {
    "name": "名称",
    "parent": "上级单位",
    "organ_type": "机关种类",
    "measure": "适用办法",
    "closes_at": "下班时间",
    "address": "地址",
    "complaint_phone": "投诉电话",
    "kind": "种类",
    "is_dedicated": "专门科室",
    "location": "位置",
    "phone": "电话",
    "holder": "责任人",
    "deputies": "替岗",
    "username": "用户名",
    "employment": "用工性质",
    "unit": "单位",
    "section": "科室",
    "role": "角色",
    "starts_at": "从",
    "ends_at": "到",
    "cancelled": "还没有开始，取消",
    "code": "编码",
    "successor": "接替的岗牌",
    "totp": "同时更换动态口令",
    "file": "文件",
    "made": "新建",
    "about": "对象",
}
_WORDS: tuple[type[Word], ...] = (OrganType, Measure, SectionKind, PostKind, Employment, Role)
_LABELS = {word.value: word.label for kind in _WORDS for word in kind}
_SPOKEN = frozenset({"organ_type", "measure", "kind", "employment", "role"})
"""Fields that hold a word of ours."""
_MOMENTS = frozenset({"starts_at", "ends_at"})
_CHANGED = 2


def change_words(facts: Mapping[str, Any]) -> str:
    """`名称：原来的 → 现在的；…`; of something new what it is."""
    return "；".join(text for name, value in facts.items() if (text := _told(name, value)))


def _told(name: str, value: Any) -> str:
    label = _NAMES.get(name, name)
    if isinstance(value, list) and len(value) == _CHANGED and name != "deputies":
        return (
            f"{label}：{_said(name, value[0])} → {_said(name, value[1])}"
            if value != [None, None]
            else f"{label}已更换"
        )
    if name == "deputies" and isinstance(value, list) and any(isinstance(one, list) for one in value):
        return f"{label}：{_said(name, value[0])} → {_said(name, value[1])}"
    if value in (None, "", [], False):
        return ""
    return f"{label}：{_said(name, value)}"


def _said(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    if name in _MOMENTS:
        return f"{local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return _LABELS.get(value, str(value)) if name in _SPOKEN else str(value)
