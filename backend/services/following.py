"""What the citizen does while following: supply, reopen, rate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domain.errors import AlreadyRated, IllegalTransition, NotFound, NotRateable
from backend.domain.ratings import can_change, ensure_rateable
from backend.domain.states import Step, next_status
from backend.domain.times import local
from backend.domain.vocabulary import ClockEnd, Grade, Outcome, RatingKind
from backend.models import Clock, Holding, Inquiry, LedgerEntry, Post, Rating, Staff
from backend.models.types import new_id
from backend.services.accounts import is_staff_wechat
from backend.services.changing import move
from backend.services.clocks import StatedLimit, start_clocks, start_stated_clock
from backend.services.content_checks import start_check
from backend.services.follow_up_rows import cancel_follow_ups, note_answer
from backend.services.holdings import bearers, hold, last_holding, live_holding
from backend.services.ledger import record
from backend.services.notices import end_wait
from backend.services.outbox import message_staff
from backend.services.presence import can_bear
from backend.services.routing import (
    Destination,
    bearer_of,
    complaint_bearer_of,
    oversight_post,
    subject_of_inquiry,
    unconcerned_keepers,
)
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event, LimitKind


def supplement_inquiry(work: Work, inquiry: Inquiry, *, text: str) -> LedgerEntry:
    """Add to an open inquiry in words, which ends a wait for it (系统设定 pause-on-notice). Raises IllegalTransition."""
    next_status(inquiry.status, Step.SUPPLEMENT)
    row, digest = store_text(work, inquiry, "supplement", text)
    start_check(work, inquiry, row)
    move(inquiry, Step.SUPPLEMENT)
    holding = live_holding(work.session, inquiry)
    resumed = end_wait(work, inquiry)
    entry = record(
        work,
        "supplemented",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts={"resumed": [clock.id for clock in resumed]} if resumed else None,
        texts={"supplement": (row.id, digest)},
    )
    if holding is not None:
        message_staff(work, "supplemented", inquiry, [s.id for s in bearers(work.session, holding, work.now)])
    return entry


def reopen_inquiry(work: Work, inquiry: Inquiry, *, reason: str) -> LedgerEntry:
    """Open a closed inquiry again as the next round: to the last holder, else to the general post (design 4).

    The stated limit that the round before ended with runs again from here, with the same days.
    Raises IllegalTransition unless it is closed and was not withdrawn.
    """
    next_status(inquiry.status, Step.REOPEN)
    if inquiry.outcome is Outcome.WITHDRAWN:
        raise IllegalTransition(
            "已经撤回的事项请重新提交。", status=inquiry.status.value, step=Step.REOPEN.value
        )
    row, digest = store_text(work, inquiry, "reason", reason)
    start_check(work, inquiry, row)
    cancel_follow_ups(work, inquiry)
    inquiry.round += 1
    inquiry.closed_at = None
    inquiry.outcome = None
    inquiry.closed_by_id = None
    move(inquiry, Step.REOPEN)
    last = _last_stated(work, inquiry)
    post, staff = _who_takes_it_again(work, inquiry)
    holding = hold(work, inquiry, post=post, staff=None if post else staff)
    # A reopened consultation is asked again (系统设定): its two working days run from here.
    start_clocks(work, inquiry, Event.REOPENED, since=work.now, holding=holding)
    again = _state_again(work, inquiry, last, holding) if last is not None else None
    entry = record(
        work,
        "reopened",
        inquiry,
        unit_id=inquiry.unit_id,
        holding=holding,
        facts=_restarted(again) if again is not None else None,
        texts={"reason": (row.id, digest)},
    )
    message_staff(work, "reopened", inquiry, [s.id for s in bearers(work.session, holding, work.now)])
    return entry


def rate_inquiry(
    work: Work,
    inquiry: Inquiry,
    *,
    grade: Grade,
    comment: str | None,
    share_with_section: bool,
    source: str,
) -> tuple[Rating, LedgerEntry]:
    """The citizen's own grade of the closed round; neither version nor order of anything staff see moves (design 5).

    Raises NotRateable, AlreadyRated.
    """
    ensure_rateable(inquiry.status, inquiry.outcome, inquiry.closed_at, work.now, work.tools.rating_window)
    if current_rating(work, inquiry) is not None:
        raise AlreadyRated()
    texts = {}
    comment_row = None
    if comment:
        comment_row, digest = store_text(work, inquiry, "comment", comment)
        start_check(work, inquiry, comment_row)
        texts["comment"] = (comment_row.id, digest)
    rating = Rating(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        kind=RatingKind.OWN,
        grade=grade,
        comment_text_id=comment_row.id if comment_row else None,
        is_shared_with_section=share_with_section,
        source=source,
        rated_at=work.now,
    )
    work.session.add(rating)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise AlreadyRated() from error
    note_answer(work, inquiry, rating)
    return rating, _record_rating(work, "rated", inquiry, rating, texts)


def change_rating(
    work: Work, inquiry: Inquiry, *, grade: Grade, comment: str | None, share_with_section: bool
) -> tuple[Rating, LedgerEntry]:
    """Change the grade of this round once, within seven days. Raises NotFound, AlreadyRated, NotRateable."""
    if inquiry.closed_at is None:
        raise NotRateable("办结以后才能评价。")
    rating = current_rating(work, inquiry)
    if rating is None:
        raise NotFound("还没有评价。")
    if not can_change(rating.rated_at, rating.changed_at, work.now):
        raise AlreadyRated("评价只能在 7 天内修改一次。")
    texts = {}
    rating.comment_text_id = None
    if comment:
        row, digest = store_text(work, inquiry, "comment", comment)
        start_check(work, inquiry, row)
        texts["comment"] = (row.id, digest)
        rating.comment_text_id = row.id
    rating.grade = grade
    rating.is_shared_with_section = share_with_section
    rating.changed_at = work.now
    work.session.flush()
    return rating, _record_rating(work, "rating_changed", inquiry, rating, texts)


def is_from_staff_phone(work: Work, inquiry: Inquiry) -> bool:
    """Whether the phone left with the inquiry is the own phone of an active member of staff: it cannot rate."""
    phone = inquiry.citizen.phone_index if inquiry.citizen else None
    if phone is None:
        return False
    owner = select(Staff.id).where(Staff.phone_index == phone, Staff.is_active).limit(1)
    return work.session.scalar(owner) is not None


def is_from_staff_wechat(work: Work, inquiry: Inquiry) -> bool:
    """Whether it was filed from the own WeChat of an active member of staff: it cannot rate either."""
    return inquiry.account_id is not None and is_staff_wechat(work.session, inquiry.account_id)


def current_rating(work: Work, inquiry: Inquiry) -> Rating | None:
    """The citizen's own grade of this round."""
    return work.session.scalar(
        select(Rating).where(
            Rating.inquiry_id == inquiry.id, Rating.round == inquiry.round, Rating.kind == RatingKind.OWN
        )
    )


