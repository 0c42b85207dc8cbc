"""回访: what is asked of whom after an inquiry was closed, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary_contact import FollowUpLayer, FollowUpMethod, FollowUpState
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check

_OPEN = "ended_at IS NULL"


class FollowUp(Base):
    """One follow-up of one closed round by one method (泸 附件1 第16项; design 5)."""

    __tablename__ = "follow_ups"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    layer: Mapped[FollowUpLayer] = mapped_column(WordType(FollowUpLayer))
    method: Mapped[FollowUpMethod] = mapped_column(WordType(FollowUpMethod))
    state: Mapped[FollowUpState] = mapped_column(WordType(FollowUpState))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    """The unit that closed it, and whose posts call."""
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    """The section that closed it; a call is its post's task."""
    account_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("wechat_accounts.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the one-time capability a survey is answered with."""
    created_at: Mapped[Moment]
    due_at: Mapped[Moment]
    """When the next step is due: to send, to remind, to call, to give up waiting."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """Who called."""
    note_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    rating_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("ratings.id"))

    __table_args__ = (
        word_check("layer", FollowUpLayer),
        word_check("method", FollowUpMethod),
        word_check("state", FollowUpState),
        CheckConstraint("method = 'survey' OR token_hash IS NULL", name="only_surveys_have_a_token"),
        CheckConstraint("reminded_at IS NULL OR sent_at IS NOT NULL", name="reminded_after_sent"),
        CheckConstraint(
            "(ended_at IS NULL) = (state IN ('waiting', 'sent', 'reminded'))", name="ended_when_over"
        ),
        Index(None, "inquiry_id", "round", "layer", "method", unique=True),
        Index(
            "ix_follow_ups_due",
            "method",
            "due_at",
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index(
            "ix_follow_ups_open",
            "unit_id",
            "section_id",
            "method",
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )
