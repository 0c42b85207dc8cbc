"""Everything the simulator knows: apps, their people, templates, codes and messages. All of it changes under one lock."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from threading import Condition
from typing import TYPE_CHECKING, Any

from backend.wechat.simulator.clock import SimulatedClock

if TYPE_CHECKING:
    from backend.wechat.simulator.faults import Fault
    from backend.wechat.simulator.pushing import Push

ONE_TIME, LONG_TERM = 2, 3
"""WeChat's types of template: one message for each consent, or any number."""
PAGES = {
    "pages/home/index": "/",
    "pages/sign/index": "/s/{scene}",
    "pages/inquiry/index": "/lookup",
    "pages/survey/index": "/surveys/{token}",
    "packages/staff/inquiry/index": "/staff/inquiries/{number}",
    "packages/staff/home/index": "/staff",
}
"""Released pages of the mini program, and where the portal shows the same."""
_LETTERS = string.ascii_letters + string.digits


class Refused(Exception):
    """WeChat's answer when it does not do what was asked: an errcode with its text, without the request id."""

    def __init__(self, errcode: int, text: str) -> None:
        super().__init__(f"{errcode} {text}")
        self.errcode = errcode
        self.text = text


@dataclass
class Options:
    """How this app behaves where WeChat may behave either way, and what is wrong with it."""

    is_frozen: bool = False
    """50007 for tokens: the account is punished."""
    secret_frozen: bool = False
    """40243 for tokens."""
    ip_whitelist: list[str] = field(default_factory=list)
    """40164 for any other address; empty: no list."""
    has_unionid: bool = False
    check_page: bool = True
    """Whether a message to a page that is not released is refused (41030)."""
    pages: dict[str, str] = field(default_factory=lambda: dict(PAGES))
    send_banned: bool = False
    """43107."""
    banned_templates: list[str] = field(default_factory=list)
    sensitive_words: list[str] = field(default_factory=lambda: ["敏感词样例"])
    """45168 in a message."""
    send_seconds: float = 0.0
    """How long a message takes; a second one to the same person meanwhile is refused (43108)."""
    returns_msgid: bool = True
    sent_error: str = "0"
    """ErrorCode of the next sent events; anything but 0 with ErrorStatus failed."""
    phone_mismatch_errcode: int = 40003
    long_content_errcode: int = 40097
    prompt_limit: int = 3
    """How many templates one prompt may name."""
    risky_words: dict[str, int] = field(default_factory=lambda: {"违禁词样例": 20006, "诈骗词样例": 20008})
    review_words: dict[str, int] = field(default_factory=lambda: {"存疑词样例": 20003, "广告词样例": 10001})
    media_suggest: str = "pass"
    media_label: int = 100
    push_seconds: float = 0.02
    """How long after the act its event is pushed."""
    push_times: int = 1
    push_reordered: bool = False
    """Every second event comes before the first."""
    push_bad_signature: bool = False
    push_timeout: float = 5.0


@dataclass
class Template:
    """A message template as the console of WeChat lists it."""

    id: str
    key: str
    title: str
    fields: dict[str, str]
    type: int = ONE_TIME
    enums: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """What arrived on a phone."""

    id: str
    template_id: str
    title: str
    data: dict[str, str]
    page: str
    at: datetime
    state: str = "formal"


@dataclass
class Person:
    """Somebody with a phone."""

    name: str
    openid: str
    unionid: str
    session_key: str = ""
    sign_ins: int = 0
    phone: str = ""
    is_blocked: bool = False
    last_visit: datetime | None = None
    credits: Counter[str] = field(default_factory=Counter)
    long_term: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    is_being_sent_to: bool = False


@dataclass
class Code:
    """Lives for five minutes and works once."""

    person: Person
    made_at: datetime
    is_used: bool = False


@dataclass
class Token:
    """An access token. Dead: thrown away by a newer one."""

    value: str
    expires_at: datetime
    is_dead: bool = False


@dataclass
class App:
    """One mini program and everything that belongs to it."""

    app_id: str
    secret: str
    push_token: str
    aes_key: str
    original_id: str
    callback_url: str = ""
    portal_url: str = ""
    mode: str = "safe"
    format: str = "json"
    options: Options = field(default_factory=Options)
    templates: dict[str, Template] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    login_codes: dict[str, Code] = field(default_factory=dict)
    phone_codes: dict[str, Code] = field(default_factory=dict)
    stable_token: Token | None = None
    plain_token: Token | None = None
    refreshed_at: list[datetime] = field(default_factory=list)
    """When somebody forced a new stable token."""
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Calls by path and minute or day."""
    limits: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Calls a minute and a day by path, where they differ from WeChat's own."""
    faults: list[Fault] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    pending_media: set[tuple[str, str]] = field(default_factory=set)

    def person(self, name: str) -> Person:
        """The person of that name, made when first named: the same openid in every run."""
        if name not in self.people:
            self.people[name] = Person(name, openid_of(self.app_id, name), _digest("unionid", name, "o6_"))
        return self.people[name]

    def of_openid(self, openid: str) -> Person | None:
        return next((person for person in self.people.values() if person.openid == openid), None)

    def of_key(self, key: str) -> Template | None:
        return next((template for template in self.templates.values() if template.key == key), None)


class World:
    """All apps. `changed` is the lock; whoever changes something that is waited for tells it."""

    def __init__(self, clock: SimulatedClock | None = None) -> None:
        self.clock = clock or SimulatedClock()
        self.changed = Condition()
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, tuple[App, Token]] = {}
        self._number = 3_000_000_000_000_000_000
        """Beyond what a JavaScript number holds, as WeChat's are."""

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def add(self, app: App) -> None:
        self.apps[app.app_id] = app

    def remove(self, app: App) -> None:
        self.apps.pop(app.app_id, None)
        self.tokens = {value: owned for value, owned in self.tokens.items() if owned[0] is not app}


def openid_of(app_id: str, name: str) -> str:
    return _digest(app_id, name, "o")


def template_id_of(app_id: str, key: str) -> str:
    """43 characters, the same in every run."""
    return _digest(app_id, f"template {key}", "", 43)


def random_letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def new_identity() -> dict[str, str]:
    """What the console of WeChat gives a new mini program: all of it made up."""
    return {
        "app_id": f"wx{secrets.token_hex(8)}",
        "secret": secrets.token_hex(16),
        "push_token": random_letters(24),
        "aes_key": random_letters(42) + secrets.choice("AEIMQUYcgkosw048"),  # 43 characters of clean base64
        "original_id": f"gh_{secrets.token_hex(6)}",
    }


def request_id(now: datetime) -> str:
    """As WeChat writes it: three groups of eight hexadecimal digits, the first one the Unix time."""
    return f"{int(now.timestamp()):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"


def _digest(space: str, name: str, start: str, length: int = 28) -> str:
    digest = hashlib.sha512(f"{space}\0{name}".encode()).digest()
    return (start + base64.urlsafe_b64encode(digest).decode())[:length]
