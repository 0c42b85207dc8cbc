"""Sessions (opaque tokens, hashed) and idempotency keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.database import Base
from backend.models.staff import Staff
from backend.models.types import Moment, PrimaryId, UtcDateTime


class AccessSession(Base):
    """A signed-in member of staff or WeChat citizen, or a short tracking session. Revoked at once when ended."""

    __tablename__ = "sessions"

    id: Mapped[PrimaryId]
    kind: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    citizen_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("citizens.id"))
    inquiry_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("inquiries.id"))
    account_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("wechat_accounts.id"))
    """The WeChat behind it: a citizen's always, a member of staff's where that is how they signed in."""
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    staff: Mapped[Staff | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(kind = 'staff' AND staff_id IS NOT NULL) OR (kind = 'citizen' AND account_id IS NOT NULL)"
            " OR (kind = 'tracking' AND inquiry_id IS NOT NULL)",
            name="belongs_to_someone",
        ),
        Index(None, "staff_id"),
        Index(None, "account_id"),
        Index(None, "expires_at"),
    )


class IdempotencyKey(Base):
    """A write that was answered 2xx: the same key and body get the same answer again, rendered from its facts."""

    __tablename__ = "idempotency_keys"

    owner: Mapped[str] = mapped_column(String(48), primary_key=True)
    """The session, else `anonymous`."""
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    operation: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Keyed hash of method, path and body."""
    status: Mapped[int]
    inquiry_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("inquiries.id"))
    entry_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("ledger_entries.id"))
    """The ledger entry the write made; the answer is rendered from it."""
    resource_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[Moment]

    __table_args__ = (Index(None, "created_at"),)
