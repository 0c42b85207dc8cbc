"""一次性告知 (坛 六（一）): its four parts, the list of documents, and the citizen's receipt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import LimitBasis
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Notice(Base):
    """One notice. The first of a round is the law's; a further one is kept and shows whether it asked for more."""

    __tablename__ = "notices"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    position: Mapped[int]
    """1 for the first of the round."""
    given_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    given_at: Mapped[Moment]
    basis_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    """办理依据."""
    limit_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    """办理时限, in words."""
    procedure_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    """办理程序."""
    limit_days: Mapped[int | None]
    """The same 办理时限 in working days, where it is a number of them."""
    limit_kind: Mapped[LimitBasis | None] = mapped_column(WordType(LimitBasis))
    matter_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("matters.id"))
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the citizen said that they have it."""

    __table_args__ = (
        word_check("limit_kind", LimitBasis),
        CheckConstraint("position >= 1", name="position_positive"),
        CheckConstraint("limit_days BETWEEN 1 AND 366", name="limit_days_in_range"),
        CheckConstraint("(limit_days IS NULL) = (limit_kind IS NULL)", name="days_have_a_kind"),
        Index(None, "inquiry_id", "round", "position", unique=True),
    )


class NoticeDocument(Base):
    """One of the 所需资料. `is_unlisted`: a later notice asks for what the first one did not name."""

    __tablename__ = "notice_documents"

    id: Mapped[PrimaryId]
    notice_id: Mapped[str] = mapped_column(String(32), ForeignKey("notices.id"))
    position: Mapped[int]
    name_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    is_unlisted: Mapped[bool]

    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 30", name="position_in_range"),
        Index(None, "notice_id", "position", unique=True),
    )
