"""`/`, `/s` and `/s/{code}`: where people arrive; and the code that brings them there."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.actors import Actor
from backend.domain.numbers import fold_sign_code
from backend.portal.qr_apart import qr_svg_apart
from backend.queries.signs import sign_shape
from backend.routes.installation import settings
from backend.routes.pages.frame import render
from backend.routes.pages.refusals import sign_unknown
from backend.routes.pipeline import open_reading
from backend.services.routing import find_sign

bp = APIBlueprint("home", __name__, enable_openapi=False)

ONE_DAY = "public, max-age=86400"


@bp.get("/")
def home() -> Response:
    """Two ways in: a sign, or an inquiry already filed."""
    return render("portal/home.html", form_actions={"find_sign": "/s"})


@bp.get("/s")
def find() -> Response | Redirect:
    """A code typed by hand."""
    typed = request.args.get("code", "")
    if not typed.strip():
        return redirect("/", 303)
    folded = fold_sign_code(typed)
    return redirect(f"/s/{folded}", 303) if folded else sign_unknown(typed, [])


@bp.get("/s/<code>")
def sign(code: str) -> Response:
    """A sign as it hangs on the wall. Raises SignUnknown, SignRetired."""
    with open_reading(Actor("citizen")) as work:
        shape = sign_shape(work, find_sign(work.session, code), settings().base_url)
    return render("portal/sign.html", sign=shape)


@bp.get("/s/<code>/qr.svg")
def qr(code: str) -> Response:
    """The QR code of a live sign."""
    with open_reading(Actor("citizen")) as work:
        url = f"{settings().base_url}/s/{find_sign(work.session, code).code}"
    return Response(qr_svg_apart(url), mimetype="image/svg+xml", headers={"Cache-Control": ONE_DAY})
