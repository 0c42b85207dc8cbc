"""What the console keeps beside the matters themselves: places in lists, keyed words of summaries, drafts, templates."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.models.types import LongText, Moment, Name, PrimaryId, Sealed


class ClosedPlace(Base):
    """A closed inquiry in one list: of a unit, a section, a post or a person that held it, or of a joint partner.

    It only says where to look: whether somebody may see the inquiry is asked of the inquiry itself each time.
    """

    __tablename__ = "closed_places"

    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The id of the unit, section, post or person; `joint:` and the unit's id for a partner of a joint case."""
    closed_at: Mapped[Moment] = mapped_column(primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"), primary_key=True)

    __table_args__ = (Index(None, "inquiry_id"),)


class SummaryTerm(Base):
    """Two neighbouring characters of a summary, as a keyed number that many pairs share: where to look, not what it says."""

    __tablename__ = "summary_terms"

    term: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    received_at: Mapped[Moment] = mapped_column(primary_key=True)
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"), primary_key=True)

    __table_args__ = (Index(None, "inquiry_id"),)


class Draft(Base):
    """A half-written form of one person, sealed with the person's own key; gone on success and after seven days."""

    __tablename__ = "drafts"

    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Which form: the inquiry's number and the act, or `register`."""
    sealed: Mapped[Sealed]
    saved_at: Mapped[Moment]

    __table_args__ = (Index(None, "saved_at"),)


class ReplyTemplate(Base):
    """A text a section answers with again and again; it holds nobody's data and is open to the whole section."""

    __tablename__ = "reply_templates"

    id: Mapped[PrimaryId]
    section_id: Mapped[str] = mapped_column(String(32), ForeignKey("sections.id"))
    title: Mapped[Name]
    body: Mapped[LongText]
    is_active: Mapped[bool] = mapped_column(default=True)
    changed_by_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    changed_at: Mapped[Moment]

    __table_args__ = (
        CheckConstraint("length(title) BETWEEN 1 AND 60", name="title_length"),
        Index(None, "section_id", "title"),
    )


class NoticeMark(Base):
    """Until when a member of staff has taken note of what came in for them."""

    __tablename__ = "notice_marks"

    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"), primary_key=True)
    seen_at: Mapped[Moment]
