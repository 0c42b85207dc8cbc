"""Units and their sections: who can be asked."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Time, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.database import Base
from backend.domain.vocabulary import Measure, OrganType, SectionKind
from backend.models.types import Name, PrimaryId, WordType, word_check

if TYPE_CHECKING:
    from backend.models.rules import UnitHours


class Unit(Base):
    """A 单位 in the tree 市 → 区县 → 镇街/园区."""

    __tablename__ = "units"

    id: Mapped[PrimaryId]
    parent_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.id"))
    name: Mapped[Name]
    organ_type: Mapped[OrganType] = mapped_column(WordType(OrganType))
    measure: Mapped[Measure] = mapped_column(WordType(Measure))
    """Which of the two measures binds the unit."""
    closes_at: Mapped[time | None] = mapped_column(Time)
    """Close of business in Asia/Shanghai; None takes the reading's default."""
    address: Mapped[str] = mapped_column(String(300), default="")
    complaint_phone: Mapped[str] = mapped_column(String(40), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    survey_replaces_call: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A WeChat answer replaces the follow-up call (our reading of 泸 附件1 第16项; a switch of the unit)."""

    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id")
    seasons: Mapped[list[UnitHours]] = relationship(
        order_by="UnitHours.starts_on", cascade="all, delete-orphan"
    )
    """冬夏作息, read once a session; with rows they alone say when the unit closes."""

    __table_args__ = (
        word_check("organ_type", OrganType),
        word_check("measure", Measure),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
    )


class Section(Base):
    """A 科（股）室, 窗口 or 办事机构 of a unit."""

    __tablename__ = "sections"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    name: Mapped[Name]
    kind: Mapped[SectionKind] = mapped_column(WordType(SectionKind))
    is_dedicated: Mapped[bool] = mapped_column(default=False)
    """The unit's 专门科室 (泸 一, 二（二）2)."""
    is_active: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[Unit] = relationship()

    __table_args__ = (
        word_check("kind", SectionKind),
        Index(None, "unit_id", "name", unique=True),
        Index(
            "uq_sections_one_dedicated",
            "unit_id",
            unique=True,
            sqlite_where=text("is_dedicated"),
            postgresql_where=text("is_dedicated"),
        ),
    )
