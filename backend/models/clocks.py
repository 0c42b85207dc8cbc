"""时限: each running limit, and the facts it produced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import BearerKind, ClockChange, ClockEnd, LimitBasis, Measure, Strictness
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Clock(Base):
    """One limit. What it says never changes (a trigger refuses it): a change supersedes the row with a reason."""

    __tablename__ = "clocks"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    duty: Mapped[str] = mapped_column(String(40))
    measure: Mapped[Measure] = mapped_column(WordType(Measure))
    clause: Mapped[str] = mapped_column(String(120))
    quote: Mapped[str] = mapped_column(Text)
    """The words of the clause at the time: changing a measure never rewrites the past."""
    strictness: Mapped[Strictness] = mapped_column(WordType(Strictness))
    bearer_kind: Mapped[BearerKind] = mapped_column(WordType(BearerKind))
    bearer_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    bearer_staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    handoff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("handoffs.id"))
    """The hand-off a limit on acceptance belongs to."""
    starts_at: Mapped[Moment]
    due_at: Mapped[Moment]
    due_soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    working_days: Mapped[int | None]
    """The days the limit is named after; None for 即时."""
    is_provisional: Mapped[bool]
    """暂定: the calendar year of the deadline has no official data yet."""
    supersedes_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("clocks.id"))
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end: Mapped[ClockEnd | None] = mapped_column("end_kind", WordType(ClockEnd))
    is_due_soon_noted: Mapped[bool] = mapped_column(default=False)
    is_overdue_noted: Mapped[bool] = mapped_column(default=False)
    anchor_at: Mapped[Moment]
    """Where counting to `due_at` begins: `starts_at`, or the end of the last pause."""
    anchor_days: Mapped[int | None]
    """How many working days are counted from there, an extension included; None for 即时."""
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the limit stands still; `due_at` is then what it was."""
    remaining_days: Mapped[int | None]
    """Working days left when it was paused."""
    basis_kind: Mapped[LimitBasis | None] = mapped_column(WordType(LimitBasis))
    """Where the days come from, for a limit that the law leaves to be stated (坛 六（一）)."""
    basis_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    matter_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("matters.id"))
    notice_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("notices.id"))
    change: Mapped[ClockChange | None] = mapped_column("change_kind", WordType(ClockChange))
    """Why this row follows the one it supersedes."""
    change_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """The reason in words, where somebody gave one."""

    __table_args__ = (
        word_check("measure", Measure),
        word_check("strictness", Strictness),
        word_check("bearer_kind", BearerKind),
        word_check("end_kind", ClockEnd),
        word_check("basis_kind", LimitBasis),
        word_check("change_kind", ClockChange),
        CheckConstraint("(ended_at IS NULL) = (end_kind IS NULL)", name="end_has_time"),
        CheckConstraint("due_at > starts_at", name="due_after_start"),
        CheckConstraint("(paused_at IS NULL) = (remaining_days IS NULL)", name="paused_with_days_left"),
        CheckConstraint("change_kind IS NULL OR supersedes_id IS NOT NULL", name="changed_from_something"),
        CheckConstraint(
            "change_kind <> 'extension' OR change_text_id IS NOT NULL", name="extended_with_reason"
        ),
        Index(None, "supersedes_id", unique=True),
        Index(None, "inquiry_id"),
        Index(
            "ix_clocks_becoming_overdue",
            "due_at",
            sqlite_where=text("ended_at IS NULL AND NOT is_overdue_noted AND paused_at IS NULL"),
            postgresql_where=text("ended_at IS NULL AND NOT is_overdue_noted AND paused_at IS NULL"),
        ),
        Index(
            "ix_clocks_becoming_due_soon",
            "due_soon_at",
            sqlite_where=text("ended_at IS NULL AND NOT is_due_soon_noted AND paused_at IS NULL"),
            postgresql_where=text("ended_at IS NULL AND NOT is_due_soon_noted AND paused_at IS NULL"),
        ),
        Index(
            "ix_clocks_provisional",
            "inquiry_id",
            sqlite_where=text("ended_at IS NULL AND is_provisional"),
            postgresql_where=text("ended_at IS NULL AND is_provisional"),
        ),
        Index(
            "ix_clocks_running",
            "inquiry_id",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ClockFact(Base):
    """Something a limit brought about, once: due soon, or a breach dated at the legal moment."""

    __tablename__ = "clock_facts"

    clock_id: Mapped[str] = mapped_column(String(32), ForeignKey("clocks.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[Moment]
    """The legal moment, whenever the job ran."""
    recorded_at: Mapped[Moment]
    bearer_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    bearer_staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    holding_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("holdings.id"))
    """Who held the inquiry at that moment, apart from who bore the duty."""

    __table_args__ = (CheckConstraint("kind IN ('due_soon', 'overdue')", name="known_kind"),)
