"""One call of WeChat's API on its way through the simulator, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.wechat.simulator.state import App, Refused, World

JSON_TYPE = "application/json; encoding=utf-8"


@dataclass(frozen=True)
class Reply:
    """What goes back over the wire. `hang_seconds`: it waits first; `ends`: it never comes (closed or reset)."""

    body: bytes = b""
    status: int = 200
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    hang_seconds: float = 0.0
    ends: str = ""


@dataclass
class Call:
    """What an endpoint is given. `now` is the simulator's."""

    world: World
    path: str
    query: Mapping[str, str]
    raw: bytes
    now: datetime
    remote: str
    delay_seconds: float = 0.0
    """How long WeChat takes over it: a fault of kind slow."""
    found_app: App | None = None
    _parsed: dict[str, Any] | None = None

    @property
    def app(self) -> App:
        """The app whose token was shown. Only for endpoints that want one."""
        assert self.found_app is not None  # noqa: S101 - the dispatcher has seen to it
        return self.found_app

    @property
    def body(self) -> dict[str, Any]:
        """The JSON object that was sent. Raises Refused: 44002 when empty, 47001 when it is none."""
        if self._parsed is None:
            if not self.raw.strip():
                raise Refused(44002, "empty post data")
            try:
                parsed = json.loads(self.raw)
            except ValueError:
                raise Refused(47001, "data format error") from None
            if not isinstance(parsed, dict):
                raise Refused(47001, "data format error")
            self._parsed = parsed
        return self._parsed

    def text(self, name: str) -> str:
        """A text of the body; empty when it is missing. Raises Refused 47001 for another type."""
        value = self.body.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Refused(47001, "data format error")
        return value


def encoded(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
