"""`/wechat/callback`: WeChat proves that the address is ours, then pushes what happened (消息推送, 安全模式).

Nothing is done here but to check and to keep; a job deals with it (backend/delivery/wechat_events.py). Only what is
encrypted counts: of plain pushes the signature does not cover the body, so they are refused, and of those in 兼容模式
nothing is read but their encrypted part.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apiflask import APIBlueprint
from flask import Flask, Response, current_app, g, request

from backend.clock import now
from backend.domain.errors import DomainError
from backend.errors import RequestInvalid
from backend.routes.access import NOBODY
from backend.routes.installation import settings
from backend.routes.pipeline import tools
from backend.routes.push_keeper import PushKeeper
from backend.services.wechat_events import event_mark
from backend.settings import WechatSettings
from backend.wechat.crypto import PushCipher, PushRefused, parse_push, verify

PATH = "/wechat/callback"
LARGEST_BODY = 64 * 1024
FRESH = timedelta(minutes=5)
"""How far a push's time may be from ours, unless we know it already."""
KEPT = frozenset(
    {
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "wxa_media_check",
        "user_authorization_revoke",
        "user_authorization_cancellation",
        "wxa_punish_event",
    }
)
"""Events that something is done about. Of all others (user_info_modified: we keep no nickname) nothing is kept."""

bp = APIBlueprint("wechat_callback", __name__, enable_openapi=False)
_log = structlog.get_logger("pushes")


class NotFromWechat(DomainError):
    """Not signed by WeChat for this mini program, too old to be believed, or pushed where nobody listens."""

    code = "push_refused"


@bp.record
def _prepare(state: Any) -> None:
    app: Flask = state.app
    app.extensions["shouwen_push_keeper"] = PushKeeper(app)


def guard_body() -> None:
    """64 KiB, whatever the type: 413 before anything else is looked at."""
    request.max_content_length = LARGEST_BODY
    if (request.content_length or 0) > LARGEST_BODY or len(request.get_data(cache=True)) >= LARGEST_BODY:
        raise RequestInvalid("content_too_large")


def guard_push() -> None:
    """Whoever can sign; without the secrets for that, nobody. Raises NotFromWechat."""
    g.access = NOBODY
    wechat = settings().wechat
    if wechat is None or not (wechat.push_token and wechat.aes_key):
        raise NotFromWechat()
    g.wechat = wechat


@bp.get(PATH)
def prove() -> Response:
    """Answer 服务器地址验证: what was sent along, verbatim. Raises NotFromWechat."""
    wechat: WechatSettings = g.wechat
    asked = request.args
    try:
        verify(asked.get("signature"), wechat.push_token, asked.get("timestamp"), asked.get("nonce"))
    except PushRefused as refusal:
        raise _refused(refusal) from None
    return _told(asked.get("echostr", ""))


@bp.post(PATH)
def receive() -> Response:
    """Check an event and keep it; a repetition changes nothing. Raises NotFromWechat, RequestInvalid, NotKeptYet."""
    body = _opened(g.wechat)
    name = body.get("Event")
    is_kept = isinstance(name, str) and name in KEPT
    keeper: PushKeeper = current_app.extensions["shouwen_push_keeper"]
    mark = event_mark(tools(), body)
    if not _is_fresh():
        if not (is_kept and keeper.knows(mark)):
            raise NotFromWechat()
    elif is_kept:
        keeper.keep(mark, str(name), body)
    return _told("success")


def _opened(wechat: WechatSettings) -> dict[str, Any]:
    """What the push says, once it is certain that WeChat says it to us. Raises NotFromWechat, RequestInvalid."""
    asked = request.args
    timestamp, nonce = asked.get("timestamp", ""), asked.get("nonce", "")
    encrypted = _parsed(request.get_data(cache=True), request.mimetype).get("Encrypt")
    if not isinstance(encrypted, str):
        raise NotFromWechat()
    try:
        cipher = PushCipher(wechat.app_id, wechat.push_token, wechat.aes_key)
        plain = cipher.open(encrypted, timestamp, nonce, asked.get("msg_signature", ""))
    except PushRefused as refusal:
        raise _refused(refusal) from None
    body = _parsed(plain, "")
    if wechat.original_id and body.get("ToUserName") != wechat.original_id:
        raise NotFromWechat()
    return body


def _parsed(raw: bytes, media_type: str) -> dict[str, Any]:
    try:
        return parse_push(raw, media_type)
    except PushRefused:
        raise RequestInvalid("bad_request") from None


def _is_fresh() -> bool:
    """Whether the signed time is near ours. Raises NotFromWechat for what is no time."""
    text = request.args.get("timestamp", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise NotFromWechat()
    return abs(now() - datetime.fromtimestamp(int(text), UTC)) <= FRESH


def _refused(refusal: PushRefused) -> NotFromWechat:
    _log.warning("push refused", reason=str(refusal))
    return NotFromWechat()


def _told(text: str) -> Response:
    """Plain text that no browser takes for anything else."""
    response = Response(text, mimetype="text/plain")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
