"""Refuses unsafe starts: every check gives one-line problems in Chinese, an empty list means all is well.

`make serve` and `flask shouwen preflight` run all of them; `make run` runs them one by one as it prepares the data.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from backend.clock import SystemClock
from backend.database import READER, db, init_database
from backend.migrating import code_head, database_revision, known_revisions
from backend.settings import Settings, SettingsInvalid
from backend.vault.keys import KeyMissing, Keyring, KeyringError
from backend.wechat.crypto import PushCipher, PushRefused
from backend.wechat.templates import load_templates

DEMO_FILE = "demo.json"
CLOCK_SKEW = timedelta(seconds=30)
"""How far this machine's clock may be from the database server's: legal limits are dated by both."""
OLDEST_POSTGRESQL = 150000

_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统是只读的",
    errno.ENOTDIR: "路径上有一段不是文件夹",
    errno.EEXIST: "它不是文件夹",
    errno.ENOENT: "建不了这个文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
}


def preflight(settings: Settings) -> list[str]:
    """Everything that speaks against starting now, one Chinese line each. Changes nothing but a missing DATA_DIR."""
    problems = problems_of_settings(settings) + problems_of_data_dir(settings) + problems_of_port(settings)
    problems += problems_of_keys(settings) + problems_of_wechat(settings)
    database = problems_of_database(settings)
    return problems + (database or problems_of_schema(settings))


def main(environment: Mapping[str, str] = os.environ) -> int:
    """Print every problem to standard error; 0 when there is none, else 1."""
    try:
        problems = preflight(Settings.from_env(environment))
    except SettingsInvalid as error:
        problems = [str(error)]
    for problem in problems:
        print(f"启动检查：{problem}", file=sys.stderr)
    if not problems:
        print("启动检查：通过")
    return 1 if problems else 0


def problems_of_settings(settings: Settings) -> list[str]:
    """What production refuses in the settings themselves."""
    if not settings.production:
        return []
    found = []
    if settings.clock_file is not None:
        found.append("正式运行不能设置 CLOCK_FILE：时间必须是真的")
    if not settings.base_url.startswith("https://"):
        found.append("正式运行时 BASE_URL 要以 https:// 开头")
    if (settings.data_dir / DEMO_FILE).exists():
        found.append(f"数据目录 {settings.data_dir} 里是演示数据（有 {DEMO_FILE}），不能用于正式运行")
    if os.environ.get("FLASK_DEBUG", "0").lower() not in {"", "0", "false", "no"}:
        found.append("正式运行不能打开 FLASK_DEBUG")
    return found


def problems_of_data_dir(settings: Settings) -> list[str]:
    """Whether DATA_DIR is there, or can be made, and takes a file."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir) as probe:
            probe.write(b"x")
            probe.flush()
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror)
        return [f"数据目录 {settings.data_dir} 不能写入（{reason}）；请用 DATA_DIR 另选一个"]
    return []


def problems_of_port(settings: Settings) -> list[str]:
    """Whether HOST and PORT can be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return [f"端口 {settings.port} 已被占用；请用 PORT 另选一个"]
        if error.errno == errno.EACCES:
            return [f"没有权限使用端口 {settings.port}；请用 PORT 另选一个 1024 以上的"]
        return [f"HOST {settings.host} 不是本机的地址"]
    return []


def problems_of_keys(settings: Settings) -> list[str]:
    """Whether every key is there, whole, and closed to others."""
    try:
        if settings.keys_environment:
            Keyring.from_environment(settings.keys_environment)
        else:
            Keyring.load(settings.keys_dir)
    except KeyMissing as error:
        return [
            f"缺少密钥（{error}）；请恢复原来的密钥，只有全新安装才运行 python -m backend.supervisor keys"
        ]
    except KeyringError as error:
        return [f"密钥不能用，文件应为 0600、文件夹应为 0700、属于运行的用户（{error}）"]
    return []


def problems_of_wechat(settings: Settings) -> list[str]:
    """What would keep WeChat's messages or pushes from arriving without anybody noticing. Asks WeChat nothing."""
    wechat = settings.wechat
    if wechat is None:
        return []
    found = []
    if unknown := sorted(set(wechat.templates) - set(load_templates())):
        found.append(f"WECHAT_TEMPLATES 里有系统没有的消息：{'、'.join(unknown)}；名称见部署手册")
    if nowhere := sorted(wechat.long_term - set(wechat.templates)):
        found.append(f"WECHAT_LONG_TERM 里的 {'、'.join(nowhere)} 在 WECHAT_TEMPLATES 里没有编号")
    if wechat.aes_key:
        try:
            PushCipher(wechat.app_id, wechat.push_token, wechat.aes_key)
        except PushRefused:
            found.append("WECHAT_AES_KEY 不是微信公众平台给出的 EncodingAESKey")
    if not settings.production:
        return found
    if wechat.is_simulated:
        found.append("正式运行时 WECHAT_API_URL 要以 https:// 开头，不能用模拟的微信")
    if not (wechat.push_token and wechat.aes_key):
        found.append(
            "设置了 WECHAT_APP_ID，正式运行还要设置 WECHAT_PUSH_TOKEN 和 WECHAT_AES_KEY，否则收不到微信的推送"
        )
    if wechat.miniprogram_state == "developer":
        found.append("正式运行不能把 WECHAT_MINIPROGRAM_STATE 设为 developer：群众打不开开发版")
    return found


