"""What WeChat's own word of a message means for the message: it arrived, or it did not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.delivery.leases import TOO_OLD, ended, finished
from backend.models import Consent, OutboxItem
from backend.services.accounts import staff_of_account
from backend.services.consents import spend
from backend.services.outbox import ACCOUNT, STAFF

PUSH_FAILED = "push_failed"


class NotMarkedYet(Exception):
    """A message to this person is just under way: whoever sends it may not have written down yet that it is this one."""


def settle_sent(
    session: Session, *, account_id: str, template_key: str, message_id: str | None, ok: bool, now: datetime
) -> None:
    """WeChat told what became of a message. One that waited for an answer is done, and its voucher spent.

    Raises NotMarkedYet when it should be asked again a little later. A message nobody knows is none of ours.
    """
    row = _find(session, account_id, template_key, message_id, now)
    if row is None:
        if _is_under_way(session, account_id):
            raise NotMarkedYet
        return
    if row.confirmed_at is not None:
        return
    if row.unsure_since is not None:
        _spend_one(session, account_id, template_key, now)
    was_done = row.state == "done"
    row.message_id = message_id or row.message_id
    row.unsure_since, row.lease_owner, row.leased_until = None, None, None
    if ok:
        row.confirmed_at = now
    if not (ok and was_done):
        for name, value in (finished(now) if ok else ended(PUSH_FAILED, now)).items():
            setattr(row, name, value)


def _find(
    session: Session, account_id: str, template_key: str, message_id: str | None, now: datetime
) -> OutboxItem | None:
    """By its number; else the longest waiting of those to this person that got none (delivery/outcomes.py)."""
    rows = select(OutboxItem).order_by(OutboxItem.id).limit(1).with_for_update()
    numbered = session.scalar(rows.where(OutboxItem.message_id == message_id)) if message_id else None
    return numbered or session.scalar(
        rows.where(
            OutboxItem.message_id == account_id,
            OutboxItem.sent_with == template_key,
            OutboxItem.confirmed_at.is_(None),
            OutboxItem.created_at > now - TOO_OLD,
        )
    )


def _is_under_way(session: Session, account_id: str) -> bool:
    lanes = [f"{ACCOUNT}:{account_id}"]
    if (staff_id := staff_of_account(session, account_id)) is not None:
        lanes.append(f"{STAFF}:{staff_id}")
    leased = select(OutboxItem.id).where(OutboxItem.lane.in_(lanes), text("state = 'leased'")).limit(1)
    return session.scalar(leased) is not None


def _spend_one(session: Session, account_id: str, template_key: str, now: datetime) -> None:
    """Which voucher it was is not written down before it is spent; any of the template is as good as another."""
    voucher = session.scalar(
        select(Consent.id)
        .where(
            Consent.account_id == account_id,
            Consent.template == template_key,
            text("spent_at IS NULL AND voided_at IS NULL"),
            ~Consent.is_long_term,
        )
        .order_by(Consent.granted_at, Consent.id)
        .limit(1)
    )
    if voucher is not None:
        spend(session, [voucher], now)
