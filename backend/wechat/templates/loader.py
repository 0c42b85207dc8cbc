"""Read templates.toml, and refuse whatever does not hold together before anything is sent with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from backend.wechat.templates.fields import (
    MOMENTS,
    PERSONAL,
    TEXTS,
    FieldType,
    field_type,
)

FILE = Path(__file__).with_name("templates.toml")

Fill = Literal[
    "number", "unit", "place", "stage", "title", "outcome", "duty", "hint", "at", "closed_at", "due_at"
]
"""What a field can be filled with (backend/wechat/messages.py knows how)."""

FILLS: frozenset[str] = frozenset(get_args(Fill))
MOMENT_FILLS = frozenset({"at", "closed_at", "due_at"})
FEWEST_FIELDS, MOST_FIELDS = 2, 5
LONGEST_SCENE = 15

_TEMPLATE_KEY = re.compile(r"[a-z][a-z_]{0,31}")
_WORDS = ("title", "scene", "purpose")


class TemplatesInvalid(ValueError):
    """The file of templates does not hold together; the text is one line and names the template."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: WeChat's name of it, the keyword people read beside it, what we fill in."""

    key: str
    keyword: str
    fill: Fill

    @property
    def type(self) -> FieldType:
        return field_type(self.key)


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message. `scene` and `purpose` are what WeChat's reviewers are told."""

    key: str
    title: str
    audience: Literal["citizen", "staff"]
    scene: str
    purpose: str
    fields: tuple[Field, ...]


@cache
def load_templates() -> Mapping[str, Template]:
    """The templates by our key, in the order of the file. Raises TemplatesInvalid."""
    return read_templates(FILE.read_text("utf-8"))


def read_templates(text: str) -> Mapping[str, Template]:
    """Templates from TOML. Raises TemplatesInvalid."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplatesInvalid(f"templates.toml: {error}") from None
    templates = {key: _template(key, value) for key, value in data.items()}
    titles = [template.title for template in templates.values()]
    if len(set(titles)) < len(titles):
        raise TemplatesInvalid("two templates have one title: WeChat would leave out the second")
    return MappingProxyType(templates)


def _template(key: str, data: Any) -> Template:
    if not isinstance(data, dict) or set(data) != {"audience", "fields", *_WORDS}:
        raise TemplatesInvalid(f"{key}: a template has title, audience, scene, purpose and fields")
    if not _TEMPLATE_KEY.fullmatch(key):
        raise TemplatesInvalid(f"{key}: a key is small letters")
    if any(not isinstance(data[word], str) or not data[word].strip() for word in _WORDS):
        raise TemplatesInvalid(f"{key}: title, scene and purpose are words")
    if len(data["scene"]) > LONGEST_SCENE:
        raise TemplatesInvalid(f"{key}: WeChat takes a scene of {LONGEST_SCENE} characters")
    if data["audience"] not in {"citizen", "staff"}:
        raise TemplatesInvalid(f"{key}: audience is citizen or staff")
    fields = data["fields"]
    if not isinstance(fields, list) or not FEWEST_FIELDS <= len(fields) <= MOST_FIELDS:
        raise TemplatesInvalid(f"{key}: WeChat takes {FEWEST_FIELDS} to {MOST_FIELDS} fields")
    made = tuple(_field(key, each) for each in fields)
    if len({each.key for each in made}) < len(made) or len({each.keyword for each in made}) < len(made):
        raise TemplatesInvalid(f"{key}: a field or a keyword stands twice")
    return Template(key, data["title"], data["audience"], data["scene"], data["purpose"], made)


def _field(template: str, data: Any) -> Field:
    if not isinstance(data, dict) or set(data) != {"key", "keyword", "fill"}:
        raise TemplatesInvalid(f"{template}: a field has key, keyword and fill")
    key, keyword, fill = data["key"], data["keyword"], data["fill"]
    if not all(isinstance(part, str) and part.strip() for part in (key, keyword, fill)):
        raise TemplatesInvalid(f"{template}: key, keyword and fill are words")
    if fill not in FILLS:
        raise TemplatesInvalid(f"{template}.{key}: nothing fills {fill}")
    try:
        kind = field_type(key)
    except ValueError:
        raise TemplatesInvalid(f"{template}.{key}: not a type and a number") from None
    if kind in PERSONAL:
        raise TemplatesInvalid(f"{template}.{key}: no message names a person")
    if (kind in MOMENTS) != (fill in MOMENT_FILLS):
        raise TemplatesInvalid(f"{template}.{key}: {fill} does not go into a {kind.value}")
    if kind not in MOMENTS and kind not in TEXTS:
        raise TemplatesInvalid(f"{template}.{key}: nothing of ours is a {kind.value}")
    return Field(key, keyword, cast(Fill, fill))
