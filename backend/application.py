"""The application, put together in named steps: no query and no connection at start-up."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

import backend.models  # noqa: F401  (every table must be known before migrations look)
from backend.cli import register_cli
from backend.clock import Clock, FileClock, SystemClock
from backend.database import init_database
from backend.delivery.waking import init_waking
from backend.migrating import init_migrations
from backend.routes import register_routes
from backend.routes.limits import init_limits
from backend.routes.openapi import describe_api
from backend.routes.problems import register_problems
from backend.services.work import Tools
from backend.settings import Settings
from backend.statute.loader import load_statute
from backend.vault.blind_index import BlindIndex
from backend.vault.cipher import Vault
from backend.vault.keys import Keyring
from backend.vault.signing import Signer
from backend.wechat.gateway import make_gateway

JSON_LIMIT_BYTES = 1024 * 1024


def build_app(settings: Settings, clock: Clock | None = None) -> APIFlask:
    """Put the application together. Opens no connection and asks the database nothing.

    Raises KeyringError when the keys cannot be read, StatuteInvalid when the measures do not hold together.
    """
    app = APIFlask(
        "backend",
        title="首问码",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
        static_folder="portal/static",
        static_url_path="/static",
        template_folder="portal/templates",
    )
    keyring = read_keys(settings)
    vault = Vault(keyring)
    app.extensions["shouwen_settings"] = settings
    app.extensions["shouwen_clock"] = clock or choose_clock(settings)
    app.extensions["shouwen_tools"] = Tools(
        vault=vault,
        index=BlindIndex(keyring.blind_index),
        signer=Signer(keyring.ledger_signing),
        statute=load_statute(),
        tracking_key=keyring.tracking,
        rating_window=timedelta(days=settings.rating_window_days),
        wechat_app_id=settings.wechat.app_id if settings.wechat else None,
    )
    app.extensions["shouwen_gateway"] = make_gateway(settings, vault)
    configure_http(app, settings, keyring)
    init_database(app, settings)
    init_migrations(app)
    init_limits(app, settings)
    init_waking(app, settings.redis_url)
    register_problems(app)
    register_routes(app)
    describe_api(app)
    register_cli(app)
    return app


def read_keys(settings: Settings) -> Keyring:
    """The keys from the environment where given there, else from `data_dir/keys`."""
    if settings.keys_environment:
        return Keyring.from_environment(settings.keys_environment)
    return Keyring.load(settings.keys_dir)


def choose_clock(settings: Settings) -> Clock:
    """The system's clock, or the shared file of a rehearsal."""
    return FileClock(settings.clock_file) if settings.clock_file else SystemClock()


def configure_http(app: APIFlask, settings: Settings, keyring: Keyring) -> None:
    """Limits, cookies and proxies."""
    app.config.update(
        SECRET_KEY=keyring.flask_secret,
        MAX_CONTENT_LENGTH=JSON_LIMIT_BYTES,
        MAX_FORM_PARTS=60,
        MAX_FORM_MEMORY_SIZE=JSON_LIMIT_BYTES,
        SESSION_COOKIE_NAME="shouwen_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.cookie_secure,
        SYNC_LOCAL_SPEC=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
