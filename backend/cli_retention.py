"""`flask shouwen retention`: what is past its time; removed only when told to."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from backend import clock
from backend.cli_refusals import DRY_RUN, ensure_one_of, refusing
from backend.cli_words import ChineseCommand
from backend.database import reading, unit_of_work
from backend.domain.times import local
from backend.services.retention import Past, oldest_inquiry, past_their_time, remove
from backend.settings import Settings


@click.command("retention", cls=ChineseCommand)
@click.option("--apply", "applies", is_flag=True, help="真的删除；不写就只列出。")
@DRY_RUN
@with_appcontext
def retention(*, applies: bool, dry_run: bool) -> None:
    """列出过了保留期的记录：登录记录、发送和后台任务记录、导入文件的错误摘录。默认只列出，加 --apply 才删除。

    保留几天由 RECORDS_DAYS 设定，默认 400，不能少于 184（六个月）。事项、台账、评价和组织变动记录从不由本命令删除。
    幂等键、查询会话、微信推送等用完即弃的，后台任务每小时自己清理。
    """
    ensure_one_of(dry_run, applies)
    settings: Settings = current_app.extensions["shouwen_settings"]
    kept, now = timedelta(days=settings.records_days), clock.now()
    with refusing("没有做完，可以再运行一次"):
        with reading() as session:
            found, oldest = past_their_time(session, now, kept), oldest_inquiry(session)
        for kind in found:
            count = kind.count
            if applies:
                count = _remove_all(kind, now, kept)
            done = "已删除" if applies else "过了保留期"
            click.echo(f"{kind.label}：{local(kind.before):%Y-%m-%d} 以前的 {done} {count} 条")
    since = f"，最早的受理于 {oldest:%Y-%m-%d}" if oldest else ""
    click.echo(f"事项、台账、评价、组织变动记录：不删除{since}")
    if not applies:
        click.echo("只是列出，没有删除；要删除请加 --apply")


def _remove_all(kind: Past, now: datetime, kept: timedelta) -> int:
    """All of a kind, some in each unit of work. Returns how many."""
    removed = 0
    while True:
        with unit_of_work() as session:
            done = remove(session, kind.name, now, kept)
        removed += done
        if not done:
            return removed
