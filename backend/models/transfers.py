"""Hand-offs beyond the system, and disputes about who is to take a matter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import DisputeLevel, DisputeState, ExternalState, ServiceMethod
from backend.models.types import Moment, Name, PrimaryId, UtcDateTime, WordType, word_check


class ExternalHandoff(Base):
    """书面移交 to an authority that is not on the system (坛 六（四）): the letter, its 送达, and the result that came back.

    Until 送达 is recorded the giver holds; recording it closes the inquiry as `transferred`.
    """

    __tablename__ = "external_handoffs"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    state: Mapped[ExternalState] = mapped_column(WordType(ExternalState))
    from_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    from_section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    name: Mapped[Name]
    """The competent authority, its address and its phone."""
    address: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str] = mapped_column(String(40))
    reason_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    clause: Mapped[str] = mapped_column(String(120))
    made_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    made_at: Mapped[Moment]
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """送达: when the authority had the letter in hand."""
    served_recorded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    served_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    served_how: Mapped[ServiceMethod | None] = mapped_column(WordType(ServiceMethod))
    receipt_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """What proves it: the name on the receipt, the number of the post."""
    result_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """The final result, when it came back (泸 二（二）2 负责到底)."""
    result_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))

    __table_args__ = (
        word_check("state", ExternalState),
        word_check("served_how", ServiceMethod),
        CheckConstraint(
            "(state = 'served') = (served_at IS NOT NULL AND served_how IS NOT NULL"
            " AND served_recorded_at IS NOT NULL AND served_by_id IS NOT NULL AND receipt_text_id IS NOT NULL)",
            name="served_with_proof",
        ),
        CheckConstraint(
            "served_at IS NULL OR served_at <= served_recorded_at", name="served_before_recorded"
        ),
        CheckConstraint("result_at IS NULL OR state = 'served'", name="result_after_service"),
        CheckConstraint("(result_at IS NULL) = (result_text_id IS NULL)", name="result_has_text"),
        Index(
            "uq_external_handoffs_one_open",
            "inquiry_id",
            unique=True,
            sqlite_where=text("state = 'drafted'"),
            postgresql_where=text("state = 'drafted'"),
        ),
        Index(None, "inquiry_id", "made_at"),
    )


class Dispute(Base):
    """Nobody takes it: after the third refusal (系统设定) whoever stands above decides who does (design 4)."""

    __tablename__ = "disputes"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    handoff_id: Mapped[str] = mapped_column(String(32), ForeignKey("handoffs.id"))
    """The refusal that opened it."""
    level: Mapped[DisputeLevel] = mapped_column(WordType(DisputeLevel))
    arbiter_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    state: Mapped[DisputeState] = mapped_column(WordType(DisputeState))
    opened_at: Mapped[Moment]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    decision_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    to_unit_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.id"))
    to_section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    to_staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))

    __table_args__ = (
        word_check("level", DisputeLevel),
        word_check("state", DisputeState),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint(
            "(state = 'decided') = (decided_by_id IS NOT NULL AND decision_text_id IS NOT NULL"
            " AND to_unit_id IS NOT NULL)",
            name="decided_with_reason_and_target",
        ),
        Index(
            "uq_disputes_one_open",
            "inquiry_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_disputes_waiting",
            "arbiter_unit_id",
            "level",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
