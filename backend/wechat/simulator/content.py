"""The content check: texts at once by lists of words, media later by an event."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from backend.wechat.simulator.calls import Call
from backend.wechat.simulator.pushing import Pusher
from backend.wechat.simulator.state import App, Refused

LONGEST_TEXT = 2500
VISITED_WITHIN = timedelta(hours=2)
LARGEST_MEDIA = 10 * 1024 * 1024
DOWNLOAD_FAILED = -1008
PLATFORM = "oplatform0000000000000000000"
"""Whom pushes come from that no user has caused."""


def check_text(call: Call) -> dict[str, Any]:
    """`/wxa/msg_sec_check`, version 2."""
    app = call.app
    _check_caller(call)
    content = call.text("content")
    if not content:
        raise Refused(44002, "empty content")
    texts = [content, call.text("title"), call.text("nickname"), call.text("signature")]
    if len(content.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_TEXT:
        raise Refused(app.options.long_content_errcode, "content size out of limit")
    detail: list[dict[str, Any]] = [
        {"strategy": "content_model", "errcode": 0, "suggest": "pass", "label": 100, "prob": 90}
    ]
    for suggest, words in (("risky", app.options.risky_words), ("review", app.options.review_words)):
        detail += [
            {
                "strategy": "keyword",
                "errcode": 0,
                "suggest": suggest,
                "label": label,
                "keyword": word,
                "level": 90,
            }
            for word, label in words.items()
            if any(word in text for text in texts)
        ]
    worst = detail[1] if len(detail) > 1 else detail[0]
    return {
        "result": {"suggest": worst["suggest"], "label": worst["label"]},
        "detail": detail,
        "trace_id": _trace_id(),
    }


def check_media(call: Call, pusher: Pusher) -> dict[str, Any]:
    """`/wxa/media_check_async`: the address is fetched and the result pushed later."""
    app = call.app
    _check_caller(call)
    url = call.text("media_url")
    if not url:
        raise Refused(44002, "empty media_url")
    if call.body.get("media_type") not in {1, 2}:
        raise Refused(40004, "invalid media type")
    asked = (url, call.text("openid"))
    if asked in app.pending_media:
        raise Refused(87020, "same media is being checked")
    app.pending_media.add(asked)
    trace_id = _trace_id()

    def finish() -> None:
        is_there = _can_fetch(app, url)
        with call.world.changed:
            app.pending_media.discard(asked)
            pusher.later(app, "wxa_media_check", PLATFORM, fields=_result(app, trace_id, is_there=is_there))

    Thread(target=finish, name="media check", daemon=True).start()
    return {"trace_id": trace_id}


def _check_caller(call: Call) -> None:
    """What both checks want: version 2, a scene, and somebody who was here within two hours."""
    if call.body.get("version") not in {2, "2"}:
        raise Refused(40097, "invalid args")
    if call.body.get("scene") not in {1, 2, 3, 4}:
        raise Refused(40129, "invalid scene")
    openid = call.text("openid")
    if any(other is not call.app and other.of_openid(openid) for other in call.world.apps.values()):
        raise Refused(43104, "appid does not match openid")
    person = call.app.of_openid(openid)
    if person is None:
        raise Refused(40003, "invalid openid")
    if person.last_visit is None or call.now - person.last_visit > VISITED_WITHIN:
        raise Refused(61010, "code is expired")


def _result(app: App, trace_id: str, *, is_there: bool) -> dict[str, Any]:
    if not is_there:
        return _media_fields(app, trace_id, DOWNLOAD_FAILED, "download failed", "", 0)
    return _media_fields(app, trace_id, 0, "ok", app.options.media_suggest, app.options.media_label)


def _media_fields(
    app: App, trace_id: str, errcode: int, errmsg: str, suggest: str, label: int
) -> dict[str, Any]:
    verdict = {"suggest": suggest, "label": label} if errcode == 0 else {}
    return {
        "appid": app.app_id,
        "trace_id": trace_id,
        "version": 2,
        "detail": [{"strategy": "content_model", "errcode": errcode, **verdict, "prob": 90}],
        "errcode": errcode,
        "errmsg": errmsg,
        "result": verdict,
    }


def _can_fetch(app: App, url: str) -> bool:
    """Whether the file is there and not too large. Nothing but this machine and the portal is ever asked."""
    import requests

    parts = urlsplit(url)
    allowed = {"127.0.0.1", "::1", "localhost", urlsplit(app.portal_url).hostname}
    if parts.scheme not in {"http", "https"} or parts.hostname not in allowed:
        return False
    fetch: Callable[..., Any] = requests.get
    try:
        with fetch(url, timeout=5, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                return False
            size = sum(len(piece) for piece in answer.iter_content(65536))
    except requests.RequestException:
        return False
    return 0 < size <= LARGEST_MEDIA


def _trace_id() -> str:
    return f"{secrets.token_hex(4)}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
