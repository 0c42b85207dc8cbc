"""`flask shouwen ledger checkpoint` and what `ledger verify --checkpoint` compares."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from backend import clock
from backend.cli_refusals import refusing
from backend.cli_words import ChineseCommand
from backend.database import reading
from backend.services.checkpoints import Gap, compare, make_checkpoint, read_checkpoint
from backend.services.work import Tools


@click.command("checkpoint", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def checkpoint(file: Path) -> None:
    """把每个单位台账的链尾（序号、散列、签名）写进一个文件，整个文件再签一次名。已有的文件不覆盖。

    文件要存放到别处（另一台机器、光盘、打印件），里面没有任何事项内容。以后用 ledger verify --checkpoint 文件 核对：
    把数据库换回较早的备份、整条删掉重写，都会被发现。建议每天一次。
    """
    tools: Tools = current_app.extensions["shouwen_tools"]
    with refusing("没有写"):
        with reading() as session:
            document = make_checkpoint(session, tools.signer, clock.now())
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(document, out, ensure_ascii=False, indent=1)
            out.write("\n")
    entries = sum(head["sequence"] for head in document["heads"])
    click.echo(f"已写入 {file}：{len(document['heads'])} 个单位，共 {entries} 条记录")


def gaps_since(file: Path, unit_id: str | None) -> list[Gap]:
    """What the chains, or the one of a unit, no longer hold of a checkpoint. Raises CheckpointInvalid, OSError."""
    tools: Tools = current_app.extensions["shouwen_tools"]
    with reading() as session:
        document = read_checkpoint(file.read_text("utf-8"), tools.signer)
        return compare(session, tools.signer, document, unit_id)
