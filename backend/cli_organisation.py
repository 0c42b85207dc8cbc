"""What an operator sets for units: `flask shouwen coordinator …` and `flask shouwen survey-replaces-call …`.

Which unit settles disputes between the units below another one (design 4); whether a citizen's own grade replaces the
call of 泸 附件1-16 (our reading, a switch of the unit: design 5).
"""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.cli_refusals import Refusal, refusing
from backend.cli_words import ChineseCommand, ChineseGroup
from backend.database import reading, unit_of_work
from backend.models import Coordinator, Unit

coordinator = ChineseGroup("coordinator", help="协调单位：单位之间多次退回时，由谁裁定。")


@coordinator.command("set")
@click.argument("scope", metavar="范围单位")
@click.argument("unit", metavar="协调单位")
def set_coordinator(scope: str, unit: str) -> None:
    """设定：范围单位及其下属单位之间的争议，由协调单位裁定，例如区委办、区政府办、编办。

    单位写全称或编号。同一个范围再设定一次，就换成新的协调单位。
    """
    with refusing("没有设定"), unit_of_work() as session:
        root, settler = _unit(session, scope), _unit(session, unit)
        session.merge(Coordinator(scope_unit_id=root.id, unit_id=settler.id))
        line = _line(root, settler)
    click.echo(f"已设定：{line}")


@coordinator.command("list")
def list_coordinators() -> None:
    """列出已经设定的协调单位。没有设定的范围，由上级牵头部门裁定。"""
    with refusing("没有列出"), reading() as session:
        rows = session.scalars(select(Coordinator)).all()
        lines = sorted(
            _line(session.get_one(Unit, row.scope_unit_id), session.get_one(Unit, row.unit_id))
            for row in rows
        )
    click.echo("\n".join(lines) if lines else "还没有设定协调单位")


@click.command("survey-replaces-call", cls=ChineseCommand)
@click.argument("unit", metavar="单位")
@click.argument("state", metavar="on|off", type=click.Choice(["on", "off"]))
@with_appcontext
def survey_replaces_call(unit: str, state: str) -> None:
    """设定：服务对象自己评价过的，本单位不再电话回访（on），或者仍然回访（off）。单位写全称或编号。"""
    with refusing("没有设定"), unit_of_work() as session:
        row = _unit(session, unit)
        row.survey_replaces_call = state == "on"
        name = row.name
    click.echo(f"已设定：{name}{'不再' if state == 'on' else '仍然'}电话回访自己评价过的服务对象")


def _unit(session: Session, given: str) -> Unit:
    """The one active unit of a name or id. Raises Refusal."""
    named = select(Unit).where(or_(Unit.id == given, Unit.name == given), Unit.is_active)
    found = session.scalars(named).all()
    if len(found) != 1:
        trouble = f"叫“{given}”的单位不止一个，请改用编号" if found else f"没有“{given}”这个单位"
        raise Refusal(f"没有设定：{trouble}")
    return found[0]


def _line(scope: Unit, settler: Unit) -> str:
    return f"{scope.name}及其下属单位之间的争议，由{settler.name}裁定"
