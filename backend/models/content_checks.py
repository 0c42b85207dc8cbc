"""Content checks of what citizens wrote and sent, and the people's look at what a machine found doubtful."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary_contact import CheckedBy, CheckState, ReviewReason
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check

_TO_REVIEW = "state = 'review'"
_WAITING = "state = 'waiting'"


class ContentCheck(Base):
    """One text or one file looked at. It never decides whether an inquiry is taken: only whether a person looks."""

    __tablename__ = "content_checks"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    """The unit that holds the inquiry now, whose reviewers look."""
    text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"), unique=True)
    attachment_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("attachments.id"), unique=True)
    account_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("wechat_accounts.id"))
    """Who sent it, where WeChat is asked."""
    checked_by: Mapped[CheckedBy] = mapped_column(WordType(CheckedBy))
    state: Mapped[CheckState] = mapped_column(WordType(CheckState))
    reason: Mapped[ReviewReason | None] = mapped_column(WordType(ReviewReason))
    label: Mapped[int | None]
    """WeChat's label: 100 normal, 20001 politics, 20002 pornography …; empty for the list of words."""
    trace_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    """Under which WeChat will push the result for a file."""
    created_at: Mapped[Moment]
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    note_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))

    __table_args__ = (
        word_check("checked_by", CheckedBy),
        word_check("state", CheckState),
        word_check("reason", ReviewReason),
        CheckConstraint("(text_id IS NULL) <> (attachment_id IS NULL)", name="a_text_or_a_file"),
        CheckConstraint(
            "(state IN ('cleared', 'folded')) = (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decided_by_someone",
        ),
        CheckConstraint("state <> 'review' OR reason IS NOT NULL", name="review_has_a_reason"),
        Index(None, "inquiry_id"),
        Index(
            "ix_content_checks_to_review",
            "unit_id",
            "created_at",
            "id",
            sqlite_where=text(_TO_REVIEW),
            postgresql_where=text(_TO_REVIEW),
        ),
        Index(
            "ix_content_checks_waiting",
            "created_at",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
    )
