"""`flask shouwen retention`: what is past its time; removed only when told to."""

from __future__ import annotations

from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from backend import clock
from backend.cli_refusals import Refusal
from backend.database import reading, unit_of_work
from backend.domain.times import local
from backend.services.retention import oldest_inquiry, past_their_time, remove
from backend.settings import Settings


@click.command("retention")
@click.option("--apply", "is_real", is_flag=True, help="真的删除；不写就只列出。")
@with_appcontext
def retention(*, is_real: bool) -> None:
    """列出过了保留期的记录：登录记录、发送和后台任务记录、导入文件的错误摘录。默认只列出，加 --apply 才删除。

    保留几天由 RECORDS_DAYS 设定，默认 400，不能少于 184（六个月）。事项、台账、评价和组织变动记录从不由本命令删除。
    幂等键、查询会话、微信推送等用完即弃的，后台任务每小时自己清理。
    """
    settings: Settings = current_app.extensions["shouwen_settings"]
    kept, now = timedelta(days=settings.records_days), clock.now()
    try:
        with reading() as session:
            found, oldest = past_their_time(session, now, kept), oldest_inquiry(session)
        for kind in found:
            count = kind.count
            if is_real:
                with unit_of_work() as session:
                    count = remove(session, kind.name, now, kept)
            done = "已删除" if is_real else "过了保留期"
            click.echo(f"{kind.label}：{local(kind.before):%Y-%m-%d} 以前的 {done} {count} 条")
    except SQLAlchemyError:
        raise Refusal("没有做完：数据库现在不能读写，可以再运行一次") from None
    since = f"，最早的受理于 {oldest:%Y-%m-%d}" if oldest else ""
    click.echo(f"事项、台账、评价、组织变动记录：不删除{since}")
    if not is_real:
        click.echo("只是列出，没有删除；要删除请加 --apply")
