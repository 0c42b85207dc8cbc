"""Staff, their roles within a scope, and their absences."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.database import Base
from backend.domain.identity import SECTION_ROLES
from backend.domain.vocabulary import Employment, Role
from backend.models.organisation import Section, Unit
from backend.models.types import Moment, Name, PrimaryId, UtcDateTime, WordType, word_check, words_in

_EXCLUSIVE = "role IN ('overseer', 'auditor', 'sysadmin')"
_OF_A_SECTION = words_in("role", SECTION_ROLES)


class Staff(Base):
    """A 工作人员 (坛 第五条), contract staff included."""

    __tablename__ = "staff"

    id: Mapped[PrimaryId]
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    employment: Mapped[Employment] = mapped_column(WordType(Employment))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The sealed TOTP secret; where it is set, signing in asks for the code."""
    totp_last_step: Mapped[int | None]
    """The time step of the last accepted code: a code works once."""
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    phone_index: Mapped[str | None] = mapped_column(String(64))
    """Blind index of the own phone: a member of staff cannot rate (design 5)."""
    is_active: Mapped[bool] = mapped_column(default=True)
    password_is_initial: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody else made it: until the person has chosen their own, it opens nothing but the page to do so."""

    unit: Mapped[Unit] = relationship()
    section: Mapped[Section | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(back_populates="staff")

    __table_args__ = (
        word_check("employment", Employment),
        Index(None, "section_id"),
        Index(None, "unit_id"),
        Index(None, "phone_index"),
    )


class RoleGrant(Base):
    """One role within one scope: some roles are of a section, all others of the whole unit."""

    __tablename__ = "role_grants"

    id: Mapped[PrimaryId]
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    role: Mapped[Role] = mapped_column(WordType(Role))
    unit_id: Mapped[str] = mapped_column(String(32), ForeignKey("units.id"))
    section_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("sections.id"))

    staff: Mapped[Staff] = relationship(back_populates="grants")

    __table_args__ = (
        word_check("role", Role),
        CheckConstraint(f"({_OF_A_SECTION}) = (section_id IS NOT NULL)", name="role_has_its_scope"),
        Index(
            "uq_role_grants_unit_wide",
            "staff_id",
            "role",
            "unit_id",
            unique=True,
            sqlite_where=text("section_id IS NULL"),
            postgresql_where=text("section_id IS NULL"),
        ),
        Index(None, "staff_id", "role", "section_id", unique=True),
        # Nobody holds two of overseer, auditor, sysadmin.
        Index(
            "uq_role_grants_split_powers",
            "staff_id",
            unique=True,
            sqlite_where=text(_EXCLUSIVE),
            postgresql_where=text(_EXCLUSIVE),
        ),
    )


class Absence(Base):
    """A time in which a member of staff cannot act; the post's deputies stand in (AB岗)."""

    __tablename__ = "absences"

    id: Mapped[PrimaryId]
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    starts_at: Mapped[Moment]
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(None, "staff_id", "starts_at"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
    )
