"""催办 by the citizen, 督办 and 批示 by those above: each dated, each once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import SupervisionKind
from backend.models.types import Moment, PrimaryId, WordType, word_check


class Reminder(Base):
    """催办: at most one a day (Beijing) and inquiry."""

    __tablename__ = "reminders"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[Moment]
    text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))

    __table_args__ = (Index(None, "inquiry_id", "day", unique=True),)


class Supervision(Base):
    """督办 by leaders and the general post, 批示 by leaders."""

    __tablename__ = "supervisions"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    kind: Mapped[SupervisionKind] = mapped_column(WordType(SupervisionKind))
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    at: Mapped[Moment]

    __table_args__ = (word_check("kind", SupervisionKind), Index(None, "inquiry_id", "at"))
