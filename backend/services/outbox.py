"""Messages and jobs go out with the transaction that causes them (delivery/ takes them from there)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.models import Inquiry, OutboxItem, Staff
from backend.services.accounts import bound_accounts
from backend.services.routing import subject_of_inquiry
from backend.services.work import Work

ACCOUNT, CITIZEN, STAFF = "account", "citizen", "staff"
"""Recipients: a WeChat account, a citizen who left contact data only, a member of staff."""


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
    for staff_id, lane in _staff_lanes(work, told):
        key = None if once is None else f"{topic}:{once}:{inquiry.id}:{staff_id}"
        if key is None or not _is_sent(work, key):
            facts = _about(inquiry) | payload
            work.session.add(_message(work, topic, STAFF, staff_id, lane, facts, inquiry.id, key))


def message_citizen(
    work: Work, topic: str, inquiry: Inquiry, *, once: str | None = None, **payload: Any
) -> None:
    """A message to the citizen, where one is known: to the WeChat it was filed from, else to the contact left.

    With `once` there is no second one under the same word for the same round.
    """
    kind = ACCOUNT if inquiry.account_id else CITIZEN
    recipient_id = inquiry.account_id or inquiry.citizen_id
    if recipient_id is None:
        return
    key = None if once is None else citizen_key(topic, once, inquiry)
    if key is None or not _is_sent(work, key):
        facts = _about(inquiry) | payload
        lane = f"{kind}:{recipient_id}"
        work.session.add(_message(work, topic, kind, recipient_id, lane, facts, inquiry.id, key))


def citizen_key(topic: str, once: str, inquiry: Inquiry) -> str:
    """What the message to the citizen that goes out once in this round is found again by."""
    return f"{topic}:{once}:{inquiry.id}:{inquiry.round}"


def notify_office(work: Work, topic: str, staff_ids: Iterable[str], *, once: str, **payload: Any) -> None:
    """A message to people of the office that is about no inquiry: one each, and no second one under the same `once`."""
    for staff_id, lane in _staff_lanes(work, staff_ids):
        key = f"{topic}:{once}:{staff_id}"
        if not _is_sent(work, key):
            work.session.add(_message(work, topic, STAFF, staff_id, lane, payload, None, key))


def add_job(
    work: Work,
    topic: str,
    *,
    once: str | None = None,
    inquiry_id: str | None = None,
    **payload: Any,
) -> OutboxItem | None:
    """Something for the worker to do after this transaction; `payload` holds ids and enums only. None: it is there already."""
    if once is not None and _is_sent(work, f"{topic}:{once}"):
        return None
    item = OutboxItem(
        kind="job",
        topic=topic,
        inquiry_id=inquiry_id,
        payload=payload,
        available_at=work.now,
        created_at=work.now,
        dedup_key=None if once is None else f"{topic}:{once}",
    )
    work.session.add(item)
    return item


def move_lane(session: Session, staff_id: str, account_id: str, *, is_bound: bool) -> None:
    """Let what waits for a member of staff go in the lane of the WeChat now bound, or no longer in that of this one."""
    of_staff, of_account = f"{STAFF}:{staff_id}", f"{ACCOUNT}:{account_id}"
    session.execute(
        update(OutboxItem)
        .where(
            OutboxItem.lane == (of_staff if is_bound else of_account),
            # Written out, not bound: only then can the partial index be used (performance.md section 3).
            text("state IN ('pending', 'leased')"),
            OutboxItem.recipient_kind == STAFF,
            OutboxItem.recipient_id == staff_id,
        )
        .values(lane=of_account if is_bound else of_staff)
        .execution_options(synchronize_session=False)
    )


def _staff_lanes(work: Work, staff_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Each person and the lane their messages go in: that of their WeChat, which may be a citizen's too."""
    people = sorted(set(staff_ids))
    bound = bound_accounts(work.session, people) if people else {}
    return [(p, f"{ACCOUNT}:{bound[p]}" if p in bound else f"{STAFF}:{p}") for p in people]


def _is_sent(work: Work, dedup_key: str) -> bool:
    return work.session.scalar(select(OutboxItem.id).where(OutboxItem.dedup_key == dedup_key)) is not None


def _about(inquiry: Inquiry) -> dict[str, Any]:
    return {"number": inquiry.number, "round": inquiry.round}


def _message(
    work: Work,
    topic: str,
    recipient_kind: str,
    recipient_id: str,
    lane: str,
    payload: dict[str, Any],
    inquiry_id: str | None,
    dedup_key: str | None,
) -> OutboxItem:
    return OutboxItem(
        kind="message",
        topic=topic,
        inquiry_id=inquiry_id,
        recipient_kind=recipient_kind,
        recipient_id=recipient_id,
        lane=lane,
        payload=payload,
        available_at=work.now,
        created_at=work.now,
        dedup_key=dedup_key,
    )