def _record_rating(
    work: Work, event: str, inquiry: Inquiry, rating: Rating, texts: dict[str, tuple[str, str]]
) -> LedgerEntry:
    return record(
        work,
        event,
        inquiry,
        unit_id=inquiry.unit_id,
        facts={
            "rating": rating.id,
            "kind": rating.kind.value,
            "grade": rating.grade.value,
            "shared": rating.is_shared_with_section,
        },
        texts=texts,
    )


def _last_stated(work: Work, inquiry: Inquiry) -> Clock | None:
    """The stated limit that the round before ended with, if it had one."""
    statute = work.tools.statute
    rows = work.session.scalars(
        select(Clock)
        .where(
            Clock.inquiry_id == inquiry.id,
            Clock.round == inquiry.round - 1,
            Clock.end.in_((ClockEnd.MET, ClockEnd.CANCELLED)),
        )
        .order_by(Clock.end == ClockEnd.CANCELLED, Clock.created_at.desc(), Clock.id)
    )
    stated = (c for c in rows if statute.duty(c.measure, c.duty).limit.kind is LimitKind.STATED)
    return next(stated, None)


def _state_again(work: Work, inquiry: Inquiry, last: Clock, holding: Holding) -> Clock | None:
    """The same days for the same reason, from the reopening (系统设定 reopening-restarts-stated)."""
    if last.working_days is None or last.basis_kind is None:
        return None
    stated = StatedLimit(
        last.working_days, last.basis_kind, last.basis_text_id, last.matter_id, last.notice_id
    )
    return start_stated_clock(work, inquiry, last.duty, stated, since=work.now, holding=holding)


def _restarted(clock: Clock) -> dict[str, Any]:
    return {
        "clocks": [{"id": clock.id, "duty": clock.duty, "due_at": local(clock.due_at).isoformat()}],
        "days": clock.working_days,
    }


def _who_takes_it_again(work: Work, inquiry: Inquiry) -> tuple[Post | None, Staff | None]:
    last = last_holding(work.session, inquiry)
    subject = subject_of_inquiry(inquiry)
    if last is not None and last.staff_id is not None:
        person = work.session.get_one(Staff, last.staff_id)
        # Who has moved to another unit meanwhile does not take the matter along.
        if person.unit_id == inquiry.unit_id and can_bear(work.session, person.id, work.now):
            return None, person
    elif last is not None and last.post_id is not None:
        post = work.session.get_one(Post, last.post_id)
        if post.is_active and unconcerned_keepers(work, post, subject):
            return post, None
    if not inquiry.unit.is_active:
        # The unit is closed: the lead office above it sees to it that somebody has it.
        lead = oversight_post(work.session, inquiry.unit)
        if lead is not None and unconcerned_keepers(work, lead, subject):
            return lead, None
    if inquiry.is_confidential:
        # A complaint never falls to a post that it may be about.
        bearer = complaint_bearer_of(work, Destination(inquiry.first_unit, None, None, None), subject)
    else:
        bearer = bearer_of(work, Destination(inquiry.unit, None, None, None))
    return bearer.post, bearer.staff
