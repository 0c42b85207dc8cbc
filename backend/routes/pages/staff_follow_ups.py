"""`/staff/follow-ups`: the calls this person is to make, with the phone, and a form for what came of each."""

from __future__ import annotations

from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.queries.follow_ups import call_list
from backend.routes.loading import by_number
from backend.routes.operations.follow_ups import call_report
from backend.routes.pages.forms import Refusal, blank, kept_words, refused, sentence_of, submission
from backend.routes.pages.forms_follow_ups import CALL, call
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import carry_out, open_reading

bp = APIBlueprint("staff_follow_up_pages", __name__, enable_openapi=False)

ADDRESS = "/staff/follow-ups"


@bp.get(ADDRESS)
def show_list() -> Response:
    """The most urgent first. Raises CursorInvalid."""
    return list_page()


def list_page(refusal: Refusal | None = None, number: str | None = None) -> Response:
    """One page of the list; the refused form as it was filled in, if its call still stands there."""
    with open_reading(access().actor) as work:
        page = call_list(work, identity(), request.args.get("cursor"))
        statute = work.tools.statute
    items = page["items"]
    forms = {item["number"]: blank(version=item["version"]) for item in items}
    is_there = number in forms
    if refusal is not None and number is not None and is_there:
        forms[number] = refused(CALL, refusal, version=forms[number]["version"])
    more = page["next_cursor"]
    return render(
        "staff/follow_ups.html",
        refusal.status if refusal else 200,
        at=ADDRESS,
        me=g.me,
        items=items,
        reading=statute.readings["follow-up-call"].sentence,
        reading_label=statute.reading_label,
        forms=forms,
        kept=kept_words() if refusal is not None and not is_there else [],
        problem=sentence_of(refusal.problem) if refusal is not None and not is_there else None,
        next_url=f"{ADDRESS}?{urlencode({'cursor': more})}" if more else None,
        form_actions={"logout": "/staff/logout"} | {name: f"{ADDRESS}/{name}" for name in forms},
    )


@bp.post(f"{ADDRESS}/<number>")
@shown_again_by(list_page)
def report(number: str) -> Redirect:
    """Put on record what came of a call, then show what is left."""
    sent = submission(call(posted()))
    carry_out(call_report(by_number(number, identity()), identity()), sent)
    return redirect(ADDRESS, 303)


@bp.get(f"{ADDRESS}/<number>")
def back(number: str) -> Redirect:
    """Where a form was sent is no page: whoever asks for it comes back to the list."""
    del number
    return redirect(ADDRESS, 303)
