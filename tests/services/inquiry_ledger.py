"""What the ledger must say of an inquiry, told again from the tables of its life instead of from the event log (design 4, 5)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.complaints import MADE_COMPLAINT
from backend.domain.times import local
from backend.domain.vocabulary import RatingKind
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models import FollowUp, Holding, Inquiry, InquiryText, LedgerRow, Rating
from backend.services.ledger_rows import replay

OWN, CONTINUED, RECEIVED = LineKind.OWN, LineKind.CONTINUED, LineKind.RECEIVED


def check_ledger(session: Session, inquiry_id: str) -> None:
    """Each scope has its one line, each line says what the inquiry's own tables say, and a replay finds the same."""
    inquiry = session.get_one(Inquiry, inquiry_id)
    rows = session.scalars(select(LedgerRow).where(LedgerRow.inquiry_id == inquiry_id)).all()
    assert {(row.kind, row.unit_id, row.section_id) for row in rows} == _places(session, inquiry)
    for row in rows:
        _check_row(session, inquiry, row)
    assert replay(session, [inquiry_id], apply=False).differences == []


def _places(session: Session, inquiry: Inquiry) -> set[tuple[LineKind, str, str | None]]:
    holdings = session.scalars(
        select(Holding).where(Holding.inquiry_id == inquiry.id).order_by(Holding.started_at, Holding.id)
    ).all()
    first = inquiry.first_unit_id
    if inquiry.is_confidential:
        turned = session.scalars(
            select(InquiryText.created_at).where(
                InquiryText.inquiry_id == inquiry.id, InquiryText.kind == MADE_COMPLAINT
            )
        ).all()
        counting = [h for h in holdings if h.ended_at is None or not any(at >= h.ended_at for at in turned)]
        return {(OWN if h.unit_id == first else RECEIVED, h.unit_id, None) for h in counting}
    places: set[tuple[LineKind, str, str | None]] = {(OWN, first, inquiry.first_section_id)}
    standing = {first: inquiry.first_section_id}
    for holding in holdings:
        if holding.unit_id not in standing:
            standing[holding.unit_id] = holding.section_id
            places.add((RECEIVED, holding.unit_id, holding.section_id))
        if holding.section_id not in {None, standing[holding.unit_id]}:
            places.add((CONTINUED, holding.unit_id, holding.section_id))
    return places


def _check_row(session: Session, inquiry: Inquiry, row: LedgerRow) -> None:
    assert row.year == local(inquiry.received_at).year
    assert row.is_restricted is inquiry.is_confidential
    for name in (
        *("received_at", "is_late_entry", "channel", "source", "category"),
        *("first_responder_id", "round", "outcome", "closed_at", "closed_by_id"),
    ):
        assert getattr(row, name) == getattr(inquiry, name), name
    assert row.closing_unit_id == (inquiry.unit_id if inquiry.closed_at else None)
    call = session.scalar(
        select(FollowUp).where(
            FollowUp.inquiry_id == inquiry.id,
            FollowUp.round == inquiry.round,
            FollowUp.method == FollowUpMethod.CALL,
            FollowUp.staff_id.is_not(None),
        )
    )
    if call is None:
        assert row.followed_up_at is None
    elif call.state in {FollowUpState.ANSWERED, FollowUpState.REFUSED}:
        assert (row.followed_up_at, row.follow_up_result) == (call.ended_at, call.state)
    grades = {
        rating.kind: rating
        for rating in session.scalars(
            select(Rating).where(Rating.inquiry_id == inquiry.id, Rating.round == inquiry.round)
        )
    }
    if row.unit_id != row.closing_unit_id:
        grades = {}
    called, own = grades.get(RatingKind.FOLLOW_UP), grades.get(RatingKind.OWN)
    assert row.follow_up_grade == (called.grade if called else None)
    assert row.own_rated_at == (own.rated_at if own else None)
    assert row.changed_at == (own.changed_at if own else None)
    if own is not None:
        shown = (row.changed_grade, row.changed_shared) if row.changed_at else (row.own_grade, row.own_shared)
        assert shown == (own.grade, own.is_shared_with_section)
