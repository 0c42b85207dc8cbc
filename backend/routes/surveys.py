"""`/surveys/{token}`: answer a follow-up without signing in. GET writes nothing."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.clock import now
from backend.database import reading
from backend.domain.actors import Actor
from backend.queries.surveys import find_survey, survey_shape
from backend.routes.access import citizen_access, staff_access
from backend.routes.api import Shown, bearer_token, json_body, show_read
from backend.routes.documented import documented
from backend.routes.limits import survey_misses
from backend.routes.operations.follow_ups import answer_survey
from backend.routes.pipeline import open_reading
from backend.schemas.answers import RatedOut
from backend.schemas.answers_follow_ups import SurveyOut
from backend.schemas.inquiries import RatingIn
from backend.services.accounts import is_staff_wechat

bp = APIBlueprint("surveys", __name__, tag="首问事项")


@bp.get("/surveys/<token>")
@documented(
    bp, summary="评价邀请：哪一件事、怎么答复的", answer=SurveyOut, codes=("rate_limited", "survey_expired")
)
@survey_misses
def show(token: str) -> Shown:
    """Number, unit and day, not what was asked; the reply; whether it waits for a grade."""
    with open_reading(Actor("citizen")) as work:
        return show_read(survey_shape(work, *find_survey(work, token)))


@bp.post("/surveys/<token>")
@documented(
    bp,
    summary="通过评价邀请评价",
    answer=RatedOut,
    body=RatingIn,
    status=201,
    codes=(
        "json_invalid",
        "unsupported_media_type",
        "validation_failed",
        "rate_limited",
        "staff_cannot_rate",
        "already_rated",
        "not_rateable",
        "survey_expired",
        "storage_full",
        "outcome_unknown",
    ),
)
@survey_misses
def answer(token: str) -> Shown:
    """The citizen's own grade of the closed round, once."""
    return show_read(answer_survey(token, json_body(), by_staff=_is_staff()), 201)


def _is_staff() -> bool:
    """Whether a staff session, or that of a WeChat bound by staff, is shown beside the link."""
    token = bearer_token()
    if token is None:
        return False
    with reading() as session:
        citizen = citizen_access(session, token, now())
        if citizen is not None and citizen.account_id is not None:
            return is_staff_wechat(session, citizen.account_id)
        return staff_access(session, token, now()) is not None
