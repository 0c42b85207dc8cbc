"""转交 and 移交: an offer to another section or unit, and what became of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.database import Base
from backend.domain.vocabulary import HandoffKind, HandoffMode, HandoffState, Status
from backend.models.organisation import Section, Unit
from backend.models.staff import Staff
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Handoff(Base):
    """An offer (坛 六（二）、六（四）; 泸 附件2 办理情况): the giver holds until somebody accepts."""

    __tablename__ = "handoffs"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    kind: Mapped[HandoffKind] = mapped_column(WordType(HandoffKind))
    mode: Mapped[HandoffMode] = mapped_column(WordType(HandoffMode))
    state: Mapped[HandoffState] = mapped_column(WordType(HandoffState))
    is_written: Mapped[bool]
    """A 书面移交; to another unit always."""
    from_holding_id: Mapped[str] = mapped_column(String(32), ForeignKey("holdings.id"))
    from_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    from_section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    to_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    to_section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    to_staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    reason_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    clause: Mapped[str] = mapped_column(String(120))
    """The clause the hand-off is made under, as the first unit's measure words it."""
    prior_status: Mapped[Status] = mapped_column(WordType(Status))
    """Where a return or silence leads back to."""
    offered_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    offered_at: Mapped[Moment]
    served_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """送达: between units on the system, the moment the offer is recorded."""
    lapses_at: Mapped[Moment]
    """When silence returns the offer (reading: one working day)."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    return_reason_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    return_clause_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))

    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id])
    to_section: Mapped[Section | None] = relationship(foreign_keys=[to_section_id])
    to_staff: Mapped[Staff | None] = relationship(foreign_keys=[to_staff_id])
    from_unit: Mapped[Unit] = relationship(foreign_keys=[from_unit_id])
    from_section: Mapped[Section | None] = relationship(foreign_keys=[from_section_id])
    offered_by: Mapped[Staff] = relationship(foreign_keys=[offered_by_id])

    __table_args__ = (
        word_check("kind", HandoffKind),
        word_check("mode", HandoffMode),
        word_check("state", HandoffState),
        word_check("prior_status", Status),
        # A hand-off inside the unit names the section; one to another unit names another unit.
        CheckConstraint(
            "(kind = 'section' AND to_section_id IS NOT NULL AND to_unit_id = from_unit_id)"
            " OR (kind = 'unit' AND to_unit_id <> from_unit_id)",
            name="has_a_target",
        ),
        CheckConstraint(
            "kind = 'section' OR (is_written AND served_at IS NOT NULL)", name="to_a_unit_in_writing"
        ),
        CheckConstraint("(state = 'offered') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint(
            "state <> 'returned' OR (return_reason_text_id IS NOT NULL AND return_clause_text_id IS NOT NULL)",
            name="return_has_reason_and_clause",
        ),
        Index(
            "uq_handoffs_one_offer",
            "inquiry_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_handoffs_lapsing",
            "lapses_at",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_handoffs_offered_to",
            "to_unit_id",
            "to_section_id",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(None, "inquiry_id", "offered_at"),
    )
