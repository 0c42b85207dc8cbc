"""What came in for a member of staff since they last took note: the messages that went to them, by what they say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.domain.clocks import date_phrase
from backend.domain.identity import Identity
from backend.domain.messages import find_topic
from backend.domain.numbers import display_number
from backend.domain.times import local
from backend.models import AccessSession, Inquiry, NoticeMark, OutboxItem
from backend.queries.visibility import visible_to
from backend.services.outbox import STAFF
from backend.services.work import Work

LOOKED_AT = 200
"""Messages read at most: who was away for long sees the newest."""
NAMED = 3
"""Inquiries named under one heading; the rest stand in the lists."""
LONGEST = timedelta(days=14)


def console_notices(work: Work, identity: Identity) -> dict[str, Any] | None:
    """What is new: `{since_text, until, groups: [{title, count, inquiries}]}`; None when nothing is."""
    since = _since(work, identity)
    rows = work.session.execute(
        select(OutboxItem.topic, OutboxItem.payload, OutboxItem.created_at, Inquiry.number)
        .join(Inquiry, Inquiry.id == OutboxItem.inquiry_id)
        .where(
            OutboxItem.recipient_kind == STAFF,
            OutboxItem.recipient_id == identity.staff_id,
            OutboxItem.created_at > since,
            visible_to(identity),
        )
        .order_by(OutboxItem.created_at.desc(), OutboxItem.id.desc())
        .limit(LOOKED_AT)
    ).all()
    groups: dict[str, dict[str, str]] = {}
    for topic, payload, _, number in rows:
        words = find_topic("staff", topic, payload)
        if words is not None:
            groups.setdefault(words.title, {}).setdefault(number, display_number(number))
    if not groups:
        return None
    return {
        "since_text": date_phrase(since, work.now),
        "until": local(rows[0].created_at).isoformat(),
        "groups": [
            {"title": title, "count": len(found), "inquiries": list(found.items())[:NAMED]}
            for title, found in groups.items()
        ],
    }


def _since(work: Work, identity: Identity) -> datetime:
    """When they last took note, else the sign-in before this one, else a fortnight ago."""
    mark = work.session.get(NoticeMark, identity.staff_id)
    if mark is not None:
        return mark.seen_at
    signed_in = work.session.scalars(
        select(AccessSession.created_at)
        .where(AccessSession.kind == STAFF, AccessSession.staff_id == identity.staff_id)
        .order_by(AccessSession.created_at.desc())
        .limit(2)
    ).all()
    return signed_in[1] if len(signed_in) > 1 else work.now - LONGEST
