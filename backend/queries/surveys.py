"""What the link of a survey shows: which matter it is about, what was answered, and whether it can still be rated."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.errors import NotFound, SurveyExpired
from backend.domain.numbers import display_number
from backend.domain.times import local
from backend.domain.vocabulary import Status
from backend.domain.vocabulary_contact import FollowUpState
from backend.models import FollowUp, Inquiry, WechatAccount
from backend.queries.inquiry import reply_of
from backend.queries.people import ref
from backend.services.follow_up_rows import survey_of_token
from backend.services.following import current_rating
from backend.services.work import Work

OPEN, ANSWERED, REOPENED = "open", "answered", "reopened"


def find_survey(work: Work, token: str) -> tuple[FollowUp, Inquiry]:
    """The survey of a capability and its inquiry, as they are now. Raises NotFound, SurveyExpired.

    Not found is also what is erased, the matter or whom it asked, and what nobody is asked any more: such a link tells
    nothing. One of a round that was opened again since says so.
    """
    row = survey_of_token(work, token)
    inquiry = work.session.get(Inquiry, row.inquiry_id) if row is not None else None
    if row is None or inquiry is None or inquiry.wrapped_key is None or _is_void(work, row, inquiry):
        raise NotFound("这个网址不对。请从微信消息重新打开，或者凭编号查询。")
    if row.expires_at is not None and work.now > row.expires_at:
        raise SurveyExpired()
    return row, inquiry


def is_of_this_round(row: FollowUp, inquiry: Inquiry) -> bool:
    """Whether the round it asks about is still the last word: not opened again since."""
    return inquiry.status is Status.CLOSED and inquiry.round == row.round


def _is_void(work: Work, row: FollowUp, inquiry: Inquiry) -> bool:
    """Whether nobody is asked by it any more, and not for having been opened again."""
    erased = select(WechatAccount.id).where(
        WechatAccount.id == row.account_id, WechatAccount.erased_at.is_not(None)
    )
    if work.session.scalar(erased) is not None:
        return True
    return row.state is FollowUpState.CANCELLED and is_of_this_round(row, inquiry)


def survey_shape(work: Work, row: FollowUp, inquiry: Inquiry) -> dict[str, Any]:
    """The matter by number, unit and day, never what was asked in it; the reply; where the survey stands.

    Which grade was given is not shown: a link can be looked at over somebody's shoulder.
    """
    is_current = is_of_this_round(row, inquiry)
    state = REOPENED
    if is_current:
        state = ANSWERED if current_rating(work, inquiry) is not None else OPEN
    expires_at = row.expires_at or row.due_at
    return {
        "state": state,
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "unit": ref(inquiry.first_unit),
        "received_at": local(inquiry.received_at).isoformat(),
        "received_text": date_phrase(inquiry.received_at, work.now),
        "outcome": inquiry.outcome.value if is_current and inquiry.outcome else None,
        "outcome_label": inquiry.outcome.label if is_current and inquiry.outcome else None,
        "reply": reply_of(work, inquiry) if is_current else None,
        "expires_at": local(expires_at).isoformat(),
        "expires_text": f"{date_phrase(expires_at, work.now)} 前",
    }
