"""The follow-ups of a closed round as rows: found, answered, ended. What starts them and moves them on is `follow_ups`."""

from __future__ import annotations

from sqlalchemy import select

from backend.domain.vocabulary_contact import FollowUpLayer, FollowUpMethod, FollowUpState
from backend.models import FollowUp, Inquiry, Rating
from backend.services.work import Work
from backend.vault.tokens import token_hash


def follow_up_of(work: Work, inquiry: Inquiry, method: FollowUpMethod) -> FollowUp | None:
    """The census follow-up of the present round by this method."""
    return work.session.scalar(
        select(FollowUp).where(
            FollowUp.inquiry_id == inquiry.id,
            FollowUp.round == inquiry.round,
            FollowUp.layer == FollowUpLayer.CENSUS,
            FollowUp.method == method,
        )
    )


def survey_of_token(work: Work, token: str) -> FollowUp | None:
    """The survey a capability answers, whatever became of it; freshly read."""
    return work.session.scalar(
        select(FollowUp)
        .where(FollowUp.token_hash == token_hash(token))
        .execution_options(populate_existing=True)
    )


def note_answer(work: Work, inquiry: Inquiry, rating: Rating) -> None:
    """The citizen gave their own grade, by whatever way: the invitation has its answer.

    A call it replaces stays on the list until the week's grades are shown (`follow_ups.drop_replaced_call`).
    """
    survey = follow_up_of(work, inquiry, FollowUpMethod.SURVEY)
    if survey is not None:
        # One that was 未送达 stays so: staff know that already, and learn of the grade with the week's others.
        if survey.ended_at is None:
            end_follow_up(work, survey, FollowUpState.ANSWERED)
        survey.rating_id = rating.id
        work.session.flush()


def cancel_follow_ups(work: Work, inquiry: Inquiry) -> None:
    """Nobody is asked any more: it was opened again, or the person behind it is erased."""
    rows = work.session.scalars(
        select(FollowUp).where(FollowUp.inquiry_id == inquiry.id, FollowUp.ended_at.is_(None))
    )
    for row in rows.all():
        end_follow_up(work, row, FollowUpState.CANCELLED)
    work.session.flush()


def end_follow_up(work: Work, row: FollowUp, state: FollowUpState) -> None:
    """Put it into one of the states in which it is over."""
    row.state = state
    row.ended_at = work.now
