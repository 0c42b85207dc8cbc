"""回访 as time brings it about: invite, remind, find that nobody answered; drop what an answer made needless.

As in `duties`: looked for anew at every run, judged again under the lock of the inquiry, one unit of work each.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import Select, select, text

from backend import clock
from backend.database import reading
from backend.delivery.duties import each_inquiry
from backend.domain.ratings import shown_to_staff_until
from backend.domain.vocabulary import RatingKind
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.models import FollowUp, Rating, Unit
from backend.services.follow_ups import drop_replaced_call, move_survey_on

LOOKED_BACK = timedelta(weeks=5)
"""How old a grade can be for its call to be dropped: a worker that was away, or a unit that has just switched it on."""


def due_surveys(now: datetime) -> Select[str]:
    """Inquiries whose survey is to take its next step by `now`, longest due first."""
    return (
        select(FollowUp.inquiry_id)
        .where(text("ended_at IS NULL"), FollowUp.method == FollowUpMethod.SURVEY, FollowUp.due_at < now)
        .order_by(FollowUp.due_at, FollowUp.id)
    )


def replaced_calls(now: datetime) -> Select[str]:
    """Inquiries with a call that the citizen's own grade replaces, where the unit has it so; from the Monday after.

    Looked for from the grades of the last weeks on: calls that nobody makes stay open for years.
    """
    shown_until = shown_to_staff_until(now)
    return (
        select(FollowUp.inquiry_id)
        .join(Rating, (Rating.inquiry_id == FollowUp.inquiry_id) & (Rating.round == FollowUp.round))
        .join(Unit, Unit.id == FollowUp.unit_id)
        .where(
            Rating.rated_at >= shown_until - LOOKED_BACK,
            Rating.rated_at < shown_until,
            Rating.kind == RatingKind.OWN,
            FollowUp.method == FollowUpMethod.CALL,
            FollowUp.state == FollowUpState.WAITING,
            Unit.survey_replaces_call,
        )
        .order_by(Rating.rated_at, Rating.id)
    )


def follow_up(stop: Event) -> None:
    """Move every survey on whose time has come, then drop the calls that are not needed any more."""
    now = clock.now()
    with reading() as session:
        surveys, calls = session.scalars(due_surveys(now)).all(), session.scalars(replaced_calls(now)).all()
    each_inquiry(surveys, move_survey_on, stop)
    each_inquiry(calls, drop_replaced_call, stop)
