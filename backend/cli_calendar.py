"""`flask shouwen calendar list` and `calendar check`: which years have official data."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import Integer, case, cast, extract, func, select
from sqlalchemy.exc import SQLAlchemyError

from backend import clock
from backend.cli_refusals import Refusal
from backend.cli_words import ChineseCommand
from backend.database import reading
from backend.domain.times import local
from backend.models import CalendarDayRow

ASKED_FROM = 11
"""The month from which next year's arrangement is asked for."""


@click.command("list", cls=ChineseCommand)
@with_appcontext
def list_years() -> None:
    """列出有官方放假安排的年份：多少天、其中多少个工作日、来源。"""
    for year, days, working, source in _years():
        click.echo(f"{year}  {days} 天，工作日 {working} 天  {source}")


@click.command("check", cls=ChineseCommand)
@with_appcontext
def check() -> None:
    """检查今年、（11 月起）明年有没有官方放假安排。都有退出码为 0，缺了为 1 并写明缺哪一年。"""
    today = local(clock.now()).date()
    wanted = [today.year, *([today.year + 1] if today.month >= ASKED_FROM else [])]
    there = {year for year, *_ in _years()}
    missing = [str(year) for year in wanted if year not in there]
    if missing:
        click.echo(
            f"缺 {'、'.join(missing)} 年的放假安排，这些年的时限标“暂定”；公布以后用 calendar load 载入",
            err=True,
        )
        sys.exit(1)
    click.echo(f"{'、'.join(map(str, wanted))} 年都有官方放假安排")


def _years() -> list[tuple[int, int, int, str]]:
    year = cast(extract("year", CalendarDayRow.day), Integer)
    query = (
        select(
            year,
            func.count(),
            func.sum(case((CalendarDayRow.is_workday, 1), else_=0)),
            func.max(CalendarDayRow.source),
        )
        .group_by(year)
        .order_by(year)
    )
    try:
        with reading() as session:
            return [
                (int(y), days, int(working), source) for y, days, working, source in session.execute(query)
            ]
    except SQLAlchemyError:
        raise Refusal("读不出来：数据库现在不能读") from None
