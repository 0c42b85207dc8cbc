"""`/staff/reviews`: 内容复核, one form beside each text or file that somebody has to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.queries.reviews import review_list
from backend.routes.operations import reviews
from backend.routes.pages.forms import FormKind, Refusal, blank, filled, kept_words, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import carry_out, open_reading
from backend.schemas.reviews import DECISIONS

bp = APIBlueprint("staff_review_pages", __name__, enable_openapi=False)

REVIEW = FormKind(("decision", "note"), {"decision": "请选择有没有问题。"})
HINTS = {
    "cleared": "照常显示",
    "folded": "办理人点开才看到，内容一个字也不删，办理照常",
}


@bp.get("/staff/reviews")
def show_list() -> Response:
    """What waits for this person, longest waiting first. Raises CursorInvalid."""
    return review_page()


def review_page(refusal: Refusal | None = None, review_id: str | None = None) -> Response:
    """One page of the list; the refused form as it was filled in, if what it is about still waits."""
    with open_reading(access().actor) as work:
        page = review_list(work, identity(), request.args.get("cursor"))
    forms = {item["id"]: blank() for item in page["items"]}
    is_there = review_id in forms
    if refusal is not None and review_id is not None and is_there:
        forms[review_id] = refused(REVIEW, refusal)
    for item in page["items"]:
        if item["attachment"] is not None:
            item["attachment"]["url"] = (
                f"/staff/inquiries/{item['number']}/attachments/{item['attachment']['id']}"
            )
    more = page["next_cursor"]
    return render(
        "staff/reviews.html",
        refusal.status if refusal else 200,
        at="/staff/reviews",
        me=g.me,
        items=page["items"],
        forms=forms,
        decisions=[{"value": one.value, "label": one.label} for one in DECISIONS],
        hints=HINTS,
        kept=kept_words() if refusal is not None and not is_there else [],
        problem=refusal.problem if refusal is not None and not is_there else None,
        next_url=f"/staff/reviews?{urlencode({'cursor': more})}" if more else None,
        form_actions={"logout": "/staff/logout"},
    )


def _again(refusal: Refusal, review_id: str) -> Response:
    return review_page(refusal, review_id)


@bp.post("/staff/reviews/<review_id>")
@shown_again_by(_again)
def decide(review_id: str) -> Redirect:
    """Carry it out; leads back to what still waits."""
    carry_out(reviews.decision(review_id, identity()), submission(_data(posted())))
    return redirect("/staff/reviews", 303)


@bp.get("/staff/reviews/<review_id>")
def back(review_id: str) -> Redirect:
    """Where a form was sent is no page: whoever asks for it comes back to the list."""
    del review_id
    return redirect("/staff/reviews", 303)


def _data(form: Mapping[str, str]) -> dict[str, Any]:
    return filled(form, "decision", "note")
