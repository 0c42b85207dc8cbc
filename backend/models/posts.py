"""Posts (岗), their deputies, and the signs (岗牌) that stand on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.database import Base
from backend.domain.vocabulary import PostKind
from backend.models.organisation import Section, Unit
from backend.models.staff import Staff
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check


class Post(Base):
    """A 首问责任岗 of a section, or the unit's general, discipline or oversight post (泸 二（二）2)."""

    __tablename__ = "posts"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    kind: Mapped[PostKind] = mapped_column(WordType(PostKind))
    location: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    holder_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("staff.id"))
    is_active: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[Unit] = relationship()
    section: Mapped[Section | None] = relationship()
    holder: Mapped[Staff | None] = relationship()
    deputies: Mapped[list[PostDeputy]] = relationship(order_by="PostDeputy.position")

    __table_args__ = (
        word_check("kind", PostKind),
        CheckConstraint("(kind = 'section') = (section_id IS NOT NULL)", name="section_post_has_section"),
        Index(
            "uq_posts_one_of_a_kind",
            "unit_id",
            "kind",
            unique=True,
            sqlite_where=text("kind <> 'section' AND is_active"),
            postgresql_where=text("kind <> 'section' AND is_active"),
        ),
        Index(
            "uq_posts_one_a_section",
            "section_id",
            unique=True,
            sqlite_where=text("kind = 'section' AND is_active"),
            postgresql_where=text("kind = 'section' AND is_active"),
        ),
        Index(None, "holder_id"),
    )


class PostDeputy(Base):
    """Who stands in for the holder of a post, in order (AB岗)."""

    __tablename__ = "post_deputies"

    post_id: Mapped[str] = mapped_column(String(32), ForeignKey("posts.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"), primary_key=True)
    position: Mapped[int]

    staff: Mapped[Staff] = relationship()

    __table_args__ = (Index(None, "post_id", "position", unique=True), Index(None, "staff_id"))


class Sign(Base):
    """A printed plate with its QR code; retiring it names the successor."""

    __tablename__ = "signs"

    id: Mapped[PrimaryId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    """16 Crockford symbols, 80 random bits; printed 4-4-4-4."""
    post_id: Mapped[str] = mapped_column(String(32), ForeignKey("posts.id"))
    location: Mapped[str] = mapped_column(String(200), default="")
    issued_at: Mapped[Moment]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    successor_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("signs.id"))

    post: Mapped[Post] = relationship()
    successor: Mapped[Sign | None] = relationship(remote_side="Sign.id")

    __table_args__ = (
        Index(None, "post_id"),
        CheckConstraint("length(code) = 16", name="code_length"),
        CheckConstraint("successor_id IS NULL OR retired_at IS NOT NULL", name="successor_only_when_retired"),
    )
