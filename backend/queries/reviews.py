"""内容复核: what a machine found doubtful or could not look at, for those who look at it in person.

The general post and the discipline of the unit that holds the inquiry, inside what they may see at all; the lead office
what it holds itself. A comment on a rating is confidential as the rating is (design 5): discipline alone looks at it,
nobody who held or closed that round does, and not before the week in which staff may learn of the rating.
"""

from __future__ import annotations

from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text, tuple_

from backend.domain.clocks import date_phrase
from backend.domain.doubtful import load_words
from backend.domain.errors import NotFound
from backend.domain.identity import Identity
from backend.domain.numbers import display_number
from backend.domain.ratings import shown_to_staff_until
from backend.domain.times import local
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_contact import CheckedBy, CheckState, ReviewReason
from backend.models import Attachment, ContentCheck, Holding, Inquiry, InquiryText, Rating
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.inquiry import attachment_shape
from backend.queries.visibility import held_by, kept_posts, visible_to
from backend.services.content_checks import COMMENT
from backend.services.texts import read_text
from backend.services.work import Work, is_id

Row = TypeVarTuple("Row")

PAGE = 20
COUNT_CAP = 100
REVIEWERS = (Role.GENERAL_POST, Role.DISCIPLINE)
LOOKED_AT = (CheckState.REVIEW, CheckState.CLEARED, CheckState.FOLDED)

PARTS = {
    "content": "提交的内容",
    "about_name": "投诉对象",
    "supplement": "补充说明",
    "reason": "填写的理由",
    "reminder": "催办的话",
    "comment": "评价里的话",
}
LABELS = {
    10001: "广告",
    20001: "时政",
    20002: "色情",
    20003: "辱骂",
    20006: "违法犯罪",
    20008: "欺诈",
    20012: "低俗",
    20013: "版权",
    21000: "其他",
}
"""WeChat's labels."""
NORMAL = 100


def review_list(work: Work, identity: Identity, cursor: str | None) -> dict[str, Any]:
    """One page of what waits for this person, longest waiting first: `{items, next_cursor}`. Raises CursorInvalid."""
    key = (ContentCheck.created_at, ContentCheck.id)
    query = _waiting(work, identity, select(ContentCheck, Inquiry))
    if cursor:
        query = query.where(tuple_(*key) > read_cursor(cursor))
    rows = work.session.execute(query.order_by(*key).limit(PAGE + 1)).all()
    page = rows[:PAGE]
    more = write_cursor(page[-1][0].created_at, page[-1][0].id) if len(rows) > PAGE else None
    return {"items": [_item(work, check, inquiry) for check, inquiry in page], "next_cursor": more}


def reviews_waiting(work: Work, identity: Identity) -> int | None:
    """How many wait for this person, up to COUNT_CAP; None for who reviews nothing."""
    if not identity.holds(*REVIEWERS, Role.OVERSEER):
        return None
    page = _waiting(work, identity, select(ContentCheck.id)).limit(COUNT_CAP).subquery()
    return work.session.scalar(select(func.count()).select_from(page)) or 0


def find_review(work: Work, identity: Identity, check_id: str) -> ContentCheck:
    """A text or file this person may decide on, decided or not. Raises NotFound."""
    check = None
    if is_id(check_id):
        check = work.session.scalar(
            _in_reach(work, identity, select(ContentCheck)).where(
                ContentCheck.id == check_id, ContentCheck.state.in_(LOOKED_AT)
            )
        )
    if check is None:
        raise NotFound("没有这项复核。")
    return check


def _waiting(work: Work, identity: Identity, query: Select[*Row]) -> Select[*Row]:
    # Written out, not bound: only then can the partial index be used (performance.md section 3).
    return _in_reach(work, identity, query).where(text("content_checks.state = 'review'"))


def _in_reach(work: Work, identity: Identity, query: Select[*Row]) -> Select[*Row]:
    """Checks of inquiries this person reviews, that there is still something to look at of."""
    return (
        query.join(Inquiry, Inquiry.id == ContentCheck.inquiry_id)
        .outerjoin(InquiryText, InquiryText.id == ContentCheck.text_id)
        .outerjoin(Attachment, Attachment.id == ContentCheck.attachment_id)
        .where(
            _reviewed_by(identity),
            or_(
                and_(ContentCheck.attachment_id.is_not(None), Attachment.erased_at.is_(None)),
                InquiryText.kind != COMMENT,
                and_(
                    InquiryText.created_at < shown_to_staff_until(work.now),
                    ContentCheck.unit_id.in_(identity.units_with(Role.DISCIPLINE)),
                    _no_part_in_its_round(identity),
                ),
            ),
        )
    )


def _reviewed_by(identity: Identity) -> ColumnElement[bool]:
    """SQL, over checks and inquiries: in this person's chain, and theirs to review."""
    reviewed = identity.units_with(*REVIEWERS)
    theirs: ColumnElement[bool] = ContentCheck.unit_id.in_(reviewed)
    if identity.holds(Role.OVERSEER):
        # The units first: the index leads to few rows, which are then looked at one by one.
        own = ContentCheck.unit_id.in_(reviewed | identity.units_with(Role.OVERSEER) | {identity.unit_id})
        theirs = and_(own, or_(theirs, held_by(identity)))
    return and_(theirs, visible_to(identity))


def _no_part_in_its_round(identity: Identity) -> ColumnElement[bool]:
    """SQL, over texts of comments: it stands beside a grade, of a round this person neither held nor closed.

    One that the citizen took back by changing the grade stands beside none, and nobody needs to look at it.
    """
    held = exists().where(
        Holding.inquiry_id == Rating.inquiry_id,
        Holding.round == Rating.round,
        or_(Holding.staff_id == identity.staff_id, Holding.post_id.in_(kept_posts(identity))),
    )
    closed = and_(Rating.round == Inquiry.round, func.coalesce(Inquiry.closed_by_id, "") == identity.staff_id)
    return exists().where(
        Rating.inquiry_id == ContentCheck.inquiry_id,
        Rating.comment_text_id == ContentCheck.text_id,
        ~held,
        ~closed,
    )


def _item(work: Work, check: ContentCheck, inquiry: Inquiry) -> dict[str, Any]:
    row = work.session.get(InquiryText, check.text_id) if check.text_id else None
    words = read_text(work.tools, inquiry, row) if row is not None else None
    file = work.session.get(Attachment, check.attachment_id) if check.attachment_id else None
    shape = attachment_shape(work, inquiry, file) if file is not None else None
    reason = check.reason or ReviewReason.UNCHECKED
    return {
        "id": check.id,
        "number": inquiry.number,
        "display_number": display_number(inquiry.number),
        "category_label": inquiry.category.label,
        "part": PARTS.get(row.kind, "文字") if row is not None else "照片或文件",
        "text": words,
        "attachment": shape,
        "checked_by": check.checked_by.value,
        "checked_by_label": check.checked_by.label,
        "reason": reason.value,
        "reason_label": reason.label,
        "found": _found(check, words if words is not None else (shape or {}).get("name", "")),
        "at": local(check.created_at).isoformat(),
        "at_text": date_phrase(check.created_at, work.now),
    }


def _found(check: ContentCheck, words: str) -> str | None:
    """What of: WeChat's label, or the kinds of words that stand in it."""
    if check.checked_by is CheckedBy.WORDS:
        return "、".join(sorted(load_words().kinds_in(words))) or None
    if check.label is None or check.label == NORMAL:
        return None
    return LABELS.get(check.label, LABELS[21000])
