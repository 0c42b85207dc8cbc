"""群众满意度: one grade per closed round and kind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import Grade, RatingKind
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Rating(Base):
    """满意, 一般 or 不满意. Confidential towards the section unless the citizen agrees to share it."""

    __tablename__ = "ratings"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    kind: Mapped[RatingKind] = mapped_column(WordType(RatingKind))
    grade: Mapped[Grade] = mapped_column(WordType(Grade))
    comment_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    is_shared_with_section: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(20))
    """tracking, survey, miniprogram, call: where the grade came from."""
    rated_at: Mapped[Moment]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        word_check("kind", RatingKind),
        word_check("grade", Grade),
        Index(None, "inquiry_id", "round", "kind", unique=True),
        Index(None, "rated_at"),
    )
