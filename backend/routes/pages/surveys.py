"""`/surveys/{token}`: rate a closed matter from the link of a message, without signing in. GET writes nothing."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.queries.surveys import find_survey, survey_shape
from backend.routes.limits import survey_misses
from backend.routes.operations.follow_ups import answer_survey
from backend.routes.pages import forms_citizen
from backend.routes.pages.forms import Refusal, blank, kept_words, refused
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, is_staff_browser, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading

bp = APIBlueprint("survey_pages", __name__, enable_openapi=False)


@bp.get("/surveys/<token>")
@survey_misses
def show(token: str) -> Response:
    """The matter by number, unit and day, what was answered, and three grades; or that there is nothing to rate."""
    return survey_page(None, token)


def survey_page(refusal: Refusal | None, token: str) -> Response:
    """The survey as it stands; a refused form as it was filled in. Raises NotFound, SurveyExpired."""
    with open_reading(access().actor) as work:
        shape = survey_shape(work, *find_survey(work, token))
    is_open = shape["state"] == "open"
    return render(
        "portal/survey.html",
        refusal.status if refusal else 200,
        at=f"/surveys/{token}",
        survey=shape,
        just_rated=refusal is None and "rated" in request.args,
        form=refused(forms_citizen.RATING, refusal) if refusal else blank(),
        form_actions={"rate": f"/surveys/{token}"},
        kept=[] if is_open else kept_words(),
    )


@bp.post("/surveys/<token>")
@shown_again_by(survey_page)
@survey_misses
def rate(token: str) -> Redirect:
    """The citizen's own grade, once."""
    answer_survey(token, forms_citizen.rating(posted()), by_staff=is_staff_browser())
    return redirect(f"/surveys/{token}?rated=1", 303)
