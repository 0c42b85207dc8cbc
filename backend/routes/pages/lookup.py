"""`/lookup`: find an inquiry again by its number and the last digits of the phone."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, redirect
from werkzeug.wrappers import Response as Redirect

from backend.routes.limits import lookup_misses
from backend.routes.looking_up import find_again
from backend.routes.pages import forms_citizen
from backend.routes.pages.forms import Refusal, blank, refused
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_work
from backend.schemas.inquiries import LookupIn

bp = APIBlueprint("lookup_pages", __name__, enable_openapi=False)


def lookup_page(refusal: Refusal | None = None) -> Response:
    return render(
        "portal/lookup.html",
        refusal.status if refusal else 200,
        form=refused(forms_citizen.LOOKUP, refusal) if refusal else blank(),
        form_actions={"lookup": "/lookup"},
    )


@bp.get("/lookup")
def ask() -> Response:
    return lookup_page()


@bp.post("/lookup")
@shown_again_by(lookup_page)
@lookup_misses
def find() -> Redirect:
    """Open a short tracking session and lead to its page. Raises NotFound, alike whatever is wrong."""
    data = LookupIn().load(forms_citizen.lookup(posted()))
    with open_work(access().actor) as work:
        token, _, _ = find_again(work, data)
    return redirect(f"/t/{token}", 303)
