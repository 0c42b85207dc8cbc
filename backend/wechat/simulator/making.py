"""Apps from what a file or a test asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from backend.wechat.simulator.fields import kind_of
from backend.wechat.simulator.state import (
    LONG_TERM,
    ONE_TIME,
    App,
    Options,
    Template,
    new_identity,
    template_id_of,
)

IDENTITY = ("app_id", "secret", "push_token", "aes_key", "original_id")
MODES, FORMATS = ("plain", "compat", "safe"), ("json", "xml")
CHANGEABLE = ("callback_url", "portal_url", "mode", "format")
_OPTIONS = {option.name for option in fields_of(Options)}


class AskedWrongly(ValueError):
    """What a test or a file asks for cannot be made; the text says why."""


def make_app(asked: Mapping[str, Any]) -> App:
    """A new app; what is not given is made up. Raises AskedWrongly."""
    unknown = set(asked) - {*IDENTITY, *CHANGEABLE, "templates", "options"}
    if unknown:
        raise AskedWrongly(f"unknown: {', '.join(sorted(unknown))}")
    app = App(**new_identity() | {name: asked[name] for name in IDENTITY if asked.get(name)})
    change_app(app, {name: asked[name] for name in (*CHANGEABLE, "options") if name in asked})
    for each in asked.get("templates") or ():
        template = _template(app, each)
        app.templates[template.id] = template
    return app


def change_app(app: App, asked: Mapping[str, Any]) -> None:
    """Set the callback, the mode, the options. Raises AskedWrongly."""
    if unknown := set(asked) - {*CHANGEABLE, "options"}:
        raise AskedWrongly(f"cannot be changed: {', '.join(sorted(unknown))}")
    if asked.get("mode", "safe") not in MODES or asked.get("format", "json") not in FORMATS:
        raise AskedWrongly("mode is plain, compat or safe; format is json or xml")
    options = asked.get("options") or {}
    if unknown := set(options) - _OPTIONS:
        raise AskedWrongly(f"no such option: {', '.join(sorted(unknown))}")
    for name in CHANGEABLE:
        if name in asked:
            setattr(app, name, (asked[name] or "").rstrip("/"))
    for name, value in options.items():
        setattr(app.options, name, value)


def _template(app: App, asked: Mapping[str, Any]) -> Template:
    key, fields = asked.get("key"), asked.get("fields")
    if not key or not isinstance(fields, dict) or not fields:
        raise AskedWrongly("a template has a key and fields")
    if wrong := [name for name in fields if kind_of(name) is None]:
        raise AskedWrongly(f"{key}: no field of WeChat's: {', '.join(wrong)}")
    kind = asked.get("type", ONE_TIME)
    if kind not in {ONE_TIME, LONG_TERM}:
        raise AskedWrongly(f"{key}: type is 2 or 3")
    return Template(
        asked.get("id") or template_id_of(app.app_id, key),
        key,
        asked.get("title") or key,
        dict(fields),
        kind,
        dict(asked.get("enums") or {}),
    )
