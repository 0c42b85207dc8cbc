"""What WeChat pushed to us, kept until it was dealt with; and whether a way out is open at the moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.models.types import Moment, PrimaryId, Sealed, UtcDateTime

_UNHANDLED = "handled_at IS NULL"


class WechatEvent(Base):
    """One event, once: WeChat repeats what was not answered in time. The body names people, so it is sealed."""

    __tablename__ = "wechat_events"

    id: Mapped[PrimaryId]
    dedup_hash: Mapped[str] = mapped_column(String(64), unique=True)
    event: Mapped[str] = mapped_column(String(60))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[Sealed | None]
    """The body as JSON; emptied once it was handled."""
    received_at: Mapped[Moment]
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(handled_at IS NULL) = (sealed IS NOT NULL)", name="kept_until_handled"),
        CheckConstraint("(sealed IS NULL) = (wrapped_key IS NULL)", name="sealed_with_a_key"),
        Index(
            "ix_wechat_events_unhandled",
            "received_at",
            sqlite_where=text(_UNHANDLED),
            postgresql_where=text(_UNHANDLED),
        ),
        Index(None, "received_at"),
    )


class ChannelState(Base):
    """A way out (WeChat) that is closed for now, for every worker on every host; no row: open."""

    __tablename__ = "channels"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    problem: Mapped[str] = mapped_column(String(40))
    """Why, as a code: unreachable, daily_quota, minute_quota, misconfigured …"""
    since: Mapped[Moment]
    paused_until: Mapped[Moment]
    """Until when nothing is sent; afterwards one message tries, and the first success removes the row."""
