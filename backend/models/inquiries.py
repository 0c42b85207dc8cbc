"""首问事项, its texts, who holds it, and its attachments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.database import Base
from backend.domain.vocabulary import AboutKind, Category, Channel, Measure, Outcome, Source, Status
from backend.models.citizens import Citizen
from backend.models.organisation import Section, Unit
from backend.models.posts import Post
from backend.models.staff import Staff
from backend.models.types import Id, Moment, PrimaryId, UtcDateTime, WordType, word_check


class Inquiry(Base):
    """One matter, from the first question to its last round."""

    __tablename__ = "inquiries"

    id: Mapped[PrimaryId]
    number: Mapped[str] = mapped_column(String(13), unique=True)
    status: Mapped[Status] = mapped_column(WordType(Status))
    version: Mapped[int] = mapped_column(default=1)
    """Counts the changes staff see; the ETag. A rating does not move it (design 5)."""
    round: Mapped[int] = mapped_column(default=1)
    """1, and one more at each reopening; a rating belongs to a closed round."""
    category: Mapped[Category] = mapped_column(WordType(Category))
    channel: Mapped[Channel] = mapped_column(WordType(Channel))
    source: Mapped[Source] = mapped_column(WordType(Source))
    measure: Mapped[Measure] = mapped_column(WordType(Measure))
    """The first unit's measure at filing; its limits stay with the inquiry."""
    is_written: Mapped[bool]
    """A 书面申请 (坛 六（四））; filed online as an application it counts as one (reading)."""
    is_confidential: Mapped[bool]
    """A complaint: hidden from whom it is about (design 4)."""
    is_late_entry: Mapped[bool] = mapped_column(default=False)
    """补录: entered after it happened."""

    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    """The unit that holds it now."""
    first_unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    """首问机关 (坛 第二条), frozen at filing."""
    first_section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    first_post_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("posts.id"))
    first_responder_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    """首问负责人, frozen at filing; None only while nobody in the unit is present."""
    sign_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("signs.id"))
    registered_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    citizen_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("citizens.id"))

    about_kind: Mapped[AboutKind | None] = mapped_column(WordType(AboutKind))
    subject_staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    subject_section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    subject_unit_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("units.id"))

    received_at: Mapped[Moment]
    """受理时间: the earlier of what staff say happened and `recorded_at`; every clock starts here."""
    recorded_at: Mapped[Moment]
    occurred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome | None] = mapped_column(WordType(Outcome))
    closed_by_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))

    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The inquiry's data key, wrapped by the master key; destroying it erases every text."""
    tracking_hash: Mapped[str] = mapped_column(String(64), unique=True)
    tracking_generation: Mapped[int] = mapped_column(default=1)
    account_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("wechat_accounts.id"))
    """The WeChat it was filed from, signed in; messages about it go there."""

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])
    first_unit: Mapped[Unit] = relationship(foreign_keys=[first_unit_id])
    first_section: Mapped[Section | None] = relationship(foreign_keys=[first_section_id])
    first_post: Mapped[Post | None] = relationship(foreign_keys=[first_post_id])
    first_responder: Mapped[Staff | None] = relationship(foreign_keys=[first_responder_id])
    citizen: Mapped[Citizen | None] = relationship()

    __table_args__ = (
        word_check("status", Status),
        word_check("category", Category),
        word_check("channel", Channel),
        word_check("source", Source),
        word_check("measure", Measure),
        word_check("about_kind", AboutKind),
        word_check("outcome", Outcome),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("round >= 1", name="round_positive"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="closed_has_outcome"),
        CheckConstraint("received_at <= recorded_at", name="received_not_after_recorded"),
        CheckConstraint("(category = 'complaint') = is_confidential", name="complaints_are_confidential"),
        Index(
            "ix_inquiries_open",
            "unit_id",
            "received_at",
            "id",
            sqlite_where=text("status <> 'closed'"),
            postgresql_where=text("status <> 'closed'"),
        ),
        Index("ix_inquiries_closed", "unit_id", "closed_at", "id"),
        Index(None, "first_unit_id", "received_at", "id"),
        Index(None, "citizen_id"),
        Index(None, "account_id", "received_at", "id"),
    )


class InquiryText(Base):
    """One text of an inquiry, sealed. Ledger entries commit to it by sha256(salt‖text); erasing it empties both."""

    __tablename__ = "texts"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    kind: Mapped[str] = mapped_column(String(32))
    """What part it plays: content, summary, reply, reason, basis, remedy, supplement, opinion and so on."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]

    __table_args__ = (Index(None, "inquiry_id", "kind"),)


class Holding(Base):
    """Who bears an inquiry, from when to when: a person, or a post that somebody keeps. At most one is live."""

    __tablename__ = "holdings"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    post_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("posts.id"))
    staff_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    round: Mapped[int]
    started_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    unit: Mapped[Unit] = relationship()
    section: Mapped[Section | None] = relationship()
    post: Mapped[Post | None] = relationship()
    staff: Mapped[Staff | None] = relationship()

    __table_args__ = (
        CheckConstraint("(post_id IS NULL) <> (staff_id IS NULL)", name="a_person_or_a_post"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_not_before_start"),
        Index(
            "uq_holdings_one_live",
            "inquiry_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "inquiry_id", "started_at"),
        Index(
            "ix_holdings_live_post",
            "post_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_holdings_live_staff",
            "staff_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_holdings_section", "section_id", "inquiry_id"),
        Index("ix_holdings_past_staff", "staff_id", "inquiry_id"),
    )


class Attachment(Base):
    """A photo or PDF of an inquiry: re-encoded, sealed, served inert."""

    __tablename__ = "attachments"

    id: Mapped[PrimaryId]
    inquiry_id: Mapped[str] = mapped_column(String(32), ForeignKey("inquiries.id"))
    position: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    """Bytes of the cleaned file."""
    file_name_text_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("texts.id"))
    blob_id: Mapped[Id] = mapped_column(ForeignKey("blobs.id"))
    added_at: Mapped[Moment]
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the file was destroyed because the person took back the permission; the place stays."""

    __table_args__ = (
        Index(None, "inquiry_id", "position", unique=True),
        CheckConstraint("position BETWEEN 1 AND 6", name="at_most_six"),
        CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')", name="known_type"
        ),
    )
