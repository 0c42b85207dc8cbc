"""Everything we ask WeChat, in our words. Raises WechatProblem and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import Any, Final, TypeVar

import structlog

from backend.clock import SystemClock
from backend.settings import WechatSettings
from backend.wechat.gateway import endpoints
from backend.wechat.gateway.answers import SignedIn, Verdict
from backend.wechat.gateway.endpoints import Endpoint
from backend.wechat.gateway.errcodes import TOKEN_ERRORS
from backend.wechat.gateway.problems import Remedy, WechatProblem
from backend.wechat.gateway.reading import incomplete, read_image, read_json, read_receipt
from backend.wechat.gateway.tokens import Token, TokenSource, TokenStore
from backend.wechat.gateway.transport import Reply, Transport

PIECE_UNITS: Final = 2500
"""The longest text one check takes, in UTF-16 units: never more than in characters."""
NORMAL: Final = 100
LONGEST_NUMBER: Final = 32
"""Of a message, in characters; 20 digits are expected."""
_SCENE_COMMENT: Final = 2
_MEDIA_IMAGE: Final = 2
_BADNESS: Final = {"pass": 0, "review": 1, "risky": 2}
_SCENE: Final = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}")
_ENV_VERSION: Final = {"formal": "release", "trial": "trial", "developer": "develop"}

_log = structlog.get_logger("wechat")

T = TypeVar("T")


class Gateway:
    """The mini program's calls to WeChat. Safe to share between threads; opens no connection before the first call.

    `connections` is how many are kept open: at least as many as there are threads that send.
    """

    def __init__(self, settings: WechatSettings, store: TokenStore, *, connections: int = 32) -> None:
        self._settings = settings
        self._transport = Transport(
            settings.api_url,
            connect_seconds=settings.connect_seconds,
            read_seconds=settings.read_seconds,
            connections=connections,
        )
        self._tokens = TokenSource(store, self.new_token, SystemClock().now)

    def __repr__(self) -> str:
        return f"<Gateway {self.app_id}>"

    @property
    def app_id(self) -> str:
        """The mini program we speak for."""
        return self._settings.app_id

    def close(self) -> None:
        """Close the idle connections; a later call opens new ones."""
        self._transport.close()

    def sign_in(self, js_code: str) -> SignedIn:
        """Who brought this code of wx.login. Asked exactly once, whatever happens: the code is good for one try."""
        query = {
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = self._ask(endpoints.SIGN_IN, query, None, read_json)
        return SignedIn(_text(endpoints.SIGN_IN, answer, "openid"))

    def new_token(self) -> Token:
        """The token WeChat gives now, past every cache; inside 300 seconds of its end a new one, else the same."""
        body = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
        }
        answer = self._ask(endpoints.TOKEN, {}, body, read_json)
        seconds = answer.get("expires_in")
        if not isinstance(seconds, int):
            raise incomplete(endpoints.TOKEN)
        return Token.issued(_text(endpoints.TOKEN, answer, "access_token"), seconds, SystemClock().now())

    def phone_number(self, code: str) -> str:
        """The number behind a code of the phone button, as "+8613…"; the code is good for one try."""
        answer = self._ask_with_token(endpoints.PHONE, {"code": code}, read_json)
        phone = answer.get("phone_info")
        if not isinstance(phone, dict):
            raise incomplete(endpoints.PHONE)
        number = _text(endpoints.PHONE, phone, "countryCode") + _text(
            endpoints.PHONE, phone, "purePhoneNumber"
        )
        if not (number.isascii() and number.isdigit()):
            raise incomplete(endpoints.PHONE)
        return f"+{number}"

    def send_message(self, openid: str, template_id: str, data: Mapping[str, str], page: str) -> str | None:
        """Send one subscription message; `data` is field to text. Returns WeChat's id of it if it tells one."""
        body = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": {key: {"value": value} for key, value in data.items()},
            "miniprogram_state": self._settings.miniprogram_state,
            "lang": "zh_CN",
        }
        answer = self._ask_with_token(endpoints.SEND, body, read_receipt)
        told = answer.get("msgid")
        # 64 bits: kept as text. Whatever WeChat says, it fits where it is kept.
        return str(told)[:LONGEST_NUMBER] if isinstance(told, int | str) and str(told) else None

    def mini_code(self, scene: str, page: str, *, width: int = 430) -> bytes:
        """The picture (JPEG or PNG) of a mini-program code that opens `page` with `scene`; width in pixels."""
        if not _SCENE.fullmatch(scene):
            raise WechatProblem("scene_invalid", Remedy.PERMANENT)
        state = self._settings.miniprogram_state
        body = {
            "scene": scene,
            "page": page,
            "check_path": state == "formal",  # only a released page can be looked up
            "env_version": _ENV_VERSION[state],
            "width": width,
        }
        return self._ask_with_token(endpoints.MINI_CODE, body, read_image)

    def check_text(self, openid: str, text: str) -> Verdict:
        """What the content check says; of a text in several pieces, the worst."""
        worst = Verdict("pass", NORMAL)
        for piece in _pieces(text):
            found = self._check_piece(openid, piece)
            if _BADNESS[found.suggest] > _BADNESS[worst.suggest]:
                worst = found
        return worst

    def check_media(self, openid: str, url: str) -> str:
        """Have the picture at `url` checked; the verdict is pushed later under the id this returns."""
        body = {
            "openid": openid,
            "scene": _SCENE_COMMENT,
            "version": 2,
            "media_url": url,
            "media_type": _MEDIA_IMAGE,
        }
        answer = self._ask_with_token(endpoints.CHECK_MEDIA, body, read_json)
        return _text(endpoints.CHECK_MEDIA, answer, "trace_id")

    def _check_piece(self, openid: str, piece: str) -> Verdict:
        body = {"openid": openid, "scene": _SCENE_COMMENT, "version": 2, "content": piece}
        result = self._ask_with_token(endpoints.CHECK_TEXT, body, read_json).get("result")
        if not isinstance(result, dict):
            raise incomplete(endpoints.CHECK_TEXT)
        suggest, label = result.get("suggest"), result.get("label")
        if suggest not in tuple(_BADNESS) or not isinstance(label, int):
            raise incomplete(endpoints.CHECK_TEXT)
        return Verdict(suggest, label)

    def _ask_with_token(self, endpoint: Endpoint, body: object, read: Callable[[Endpoint, Reply], T]) -> T:
        """Ask; if the token was refused, once more with another. A second refusal is the answer."""
        token = self._tokens.current()
        try:
            return self._ask(endpoint, {"access_token": token}, body, read)
        except WechatProblem as problem:
            if problem.errcode not in TOKEN_ERRORS:
                raise
        self._tokens.drop(token)
        return self._ask(endpoint, {"access_token": self._tokens.current()}, body, read)

    def _ask(
        self,
        endpoint: Endpoint,
        query: Mapping[str, str],
        body: object,
        read: Callable[[Endpoint, Reply], T],
    ) -> T:
        """One exchange, and one line if it failed: never who, never with what."""
        began = monotonic()
        try:
            return read(endpoint, self._transport.ask(endpoint, query, body))
        except WechatProblem as problem:
            _log.log(
                # Nobody at the office has to look after a person who does not want messages.
                logging.INFO if problem.remedy is Remedy.CONSENT else logging.WARNING,
                "wechat_refused",
                endpoint=endpoint.path,
                problem=problem.code,
                errcode=problem.errcode,
                rid=problem.rid,
                address=problem.address,
                milliseconds=round((monotonic() - began) * 1000),
            )
            raise


def _text(endpoint: Endpoint, answer: Mapping[str, Any], name: str) -> str:
    """A field that must be there. Raises WechatProblem."""
    found = answer.get(name)
    if not isinstance(found, str) or not found:
        raise incomplete(endpoint)
    return found


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces WeChat takes, never cutting a character in two."""
    units = text.encode("utf-16-le")
    start = 0
    while start < len(units):
        end = min(start + 2 * PIECE_UNITS, len(units))
        if end < len(units) and 0xD8 <= units[end - 1] <= 0xDB:
            end -= 2
        yield units[start:end].decode("utf-16-le")
        start = end
