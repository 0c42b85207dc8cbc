"""Who is calling: nobody in particular, a citizen signed in by WeChat, staff, or who holds an inquiry's capability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend.domain.actors import Actor
from backend.domain.errors import DomainError
from backend.domain.identity import Identity
from backend.models import AccessSession, Inquiry, Staff, WechatAccount
from backend.services.idempotency import ANONYMOUS
from backend.services.organising import identity_of
from backend.services.tracking import inquiry_of_token
from backend.vault.tokens import token_hash


class Unauthenticated(DomainError):
    """No session, or one that has ended."""

    code = "unauthenticated"


@dataclass(frozen=True, slots=True)
class Access:
    """What a request is allowed to speak for. `owner` is the space its idempotency keys live in.

    `account_id` is the WeChat behind it: a citizen's session always has one, a staff session where it came by WeChat,
    a capability where a citizen's session is shown beside it.
    """

    owner: str
    actor: Actor
    identity: Identity | None = None
    session_id: str | None = None
    inquiry_id: str | None = None
    account_id: str | None = None
    must_choose_password: bool = False
    """Signed in with a password that somebody else made: nothing but choosing one's own is open."""

    @property
    def staff(self) -> Identity:
        """The member of staff. Raises Unauthenticated when there is none."""
        if self.identity is None:
            raise Unauthenticated()
        return self.identity


NOBODY = Access(ANONYMOUS, Actor("citizen"))


def staff_access(session: Session, token: str, now: datetime) -> Access | None:
    """The access of a live staff session, with the roles as they are at this moment; None otherwise."""
    row = session.scalar(
        select(AccessSession)
        .options(selectinload(AccessSession.staff).selectinload(Staff.grants))
        .where(
            AccessSession.kind == "staff",
            AccessSession.token_hash == token_hash(token),
            AccessSession.expires_at > now,
            AccessSession.ended_at.is_(None),
        )
    )
    if row is None or row.staff is None or not row.staff.is_active:
        return None
    identity = identity_of(row.staff)
    # A session that came by the own WeChat did not ask for the password.
    must_choose = row.staff.password_is_initial and row.account_id is None
    return Access(
        row.id,
        identity.actor,
        identity,
        row.id,
        account_id=row.account_id,
        must_choose_password=must_choose,
    )


def citizen_access(session: Session, token: str, now: datetime) -> Access | None:
    """The access of a live citizen's session, which came by WeChat; None otherwise, and once the account is erased."""
    row = session.scalar(
        select(AccessSession)
        .join(WechatAccount, WechatAccount.id == AccessSession.account_id)
        .where(
            AccessSession.kind == "citizen",
            AccessSession.token_hash == token_hash(token),
            AccessSession.expires_at > now,
            AccessSession.ended_at.is_(None),
            WechatAccount.erased_at.is_(None),
        )
    )
    if row is None:
        return None
    return Access(row.id, Actor("citizen"), session_id=row.id, account_id=row.account_id)


def tracking_access(session: Session, token: str, now: datetime) -> tuple[Access, Inquiry] | None:
    """The access of whoever holds an inquiry's capability; None for an unknown or expired one."""
    inquiry = inquiry_of_token(session, token, now)
    if inquiry is None:
        return None
    return Access(
        f"inquiry:{inquiry.id}", Actor("citizen", inquiry.citizen_id), inquiry_id=inquiry.id
    ), inquiry
