"""The templates of our messages as data, and what may stand in their fields."""

from __future__ import annotations

from typing import Literal, TypedDict

from backend.settings import WechatSettings
from backend.wechat.templates.loader import Field, Template, TemplatesInvalid, load_templates

__all__ = ["Field", "Prompt", "Template", "TemplatesInvalid", "load_templates", "prompts"]


class Prompt(TypedDict):
    """What the mini program needs to ask for consent. One-time and long-term ones are asked for apart."""

    key: str
    id: str
    title: str
    long_term: bool


def prompts(wechat: WechatSettings, audience: Literal["citizen", "staff"]) -> list[Prompt]:
    """The templates this audience can be asked for, those this office has no id of left out."""
    return [
        Prompt(
            key=template.key,
            id=wechat.templates[template.key],
            title=template.title,
            long_term=template.key in wechat.long_term,
        )
        for template in load_templates().values()
        if template.audience == audience and template.key in wechat.templates
    ]
