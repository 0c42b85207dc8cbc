"""`flask shouwen binding-code`: a code to bind a WeChat, for a member of staff who cannot open the console."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend import clock
from backend.cli_refusals import Refusal
from backend.cli_words import ChineseCommand
from backend.database import unit_of_work
from backend.domain.actors import SYSTEM
from backend.domain.clocks import date_phrase
from backend.domain.errors import StaffAlreadyBound
from backend.domain.numbers import display_binding_code
from backend.models import Staff
from backend.services.binding import ShownCode, new_binding_code, show_code
from backend.services.calendar import working_calendar
from backend.services.work import Tools, Work


@click.command("binding-code", cls=ChineseCommand)
@click.argument("username", metavar="用户名")
@with_appcontext
def binding_code(username: str) -> None:
    """给一位不方便打开工作台的工作人员取一个微信绑定码，10 分钟内用一次；先前的随即作废。

    拿到绑定码的人，就能以这位同志的身份登录小程序，不再要密码和动态口令。请当面核实，当面交给本人。
    """
    try:
        made, told = _make(username)
    except SQLAlchemyError:
        raise Refusal("没有取到：数据库现在不能写") from None
    click.echo(f"{display_binding_code(made.code)}  {told} 前有效，只能用一次")


def _make(username: str) -> tuple[ShownCode, str]:
    tools: Tools = current_app.extensions["shouwen_tools"]
    if tools.wechat_app_id is None:
        raise Refusal("没有取到：没有设置微信小程序（WECHAT_APP_ID）")
    now = clock.now()
    with unit_of_work() as session:
        staff = session.scalar(select(Staff).where(Staff.username == username, Staff.is_active))
        if staff is None:
            raise Refusal(f"没有取到：没有“{username}”这个在用的用户名")
        work = Work(session, SYSTEM, now, tools, working_calendar(session))
        try:
            row = new_binding_code(work, staff.id)
        except StaffAlreadyBound:
            raise Refusal("没有取到：这位同志已经绑定了微信，请先由本人在工作台解除绑定") from None
        made = show_code(tools, row)
    return made, date_phrase(made.expires_at, now)
