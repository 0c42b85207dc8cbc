"""The append-only event log of each unit: a hash chain whose head is signed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.models.types import Moment, PrimaryId


class LedgerEntry(Base):
    """One fact in a unit's chain. Triggers refuse any update, delete, or insert of an existing place."""

    __tablename__ = "ledger_entries"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    sequence: Mapped[int]
    """Gapless within the unit, from 1."""
    inquiry_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("inquiries.id"))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    """Canonical JSON exactly as hashed: ids, enums, times and salted commitments only."""
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[Moment]
    is_mirror: Mapped[bool] = mapped_column(default=False)
    """The same fact in the other unit's chain: acceptance by another unit stands in both."""

    __table_args__ = (
        Index(None, "unit_id", "sequence", unique=True),
        Index(None, "inquiry_id", "recorded_at"),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
    )


class LedgerHead(Base):
    """The signed end of a unit's chain; its row lock orders the writers."""

    __tablename__ = "ledger_heads"

    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"), primary_key=True)
    sequence: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
