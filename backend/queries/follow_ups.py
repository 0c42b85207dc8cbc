"""回访 as staff see it: the calls that wait, and how a closed round was followed up (泸 二（二）4, 附件1-16)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select, tuple_

from backend.domain.clocks import date_phrase, remaining_phrase
from backend.domain.follow_ups import survey_as_shown
from backend.domain.identity import Identity
from backend.domain.numbers import display_number
from backend.domain.ratings import shown_to_staff_until
from backend.domain.times import local
from backend.domain.vocabulary import Measure, Status
from backend.domain.vocabulary_contact import FollowUpLayer, FollowUpMethod, FollowUpState
from backend.models import FollowUp, Inquiry, InquiryText, Rating, Section, Staff, Unit
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.people import place_name
from backend.queries.visibility import visible_to
from backend.queries.work_items import summaries_of
from backend.services.contacts import national, read_contact
from backend.services.follow_up_calls import CallReach, call_reach, is_call_open, may_call
from backend.services.follow_up_rows import follow_up_of
from backend.services.texts import read_text
from backend.services.work import Work

PAGE = 20
DUTY = "follow-up"
PROVIDED = "本系统提供"
"""坛 knows no 回访: whatever stands under it there is ours and says so (design 3)."""
WEEKLY = "为了保密，微信评价邀请的情况每周一更新。"


def call_list(work: Work, identity: Identity, cursor: str | None) -> dict[str, Any]:
    """One page of the calls this person is to make, the most urgent first: `{items, next_cursor}`. Raises CursorInvalid."""
    key = (FollowUp.due_at, FollowUp.id)
    reach = call_reach(work.session, identity)
    query = (
        select(FollowUp, Inquiry)
        .join(Inquiry, Inquiry.id == FollowUp.inquiry_id)
        .where(*_waiting(reach), visible_to(identity))
    )
    if cursor:
        query = query.where(tuple_(*key) > read_cursor(cursor))
    rows = work.session.execute(query.order_by(*key).limit(PAGE + 1)).all()
    page = [(row, inquiry) for row, inquiry in rows[:PAGE]]
    summaries = summaries_of(work, [inquiry for _, inquiry in page])
    more = write_cursor(page[-1][0].due_at, page[-1][0].id) if len(rows) > PAGE else None
    return {
        "items": [_item(work, row, inquiry, summaries.get(inquiry.id)) for row, inquiry in page],
        "next_cursor": more,
    }


def is_caller(work: Work, identity: Identity) -> bool:
    """Whether the list of calls is this person's business: theirs by a post under 泸, or something stands in it."""
    reach = call_reach(work.session, identity)
    if not reach:
        return False
    if work.session.get_one(Unit, identity.unit_id).measure is Measure.LU:
        return True
    return work.session.scalar(select(FollowUp.id).where(*_waiting(reach)).limit(1)) is not None


def follow_ups_of(work: Work, identity: Identity, inquiry: Inquiry) -> dict[str, Any] | None:
    """How the closed round is followed up: `{survey, call, ...}`; None where nothing is, or it is open.

    The survey stands as it stood when the last week's grades were shown; of a call the grade stays in the unit.
    """
    if inquiry.status is not Status.CLOSED:
        return None
    survey = follow_up_of(work, inquiry, FollowUpMethod.SURVEY)
    call = follow_up_of(work, inquiry, FollowUpMethod.CALL)
    if survey is None and call is None:
        return None
    is_replaced = call is not None and work.session.get_one(Unit, call.unit_id).survey_replaces_call
    statute = work.tools.statute
    duty = None if inquiry.measure is Measure.TAN else statute.duty(inquiry.measure, DUTY)
    return {
        "clause": duty.clause if duty else None,
        "provided_label": None if duty else PROVIDED,
        "survey": _survey(work, survey) if survey else None,
        "call": _call(work, identity, inquiry, call) if call else None,
        "reading": statute.readings["survey-replaces-call"].sentence if is_replaced else None,
        "reading_label": statute.reading_label,
    }


