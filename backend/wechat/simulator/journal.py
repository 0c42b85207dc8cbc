"""What was asked and answered, kept for tests to look at, without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.logs import REDACTED
from backend.wechat.simulator.calls import Reply
from backend.wechat.simulator.state import App

KEPT = 20_000
SECRET = frozenset(
    {
        "access_token",
        "appsecret",
        "code",
        "js_code",
        "phoneNumber",
        "purePhoneNumber",
        "secret",
        "session_key",
        "signature",
    }
)


def open_entry(
    app: App, method: str, path: str, query: Mapping[str, str], raw: bytes, at: datetime
) -> dict[str, Any]:
    """Note that a call has come; `close_entry` adds what it was answered."""
    entry: dict[str, Any] = {
        "method": method,
        "path": path,
        "query": without_secrets(dict(query)),
        "body": without_secrets(_parsed(raw)),
        "at": at.isoformat(),
        "status": None,
        "answer": None,
    }
    app.requests.append(entry)
    del app.requests[:-KEPT]
    return entry


def close_entry(entry: dict[str, Any], reply: Reply) -> None:
    """Note the answer: None when the connection just ended."""
    if not reply.ends:
        is_text = not reply.content_type.startswith("image/")
        answer = _parsed(reply.body) if is_text else f"<{reply.content_type}>"
        entry |= {"status": reply.status, "answer": without_secrets(answer)}


def without_secrets(value: Any) -> Any:
    """The same value with every secret in it replaced."""
    if isinstance(value, dict):
        return {key: REDACTED if key in SECRET else without_secrets(of) for key, of in value.items()}
    if isinstance(value, list):
        return [without_secrets(of) for of in value]
    return value


def _parsed(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw[:200].decode(errors="replace")
