"""Staff sign in with password and, where a secret is set, a one-time code; sessions are opaque and end at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from backend.domain.errors import DomainError
from backend.models import AccessSession, Staff
from backend.models.types import new_id
from backend.services.work import Work
from backend.vault.passwords import verify_password, verify_totp, verify_unknown
from backend.vault.tokens import new_token, token_hash


class CredentialsWrong(DomainError):
    """User name, password or code is wrong; the answer never says which."""

    code = "credentials_wrong"


def check_password(work: Work, *, username: str, password: str) -> str:
    """The id of the account, if the password is right. Raises CredentialsWrong.

    Reads only: hashing takes a tenth of a second on purpose, and no writer may wait for it. An unknown user costs the
    same time as a wrong password.
    """
    staff = work.session.scalar(select(Staff).where(Staff.username == username))
    if staff is None or not staff.is_active:
        verify_unknown(password)
        raise CredentialsWrong()
    if not verify_password(staff.password_hash, password):
        raise CredentialsWrong()
    return staff.id


def open_session(
    work: Work, staff_id: str, *, totp: str | None, lifetime: timedelta
) -> tuple[str, AccessSession]:
    """Open a session for an account whose password was just checked. Returns its token, shown once, and the row.

    Raises CredentialsWrong when a one-time code is due and is wrong or already used, or the account was disabled.
    """
    staff = work.session.scalars(select(Staff).where(Staff.id == staff_id).with_for_update()).one()
    if not staff.is_active:
        raise CredentialsWrong()
    if staff.totp_sealed is not None:
        _spend_totp(work, staff, staff.totp_sealed, totp)
    token = new_token()
    session = AccessSession(
        id=new_id(),
        kind="staff",
        token_hash=token_hash(token),
        staff_id=staff.id,
        created_at=work.now,
        expires_at=work.now + lifetime,
    )
    work.session.add(session)
    work.session.flush()
    return token, session


def sign_out(work: Work, session_id: str) -> None:
    """End a session at once."""
    work.session.execute(
        update(AccessSession)
        .where(AccessSession.id == session_id, AccessSession.ended_at.is_(None))
        .values(ended_at=work.now)
    )


def totp_context(staff_id: str) -> str:
    """What a sealed TOTP secret is bound to."""
    return f"staff:{staff_id}:totp"


def _spend_totp(work: Work, staff: Staff, sealed: bytes, code: str | None) -> None:
    secret = work.tools.vault.unseal_text(staff.wrapped_key, sealed, totp_context(staff.id))
    step = verify_totp(secret, code or "", work.now)
    if step is None or (staff.totp_last_step is not None and step <= staff.totp_last_step):
        raise CredentialsWrong()
    staff.totp_last_step = step
