"""Signing in, alike for the API and the console: the password outside the writer's turn, the session inside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.domain.actors import Actor
from backend.models import Staff
from backend.routes.installation import settings
from backend.routes.pipeline import open_reading, open_work
from backend.services.signing_in import check_password, open_session
from backend.services.staff_accounts import PasswordChangeRequired


def sign_in(
    username: str, password: str, totp: str | None, *, with_first: bool = False
) -> tuple[str, datetime]:
    """Open a staff session. Returns its token and when it ends.

    `with_first`: also with a password that somebody else made, to choose one's own. Raises CredentialsWrong,
    PasswordChangeRequired.
    """
    hours = settings().session_hours
    with open_reading(Actor("staff")) as work:
        staff_id = check_password(work, username=username, password=password)
        if not with_first and work.session.get_one(Staff, staff_id).password_is_initial:
            raise PasswordChangeRequired()
    with open_work(Actor("staff", staff_id)) as work:
        token, session = open_session(work, staff_id, totp=totp, lifetime=timedelta(hours=hours))
        return token, session.expires_at
