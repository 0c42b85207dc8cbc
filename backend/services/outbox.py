"""Messages and jobs go out with the transaction that causes them (delivery/ takes them from there)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from backend.models import Inquiry, OutboxItem
from backend.services.work import Work


def message_staff(work: Work, topic: str, inquiry: Inquiry, staff_ids: Iterable[str], **payload: Any) -> None:
    """One message per person; the payload carries ids and enums, never a text, a name or a phone."""
    for staff_id in sorted(set(staff_ids)):
        if staff_id in {inquiry.subject_staff_id, work.actor.id}:
            continue
        work.session.add(_item(work, "message", topic, inquiry, "staff", staff_id, payload, work.now))


def message_citizen(work: Work, topic: str, inquiry: Inquiry, **payload: Any) -> None:
    """A message to the citizen, where one is known."""
    if inquiry.citizen_id is not None:
        work.session.add(
            _item(work, "message", topic, inquiry, "citizen", inquiry.citizen_id, payload, work.now)
        )


def _item(
    work: Work,
    kind: str,
    topic: str,
    inquiry: Inquiry,
    recipient_kind: str | None,
    recipient_id: str | None,
    payload: dict[str, Any],
    available_at: datetime,
) -> OutboxItem:
    return OutboxItem(
        kind=kind,
        topic=topic,
        inquiry_id=inquiry.id,
        recipient_kind=recipient_kind,
        recipient_id=recipient_id,
        payload={"number": inquiry.number, "round": inquiry.round, **payload},
        available_at=available_at,
        created_at=work.now,
    )
