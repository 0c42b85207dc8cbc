"""How the API reads a request and shows an answer."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import replace
from typing import Any

from flask import g, request
from werkzeug.exceptions import UnsupportedMediaType

from backend.clock import now
from backend.database import reading, unit_of_work
from backend.errors import RequestInvalid
from backend.routes.access import (
    NOBODY,
    Access,
    Unauthenticated,
    citizen_access,
    staff_access,
    tracking_access,
)
from backend.routes.pipeline import Answer, Submission, tools
from backend.services.accounts import is_long_unseen, is_staff_wechat, note_visit
from backend.vault.tokens import request_fingerprint

KEY_HEADER = "Idempotency-Key"
TRACKING_HEADER = "X-Tracking-Token"
FILE_LIMIT_BYTES = 10 * 1024 * 1024
UPLOAD_LIMITS = {"inquiries.attach": FILE_LIMIT_BYTES + 64 * 1024}
"""Endpoints that take one file, with room for the multipart frame around it."""


def guard_body() -> None:
    """413 and 415 before anything else is looked at."""
    wanted = "application/json"
    is_upload = request.endpoint in UPLOAD_LIMITS
    if is_upload:
        request.max_content_length = UPLOAD_LIMITS[str(request.endpoint)]
        wanted = "multipart/form-data"
    limit = request.max_content_length or 0
    if (request.content_length or 0) > limit:
        raise RequestInvalid("content_too_large")
    has_body = bool(request.content_length or request.mimetype or "Transfer-Encoding" in request.headers)
    if request.method in {"POST", "PUT"} and has_body and request.mimetype != wanted:
        raise UnsupportedMediaType()
    # A body sent in chunks tells its size only by being read, and reading all of it stops silently at the limit.
    unmeasured = request.content_length is None and not is_upload
    if unmeasured and len(request.get_data(cache=True)) >= limit:
        raise RequestInvalid("content_too_large")


def guard_public() -> None:
    """Anybody. What else is shown does not matter: a session that has ended keeps nobody from signing in again."""
    g.access = NOBODY


def guard_visitor() -> None:
    """Anybody, and who shows a citizen's session acts in it. Raises Unauthenticated for any other session.

    A dead session is refused rather than taken for nobody: what is filed would belong to nobody without a word.
    """
    g.access = _citizen() if "Authorization" in request.headers else NOBODY


def guard_citizen() -> None:
    """A citizen signed in by WeChat. Raises Unauthenticated."""
    g.access = _citizen()


def guard_wechat() -> None:
    """Whoever came by WeChat: a citizen, or a member of staff with a bound one. Raises Unauthenticated."""
    token = bearer_token()
    access = None
    if token is not None:
        with reading() as session:
            access = citizen_access(session, token, now()) or staff_access(session, token, now())
    if access is None or access.account_id is None:
        raise Unauthenticated()
    g.access = access


def guard_tracking() -> None:
    """Whoever holds an inquiry's capability, or is signed in as the citizen who filed it. Raises Unauthenticated.

    A capability says what is opened, also when a session is shown beside it.
    """
    token = request.headers.get(TRACKING_HEADER)
    if token is None:
        g.access = _citizen()
        return
    found = None
    if token and token.isascii() and len(token) <= 128:
        with reading() as session:
            found = tracking_access(session, token, now())
    if found is None:
        raise Unauthenticated()
    beside = _citizen_or_none()
    g.access = replace(found[0], account_id=beside.account_id) if beside else found[0]


def guard_staff() -> None:
    """A signed-in member of staff. Raises Unauthenticated."""
    token = bearer_token()
    with reading() as session:
        access = staff_access(session, token, now()) if token else None
    if access is None or access.must_choose_password:
        raise Unauthenticated()
    g.access = access


def is_staff_too() -> bool:
    """Whether staff stand behind the request: a staff session beside the capability, or a WeChat bound by staff.

    Staff look, but do not rate (design 5).
    """
    token, account_id = bearer_token(), access().account_id
    with reading() as session:
        if account_id is not None and is_staff_wechat(session, account_id):
            return True
        return token is not None and staff_access(session, token, now()) is not None


def _citizen() -> Access:
    found = _citizen_or_none()
    if found is None:
        raise Unauthenticated()
    return found


def _citizen_or_none() -> Access | None:
    token = bearer_token()
    if token is None:
        return None
    with reading() as session:
        found = citizen_access(session, token, now())
        is_due = found is not None and is_long_unseen(session, str(found.account_id), now())
    if is_due and found is not None and request.method in {"POST", "PUT"}:
        # In a transaction of its own: the account's row is locked for nobody's inquiry.
        with unit_of_work() as session:
            note_visit(session, str(found.account_id), now())
    return found


def bearer_token() -> str | None:
    """The token of `Authorization: Bearer …`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    return token if scheme.lower() == "bearer" and token.isascii() and 0 < len(token) <= 128 else None


def access() -> Access:
    """What the guard found out about the caller."""
    found: Access = g.access
    return found


def idempotency_key() -> str:
    """The key of this write. Raises RequestInvalid when it is missing or malformed."""
    key = request.headers.get(KEY_HEADER)
    if key is None or key == "":
        raise RequestInvalid("idempotency_key_required")
    return checked_key(key)


def checked_key(key: str) -> str:
    """16 to 255 printable ASCII characters. Raises RequestInvalid."""
    if not 16 <= len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise RequestInvalid("idempotency_key_invalid")
    return key


def json_body() -> Any:
    """The body as JSON; no body at all counts as an empty object. Raises RequestInvalid (`json_invalid`)."""
    return parse_json(request.get_data(cache=True))[0]


def parse_json(raw: bytes) -> tuple[Any, bytes]:
    """A body as data and in one canonical spelling. Raises RequestInvalid (`json_invalid`).

    Refused besides what is no JSON: NaN and Infinity, a name that stands twice in an object (one of the two would be
    lost without a word), and nesting deeper than anything we ask for.
    """
    if not raw:
        return {}, b"{}"
    try:
        data = json.loads(raw, parse_constant=_refuse_constant, object_pairs_hook=_object)
        return data, json.dumps(data, sort_keys=True, ensure_ascii=True).encode("ascii")
    except (ValueError, RecursionError):
        raise RequestInvalid("json_invalid") from None


def submission(*, key_optional: bool = False) -> Submission:
    """This request as a write: its key, and a keyed fingerprint of method, path and body.

    `key_optional`: a PUT, which is safe to repeat by itself, may come without one and gets one nobody else has.
    """
    without = key_optional and not request.headers.get(KEY_HEADER)
    key = secrets.token_hex(16) if without else idempotency_key()
    data, body = parse_json(request.get_data(cache=True))
    return Submission(access(), key, fingerprint(body), data, request.headers.get("If-Match"))


def fingerprint(body: bytes) -> str:
    """A keyed hash of what is asked, so that a key cannot serve two different requests."""
    digest = hashlib.sha256(body).digest()
    return request_fingerprint(tools().tracking_key, request.method, request.path, digest)


Shown = tuple[Any, int, dict[str, str]]
"""Body, status and headers, as APIFlask dumps them by the operation's answer schema."""


def show(answer: Answer) -> Shown:
    """An answer with the version it left and, at a replay, the mark of it."""
    headers = {"ETag": f'"{answer.version}"', "Cache-Control": "no-store"}
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer.body, answer.status, headers


def show_read(body: Any, status: int = 200, *, version: int | None = None) -> Shown:
    """A read; never stored by anything in between."""
    headers = {"Cache-Control": "no-store"}
    if version is not None:
        headers["ETag"] = f'"{version}"'
    return body, status, headers


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice")
    return made
