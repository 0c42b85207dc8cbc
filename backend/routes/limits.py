"""How often one address, or one account, may try."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from backend.errors import RequestInvalid
from backend.routes.access import Access
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


def is_signed_in() -> bool:
    """Whether who files is limited as a person: behind one address of a phone network stand thousands of them."""
    found: Access = g.access
    return found.account_id is not None


per_address_filing = limiter.shared_limit(
    lambda: settings().anonymous_filing_rate,
    scope="filing-address",
    methods=["POST"],
    exempt_when=is_signed_in,
)
all_filing = limiter.shared_limit(
    lambda: settings().anonymous_filing_cap,
    scope="filing",
    key_func=lambda: "everyone",
    methods=["POST"],
    exempt_when=is_signed_in,
)
ledger_files = limiter.shared_limit(
    lambda: settings().ledger_file_rate,
    scope="ledger-files",
    key_func=lambda: f"staff:{g.access.actor.id}",
    methods=["GET"],
)
wechat_sign_ins = limiter.shared_limit(
    lambda: settings().wechat_sign_in_rate, scope="wechat-sign-in", methods=["POST"]
)
wrong_binding_codes = limiter.shared_limit(
    lambda: settings().sign_in_failure_rate,
    scope="binding-code",
    key_func=lambda: f"wechat:{g.wechat_mark}",
    methods=["POST"],
    deduct_when=lambda response: _problem_code(response) == "binding_code_wrong",
)
lookup_misses = limiter.shared_limit(
    lambda: settings().lookup_miss_rate,
    scope="lookup",
    methods=["POST"],
    deduct_when=lambda response: response.status_code in {404, 422},
)
survey_misses = limiter.shared_limit(
    lambda: settings().lookup_miss_rate,
    scope="survey",
    deduct_when=lambda response: response.status_code == 404,
)
sign_in_failures = limiter.shared_limit(
    lambda: settings().sign_in_failure_rate,
    scope="sign-in",
    key_func=submitted_username,
    methods=["POST"],
    deduct_when=lambda response: response.status_code in {401, 422},
)


def _problem_code(response: Response) -> str | None:
    body = response.get_json(silent=True)
    return body.get("code") if isinstance(body, dict) else None
