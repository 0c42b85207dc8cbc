"""Messages and jobs, written in the transaction that causes them, so neither can be lost or invented.

A worker claims a row by lease, does the work, and marks it. What a crash interrupts is claimed again when the
lease ends: at least once, never lost.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.models.types import Moment, UtcDateTime

_CLAIMABLE = "state IN ('pending', 'leased')"
TEMPLATE_REFUSED = "problem IN ('template_invalid', 'page_invalid', 'data_invalid', 'messages_banned')"
"""WeChat would not have it whomever it went to: somebody has to correct our templates, or theirs."""
TO_STAFF = "recipient_kind = 'staff'"


class OutboxItem(Base):
    """One message to a person, or one job of the system. `payload` holds ids and enums only."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    """Grows with every row: within an inquiry, the order in which things happened."""
    kind: Mapped[str] = mapped_column(String(8))
    topic: Mapped[str] = mapped_column(String(40))
    inquiry_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("inquiries.id"))
    recipient_kind: Mapped[str | None] = mapped_column(String(8))
    recipient_id: Mapped[str | None] = mapped_column(String(32))
    lane: Mapped[str | None] = mapped_column(String(48))
    """Rows of one lane (one person's WeChat) go out one after the other, in the order of their ids."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    available_at: Mapped[Moment]
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(200))
    """Why the last attempt failed, as a code; never personal data."""
    dedup_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    sent_with: Mapped[str | None] = mapped_column(String(32))
    """Our key of the template it went out with, or was tried with last."""
    message_id: Mapped[str | None] = mapped_column(String(32))
    """WeChat's own number of the message, where it gave one."""
    unsure_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """It was sent and no answer came: it may have arrived. Settled by WeChat's event, else tried again later."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When WeChat's event said that it arrived."""

    __table_args__ = (
        CheckConstraint("kind IN ('message', 'job')", name="known_kind"),
        CheckConstraint("state IN ('pending', 'leased', 'done', 'failed')", name="known_state"),
        CheckConstraint("kind = 'job' OR recipient_kind IS NOT NULL", name="messages_have_a_recipient"),
        Index(
            "ix_outbox_claimable",
            "kind",
            "id",
            sqlite_where=text(_CLAIMABLE),
            postgresql_where=text(_CLAIMABLE),
        ),
        Index(None, "inquiry_id"),
        Index(
            "ix_outbox_lane",
            "lane",
            "id",
            sqlite_where=text(_CLAIMABLE),
            postgresql_where=text(_CLAIMABLE),
        ),
        Index(
            "ix_outbox_under_way",
            "lane",
            sqlite_where=text("state = 'leased'"),
            postgresql_where=text("state = 'leased'"),
        ),
        Index(
            "ix_outbox_template_refused",
            "sent_with",
            "problem",
            "finished_at",
            sqlite_where=text(TEMPLATE_REFUSED),
            postgresql_where=text(TEMPLATE_REFUSED),
        ),
        Index("ix_outbox_message_id", "message_id"),
        Index(
            "ix_outbox_to_staff",
            "recipient_id",
            "created_at",
            sqlite_where=text(TO_STAFF),
            postgresql_where=text(TO_STAFF),
        ),
    )


class ScheduleSlot(Base):
    """One run of a schedule in one slot of time, whoever got there first."""

    __tablename__ = "schedule_slots"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    slot: Mapped[str] = mapped_column(String(40), primary_key=True)
    taken_at: Mapped[Moment]
