"""Beside the ledger's lines: opinions that sign them off, numbers other systems gave, and what is reported from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary_ledger import LedgerReportKind, SignOffRole
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Opinion(Base):
    """科室负责人意见 or 分管领导意见 on one line (泸 附件2). A later one shows in its place; nothing ever waits for one."""

    __tablename__ = "opinions"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    """With the unit: the line it stands on."""
    round: Mapped[int]
    role: Mapped[SignOffRole] = mapped_column(WordType(SignOffRole))
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    at: Mapped[Moment]
    batch_id: Mapped[str] = mapped_column(String(32))
    """The same for all that were signed at one stroke."""

    __table_args__ = (
        word_check("role", SignOffRole),
        Index(None, "inquiry_id", "role", "at"),
        Index(None, "batch_id"),
    )


class ExternalNumber(Base):
    """The number another system gave a hotline or mailbox inquiry (12345), and the limit it set; both beside ours."""

    __tablename__ = "external_numbers"

    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"), primary_key=True)
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    number_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of the number; empty once it is erased."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """其他系统交办的期限: no limit of the measure."""
    basis_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))

    __table_args__ = (
        CheckConstraint("basis_text_id IS NULL OR due_at IS NOT NULL", name="basis_of_a_limit"),
        Index(None, "number_index"),
    )


class LedgerReport(Base):
    """What a ledger said at one moment over one period: a section's 回访 results, or the unit's sealed 汇总.

    A later one for the same period stands beside it; none is ever changed (泸 二（二）4, 附件1-15).
    """

    __tablename__ = "ledger_reports"

    id: Mapped[PrimaryId]
    kind: Mapped[LedgerReportKind] = mapped_column(WordType(LedgerReportKind))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    period: Mapped[str] = mapped_column(String(7))
    """2026-11, or 2026-Q4."""
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    """The last day, counted with."""
    at: Mapped[Moment]
    """As of when the figures are."""
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    row_count: Mapped[int]
    rows_hash: Mapped[str] = mapped_column(String(64))
    """sha256(salt ‖ the rows summed up): grades are few, and without the salt could be tried out."""
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    sections: Mapped[list[Any]] = mapped_column(JSON)
    """Of a summary: each section with the submission taken in, None where it is missing."""
    entry_id: Mapped[str] = mapped_column(String(32), ForeignKey("ledger_entries.id"))

    __table_args__ = (
        word_check("kind", LedgerReportKind),
        CheckConstraint("(kind = 'submission') = (section_id IS NOT NULL)", name="submitted_by_a_section"),
        CheckConstraint("starts_on <= ends_on", name="a_period_has_days"),
        CheckConstraint("row_count >= 0", name="rows_are_counted"),
        Index(None, "unit_id", "kind", "period", "at"),
        Index(None, "unit_id", "at", "id"),
    )
