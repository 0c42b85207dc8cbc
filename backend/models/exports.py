"""Files of the ledger that are not made on the spot, and copies with names and phones with whose leave they were made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.exports import ExportFormat, ExportState
from backend.domain.ledger_scopes import LedgerScope
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class ExportRequest(Base):
    """One copy of one book: for whom, why, by whose leave, how far it is, whether it was taken."""

    __tablename__ = "export_requests"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    scope: Mapped[LedgerScope] = mapped_column(WordType(LedgerScope))
    year: Mapped[int]
    format: Mapped[ExportFormat] = mapped_column(WordType(ExportFormat))
    is_full: Mapped[bool]
    """With names and phones."""
    reason: Mapped[str | None] = mapped_column(String(200))
    requested_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    requested_at: Mapped[Moment]
    row_count: Mapped[int]
    """Lines of the book when it was asked for."""
    state: Mapped[ExportState] = mapped_column(WordType(ExportState))
    decided_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(200))
    """What the second person added."""
    expires_at: Mapped[Moment]
    """Until when it waits, may be made, or may be taken."""
    downloaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_row_id: Mapped[str | None] = mapped_column(String(32))
    """The last line that is in a finished volume."""
    problem: Mapped[str | None] = mapped_column(String(40))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of its files; destroyed with them."""

    __table_args__ = (
        word_check("scope", LedgerScope),
        word_check("format", ExportFormat),
        word_check("state", ExportState),
        CheckConstraint("(scope = 'section') = (section_id IS NOT NULL)", name="a_section_has_a_section"),
        CheckConstraint("is_full = (reason IS NOT NULL)", name="names_need_a_reason"),
        CheckConstraint("decided_by_id <> requested_by_id", name="a_second_person"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_by_somebody"),
        CheckConstraint("is_full OR decided_by_id IS NULL", name="masked_needs_no_leave"),
        CheckConstraint(
            "NOT is_full OR decided_by_id IS NOT NULL OR state IN ('waiting', 'expired')",
            name="names_need_leave",
        ),
        CheckConstraint("(state = 'downloaded') = (downloaded_at IS NOT NULL)", name="downloaded_has_time"),
        CheckConstraint("done_count <= row_count", name="no_more_than_there_are"),
        Index(None, "unit_id", "requested_at", "id"),
        Index(None, "requested_by_id", "requested_at", "id"),
        Index(None, "state", "expires_at"),
    )


class ExportVolume(Base):
    """One finished file of a job, sealed. Destroyed when the time to take it is over."""

    __tablename__ = "export_volumes"

    export_id: Mapped[str] = mapped_column(String(32), ForeignKey("export_requests.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    blob_id: Mapped[str] = mapped_column(String(32), ForeignKey("blobs.id"))
