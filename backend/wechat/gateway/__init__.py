"""The one client of WeChat: `gateway_of(app)` is the running application's, None where there is no WeChat."""

from __future__ import annotations

from flask import Flask

from backend.settings import Settings
from backend.vault.cipher import Vault
from backend.wechat.gateway.answers import SignedIn, Verdict
from backend.wechat.gateway.gateway import Gateway
from backend.wechat.gateway.problems import Remedy, WechatProblem
from backend.wechat.gateway.token_stores import FileTokenStore, RedisTokenStore, TokenSeal
from backend.wechat.gateway.tokens import TokenStore

__all__ = ["Gateway", "Remedy", "SignedIn", "Verdict", "WechatProblem", "gateway_of", "make_gateway"]

EXTENSION = "shouwen_gateway"
_REQUESTS_AT_ONCE = 12
"""Web threads that may sign people in while messages go out."""


def gateway_of(app: Flask) -> Gateway | None:
    """The gateway of this application; None when no mini program is set."""
    gateway: Gateway | None = app.extensions[EXTENSION]
    return gateway


def make_gateway(settings: Settings, vault: Vault) -> Gateway | None:
    """The gateway of these settings. Opens no connection."""
    wechat = settings.wechat
    if wechat is None:
        return None
    seal = TokenSeal(vault, wechat.app_id)
    store: TokenStore = (
        RedisTokenStore(settings.redis_url, wechat.app_id, seal)
        if settings.redis_url
        else FileTokenStore(settings.data_dir, seal)
    )
    return Gateway(wechat, store, connections=settings.senders + _REQUESTS_AT_ONCE)
