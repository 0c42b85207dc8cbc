"""`flask shouwen ledger rebuild`: replay the event log, compare the ledger's lines with it, and put right what differs."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from backend.cli_refusals import DRY_RUN, ensure_one_of, refusing
from backend.cli_words import ChineseCommand
from backend.database import reading, unit_of_work
from backend.services.ledger_rows import Replayed, batches, is_behind, replay

SHOWN = 20
"""Differences told one by one; of more only the number."""


@click.command("rebuild", cls=ChineseCommand)
@click.option("--apply", "applies", is_flag=True, help="把不一致的台账行改成事件记录说的样子；不写就只检查。")
@DRY_RUN
@with_appcontext
def rebuild(*, applies: bool, dry_run: bool) -> None:
    """从事件记录重新推算台账的每一行，和现有的台账比较。

    \b
    默认只检查，不改动。退出码：
      0  全部一致，或者已经改好
      1  有不一致的行（只检查时），或者没有做成

    事件记录本身是否完整，用 ledger verify 核验。可以在运行时做，每次处理 500 件。
    """
    ensure_one_of(dry_run, applies)
    with refusing("没有做成"):
        told = rebuild_ledger(applies=applies)
    for difference in told.differences[:SHOWN]:
        click.echo(f"事项 {difference.inquiry_id} 的行 {difference.line_id}：{_said(difference.what)}")
    if len(told.differences) > SHOWN:
        click.echo(f"…… 另有 {len(told.differences) - SHOWN} 行")
    checked = f"{told.inquiries} 件事项，{told.lines} 行"
    if not told.differences:
        click.echo(f"{checked}，全部一致")
    elif applies:
        click.echo(f"{checked}，改好了 {len(told.differences)} 行")
    else:
        click.echo(f"{checked}，{len(told.differences)} 行不一致；加 --apply 改好")
        sys.exit(1)


def rebuild_ledger(*, applies: bool) -> Replayed:
    """Replay every inquiry, some in a transaction; with `applies` put right what differs, the inquiries locked."""
    total = Replayed()
    with reading() as session:
        pages = list(batches(session))
    for ids in pages:
        if applies:
            with unit_of_work() as session:
                total.take(replay(session, ids, apply=True))
        else:
            with reading() as session:
                total.take(replay(session, ids, apply=False))
    return total


def catch_up() -> int:
    """Fill the ledger of a database that was older than its table. Returns how many lines were made."""
    with reading() as session:
        if not is_behind(session):
            return 0
    return rebuild_ledger(applies=True).lines


def _said(what: str) -> str:
    return {"missing": "缺少", "extra": "多出"}.get(what, f"不一致的栏目 {what}")
