"""A WeChat inside the test, for what is not about WeChat itself: people, one-use codes, a phone, and silence."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field

from backend.settings import WechatSettings
from backend.wechat.gateway import Remedy, SignedIn, Verdict, WechatProblem
from backend.wechat.templates import load_templates

WECHAT = WechatSettings(
    app_id="wx0fake0mini0program",
    app_secret="canary-app-secret",
    api_url="http://127.0.0.1:9",
    templates={key: f"fake-template-{key}" for key in load_templates()},
)

NORMAL = Verdict("pass", 100)


@dataclass
class FakeWechat:
    """Stands in for the gateway where an application has one. `asked` counts the calls, `silent` fails them all."""

    app_id: str = WECHAT.app_id
    asked: list[str] = field(default_factory=list)
    silent: WechatProblem | None = None
    verdict: Verdict = NORMAL
    heard: list[tuple[str, ...]] = field(default_factory=list)
    """What it was asked to check: the openid, and the text or the address of the photo."""
    _codes: dict[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def code(self, name: str) -> str:
        """What wx.login gives this person now."""
        return self._new("login", openid_of(name))

    def phone_code(self, number: str) -> str:
        """What the phone button gives who has this number (E.164)."""
        return self._new("phone", number)

    def sign_in(self, js_code: str) -> SignedIn:
        return SignedIn(self._spend("sign_in", js_code, "login"))

    def phone_number(self, code: str) -> str:
        return self._spend("phone_number", code, "phone")

    def check_text(self, openid: str, text: str) -> Verdict:
        self._hear("check_text", openid, text)
        return self.verdict

    def check_media(self, openid: str, url: str) -> str:
        self._hear("check_media", openid, url)
        return f"trace-{len(self.heard)}"

    def close(self) -> None:
        """Nothing is open."""

    def _hear(self, call: str, *what: str) -> None:
        with self._one_at_a_time:
            self.asked.append(call)
            self.heard.append(what)
            if self.silent is not None:
                raise self.silent

    def _new(self, kind: str, value: str) -> str:
        code = f"canary-{kind}-code-{next(self._numbers)}"
        self._codes[code] = value
        return code

    def _spend(self, call: str, code: str, kind: str) -> str:
        with self._one_at_a_time:
            self.asked.append(call)
            if self.silent is not None:
                raise self.silent
            if code in self._used:
                raise WechatProblem("code_used", Remedy.SIGN_IN_AGAIN, errcode=40163)
            if code not in self._codes or not code.startswith(f"canary-{kind}"):
                raise WechatProblem("code_invalid", Remedy.SIGN_IN_AGAIN, errcode=40029)
            self._used.add(code)
            return self._codes[code]


def openid_of(name: str) -> str:
    """By what WeChat knows this person to the mini program."""
    return f"canary-openid-{name}"
