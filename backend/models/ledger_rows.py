"""The 台账 as it is read: one line for an inquiry and a scope, worked out from the event log and from nothing else.

`backend/domain/ledger_rows.py` says what follows from the log; throwing the table away and replaying the log gives the
same rows (`flask shouwen ledger rebuild`). Names, phones and texts are not here: they are joined and opened when read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import Category, Channel, Disposition, Grade, Outcome, Source
from backend.domain.vocabulary_contact import FollowUpState
from backend.domain.vocabulary_ledger import LineKind
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check

_COUNTED = "kind <> 'continued'"


class LedgerRow(Base):
    """One line of a ledger (泸 附件2). A unit has one row of an inquiry; its other sections that held it a 承接 line each."""

    __tablename__ = "ledger_rows"

    id: Mapped[PrimaryId]
    """Follows from inquiry and place, so that a replay finds the same line again."""
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    """Whose 分台账 it stands in; None stands in the 总台账 alone."""
    kind: Mapped[LineKind] = mapped_column(WordType(LineKind))
    year: Mapped[int]
    """Of 受理, on Beijing's calendar."""
    received_at: Mapped[Moment]
    taken_at: Mapped[Moment]
    """When it came to this scope."""
    is_restricted: Mapped[bool]
    """A complaint: never in a section's ledger, and shown to those alone who may see the complaint (design 4)."""
    is_late_entry: Mapped[bool]
    channel: Mapped[Channel] = mapped_column(WordType(Channel))
    source: Mapped[Source] = mapped_column(WordType(Source))
    category: Mapped[Category] = mapped_column(WordType(Category))
    disposition: Mapped[Disposition] = mapped_column(WordType(Disposition))
    """办理情况, seen from this line."""
    first_responder_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    round: Mapped[int]
    outcome: Mapped[Outcome | None] = mapped_column(WordType(Outcome))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    closing_unit_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.id"))
    """Whose answer it was: grades are about it, and stand on its lines alone."""
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """回访时间: of the last call of the round."""
    follow_up_result: Mapped[FollowUpState | None] = mapped_column(WordType(FollowUpState))
    follow_up_grade: Mapped[Grade | None] = mapped_column(WordType(Grade))
    """Given openly to the caller."""
    own_grade: Mapped[Grade | None] = mapped_column(WordType(Grade))
    """The citizen's own, confidential; staff learn of it from the Monday after `own_rated_at` on (design 5)."""
    own_shared: Mapped[bool | None]
    own_rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_grade: Mapped[Grade | None] = mapped_column(WordType(Grade))
    """What the one change made of it, kept beside: until the week is over the former one shows."""
    changed_shared: Mapped[bool | None]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Ids of the texts it shows, by their role: content, reply, reason, result, …"""
    path: Mapped[list[Any]] = mapped_column(JSON)
    """Where the matter went from this line: `{at, unit, section, staff}`, or `{at, external}` for a served letter."""

    __table_args__ = (
        word_check("kind", LineKind),
        word_check("channel", Channel),
        word_check("source", Source),
        word_check("category", Category),
        word_check("disposition", Disposition),
        word_check("outcome", Outcome),
        word_check("follow_up_result", FollowUpState),
        word_check("follow_up_grade", Grade),
        word_check("own_grade", Grade),
        word_check("changed_grade", Grade),
        CheckConstraint("kind <> 'continued' OR section_id IS NOT NULL", name="continued_in_a_section"),
        CheckConstraint("(category = 'complaint') = is_restricted", name="complaints_are_restricted"),
        CheckConstraint("NOT is_restricted OR section_id IS NULL", name="restricted_in_no_section"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_has_outcome"),
        CheckConstraint("(closed_at IS NULL) = (closing_unit_id IS NULL)", name="closed_by_a_unit"),
        CheckConstraint(
            "(followed_up_at IS NULL) = (follow_up_result IS NULL)"
            " AND (follow_up_grade IS NULL OR followed_up_at IS NOT NULL)",
            name="follow_up_is_whole",
        ),
        CheckConstraint(
            "(own_rated_at IS NULL) = (own_grade IS NULL) AND (own_rated_at IS NULL) = (own_shared IS NULL)"
            " AND (changed_at IS NULL) = (changed_grade IS NULL) AND (changed_at IS NULL) = (changed_shared IS NULL)"
            " AND (changed_at IS NULL OR own_rated_at IS NOT NULL)",
            name="grades_are_whole",
        ),
        Index(
            "uq_ledger_rows_one_a_unit",
            "inquiry_id",
            "unit_id",
            unique=True,
            sqlite_where=text(_COUNTED),
            postgresql_where=text(_COUNTED),
        ),
        Index(None, "inquiry_id", "section_id", unique=True),
        Index(
            "ix_ledger_rows_unit",
            "unit_id",
            "year",
            "received_at",
            "id",
            sqlite_where=text(_COUNTED),
            postgresql_where=text(_COUNTED),
        ),
        Index("ix_ledger_rows_section", "section_id", "year", "received_at", "id"),
    )
