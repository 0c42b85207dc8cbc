"""WeChat accounts, what they agreed to receive, and how members of staff bind theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base
from backend.domain.vocabulary_contact import ConsentSource
from backend.models.types import Moment, PrimaryId, UtcDateTime, WordType, word_check

_LIVE_BINDING = "ended_at IS NULL"
_FREE = "spent_at IS NULL AND voided_at IS NULL"


class WechatAccount(Base):
    """One person's identity towards one of our apps: the pair of app and openid, the openid sealed.

    An openid means nothing outside its app, and a change of the account's owner changes them all.
    """

    __tablename__ = "wechat_accounts"

    id: Mapped[PrimaryId]
    app_id: Mapped[str] = mapped_column(String(32))
    openid_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Blind index of app and openid together; empty once erased."""
    openid_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    """The last sign-in: the content check knows only people seen within two hours."""
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint(
            "(erased_at IS NULL) = (openid_index IS NOT NULL)"
            " AND (openid_index IS NULL) = (openid_sealed IS NULL)"
            " AND (openid_index IS NULL) = (wrapped_key IS NULL)",
            name="erased_wholly",
        ),
    )


class StaffBinding(Base):
    """A member of staff's own WeChat. One at a time, both ways."""

    __tablename__ = "staff_bindings"

    id: Mapped[PrimaryId]
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    account_id: Mapped[str] = mapped_column(String(32), ForeignKey("wechat_accounts.id"))
    bound_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= bound_at", name="ends_not_before_start"),
        Index(
            "uq_staff_bindings_one_a_person",
            "staff_id",
            unique=True,
            sqlite_where=text(_LIVE_BINDING),
            postgresql_where=text(_LIVE_BINDING),
        ),
        Index(
            "uq_staff_bindings_one_an_account",
            "account_id",
            unique=True,
            sqlite_where=text(_LIVE_BINDING),
            postgresql_where=text(_LIVE_BINDING),
        ),
    )


class BindingCode(Base):
    """A short code that proves, once and for a few minutes, that a WeChat belongs to a member of staff."""

    __tablename__ = "binding_codes"

    id: Mapped[PrimaryId]
    staff_id: Mapped[str] = mapped_column(String(32), ForeignKey("staff.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index(None, "staff_id"), Index(None, "expires_at"))


class Consent(Base):
    """A voucher: one agreement to one message of a template (a long-term one: to any number until withdrawn)."""

    __tablename__ = "consents"

    id: Mapped[PrimaryId]
    account_id: Mapped[str] = mapped_column(String(32), ForeignKey("wechat_accounts.id"))
    template: Mapped[str] = mapped_column(String(32))
    """Our key of the template (backend/wechat/templates/), not WeChat's id, which an office may replace."""
    source: Mapped[ConsentSource] = mapped_column(WordType(ConsentSource))
    """Who reported it first."""
    is_long_term: Mapped[bool]
    granted_at: Mapped[Moment]
    paired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the other side reported the same tap: client and WeChat both tell, and it counts once."""
    spent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Withdrawn by the person, or found not to be there when WeChat answered 43101."""

    __table_args__ = (
        word_check("source", ConsentSource),
        CheckConstraint("spent_at IS NULL OR voided_at IS NULL", name="spent_or_voided"),
        CheckConstraint("NOT is_long_term OR spent_at IS NULL", name="long_term_is_never_spent"),
        Index(
            "ix_consents_free",
            "account_id",
            "template",
            "granted_at",
            sqlite_where=text(_FREE),
            postgresql_where=text(_FREE),
        ),
        Index(None, "account_id", "template", "granted_at"),
    )
