"""`/staff/login`, `/staff/logout`: in and out of the console; a form posted too late is waiting behind the door."""

from __future__ import annotations

from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import Response, current_app, g, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as Redirect

from backend.codes import CODES
from backend.errors import Problem
from backend.routes.installation import settings
from backend.routes.limits import sign_in_failures
from backend.routes.pages import forms_staff
from backend.routes.pages.forms import SECRET_FIELDS, SIGNED_IN_AGAIN, Refusal, blank, refused
from backend.routes.pages.frame import render
from backend.routes.pages.guards import STAFF_COOKIE, posted, signed_in
from backend.routes.pages.refusals import door, problem_in_page, problem_page, show_again, shown_again_by
from backend.routes.pipeline import open_work
from backend.routes.signing_in import sign_in
from backend.schemas.staff import StaffSessionIn
from backend.services.signing_in import sign_out

bp = APIBlueprint("staff_door", __name__, enable_openapi=False)

HOME = "/staff"
CARRIED = "kept."
"""Before the name of each field of a form that waits behind the door; `again` is where it was sent."""


def login_page(refusal: Refusal | None = None, carried: dict[str, str] | None = None) -> Response:
    """The form; `carried` are hidden fields that come back with it."""
    if carried is None:
        carried = {name: text for name, text in posted().items() if _is_carried(name)} if refusal else {}
    return render(
        "staff/login.html",
        refusal.status if refusal else 200,
        at="/staff/login",
        form=refused(forms_staff.LOGIN, refusal) if refusal else blank(),
        form_actions={"login": "/staff/login"},
        carried=carried,
        has_kept="again" in carried,
    )


@bp.get("/staff/login")
def ask() -> Response | Redirect:
    """The door; who is inside already goes on."""
    wanted = local_address(request.args.get("next"))
    if signed_in(request.cookies.get(STAFF_COOKIE)) is not None:
        return redirect(wanted, 303)
    return login_page(carried={"next": wanted} if wanted != HOME else {})


@bp.post("/staff/login")
@shown_again_by(login_page)
@sign_in_failures
def enter() -> Response | Redirect:
    """Sign in; lead to the page asked for, or show the waiting form again, without carrying it out."""
    given = {name: posted()[name] for name in ("username", "password", "totp") if posted().get(name)}
    data = StaffSessionIn().load(given)
    token, _ = sign_in(data["username"], data["password"], data.get("totp"), with_first=True)
    response = _waiting_form(token) or redirect(local_address(posted().get("next")), 303)
    # For every path: on a browser where staff are signed in, nobody rates.
    # Without an end of its own the cookie goes with the browser; the session behind it ends after its hours.
    response.set_cookie(STAFF_COOKIE, token, secure=settings().cookie_secure, httponly=True, samesite="Lax")
    return response


@bp.post("/staff/logout")
def leave() -> Redirect:
    """End the session at once."""
    access = signed_in(request.cookies.get(STAFF_COOKIE))
    if access is not None and access.session_id is not None:
        with open_work(access.actor) as work:
            sign_out(work, access.session_id)
    response = redirect("/staff/login", 303)
    response.delete_cookie(STAFF_COOKIE, secure=settings().cookie_secure, httponly=True, samesite="Lax")
    return response


@door
def login_again() -> Response:
    """For a form posted after the session had ended: the door, with all that was written carried along."""
    kind = CODES["unauthenticated"]
    detail = "登录已过期，请重新登录，登录以后会回到原来的页面。"
    carried = {f"{CARRIED}{name}": text for name, text in posted().items() if name not in SECRET_FIELDS}
    return login_page(Refusal(Problem(kind, detail), {}), carried | {"again": request.path})


def local_address(wanted: str | None) -> str:
    """An address below /staff, or the console's first page for whatever else somebody put there."""
    if not wanted or not wanted.isprintable() or "\\" in wanted:
        return HOME
    parts = urlsplit(wanted)
    is_local = not parts.scheme and not parts.netloc and ".." not in parts.path and "//" not in parts.path
    below = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    return wanted if is_local and below and parts.path not in {"/staff/login", "/staff/logout"} else HOME


def _waiting_form(token: str) -> Response | None:
    """The page of the form that came too late, filled in; None when no form waits."""
    address = posted().get("again")
    if not address or local_address(address) == HOME:
        return None
    try:
        endpoint, arguments = current_app.url_map.bind("").match(address, method="POST")
    except (HTTPException, RequestRedirect):
        return None
    access = signed_in(token)
    if access is None:
        return None
    kept = {name.removeprefix(CARRIED): text for name, text in posted().items() if name.startswith(CARRIED)}
    g.access, g.posted = access, kept
    try:
        return show_again(endpoint, dict(arguments), Refusal(SIGNED_IN_AGAIN, kept))
    except Exception as error:  # noqa: BLE001 - signed in all the same, and the words are on the page
        return problem_page(problem_in_page(error))


def _is_carried(name: str) -> bool:
    return name in {"next", "again"} or name.startswith(CARRIED)