def problems_of_database(settings: Settings) -> list[str]:
    """Whether the database answers and keeps what it acknowledges, on the connections the application will use."""
    if _sqlite_file_missing(settings):
        return ["数据库还没有建立；请先运行 flask --app wsgi shouwen migrate"]
    try:
        with database_only(settings) as app, app.app_context():
            found: list[str] = []
            with db.engine.connect() as writer:
                found += _sqlite_problems(writer) if settings.is_sqlite else _postgresql_problems(writer)
            with db.engines[READER].connect() as reader:
                if settings.is_sqlite and reader.execute(text("PRAGMA query_only")).scalar() != 1:
                    found.append("SQLite 的读连接不是只读的")
                reader.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return [f"连不上数据库 {_shown(settings)}（{_first_line(error)}）"]
    return found


def problems_of_schema(settings: Settings) -> list[str]:
    """Whether the database is at exactly the revision this code was written for."""
    if _sqlite_file_missing(settings):
        return ["数据库还没有建立；请先运行 flask --app wsgi shouwen migrate"]
    try:
        with database_only(settings) as app:
            revision = database_revision(app)
    except SQLAlchemyError as error:
        return [f"连不上数据库 {_shown(settings)}（{_first_line(error)}）"]
    if revision == code_head():
        return []
    if revision is None or revision in known_revisions():
        return [
            f"数据库版本 {revision or '空'} 比程序（{code_head()}）旧；请先运行 flask --app wsgi shouwen migrate"
        ]
    return [newer_than_the_code(revision)]


def newer_than_the_code(revision: str) -> str:
    """The one line about a database this code is too old for."""
    return f"数据库比程序新：数据库版本 {revision}，程序只到 {code_head()}；请换用更新的程序，数据没有改动"


@contextmanager
def database_only(settings: Settings) -> Iterator[Flask]:
    """An application that has nothing but the engines: it needs neither keys nor a migrated database."""
    app = Flask("backend")
    init_database(app, settings)
    try:
        yield app
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _sqlite_problems(connection: Connection) -> Iterator[str]:
    if (mode := connection.execute(text("PRAGMA journal_mode")).scalar()) != "wal":
        yield f"SQLite 没有用上 WAL（现在是 {mode}）；数据目录可能在不支持它的网络盘上"
    if connection.execute(text("PRAGMA synchronous")).scalar() not in {2, 3}:
        yield "SQLite 的 synchronous 不是 FULL：断电会丢已受理的事项"


def _postgresql_problems(connection: Connection) -> Iterator[str]:
    def show(name: str) -> str:
        return str(connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar())

    if int(show("server_version_num")) < OLDEST_POSTGRESQL:
        yield f"PostgreSQL 版本 {show('server_version')} 太旧，要 15 以上"
    if show("fsync") != "on":
        yield "PostgreSQL 的 fsync 没有打开：断电会损坏数据库"
    if show("synchronous_commit") not in {"on", "remote_apply"}:
        yield "PostgreSQL 的 synchronous_commit 没有打开：断电会丢已受理的事项"
    served = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    if abs(served - SystemClock().now()) > CLOCK_SKEW:
        yield f"本机时间与数据库服务器相差超过 {CLOCK_SKEW.seconds} 秒；请先校时"


def _sqlite_file_missing(settings: Settings) -> bool:
    name = make_url(settings.database_url).database
    return settings.is_sqlite and not (name and Path(name).is_file())


def _shown(settings: Settings) -> str:
    return make_url(settings.database_url).render_as_string(hide_password=True)


def _first_line(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).splitlines() or [type(error).__name__])[0]
