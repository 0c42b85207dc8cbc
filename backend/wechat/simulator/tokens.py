"""Access tokens: the stable lineage, the plain one, and what is wrong with a token that is shown."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from backend.wechat.simulator.state import App, Refused, Token, World, random_letters

LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCE_EVERY, FORCE_A_DAY = timedelta(seconds=30), 20
LENGTH = 512
"""WeChat asks to keep room for this many characters."""
NOT_LATEST = (
    "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, "
    "more details at https://mmbizurl.cn/s/JtxxFh33r"
)
_SHAPE = re.compile(r"\d{2}_[A-Za-z0-9]{509}")


def stable_token(world: World, app: App, now: datetime, *, force: bool) -> tuple[str, int]:
    """The current token and its remaining seconds. Raises Refused when it was forced too often (45009)."""
    current = app.stable_token
    if force and not (app.refreshed_at and now - app.refreshed_at[-1] < FORCE_EVERY):
        today = [moment for moment in app.refreshed_at if moment.date() == now.date()]
        if len(today) >= FORCE_A_DAY:
            raise Refused(45009, "reach max api daily quota limit")
        app.refreshed_at = [*today, now]
        if current is not None:
            current.is_dead = True
        current = None
    if current is None or current.is_dead or current.expires_at - now <= OVERLAP:
        current = app.stable_token = _issue(world, app, now)
    return current.value, int((current.expires_at - now).total_seconds())


def plain_token(world: World, app: App, now: datetime) -> tuple[str, int]:
    """A new token each time; the one before works for five more minutes."""
    if app.plain_token is not None:
        app.plain_token.expires_at = min(app.plain_token.expires_at, now + OVERLAP)
    app.plain_token = _issue(world, app, now)
    return app.plain_token.value, int(LIFE.total_seconds())


def app_of_token(world: World, value: str, now: datetime) -> App:
    """Whose token it is. Raises Refused: 41001, 40014, 40001, 42001."""
    if not value:
        raise Refused(41001, "access_token missing")
    if not _SHAPE.fullmatch(value):
        raise Refused(40014, "invalid access_token")
    app, token = world.tokens.get(value, (None, None))
    if app is None or token is None or token.is_dead:
        raise Refused(40001, NOT_LATEST)
    if token.expires_at <= now:
        raise Refused(42001, "access_token expired")
    return app


def spoil(app: App, world: World, now: datetime, *, dead: bool) -> None:
    """Every token of the app expires now, or is thrown away."""
    for owner, token in world.tokens.values():
        if owner is app:
            token.is_dead = token.is_dead or dead
            token.expires_at = min(token.expires_at, now)
    app.stable_token = app.plain_token = None


def _issue(world: World, app: App, now: datetime) -> Token:
    token = Token(f"86_{random_letters(LENGTH - 3)}", now + LIFE)
    world.tokens[token.value] = (app, token)
    return token
