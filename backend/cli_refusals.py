"""How a command says that it cannot go on."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from backend.database import reading
from backend.domain.errors import SignRetired, SignUnknown
from backend.services.routing import find_sign


class Refusal(click.ClickException):
    """A command that cannot go on: one Chinese line on standard error, exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


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
