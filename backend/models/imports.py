"""Files that are imported: what is known of each, and which rows of which file became which inquiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary_organisation import ImportKind, ImportState
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class ImportFile(Base):
    """One uploaded file. The file itself is sealed, and destroyed once it is imported, refused or given up."""

    __tablename__ = "imports"

    id: Mapped[PrimaryId]
    kind: Mapped[ImportKind] = mapped_column(WordType(ImportKind))
    state: Mapped[ImportState] = mapped_column(WordType(ImportState))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    created_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """None where the operator imports it."""
    approved_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """Who saw what the check found and said so."""
    file_name: Mapped[str] = mapped_column(String(200))
    file_index: Mapped[str] = mapped_column(String(64))
    """Blind index of the content: the same file is known again."""
    created_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    row_count: Mapped[int] = mapped_column(default=0)
    done_count: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it makes, by what; nothing personal."""
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The file."""
    findings: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed like the file, for they quote it: the errors; after an import of people, their first passwords once."""
    planned: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed like the file: the checked rows of a ledger, from the first one that is put on record."""
    problem: Mapped[str | None] = mapped_column(String(40))
    """Why nobody works at it any more although it is not over: it is taken up again, or given up, by somebody's say."""

    __table_args__ = (
        word_check("kind", ImportKind),
        word_check("state", ImportState),
        CheckConstraint("done_count <= row_count", name="no_more_than_there_are"),
        CheckConstraint(
            "(finished_at IS NULL) = (state IN ('checking', 'ready', 'running'))", name="finished_when_over"
        ),
        CheckConstraint("finished_at IS NULL OR sealed IS NULL", name="file_destroyed_when_over"),
        CheckConstraint(
            "wrapped_key IS NOT NULL OR (sealed IS NULL AND findings IS NULL)", name="key_while_sealed"
        ),
        Index(None, "unit_id", "created_at", "id"),
    )


class ImportedRow(Base):
    """A row of a ledger that was imported: the same row never makes a second inquiry."""

    __tablename__ = "imported_rows"

    row_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Blind index of the unit and all that stands in the row; of equal rows in one file, also which of them it is."""
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    import_id: Mapped[str] = mapped_column(String(32), ForeignKey("imports.id"))
    row_number: Mapped[int]

    __table_args__ = (Index(None, "import_id"), Index(None, "inquiry_id", unique=True))
