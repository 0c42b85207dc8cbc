"""Messages and jobs go out with the transaction that causes them (delivery/ takes them from there)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.models import Inquiry, OutboxItem, Staff
from backend.services.routing import subject_of_inquiry
from backend.services.work import Work


def message_staff(
    work: Work,
    topic: str,
    inquiry: Inquiry,
    staff_ids: Iterable[str],
    *,
    once: str | None = None,
    **payload: Any,
) -> None:
    """One message per person; the payload carries ids and enums, never a text, a name or a phone.

    None to whoever acts, and none to whom a complaint is about, their section and their unit (design 4). With `once`
    nobody gets a second one under the same word for the same inquiry.
    """
    told = set(staff_ids) - {work.actor.id}
    if inquiry.is_confidential:
        subject = subject_of_inquiry(inquiry)
        people = work.session.scalars(select(Staff).where(Staff.id.in_(told)))
        told = {p.id for p in people if not subject.covers(p.id, p.section_id, p.unit_id)}
    for staff_id in sorted(told):
        item = _item(work, "message", topic, inquiry, "staff", staff_id, payload, work.now)
        if once is not None:
            item.dedup_key = f"{topic}:{once}:{inquiry.id}:{staff_id}"
            if _is_sent(work, item.dedup_key):
                continue
        work.session.add(item)


def message_citizen(work: Work, topic: str, inquiry: Inquiry, **payload: Any) -> None:
    """A message to the citizen, where one is known."""
    if inquiry.citizen_id is not None:
        work.session.add(
            _item(work, "message", topic, inquiry, "citizen", inquiry.citizen_id, payload, work.now)
        )


def notify_office(work: Work, topic: str, staff_ids: Iterable[str], *, once: str, **payload: Any) -> None:
    """A message to people of the office that is about no inquiry: one each, and no second one under the same `once`."""
    for staff_id in sorted(set(staff_ids)):
        key = f"{topic}:{once}:{staff_id}"
        if not _is_sent(work, key):
            item = OutboxItem(
                kind="message",
                topic=topic,
                recipient_kind="staff",
                recipient_id=staff_id,
                payload=payload,
                available_at=work.now,
                created_at=work.now,
                dedup_key=key,
            )
            work.session.add(item)


def _is_sent(work: Work, dedup_key: str) -> bool:
    return work.session.scalar(select(OutboxItem.id).where(OutboxItem.dedup_key == dedup_key)) is not None


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
