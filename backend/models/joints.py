"""共同办理 (坛 六（三）、七（三）): the report to the head, the units taking part, their words, the plan or the report upward."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import JointState, OpinionKind, ReportTo
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class JointHandling(Base):
    """One joint case of a round. `lead_unit_id` is the unit that held it, itself one of those that handle it."""

    __tablename__ = "joint_handlings"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    round: Mapped[int]
    lead_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    state: Mapped[JointState] = mapped_column(WordType(JointState))
    matter_text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    """What has to be handled together, as reported to the head."""
    found_at: Mapped[Moment]
    """When the first responder saw that several units are needed; reporting is due 即时 from here."""
    started_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    reported_at: Mapped[Moment]
    """When the report stood in the head's box, opened or not: the three working days run from here."""
    plan_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planned_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    report_to: Mapped[ReportTo | None] = mapped_column(WordType(ReportTo))
    report_matter_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """具体事项."""
    report_positions_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """各方理据."""
    report_opinion_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """倾向性意见."""
    referred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    referred_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        word_check("state", JointState),
        word_check("report_to", ReportTo),
        CheckConstraint("found_at <= reported_at", name="found_before_reported"),
        CheckConstraint(
            "(plan_text_id IS NULL) = (planned_at IS NULL) AND (planned_at IS NULL) = (planned_by_id IS NULL)",
            name="plan_is_whole",
        ),
        CheckConstraint(
            "(referred_at IS NULL) = (report_to IS NULL)"
            " AND (referred_at IS NULL) = (referred_by_id IS NULL)"
            " AND (referred_at IS NULL) = (report_matter_text_id IS NULL)"
            " AND (referred_at IS NULL) = (report_positions_text_id IS NULL)"
            " AND (referred_at IS NULL) = (report_opinion_text_id IS NULL)",
            name="report_has_its_three_parts",
        ),
        Index(
            "uq_joint_handlings_one_live",
            "inquiry_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "inquiry_id", "reported_at"),
    )


class JointUnit(Base):
    """One of the other units (坛 六（三）: 主动配合、积极作为), its task and what came of it."""

    __tablename__ = "joint_units"

    id: Mapped[PrimaryId]
    joint_id: Mapped[str] = mapped_column(String(32), ForeignKey("joint_handlings.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    asked_at: Mapped[Moment]
    cooperated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its first word on record."""
    task_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    done_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("(done_text_id IS NULL) = (done_at IS NULL)", name="done_has_text"),
        Index(None, "joint_id", "unit_id", unique=True),
        Index(None, "unit_id"),
    )


class JointOpinion(Base):
    """What a unit said, or a record of talks (协商记录); the lead's own included."""

    __tablename__ = "joint_opinions"

    id: Mapped[PrimaryId]
    joint_id: Mapped[str] = mapped_column(String(32), ForeignKey("joint_handlings.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    kind: Mapped[OpinionKind] = mapped_column(WordType(OpinionKind))
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    at: Mapped[Moment]

    __table_args__ = (word_check("kind", OpinionKind), Index(None, "joint_id", "at"))
