"""Every setting, read once from the environment into one frozen value.

The name of an environment never switches behaviour: each switch is a setting of its own, and `preflight`
(backend/preflight.py) refuses combinations that would be unsafe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

AES_KEY_LENGTH = 43
SHORTEST_WAIT, LONGEST_WAIT = 0.1, 10.0
"""Seconds a call to WeChat may be made to wait."""


class SettingsInvalid(ValueError):
    """A setting is missing or malformed; the text is one line for the operator."""


@dataclass(frozen=True)
class WechatSettings:
    """The mini program this installation speaks for. Nothing secret shows in its repr."""

    app_id: str
    app_secret: str = field(repr=False)
    push_token: str = field(default="", repr=False)
    """消息推送 Token and EncodingAESKey (43 characters); without both the callback refuses everything."""
    aes_key: str = field(default="", repr=False)
    original_id: str = ""
    """gh_…: whom a push is addressed to."""
    api_url: str = "https://api.weixin.qq.com"
    """Another address of WeChat's when the main one is down, or the simulator's; without a trailing slash."""
    connect_seconds: float = 3.0
    read_seconds: float = 5.0
    """How long a call waits for the connection, and then for the answer."""
    miniprogram_state: str = "formal"
    """formal, trial or developer: which release a tap on a message opens."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """WeChat's template id by our key (backend/wechat/templates/): a message without one is not sent."""
    long_term: frozenset[str] = frozenset()
    """Our keys of those that are long-term templates: one consent, any number of messages."""

    @property
    def is_simulated(self) -> bool:
        """Whether WeChat is a process on this machine."""
        return self.api_url.startswith("http://")


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Paths are absolute; sizes are bytes; rates are Flask-Limiter strings."""

    data_dir: Path
    """Everything the installation owns on this machine: database, keys, attachments."""
    database_url: str
    """SQLAlchemy URL; the default is an SQLite file in `data_dir`."""
    reader_url: str
    """Where reads go: the same database, or a PostgreSQL replica."""
    base_url: str
    """Public address in QR codes and links, without a trailing slash."""
    host: str = "127.0.0.1"
    port: int = 8000
    production: bool = False
    """Refuses demo data, a faked clock, and SQLite without WAL and FULL."""
    redis_url: str | None = None
    """Shared rate limits; without it each process counts for itself."""
    clock_file: Path | None = None
    """A file holding an ISO 8601 time that stands in for the clock; refused in production."""
    blob_store: str = "files"
    """`files`: encrypted files under data_dir; `rows`: rows in the database, for several hosts."""
    cookie_secure: bool = False
    trusted_proxies: int = 0
    """How many reverse proxies in front set X-Forwarded-For; 0 ignores the header."""
    anonymous_filing_rate: str = "300 per 10 minutes"
    anonymous_filing_cap: str = "3000 per 10 minutes"
    ledger_file_rate: str = "60 per hour"
    """Masked files of ledgers one member of staff may take."""
    lookup_miss_rate: str = "10 per 15 minutes"
    sign_in_failure_rate: str = "5 per 15 minutes"
    wechat_sign_in_rate: str = "3000 per 10 minutes"
    """Sign-ins by WeChat from one address, behind which a whole phone network may stand."""
    session_hours: int = 12
    tracking_hours: int = 24
    """How long a tracking session opened by number and phone tail lasts."""
    rating_window_days: int = 30
    records_days: int = 400
    """How long sign-ins and messages stay on record: six months at least (网络安全法 第二十三条（三）)."""
    busy_seconds: float = 5.0
    """How long a write waits for the database before it answers 503 `busy`."""
    citizen_session_days: int = 30
    """How long a citizen stays signed in after WeChat's sign-in."""
    wechat: WechatSettings | None = None
    """None: no WeChat; everything works through the pages."""
    wechat_verification: Mapping[str, str] = field(default_factory=dict)
    """Verification files that WeChat asks for beside the addresses of signs: name (….txt) and what stands in it."""
    senders: int = 20
    """How many messages a worker has under way at once; so many go out twice, at most, when it is killed."""
    sms_sender: str | None = None
    """`module:function` that makes a sender of text messages to phones (backend/delivery/senders.py); none by itself."""
    keys_environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The SHOUWEN_*_KEY variables, when keys come from the environment instead of `data_dir/keys`."""

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def keys_dir(self) -> Path:
        return self.data_dir / "keys"

    @property
    def blobs_dir(self) -> Path:
        return self.data_dir / "blobs"

    @property
    def templates_dir(self) -> Path:
        """Where an office puts Word templates of its own."""
        return self.data_dir / "templates"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Build the settings from environment variables. Raises SettingsInvalid with one clear line."""
        data_dir = Path(env.get("DATA_DIR") or "var").resolve()
        host = env.get("HOST") or "127.0.0.1"
        port = _whole_number(env, "PORT", 8000, low=1, high=65535)
        database_url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'shouwen.db'}"
        if database_url.startswith("postgres"):
            database_url = "postgresql+psycopg://" + database_url.split("://", 1)[1]
        elif not database_url.startswith("sqlite:///"):
            raise SettingsInvalid("DATABASE_URL 只支持 sqlite:///… 或 postgresql://…")
        reader_url = env.get("DATABASE_READER_URL") or database_url
        if reader_url.startswith("postgres"):
            reader_url = "postgresql+psycopg://" + reader_url.split("://", 1)[1]
        blob_store = env.get("BLOB_STORE") or ("files" if database_url.startswith("sqlite") else "rows")
        if blob_store not in {"files", "rows"}:
            raise SettingsInvalid("BLOB_STORE 只能是 files 或 rows")
        base_url = (env.get("BASE_URL") or f"http://{host}:{port}").rstrip("/")
        if not base_url.startswith(("http://", "https://")):
            raise SettingsInvalid("BASE_URL 要以 http:// 或 https:// 开头")
        clock_file = env.get("CLOCK_FILE")
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            reader_url=reader_url,
            base_url=base_url,
            host=host,
            port=port,
            production=_switch(env, "PRODUCTION"),
            redis_url=env.get("REDIS_URL") or None,
            clock_file=Path(clock_file).resolve() if clock_file else None,
            blob_store=blob_store,
            cookie_secure=base_url.startswith("https://"),
            trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0, low=0, high=5),
            anonymous_filing_rate=env.get("ANONYMOUS_FILING_RATE") or cls.anonymous_filing_rate,
            anonymous_filing_cap=env.get("ANONYMOUS_FILING_CAP") or cls.anonymous_filing_cap,
            ledger_file_rate=env.get("LEDGER_FILE_RATE") or cls.ledger_file_rate,
            lookup_miss_rate=env.get("LOOKUP_MISS_RATE") or cls.lookup_miss_rate,
            sign_in_failure_rate=env.get("SIGN_IN_FAILURE_RATE") or cls.sign_in_failure_rate,
            wechat_sign_in_rate=env.get("WECHAT_SIGN_IN_RATE") or cls.wechat_sign_in_rate,
            session_hours=_whole_number(env, "SESSION_HOURS", 12, low=1, high=72),
            tracking_hours=_whole_number(env, "TRACKING_HOURS", 24, low=1, high=168),
            citizen_session_days=_whole_number(env, "CITIZEN_SESSION_DAYS", 30, low=1, high=180),
            senders=_whole_number(env, "SENDERS", 20, low=1, high=100),
            sms_sender=_function_name(env, "SMS_SENDER"),
            wechat=_wechat(env),
            wechat_verification=_verification(env),
            records_days=_whole_number(env, "RECORDS_DAYS", 400, low=184, high=3650),
            rating_window_days=_whole_number(env, "RATING_WINDOW_DAYS", 30, low=1, high=365),
            keys_environment={
                k: v for k, v in env.items() if k.startswith("SHOUWEN_") and k.endswith("_KEY")
            },
        )