def follow_up_actions(work: Work, identity: Identity, inquiry: Inquiry, base: str) -> list[dict[str, Any]]:
    """登记回访 for whoever may call, while there is something to call about."""
    if inquiry.status is not Status.CLOSED:
        return []
    if not may_call(work, identity, inquiry) or not is_call_open(work, inquiry):
        return []
    return [
        {
            "name": "follow_up",
            "label": "登记电话回访",
            "method": "POST",
            "href": f"{base}/follow-ups",
            "fields": ["result", "grade", "comment"],
        }
    ]


def _waiting(reach: CallReach) -> list[ColumnElement[bool]]:
    """SQL: this follow-up is a call that somebody of this reach is to make."""
    places = [FollowUp.unit_id.in_(reach.units), FollowUp.section_id.in_(reach.sections)]
    return [
        FollowUp.method == FollowUpMethod.CALL,
        FollowUp.layer == FollowUpLayer.CENSUS,
        FollowUp.ended_at.is_(None),
        or_(*places),
    ]


def _item(work: Work, row: FollowUp, inquiry: Inquiry, summary: str | None) -> dict[str, Any]:
    contact = read_contact(work.tools, inquiry.citizen) if inquiry.citizen is not None else None
    closed_at = inquiry.closed_at or row.created_at
    section = work.session.get(Section, row.section_id) if row.section_id else None
    return {
        "id": row.id,
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "version": inquiry.version,
        "summary": summary,
        "category_label": inquiry.category.label,
        "outcome_label": inquiry.outcome.label if inquiry.outcome else None,
        "place_text": place_name(work.session.get_one(Unit, row.unit_id), section),
        "closed_at": local(closed_at).isoformat(),
        "closed_text": date_phrase(closed_at, work.now),
        **_due(work, row),
        "name": contact.name if contact else None,
        "org_name": contact.org_name if contact else None,
        "phone": national(contact.phone) if contact and contact.phone else None,
    }


def _due(work: Work, row: FollowUp) -> dict[str, Any]:
    """Until when, by our pace: a call that is late is no breach of a limit, and its words say so."""
    return {
        "due_at": local(row.due_at).isoformat(),
        "due_text": f"{date_phrase(row.due_at, work.now)} 前",
        "remaining_text": remaining_phrase(work.calendar, work.now, row.due_at).replace("已超期", "已晚"),
        "is_late": work.now > row.due_at,
    }


def _survey(work: Work, row: FollowUp) -> dict[str, str]:
    moments = {FollowUpState.SENT: row.sent_at, FollowUpState.REMINDED: row.reminded_at}
    if row.ended_at is not None:
        moments[row.state] = row.ended_at
    state = survey_as_shown(moments, shown_to_staff_until(work.now))
    return {"state": state.value, "state_label": state.label, "note": WEEKLY}


def _call(work: Work, identity: Identity, inquiry: Inquiry, row: FollowUp) -> dict[str, Any]:
    caller = work.session.get(Staff, row.staff_id) if row.staff_id else None
    is_open = row.ended_at is None
    shape = {
        "state": row.state.value,
        "state_label": row.state.label,
        **(
            _due(work, row)
            if is_open
            else {"due_at": None, "due_text": None, "remaining_text": None, "is_late": False}
        ),
        "at": local(row.ended_at).isoformat() if row.ended_at else None,
        "at_text": date_phrase(row.ended_at, work.now) if row.ended_at else None,
        "by": caller.name if caller else None,
        "grade": None,
        "grade_label": None,
        "comment": None,
    }
    if identity.unit_id == row.unit_id:
        rating = work.session.get(Rating, row.rating_id) if row.rating_id else None
        said = work.session.get(InquiryText, row.note_text_id) if row.note_text_id else None
        shape["grade"] = rating.grade.value if rating else None
        shape["grade_label"] = rating.grade.label if rating else None
        shape["comment"] = read_text(work.tools, inquiry, said) if said else None
    return shape
