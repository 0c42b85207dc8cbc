"""The one map from what can go wrong to RFC 9457 problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_limiter import RateLimitExceeded
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from backend.codes import CODES, FIELD_CODES, ProblemCode
from backend.database import OutcomeUnknown
from backend.domain.errors import DomainError, FieldInvalid, FieldsInvalid, TooOften
from backend.exports.printing import PrintBusy, PrintFailed
from backend.exports.printing_terms import TemplateBroken
from backend.vault.blobs import StorageFull
from backend.vault.media import MediaBusy, MediaRefused

_HTTP_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "content_too_large",
    415: "unsupported_media_type",
    429: "rate_limited",
}
_HEADERS = {
    "unauthenticated": {"WWW-Authenticate": "Bearer"},
    "request_in_progress": {"Retry-After": "1"},
    "wechat_unavailable": {"Retry-After": "5"},
    "busy": {"Retry-After": "5"},
}
"""What goes with a code besides the body."""
_BUSY_STATES = {"55P03", "40P01", "40001", "57014", "53300"}
_FULL_STATES = {"53100"}
RETRY_AFTER_SECONDS = "5"


class RequestInvalid(DomainError):
    """The request itself cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """What the client is told."""

    kind: ProblemCode
    detail: str
    errors: tuple[dict[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self, request_id: str) -> dict[str, Any]:
        """The application/problem+json document."""
        return {
            **self.extra,
            "type": f"urn:shouwen:problem:{self.kind.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "code": self.kind.code,
            "request_id": request_id,
            "errors": list(self.errors),
        }


def problem_of(error: BaseException) -> Problem | None:
    """The problem an exception means; None for one nobody foresaw, which is a 500."""
    if isinstance(error, (FieldInvalid, FieldsInvalid)):
        kind = CODES["validation_failed"]
        fields = error.fields if isinstance(error, FieldsInvalid) else (error,)
        items = [{"pointer": f.pointer, "code": f.field_code, "detail": f.detail or ""} for f in fields]
        return Problem(kind, kind.detail, tuple(items))
    if isinstance(error, DomainError):
        kind = CODES[error.code]
        headers = dict(_HEADERS.get(error.code, {}))
        if isinstance(error, TooOften):
            headers["Retry-After"] = str(error.retry_after)
        return Problem(kind, error.detail or kind.detail, headers=headers, extra=dict(error.data))
    if isinstance(error, ValidationError):
        kind = CODES["validation_failed"]
        return Problem(kind, kind.detail, tuple(field_errors(error.normalized_messages())))
    if isinstance(error, MediaRefused):
        kind = CODES[error.code]
        return Problem(kind, kind.detail)
    if isinstance(error, TemplateBroken):
        kind = CODES["template_broken"]
        return Problem(kind, kind.detail)
    if isinstance(error, HTTPException):
        return _http_problem(error)
    return _outside_problem(error)


def _http_problem(error: HTTPException) -> Problem | None:
    status = error.code or 500
    if status >= 500:
        return None
    # Whatever else the framework refuses (a range no file has, a header too long) is the request's fault, not ours.
    kind = CODES[_HTTP_CODES.get(status, "bad_request")]
    headers = dict(_HEADERS.get(kind.code, {}))
    if kind.code == "method_not_allowed":
        headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    if isinstance(error, RateLimitExceeded):
        headers["Retry-After"] = str(error.limit.limit.get_expiry())
    return Problem(kind, kind.detail, headers=headers)


def _outside_problem(error: BaseException) -> Problem | None:
    """Faults of the world outside: a full disk, a busy database, a lost commit."""
    retry = {"Retry-After": RETRY_AFTER_SECONDS}
    code = None
    if isinstance(error, OutcomeUnknown):
        code = "outcome_unknown"
    elif isinstance(error, (PoolTimeout, MediaBusy, PrintBusy, PrintFailed)):
        code = "busy"
    elif isinstance(error, StorageFull):
        code = "storage_full"
    elif isinstance(error, DBAPIError):
        code = _database_code(error)
    if code is None:
        return None
    return Problem(CODES[code], CODES[code].detail, headers=retry)


def _database_code(error: DBAPIError) -> str | None:
    text = str(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    if state in _FULL_STATES or "database or disk is full" in text:
        return "storage_full"
    if state in _BUSY_STATES or "database is locked" in text:
        return "busy"
    if (
        error.connection_invalidated
        or "could not connect" in text
        or ("connection" in text and state is None)
    ):
        return "busy"
    return None


def field_errors(messages: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """marshmallow's messages as `{pointer, code, detail}`."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            # marshmallow files what is wrong with the whole under `_schema`; a field of that name is merely unknown.
            whole = key == "_schema" and inner != ["unknown_field"]
            yield from field_errors(inner, pointer if whole else f"{pointer}/{_step(str(key))}")
        return
    for message in messages:
        code, _, detail = str(message).partition("|")
        if code not in FIELD_CODES:
            code, detail = "value_invalid", ""
        yield {"pointer": pointer, "code": code, "detail": detail or FIELD_CODES[code]}


def _step(name: str) -> str:
    """One step of a JSON pointer (RFC 6901); a field's name is the client's and may be no Unicode text at all."""
    return name.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")