def _wechat(env: Mapping[str, str]) -> WechatSettings | None:
    app_id = env.get("WECHAT_APP_ID")
    if not app_id:
        return None
    secret = env.get("WECHAT_APP_SECRET")
    if not secret:
        raise SettingsInvalid("设置了 WECHAT_APP_ID，还要设置 WECHAT_APP_SECRET")
    api_url = (env.get("WECHAT_API_URL") or WechatSettings.api_url).rstrip("/")
    if not api_url.startswith(("http://", "https://")):
        raise SettingsInvalid("WECHAT_API_URL 要以 http:// 或 https:// 开头")
    aes_key = env.get("WECHAT_AES_KEY") or ""
    if aes_key and len(aes_key) != AES_KEY_LENGTH:
        raise SettingsInvalid("WECHAT_AES_KEY 要是 43 个字符的 EncodingAESKey")
    state = env.get("WECHAT_MINIPROGRAM_STATE") or "formal"
    if state not in {"formal", "trial", "developer"}:
        raise SettingsInvalid("WECHAT_MINIPROGRAM_STATE 只能是 formal、trial 或 developer")
    return WechatSettings(
        app_id=app_id,
        app_secret=secret,
        push_token=env.get("WECHAT_PUSH_TOKEN") or "",
        aes_key=aes_key,
        original_id=env.get("WECHAT_ORIGINAL_ID") or "",
        api_url=api_url,
        connect_seconds=_seconds(env, "WECHAT_CONNECT_SECONDS", WechatSettings.connect_seconds),
        read_seconds=_seconds(env, "WECHAT_READ_SECONDS", WechatSettings.read_seconds),
        miniprogram_state=state,
        templates=_pairs(env.get("WECHAT_TEMPLATES") or ""),
        long_term=frozenset(filter(None, (env.get("WECHAT_LONG_TERM") or "").split(","))),
    )


