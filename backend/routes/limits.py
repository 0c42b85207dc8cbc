"""How often one address, or one account, may try."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from backend.errors import RequestInvalid
from backend.routes.api import json_body
from backend.routes.installation import settings
from backend.settings import Settings
from backend.vault.tokens import token_hash

limiter = Limiter(key_func=get_remote_address)


def init_limits(app: Flask, installed: Settings) -> None:
    """Count in Redis where there is one, so that all processes share; without it, or while it is away, in memory."""
    app.config.update(
        RATELIMIT_STORAGE_URI=installed.redis_url or "memory://",
        RATELIMIT_STRATEGY="fixed-window",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=installed.redis_url is not None,
        # A counter lost because Redis died between question and count is no reason to fail the request.
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    if installed.redis_url:
        # A dead Redis must not hold a request: the counters fall back to memory at once.
        # (No list of fallback limits: it would stand in for the strict ones of signing in and looking up.)
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    limiter.init_app(app)


def submitted_username() -> str:
    """The account a sign-in is for, so that guessing locks that account's door and no other.

    Hashed: what somebody typed as a name may be anything, and is nobody's business in Redis.
    """
    try:
        data = json_body() if request.is_json else request.form
    except RequestInvalid:
        data = None
    name = data.get("username") if isinstance(data, Mapping) else None
    return f"username:{token_hash(name.casefold())}" if isinstance(name, str) else get_remote_address()


per_address_filing = limiter.shared_limit(
    lambda: settings().anonymous_filing_rate, scope="filing-address", methods=["POST"]
)
all_filing = limiter.shared_limit(
    lambda: settings().anonymous_filing_cap, scope="filing", key_func=lambda: "everyone", methods=["POST"]
)
lookup_misses = limiter.shared_limit(
    lambda: settings().lookup_miss_rate,
    scope="lookup",
    methods=["POST"],
    deduct_when=lambda response: response.status_code in {404, 422},
)
sign_in_failures = limiter.shared_limit(
    lambda: settings().sign_in_failure_rate,
    scope="sign-in",
    key_func=submitted_username,
    methods=["POST"],
    deduct_when=lambda response: response.status_code in {401, 422},
)
