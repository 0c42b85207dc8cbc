"""Logs of the web process, the worker and the supervisor: JSON lines in production, plain lines otherwise.

Nothing that could name or find a citizen reaches a log: capability paths (`/t/…`, `/surveys/…`, `/media/…`), query strings,
tokens, passwords and phone numbers are taken out by one processor that every line passes, whoever wrote it
(our code through structlog, libraries through `logging`). Bodies of requests are never logged: fields that
would hold one are dropped by name.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "〔已隐去〕"

_CAPABILITY = re.compile(r"(/(?:t|surveys|media)/)[^/?#\s\"'<>]+")
_QUERY = re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]*")
_SECRET_IN_TEXT = re.compile(
    r"(?i)(\bbearer\s+|(?:token|secret|password|passwd|totp|js_code|session_key)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;&}]+"
)
_HEADER_IN_TEXT = re.compile(r"(?im)\b((?:set-)?cookie|authorization)([\"']?\s*[=:]\s*).+$")
_PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8})(?![0-9A-Za-z])"
)
_CREDENTIALS_IN_URL = re.compile(r"(://)[^/\s:@]*:[^/\s@]+@")

_SECRET_KEY = re.compile(
    r"(?i)token|secret|passw|totp|authorization|cookie|js_code|session_key|signature_key|phone|openid|unionid"
)
_BODY_KEYS = frozenset(
    {
        "args",
        "body",
        "comment",
        "content",
        "data",
        "form",
        "json",
        "name",
        "params",
        "payload",
        "reply",
        "text",
    }
)


def redact_path(path: str) -> str:
    """A request path fit for a log: without its query, and without the value of a capability URL."""
    return _CAPABILITY.sub(rf"\1{REDACTED}", path.partition("?")[0])


def redact_text(text: str) -> str:
    """Any text fit for a log: capability paths, queries of URLs, secrets and phone numbers are taken out."""
    text = _CAPABILITY.sub(rf"\1{REDACTED}", text)
    text = _QUERY.sub(r"\1", text)
    text = _HEADER_IN_TEXT.sub(rf"\1\2{REDACTED}", text)
    text = _SECRET_IN_TEXT.sub(rf"\1{REDACTED}", text)
    text = _CREDENTIALS_IN_URL.sub(rf"\1{REDACTED}@", text)
    return _PHONE.sub(REDACTED, text)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """structlog processor: redact every value of a line, and drop fields that would hold a body."""
    return {key: _fit(key, value) for key, value in event.items()}


def _fit(key: str, value: Any) -> Any:
    if key.startswith("_"):  # structlog's own record of where the line came from
        return value
    if key in _BODY_KEYS or _SECRET_KEY.search(key):
        return REDACTED
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {inner: _fit(str(inner), of) for inner, of in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_fit(key, of) for of in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redact_text(str(value))


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One readable line; a traceback follows on lines of its own."""
    trace = event.pop("exception", None)
    moment = str(event.pop("timestamp", ""))[11:19]
    head = f"{moment} {event.pop('level', '')}: {event.pop('event', '')}"
    rest = " ".join(f"{key}={value}" for key, value in sorted(event.items()))
    return "\n".join(part for part in (f"{head} {rest}".rstrip(), trace) if part)


class _StandardOutput(logging.StreamHandler[TextIO]):
    """Writes to whatever standard output is at that moment: a test or a redirection may replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stdout
        super().emit(record)


def configure_logging(*, production: bool) -> None:
    """Send every log line of this process to standard output, redacted. Calling it again replaces the set-up."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=production),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if production else _plain
    handler = _StandardOutput(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("alembic", "fontTools", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def bind_request(request_id: str) -> None:
    """Put the id of the request on every line until `clear_request`."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)


def clear_request() -> None:
    """Forget the request; the thread serves another one next."""
    structlog.contextvars.clear_contextvars()
