"""How a command says that it cannot go on."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from backend.codes import CODES
from backend.database import reading
from backend.domain.errors import DomainError, SignRetired, SignUnknown
from backend.errors import field_errors
from backend.services.routing import find_sign


class Refusal(click.ClickException):
    """A command that cannot go on: one Chinese line on standard error, exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="只看不改，和不写 --apply 一样；不能和 --apply 一起写。"
)
_DISK = {
    errno.ENOENT: "没有这个文件夹",
    errno.ENOTDIR: "没有这个文件夹",
    errno.EISDIR: "这是一个文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "那里只能读，不能写",
    errno.ENOSPC: "磁盘满了",
    errno.EEXIST: "已经有这个文件",
}


def ensure_one_of(dry_run: bool, applies: bool) -> None:
    """Raises click.UsageError where both were asked for."""
    if dry_run and applies:
        raise click.UsageError("--dry-run 和 --apply 只能写一个")


def disk_words(error: OSError) -> str:
    """Why a file could not be read or written."""
    return _DISK.get(error.errno or 0) or error.strerror or str(error)


@contextmanager
def refusing(undone: str) -> Iterator[None]:
    """What a rule, the database or the disk has against it: one line that begins with what was not done."""
    try:
        yield
    except DomainError as error:
        raise Refusal(f"{undone}：{error.detail or CODES[error.code].detail}") from None
    except SQLAlchemyError:
        raise Refusal(f"{undone}：数据库现在读不出来或者不能写") from None
    except OSError as error:
        raise Refusal(f"{undone}：{disk_words(error)}") from None


def checked(schema: Schema, given: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the console's form takes it; each mistake with the name of its field. Raises Refusal."""
    try:
        taken: dict[str, Any] = schema.load(
            {name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        found = [(one["pointer"].strip("/"), one["detail"]) for one in field_errors(error.messages)]
        raise Refusal("没有做：" + "；".join(f"{labels[name]}：{detail}" for name, detail in found)) from None
    return taken


def live_sign_code(given: str) -> str:
    """The code of a live sign, as it is kept. Raises Refusal for any other."""
    try:
        with reading() as session:
            return find_sign(session, given).code
    except SignUnknown:
        reason = "没有这块岗牌，请核对编码"
    except SignRetired as error:
        successor = error.data["successor_code"]
        reason = "这块岗牌已停用" + (f"，接替它的是 {successor}" if successor else "")
    except SQLAlchemyError as error:
        first = (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
        reason = f"没有生成：{first}"
    raise Refusal(reason)
