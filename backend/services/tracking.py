"""Find an inquiry again: by number and phone tail, or by its tracking capability."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.domain.errors import NotFound
from backend.domain.numbers import parse_number
from backend.models import AccessSession, Citizen, Inquiry
from backend.models.types import new_id
from backend.services.work import Work
from backend.vault.tokens import new_token, token_hash


def look_up(
    work: Work, *, number: str, phone_tail: str, lifetime: timedelta
) -> tuple[str, AccessSession, Inquiry]:
    """Open a short tracking session for who knows the number and the phone's last four digits.

    Raises NotFound, the same for an unknown number, a wrong tail, and an inquiry without a phone.
    """
    parsed = parse_number(number)
    tail = work.tools.index.phone_tail_index(phone_tail)
    inquiry = work.session.scalar(
        select(Inquiry)
        .join(Citizen, Inquiry.citizen_id == Citizen.id)
        .where(Inquiry.number == (parsed or ""), Citizen.phone_tail_index == tail)
    )
    if inquiry is None:
        raise NotFound("没有找到。请核对编号和登记时留下的电话后四位。")
    token = new_token()
    session = AccessSession(
        id=new_id(),
        kind="tracking",
        token_hash=token_hash(token),
        inquiry_id=inquiry.id,
        created_at=work.now,
        expires_at=work.now + lifetime,
    )
    work.session.add(session)
    work.session.flush()
    return token, session, inquiry


def inquiry_of_token(session: Session, token: str, now: datetime) -> Inquiry | None:
    """The inquiry a capability opens: its own tracking token, or a live tracking session; None otherwise."""
    digest = token_hash(token)
    tracked = select(AccessSession.inquiry_id).where(
        AccessSession.kind == "tracking",
        AccessSession.token_hash == digest,
        AccessSession.expires_at > now,
        AccessSession.ended_at.is_(None),
    )
    return session.scalar(
        select(Inquiry).where(or_(Inquiry.tracking_hash == digest, Inquiry.id.in_(tracked.scalar_subquery())))
    )