def _verification(env: Mapping[str, str]) -> dict[str, str]:
    """`name.txt=content,…`. Raises SettingsInvalid."""
    found = _pairs(
        env.get("WECHAT_VERIFICATION") or "", "WECHAT_VERIFICATION 要写成 文件名.txt=内容，用逗号分开"
    )
    if any(not re.fullmatch(r"[0-9A-Za-z_-]{1,64}\.txt", name) for name in found):
        raise SettingsInvalid("WECHAT_VERIFICATION 的文件名要是字母、数字、横线加 .txt")
    return found


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    """A time-out. A lease of a minute has to outlast every call made under it."""
    text = env.get(name)
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        raise SettingsInvalid(f"{name} 要是秒数，例如 3 或 0.5") from None
    if not SHORTEST_WAIT <= seconds <= LONGEST_WAIT:
        raise SettingsInvalid(f"{name} 要在 {SHORTEST_WAIT} 和 {LONGEST_WAIT} 秒之间")
    return seconds


def _pairs(text: str, refusal: str = "WECHAT_TEMPLATES 要写成 名称=模板编号，用逗号分开") -> dict[str, str]:
    """`key=id,key=id` as a mapping. Raises SettingsInvalid."""
    found = {}
    for part in filter(None, text.split(",")):
        key, mark, value = part.partition("=")
        if not (mark and key.strip() and value.strip()):
            raise SettingsInvalid(refusal)
        found[key.strip()] = value.strip()
    return found


def _function_name(env: Mapping[str, str], name: str) -> str | None:
    text = env.get(name) or None
    module, mark, function = (text or "").partition(":")
    if text and not (mark and function.isidentifier() and all(map(str.isidentifier, module.split(".")))):
        raise SettingsInvalid(f"{name} 要写成 模块:函数")
    return text


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = (env.get(name) or "").lower()
    if text in {"", "0", "no", "false", "off"}:
        return False
    if text in {"1", "yes", "true", "on"}:
        return True
    raise SettingsInvalid(f"{name} 只能是 0 或 1")


def _whole_number(env: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = env.get(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise SettingsInvalid(f"{name} 要是整数") from None
    if not low <= number <= high:
        raise SettingsInvalid(f"{name} 要在 {low} 和 {high} 之间")
    return number
