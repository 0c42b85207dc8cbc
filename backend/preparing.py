"""What `make run` does before it serves: lock the data, make keys, migrate, fill the calendar, build the demo.

Each step says one line. Whatever stands in the way ends the start with one line too: `Refused`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from backend import clock
from backend.database import db, reading, unit_of_work
from backend.handout import Handout, read_handout, refresh, write_handout
from backend.migrating import DatabaseNewer, database_revision, upgrade
from backend.preflight import (
    DEMO_FILE,
    database_only,
    newer_than_the_code,
    problems_of_database,
    problems_of_keys,
    problems_of_port,
)
from backend.settings import Settings
from backend.vault.keys import Keyring, KeyringError

PORT_SECONDS = 2.0
"""How long children of a supervisor that was killed a moment ago may still hold the port."""
LOCK_FILE = ".lock"
UNFINISHED = "demo.unfinished"
"""Stands in DATA_DIR from before the demo's first row until its passwords are in demo.json."""

Say = Callable[[str], None]


class Refused(Exception):
    """The start cannot go on; the text is one line for the person at the terminal."""


def lock_data_dir(settings: Settings) -> int:
    """Hold DATA_DIR for this process alone. The kernel lets go when it ends, however it ends."""
    descriptor = os.open(settings.data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
        os.close(descriptor)
        raise Refused(
            f"数据目录 {settings.data_dir} 已经在用（进程 {holder or '未知'}）；先停掉它，或用 DATA_DIR 另选一个"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def wait_for_port(settings: Settings) -> None:
    """Refuse a port somebody else holds."""
    limit = time.monotonic() + PORT_SECONDS
    while problems := problems_of_port(settings):
        if time.monotonic() > limit:
            raise Refused(problems[0])
        time.sleep(0.1)


def prepare(settings: Settings, say: Say, simulator_url: str | None = None) -> Handout | None:
    """Bring DATA_DIR and the database to where the web server and the worker can start.

    `simulator_url`: where the simulated phones are, for demo.json. Returns what demo.json says now, or None when the data is no demo of ours. Raises Refused.
    """
    _clear_unfinished_demo(settings, say)
    revision = make_keys(settings, say)
    app = _application(settings)
    try:
        head = upgrade(app)
    except DatabaseNewer as error:
        raise Refused(newer_than_the_code(error.revision)) from None
    say(
        f"数据库：{'已是最新' if revision == head else '已建立' if revision is None else '已升级'}（版本 {head}）"
    )
    if problems := problems_of_database(settings):
        raise Refused(problems[0])
    with app.app_context():
        try:
            _fill_calendar(say)
            _fill_ledger(say)
            return _hand_out(app, settings, say, simulator_url)
        finally:
            for engine in db.engines.values():
                engine.dispose()


def _revision_before(settings: Settings) -> str | None:
    try:
        with database_only(settings) as app:
            return database_revision(app)
    except SQLAlchemyError:
        raise Refused(problems_of_database(settings)[0]) from None


def make_keys(settings: Settings, say: Say) -> str | None:
    """See to it that every key is there; only an empty database gets new ones. Returns the database's revision.

    New keys would never open what lost ones sealed, so where there are data a missing key is refused. Raises Refused.
    """
    revision = _revision_before(settings)
    if settings.keys_environment:
        say("密钥：用环境变量里的")
    elif revision is None:
        is_first = not settings.keys_dir.exists()
        try:
            Keyring.create(settings.keys_dir)
        except KeyringError as error:
            raise Refused(f"密钥不能用：{error}") from None
        say(f"密钥：{'已生成' if is_first else '已有'}，在 {settings.keys_dir}，请另存一份")
    if problems := problems_of_keys(settings):
        raise Refused(problems[0])
    return revision


def _application(settings: Settings) -> Flask:
    from backend import create_app

    return create_app(settings)


def _fill_calendar(say: Say) -> None:
    from backend.services.calendar import seed_calendar

    with unit_of_work() as session:
        seed_calendar(session, clock.now())
    say("工作日历：已载入")


def _fill_ledger(say: Say) -> None:
    from backend.cli_ledger import catch_up

    if lines := catch_up():
        say(f"台账：已从事件记录补齐，共 {lines} 行")


def _hand_out(app: Flask, settings: Settings, say: Say, simulator_url: str | None) -> Handout | None:
    from backend.demo import build_demo, is_empty

    path, marker = settings.data_dir / DEMO_FILE, settings.data_dir / UNFINISHED
    with reading() as session:
        is_new = is_empty(session)
    if is_new:
        say("演示数据：正在生成")
        marker.touch(mode=0o600)
        handout: Handout = build_demo(app)
    elif (former := read_handout(path)) is not None:
        handout = former
    else:
        say(f"演示数据：数据库里已有数据，没有 {DEMO_FILE}，不再生成；账号密码无从得知")
        return None
    with reading() as session:
        handout = refresh(session, handout, settings, clock.now(), simulator_url)
    write_handout(path, handout)
    marker.unlink(missing_ok=True)
    say(f"演示数据：账号和岗牌写在 {path}（只有您能读）")
    return handout


def _clear_unfinished_demo(settings: Settings, say: Say) -> None:
    """Start over when the last start was stopped between the first row and the passwords: nobody has used it."""
    marker = settings.data_dir / UNFINISHED
    if not marker.exists():
        return
    database = Path(make_url(settings.database_url).database or "")
    if not settings.is_sqlite or database.parent != settings.data_dir:
        raise Refused(f"上次生成演示数据时中断了；请清空数据库 {database.name} 并删除 {marker} 再启动")
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    shutil.rmtree(settings.blobs_dir, ignore_errors=True)
    marker.unlink()
    say("演示数据：上次没有生成完，重新来")
