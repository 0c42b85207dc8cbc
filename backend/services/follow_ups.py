"""回访 of every closed round: started with the closing, moved on as time passes, ended by an answer (泸 二（二）4, 附件1-16).

Staff neither start nor stop any of it, so that nobody chooses who is asked. What an act of somebody adds to it, the
grade given on the phone, is in `follow_up_calls`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from backend.domain.clocks import due_in_working_days
from backend.domain.follow_ups import (
    ClosedRound,
    Sending,
    SurveyStep,
    due_methods,
    next_step,
    replaces_call,
)
from backend.domain.ratings import shown_to_staff_until
from backend.domain.vocabulary_contact import FollowUpLayer, FollowUpMethod, FollowUpState
from backend.models import FollowUp, Inquiry, OutboxItem, Unit, WechatAccount
from backend.models.types import new_id
from backend.services.follow_up_rows import end_follow_up, follow_up_of
from backend.services.following import current_rating, is_from_staff_phone, is_from_staff_wechat
from backend.services.holdings import last_holding
from backend.services.outbox import message_citizen
from backend.services.work import Work
from backend.vault.tokens import survey_token, token_hash

CLOSING, INVITATION, REMINDER = "closed", "survey", "survey_reminder"
"""Topics of the messages with the link: the first asks already, the second only where that could not be delivered."""
ONCE = "round"
UNSURE = "unconfirmed"
"""Why a message ended that may well have arrived: nobody is called 未送达 for that."""
_PACE = {FollowUpMethod.SURVEY: "follow-up-survey", FollowUpMethod.CALL: "follow-up-call"}


def start_follow_ups(work: Work, inquiry: Inquiry) -> FollowUp | None:
    """Begin what is due after this closing. Returns the survey, whose link the closing message carries already."""
    survey = None
    for method in due_methods(closed_round(work, inquiry)):
        row = add_follow_up(work, inquiry, method)
        if method is FollowUpMethod.SURVEY:
            survey = row
    work.session.flush()
    return survey


def closed_round(work: Work, inquiry: Inquiry) -> ClosedRound:
    """What decides who can be asked about the present round."""
    account = work.session.get(WechatAccount, inquiry.account_id) if inquiry.account_id else None
    return ClosedRound(
        measure=inquiry.measure,
        outcome=inquiry.outcome,
        has_account=account is not None and account.erased_at is None,
        has_phone=_has_phone(inquiry),
        is_staffs_own=is_from_staff_phone(work, inquiry) or is_from_staff_wechat(work, inquiry),
    )


def add_follow_up(work: Work, inquiry: Inquiry, method: FollowUpMethod) -> FollowUp:
    """A follow-up of the present round: whoever closed it is whose post calls."""
    closed_at = inquiry.closed_at or work.now
    holding = last_holding(work.session, inquiry)
    row = FollowUp(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        layer=FollowUpLayer.CENSUS,
        method=method,
        state=FollowUpState.WAITING,
        unit_id=inquiry.unit_id,
        section_id=holding.section_id if holding else None,
        created_at=work.now,
        due_at=_after(work, inquiry.unit_id, closed_at, work.tools.statute.number(_PACE[method])),
    )
    if method is FollowUpMethod.SURVEY:
        row.account_id = inquiry.account_id
        row.token_hash = token_hash(survey_token(work.tools.tracking_key, row.id))
        row.expires_at = closed_at + work.tools.rating_window
    work.session.add(row)
    return row


def move_survey_on(work: Work, inquiry: Inquiry) -> None:
    """The next step of the survey of this round, if its time has come: find it asked, ask, remind, or find no answer.

    Judged anew under the lock of the inquiry, so that of any number of workers one sends.
    """
    row = follow_up_of(work, inquiry, FollowUpMethod.SURVEY)
    if row is None or row.ended_at is not None or row.expires_at is None or row.due_at >= work.now:
        return
    if is_from_staff_wechat(work, inquiry):
        end_follow_up(work, row, FollowUpState.CANCELLED)
        return
    carried = _messages(work, row)
    closing, invitation = carried.get(CLOSING), carried.get(INVITATION)
    step = next_step(
        row.state,
        _sending(closing) if closing is not None else Sending.FAILED,
        _sending(invitation) if invitation is not None else None,
        expires_at=row.expires_at,
        now=work.now,
    )
    pace = work.tools.statute.number("follow-up-reminder")
    if step in {SurveyStep.COUNT, SurveyStep.SEND}:
        asked_at = work.now
        if step is SurveyStep.SEND:
            message_citizen(work, INVITATION, inquiry, once=ONCE, follow_up=row.id)
        elif closing is not None and closing.finished_at is not None:
            asked_at = closing.finished_at
        # Not when the closing message went: staff would see at once for whom this step was left out, hence who rated.
        row.state, row.sent_at = FollowUpState.SENT, work.now
        row.due_at = _after(work, row.unit_id, asked_at, pace)
    elif step is SurveyStep.REMIND:
        message_citizen(work, REMINDER, inquiry, once=ONCE, follow_up=row.id)
        row.state, row.reminded_at = FollowUpState.REMINDED, work.now
        row.due_at = row.expires_at
    elif step is SurveyStep.WAIT:
        row.due_at = min(_after(work, row.unit_id, work.now, 1), row.expires_at)
    else:
        over = FollowUpState.UNDELIVERED if step is SurveyStep.GIVE_UP else FollowUpState.SILENT
        end_follow_up(work, row, over)
    work.session.flush()


def drop_replaced_call(work: Work, inquiry: Inquiry) -> None:
    """Where the unit has it so, the citizen's own grade makes the call needless: from the Monday on that shows it."""
    row, rating = follow_up_of(work, inquiry, FollowUpMethod.CALL), current_rating(work, inquiry)
    if row is None or row.state is not FollowUpState.WAITING or rating is None:
        return
    if replaces_call(
        is_switched_on=work.session.get_one(Unit, row.unit_id).survey_replaces_call,
        rated_at=rating.rated_at,
        shown_until=shown_to_staff_until(work.now),
    ):
        end_follow_up(work, row, FollowUpState.CANCELLED)
        work.session.flush()


def _has_phone(inquiry: Inquiry) -> bool:
    """Whether a phone was left, and neither it nor the inquiry is erased."""
    if inquiry.citizen is None or inquiry.wrapped_key is None:
        return False
    return inquiry.citizen.phone_sealed is not None


def _messages(work: Work, row: FollowUp) -> dict[str, OutboxItem]:
    """The messages that carry the link of this survey, by topic."""
    items = work.session.scalars(
        select(OutboxItem)
        .where(OutboxItem.inquiry_id == row.inquiry_id, OutboxItem.topic.in_((CLOSING, INVITATION)))
        .execution_options(populate_existing=True)
    )
    return {item.topic: item for item in items if item.payload.get("follow_up") == row.id}


def _sending(item: OutboxItem) -> Sending:
    """What became of a message."""
    if item.state == "failed" and item.problem != UNSURE:
        return Sending.FAILED
    return Sending.DELIVERED if item.state in {"done", "failed"} else Sending.UNDER_WAY


def _after(work: Work, unit_id: str, start: datetime, days: int) -> datetime:
    """Close of business of the unit, so many working days on."""
    hours = work.hours_of(work.session.get_one(Unit, unit_id))
    return due_in_working_days(work.calendar, hours, start, days).due_at
