"""What a unit lays down for itself (实施细则, 坛 十一; 泸 二（二）1): hours, promises, matters, measures on record."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import Category, Regime, UnitRecordKind
from backend.models.types import LongText, Moment, Name, PrimaryId, UtcDateTime, WordType, word_check


class UnitHours(Base):
    """From this day of every year on, the unit closes at this time (冬夏作息); without rows `Unit.closes_at` holds."""

    __tablename__ = "unit_hours"

    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"), primary_key=True)
    starts_on: Mapped[str] = mapped_column(String(5), primary_key=True)
    """Month and day, 05-01."""
    closes_at: Mapped[time] = mapped_column(Time)


class UnitPromise(Base):
    """承诺时限: how many working days the unit itself promises for a category. It stands beside the law's limit."""

    __tablename__ = "unit_promises"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    category: Mapped[Category] = mapped_column(WordType(Category))
    working_days: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))
    """Where the promise is published."""
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        word_check("category", Category),
        CheckConstraint("working_days BETWEEN 1 AND 90", name="some_days"),
        Index(
            "uq_unit_promises_one_live",
            "unit_id",
            "category",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Matter(Base):
    """One entry of the 事项目录: what is handled, under which law, within how many working days."""

    __tablename__ = "matters"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    name: Mapped[Name]
    regime: Mapped[Regime | None] = mapped_column(WordType(Regime))
    """The other regime that prevails (坛 五); None for an ordinary matter."""
    basis: Mapped[str] = mapped_column(String(500))
    """The law and article its limit stands in."""
    legal_days: Mapped[int | None]
    promised_days: Mapped[int | None]
    procedure: Mapped[LongText]
    documents: Mapped[list[Any]] = mapped_column(JSON)
    """Names of what an applicant brings."""
    created_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        word_check("regime", Regime),
        CheckConstraint("legal_days BETWEEN 1 AND 366", name="legal_days_in_range"),
        CheckConstraint("promised_days BETWEEN 1 AND 366", name="promised_days_in_range"),
        CheckConstraint("legal_days IS NOT NULL OR promised_days IS NOT NULL", name="some_limit"),
        CheckConstraint("promised_days <= legal_days", name="a_promise_never_weakens_the_law"),
        Index(
            "uq_matters_one_live",
            "unit_id",
            "name",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class UnitRecord(Base):
    """A dated paper of the unit: its 实施细则, a 简化优化 measure, or a commendation (坛 八、十一). Public, in clear."""

    __tablename__ = "unit_records"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    kind: Mapped[UnitRecordKind] = mapped_column(WordType(UnitRecordKind))
    title: Mapped[Name]
    document_number: Mapped[str] = mapped_column(String(80))
    dated_on: Mapped[date] = mapped_column(Date)
    body: Mapped[str] = mapped_column(Text)
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """Whom a commendation honours: a person, a section, or with neither the unit."""
    created_at: Mapped[Moment]
    created_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))

    __table_args__ = (
        word_check("kind", UnitRecordKind),
        CheckConstraint(
            "kind = 'commendation' OR (section_id IS NULL AND staff_id IS NULL)",
            name="only_honours_name_people",
        ),
        Index(None, "unit_id", "kind", "dated_on"),
    )


class Coordinator(Base):
    """Which unit settles disputes between the units below another one (区委办, 区政府办, 编办)."""

    __tablename__ = "coordinators"

    scope_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"), primary_key=True)
    """The root of the part of the tree it settles for."""
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
