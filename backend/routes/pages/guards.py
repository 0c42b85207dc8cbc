"""What every page asks before its view: is the body small enough, who is calling, did the form come from us."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response

from backend.clock import now
from backend.database import reading
from backend.domain.errors import NotFound
from backend.domain.identity import Identity
from backend.domain.texts import fold_lines
from backend.models import Staff
from backend.queries.people import ref
from backend.routes.access import NOBODY, Access, Unauthenticated, staff_access, tracking_access
from backend.routes.api import FILE_LIMIT_BYTES

STAFF_COOKIE = "shouwen_staff"
FIRST_STOP = "/staff/password"
TOKEN_LENGTH = 128
FILES_AT_ONCE = 3
TEXT_BYTES = 8 * 1024 * 1024
"""Room for far more than any field takes: who pastes too much is told so, and finds it still there."""
FILES_BYTES = FILES_AT_ONCE * FILE_LIMIT_BYTES + TEXT_BYTES
LOOKED_THROUGH_BYTES = 64 * 1024 * 1024
"""Above FILES_BYTES, and up to here, a form is still searched for its words."""

csrf = CSRFProtect()


def limit_body() -> None:
    """How much this form may hold; the limits of the API stay as they are."""
    request.max_form_memory_size = TEXT_BYTES
    request.max_content_length = FILES_BYTES if request.mimetype == "multipart/form-data" else TEXT_BYTES


def let_anybody_in() -> None:
    """No session is asked for."""
    g.access = NOBODY


def let_capability_in() -> None:
    """Whoever holds the address of an inquiry. Raises NotFound for a wrong or an expired one."""
    token = (request.view_args or {}).get("token", "")
    found = None
    if token.isascii() and len(token) <= TOKEN_LENGTH:
        with reading() as session:
            found = tracking_access(session, token, now())
    if found is None:
        raise NotFound("这个网址不对，或者查询已经过期。请核对网址，或者凭编号重新查询。")
    g.access = found[0]


def let_staff_in() -> Response | None:
    """A signed-in member of staff; others are led to the door. Raises Unauthenticated when something was posted."""
    access = signed_in(request.cookies.get(STAFF_COOKIE))
    if access is not None:
        g.access = access
        if access.must_choose_password and request.path != FIRST_STOP:
            return redirect(FIRST_STOP, 303)
        return None
    if request.method == "POST":
        raise Unauthenticated()
    return redirect(url_for("staff_door.ask", next=request.full_path.rstrip("?")), 303)


def ensure_own_form() -> None:
    """A form must carry the token of this browser. Raises CSRFError; RequestEntityTooLarge while reading it."""
    csrf.protect()


def signed_in(token: str | None) -> Access | None:
    """The access of a session's token; also notes for the page whose it is."""
    if not token or not token.isascii() or len(token) > TOKEN_LENGTH:
        return None
    with reading() as session:
        access = staff_access(session, token, now())
        if access is not None:
            person = session.get_one(Staff, access.staff.staff_id)
            g.me = {
                "name": person.name,
                "unit": ref(person.unit),
                "section": ref(person.section),
                "measure": person.unit.measure.value,
            }
        return access


def is_staff_browser() -> bool:
    """Whether a member of staff is signed in on this browser: then nobody rates on it (design 5)."""
    token = request.cookies.get(STAFF_COOKIE)
    if not token or not token.isascii() or len(token) > TOKEN_LENGTH:
        return False
    with reading() as session:
        return staff_access(session, token, now()) is not None


def access() -> Access:
    """What the guard found out about the caller."""
    found: Access = g.access
    return found


def identity() -> Identity:
    """The signed-in member of staff."""
    return access().staff


def posted() -> Mapping[str, str]:
    """What was written into the form, the first value of each field, its line ends folded to LF.

    Browsers send them as CRLF: a text as long as a field takes would be too long. Empty when it cannot be read at all.
    """
    if "posted" not in g:
        try:
            form: MultiDict[str, str] = request.form
        except RequestEntityTooLarge:
            form = _words_of_oversized()
        g.posted = {name: fold_lines(text) for name, text in form.items()}
    found: Mapping[str, str] = g.posted
    return found


def _words_of_oversized() -> MultiDict[str, str]:
    """The fields of a form whose files are too large together; the files are read past and kept nowhere."""
    if not FILES_BYTES < (request.content_length or 0) <= LOOKED_THROUGH_BYTES:
        return MultiDict()
    request.max_content_length = LOOKED_THROUGH_BYTES
    parser = FormDataParser(stream_factory=_nowhere, max_form_memory_size=TEXT_BYTES, max_form_parts=60)
    try:
        _, form, _ = parser.parse(
            request.stream, request.mimetype, request.content_length, request.mimetype_params
        )
    except RequestEntityTooLarge:
        return MultiDict()
    return form


class _Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)

    def seek(self, *_place: int) -> int:
        return 0


def _nowhere(*_about: Any, **_part: Any) -> Any:
    return _Nowhere()
