"""电话回访 by the post, the general post or discipline: who may call, and what came of a call (泸 二（二）4, 附件1-16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domain.errors import AlreadyFollowedUp, FollowUpNotPossible, RoleRequired
from backend.domain.follow_ups import CALLERS, WAITING_FOR_A_CALL, ensure_callable, ensure_grade
from backend.domain.identity import Identity
from backend.domain.vocabulary import Grade, PostKind, RatingKind, Role
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.models import FollowUp, Inquiry, LedgerEntry, Post, PostDeputy, Rating
from backend.models.types import new_id
from backend.services.follow_up_rows import end_follow_up, follow_up_of
from backend.services.follow_ups import add_follow_up, closed_round
from backend.services.holdings import last_holding
from backend.services.ledger import record
from backend.services.texts import store_text
from backend.services.work import Work

CALL = "call"
"""Where a 回访 grade came from (`ratings.source`)."""


@dataclass(frozen=True, slots=True)
class CallReach:
    """For which units, and for which sections of others, a person calls."""

    units: frozenset[str]
    sections: frozenset[str]

    def covers(self, unit_id: str, section_id: str | None) -> bool:
        return unit_id in self.units or section_id in self.sections

    def __bool__(self) -> bool:
        return bool(self.units or self.sections)


@dataclass(frozen=True, slots=True)
class Call:
    """What came of a call. `grade` exactly when it was answered; `comment` is what was said, in a few words."""

    result: FollowUpState
    grade: Grade | None = None
    comment: str | None = None


def call_reach(session: Session, identity: Identity) -> CallReach:
    """The posts a person keeps or stands in for (AB岗), and the roles that say the same."""
    deputised = select(PostDeputy.post_id).where(PostDeputy.staff_id == identity.staff_id)
    kept = session.execute(
        select(Post.kind, Post.unit_id, Post.section_id).where(
            Post.is_active, or_(Post.holder_id == identity.staff_id, Post.id.in_(deputised))
        )
    ).all()
    units = {post.unit_id for post in kept if post.kind in CALLERS}
    sections = {post.section_id for post in kept if post.kind is PostKind.SECTION and post.section_id}
    return CallReach(
        identity.units_with(Role.GENERAL_POST, Role.DISCIPLINE) | units,
        identity.sections_with(Role.POST_HOLDER) | sections,
    )


def may_call(work: Work, identity: Identity, inquiry: Inquiry) -> bool:
    """Whether calling about the present round is this person's business; whom it is about never sees it at all."""
    row = follow_up_of(work, inquiry, FollowUpMethod.CALL)
    if row is not None:
        place = row.unit_id, row.section_id
    else:
        holding = last_holding(work.session, inquiry)
        place = inquiry.unit_id, holding.section_id if holding else None
    return call_reach(work.session, identity).covers(*place)


def is_call_open(work: Work, inquiry: Inquiry) -> bool:
    """Whether there is, or may be made, a call of this round whose result can be put on record."""
    try:
        _ensure_open(work, inquiry)
    except (AlreadyFollowedUp, FollowUpNotPossible):
        return False
    return True


def report_call(work: Work, identity: Identity, inquiry: Inquiry, call: Call) -> tuple[FollowUp, LedgerEntry]:
    """Put on record what came of a call; an answered one makes the 回访 grade of the round, visible in the unit.

    Nothing else of the inquiry moves. Raises RoleRequired, FieldInvalid, FollowUpNotPossible, AlreadyFollowedUp.
    """
    if not may_call(work, identity, inquiry):
        raise RoleRequired("电话回访由首问责任岗、首问责任总岗或者机关纪委进行。")
    ensure_grade(call.result, call.grade)
    row = _ensure_open(work, inquiry) or add_follow_up(work, inquiry, FollowUpMethod.CALL)
    facts: dict[str, Any] = {
        "follow_up": row.id,
        "layer": row.layer.value,
        "result": call.result.value,
    }
    texts = {}
    if call.comment:
        text, digest = store_text(work, inquiry, "said", call.comment)
        texts["said"] = (text.id, digest)
        row.note_text_id = text.id
    work.session.flush()
    if call.grade is not None:
        rating = _rate(work, inquiry, call.grade, row.note_text_id)
        row.rating_id = rating.id
        facts |= {"rating": rating.id, "grade": rating.grade.value}
    row.staff_id = identity.staff_id
    end_follow_up(work, row, call.result)
    work.session.flush()
    entry = record(work, "followed_up", inquiry, unit_id=row.unit_id, facts=facts, texts=texts)
    return row, entry


def _ensure_open(work: Work, inquiry: Inquiry) -> FollowUp | None:
    """The call that is due, or was made in vain; None where nothing is due and the unit may still call."""
    ensure_callable(closed_round(work, inquiry), inquiry.status)
    row = follow_up_of(work, inquiry, FollowUpMethod.CALL)
    if row is not None and row.state not in WAITING_FOR_A_CALL:
        raise AlreadyFollowedUp()
    return row


def _rate(work: Work, inquiry: Inquiry, grade: Grade, comment_text_id: str | None) -> Rating:
    rating = Rating(
        id=new_id(),
        inquiry_id=inquiry.id,
        round=inquiry.round,
        kind=RatingKind.FOLLOW_UP,
        grade=grade,
        comment_text_id=comment_text_id,
        source=CALL,
        rated_at=work.now,
    )
    work.session.add(rating)
    try:
        work.session.flush()
    except IntegrityError as error:
        raise AlreadyFollowedUp() from error
    return rating
