"""问责线索 (坛 十; 泸 三（二）、三（三）): facts for a human decision, the person's own words, and the decision made elsewhere."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary import (
    DecisionMeasure,
    LeadAgainst,
    LeadGround,
    LeadState,
    Measure,
    ToleranceLevel,
)
from backend.models.types import Moment, Name, PrimaryId, WordType, word_check


class AccountabilityLead(Base):
    """One fact that an item of accountability may rest on; never a verdict."""

    __tablename__ = "leads"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    measure: Mapped[Measure] = mapped_column(WordType(Measure))
    item: Mapped[str] = mapped_column(String(40))
    """The item as the measure numbers it, 第十条（一）2."""
    against: Mapped[LeadAgainst] = mapped_column(WordType(LeadAgainst))
    ground: Mapped[LeadGround] = mapped_column(WordType(LeadGround))
    clock_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("clocks.id"))
    notice_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("notices.id"))
    note_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    """What somebody reported, where the ground is not a fact of the system's own."""
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    """The unit it concerns."""
    staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """Who bore 首问责任 at that moment; None where the unit's head answers."""
    at: Mapped[Moment]
    """The legal moment of the fact."""
    recorded_at: Mapped[Moment]
    reported_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    state: Mapped[LeadState] = mapped_column(WordType(LeadState))

    __table_args__ = (
        word_check("measure", Measure),
        word_check("against", LeadAgainst),
        word_check("ground", LeadGround),
        word_check("state", LeadState),
        CheckConstraint("ground <> 'breach' OR clock_id IS NOT NULL", name="a_breach_names_its_clock"),
        CheckConstraint(
            "ground <> 'later_demand' OR notice_id IS NOT NULL", name="a_demand_names_its_notice"
        ),
        CheckConstraint("ground <> 'reported' OR note_text_id IS NOT NULL", name="a_report_says_what"),
        Index(
            "uq_leads_one_a_breach",
            "clock_id",
            "item",
            unique=True,
            sqlite_where=text("ground = 'breach'"),
            postgresql_where=text("ground = 'breach'"),
        ),
        Index(None, "unit_id", "state", "at"),
        Index(None, "inquiry_id"),
        Index(None, "staff_id"),
    )


class LeadElement(Base):
    """What a human found about one element of the item that no fact of the system can fill (致使…, 不良影响, 不良后果)."""

    __tablename__ = "lead_elements"

    lead_id: Mapped[str] = mapped_column(String(32), ForeignKey("leads.id"), primary_key=True)
    element: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_found: Mapped[bool]
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    found_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    found_at: Mapped[Moment]


class LeadStatement(Base):
    """The statement of the person or unit concerned; more than one may follow."""

    __tablename__ = "lead_statements"

    id: Mapped[PrimaryId]
    lead_id: Mapped[str] = mapped_column(String(32), ForeignKey("leads.id"))
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    at: Mapped[Moment]

    __table_args__ = (Index(None, "lead_id", "at"),)


class LeadDecision(Base):
    """What the competent body decided elsewhere (坛 十（三）), recorded here once. Without measures: nothing to answer for."""

    __tablename__ = "lead_decisions"

    lead_id: Mapped[str] = mapped_column(String(32), ForeignKey("leads.id"), primary_key=True)
    decided_on: Mapped[date] = mapped_column(Date)
    body: Mapped[Name]
    """Who decided."""
    document: Mapped[str] = mapped_column(String(120))
    text_id: Mapped[str] = mapped_column(String(32), ForeignKey("texts.id"))
    tolerance: Mapped[ToleranceLevel | None] = mapped_column(WordType(ToleranceLevel))
    """Whose 容错纠错 rule was applied (坛 九)."""
    recorded_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    recorded_at: Mapped[Moment]

    __table_args__ = (word_check("tolerance", ToleranceLevel),)


class LeadMeasure(Base):
    """One way of holding to account that the decision used; several may stand together (坛 十（四）)."""

    __tablename__ = "lead_measures"

    lead_id: Mapped[str] = mapped_column(String(32), ForeignKey("leads.id"), primary_key=True)
    measure: Mapped[DecisionMeasure] = mapped_column(WordType(DecisionMeasure), primary_key=True)

    __table_args__ = (word_check("measure", DecisionMeasure),)
