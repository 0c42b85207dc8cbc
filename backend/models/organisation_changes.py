"""What was done to the organisation: who, what, when. Rows never change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models.types import Moment, PrimaryId, WordType, word_check


class OrganisationChange(Base):
    """One change. `by_id` is None where the operator or the system did it; no secret ever stands in `facts`."""

    __tablename__ = "organisation_changes"

    id: Mapped[PrimaryId]
    at: Mapped[Moment]
    kind: Mapped[ChangeKind] = mapped_column(WordType(ChangeKind))
    by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    post_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("posts.id"))
    staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """Whom it is about."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By field what it was and what it became, as `[old, new]`."""

    __table_args__ = (
        word_check("kind", ChangeKind),
        Index(None, "unit_id", "at", "id"),
        Index(None, "staff_id", "at"),
    )
