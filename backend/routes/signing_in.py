"""Signing in, alike for the API and the console: the password outside the writer's turn, the session inside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.domain.actors import Actor
from backend.routes.installation import settings
from backend.routes.pipeline import open_reading, open_work
from backend.services.signing_in import check_password, open_session


def sign_in(username: str, password: str, totp: str | None) -> tuple[str, datetime]:
    """Open a staff session. Returns its token and when it ends. Raises CredentialsWrong."""
    hours = settings().session_hours
    with open_reading(Actor("staff")) as work:
        staff_id = check_password(work, username=username, password=password)
    with open_work(Actor("staff", staff_id)) as work:
        token, session = open_session(work, staff_id, totp=totp, lifetime=timedelta(hours=hours))
        return token, session.expires_at
