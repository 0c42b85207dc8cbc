"""`flask shouwen import …`: organisations and old ledgers from workbooks, and the templates to fill in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from flask import current_app

from backend import clock
from backend.cli_refusals import Refusal, refusing
from backend.cli_units import person_named, unit_named
from backend.cli_words import ChineseGroup
from backend.database import reading, unit_of_work
from backend.delivery.importing import MOST_ROWS, put_all_on_record
from backend.domain.actors import SYSTEM, Actor
from backend.domain.identity import Identity
from backend.domain.imports import Findings
from backend.domain.vocabulary import Role
from backend.domain.vocabulary_organisation import ImportKind, ImportState
from backend.models import Unit
from backend.services.administering import administered
from backend.services.calendar import working_calendar
from backend.services.checking_ledger import LedgerPlan, check_ledger
from backend.services.import_plans import hold_plan
from backend.services.importing_organisation import check_organisation, make_organisation
from backend.services.imports import COUNTED, RUN, keep_file
from backend.services.organising import identity_of
from backend.services.outbox import add_job
from backend.services.staff_accounts import make_first_password, shown_secrets
from backend.services.work import Tools, Work
from backend.spreadsheets.apart import read_workbook
from backend.spreadsheets.templates import template_of
from backend.spreadsheets.terms import ReaderBusy, Sheet, WorkbookRefused

imports = ChineseGroup("import", help="导入：单位、科室、人员、岗位，历史台账；取空的模板。")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
UNDONE = "没有导入"
WORKER_AFTER = timedelta(minutes=10)
"""When the worker looks whether a command that imports a ledger is done, and else goes on in its place."""
DRY_RUN = click.option("--dry-run", is_flag=True, help="只检查，列出错误和将要导入多少，什么都不写。")


@imports.command("template")
@click.argument("kind", metavar="organisation|ledger", type=click.Choice([kind.value for kind in ImportKind]))
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def write_template(kind: str, file: Path) -> None:
    """写一个空的模板：填写说明、表头、可选的列表。organisation 是组织，ledger 是台账。"""
    with refusing("没有写"):
        file.write_bytes(template_of(kind))
    click.echo(f"已写入 {file}")


@imports.command("organisation")
@click.argument("file", metavar="文件", type=FILE)
@DRY_RUN
def import_organisation(file: Path, *, dry_run: bool) -> None:
    """导入单位、科室、人员、岗位。所有错误一次列出；有一处不对就什么都不导入。已经有的不变，可以再运行一次。

    导入以后打印每个新账号的初始密码，只显示这一次。
    """
    sheets = _sheets(file)
    with refusing(UNDONE), reading() as session:
        plan = check_organisation(_work(session), None, sheets)
    _told(plan.findings, plan.counts, dry_run=dry_run)
    if dry_run:
        return
    first = [make_first_password(_tools()) for _ in plan.staff]
    with refusing(UNDONE), unit_of_work() as session:
        work = _work(session)
        findings = make_organisation(work, check_organisation(work, None, sheets), first)
        if findings.count:
            _told(findings, {}, dry_run=False)
        lines = [_secret(work, one.username) for one in plan.staff]
    for line in lines:
        click.echo(line)
    click.echo("已导入")


@imports.command("ledger")
@click.argument("file", metavar="文件", type=FILE)
@click.option("--unit", required=True, metavar="单位", help="台账是哪个单位的：全称或编号。")
@click.option(
    "--approved-by",
    required=True,
    metavar="用户名",
    help="谁同意补录：这个单位的首问责任总岗，或者它的牵头部门。",
)
@DRY_RUN
def import_ledger(file: Path, unit: str, approved_by: str, *, dry_run: bool) -> None:
    """把一个单位的历史台账（附件2 的栏目）补录进来，每行一件，标“补录”和“导入”。

    时限从受理时间起算，受理时间可以早于 30 天。所有错误一次列出，有一处不对就什么都不导入。同一行不会导入两次，
    中断了由后台接着导入完，也可以再运行一次。
    """
    sheets = _sheets(file)
    with refusing(UNDONE), reading() as session:
        work = _work(session)
        where = unit_named(work, unit)
        unit_id, actor = where.id, _approver(work, where, approved_by)
        plan = check_ledger(work, where, sheets)
    _told(plan.findings, plan.counts, dry_run=dry_run)
    if dry_run:
        return
    with refusing("没有导入完，已经导入的不会重复，后台会接着导入完，也可以再运行一次"):
        _put_on_record(plan, unit_id, actor, file)
    click.echo("已导入")


def _put_on_record(plan: LedgerPlan, unit_id: str, actor: Actor, file: Path) -> None:
    with unit_of_work() as session:
        work = _work(session).acting_as(actor)
        row = keep_file(work, ImportKind.LEDGER, session.get_one(Unit, unit_id), file.name, file.read_bytes())
        row.state, row.approved_by_id = ImportState.RUNNING, actor.id
        row.row_count, row.counts = len(plan.lines), plan.counts
        hold_plan(work.tools, row, plan.lines)
        # Whatever becomes of this command, the worker finishes what it began.
        job = add_job(work, RUN, **{"import": row.id})
        if job is not None:
            job.available_at = work.now + WORKER_AFTER
        import_id = row.id
    put_all_on_record(import_id, plan.lines, actor)


def _approver(work: Work, unit: Unit, username: str) -> Actor:
    """The general post of the unit, or an overseer at or above it. Raises Refusal (D-4)."""
    staff = person_named(work, username)
    identity: Identity = identity_of(staff)
    if unit.id in identity.units_with(Role.GENERAL_POST):
        return identity.actor
    if unit.id in administered(work, identity, Role.OVERSEER):
        return identity.actor
    raise Refusal(f"没有导入：补录要由{unit.name}的首问责任总岗或者它的牵头部门同意，{staff.name}不是")


def _sheets(file: Path) -> list[Sheet]:
    try:
        with refusing(UNDONE):
            return read_workbook(file.read_bytes(), most_rows=MOST_ROWS)
    except WorkbookRefused as refused:
        words = {
            "workbook_unreadable": "打不开：不是完整的 xlsx 文件，或者有密码",
            "workbook_too_complex": "文件太大，或者展开以后太大，请拆成几个文件",
        }
        raise Refusal(f"没有导入：{words[refused.code]}") from None
    except ReaderBusy:
        raise Refusal("没有导入：现在读不了表格，请再试一次") from None


def _told(findings: Findings, counts: dict[str, int], *, dry_run: bool) -> None:
    """Every mistake, or what it makes. Raises Refusal where there is a mistake."""
    for problem in findings.problems:
        click.echo(problem.told())
    if findings.count:
        raise Refusal(f"没有导入：有 {findings.count} 处要改")
    told = "，".join(f"{COUNTED[name]} {count}" for name, count in counts.items() if count) or "没有新的"
    click.echo(f"{'检查通过，将要导入' if dry_run else '检查通过，正在导入'}：{told}")


def _secret(work: Work, username: str) -> str:
    staff = person_named(work, username)
    shown = shown_secrets(work, staff)
    return f"{staff.name}  {username}  {shown.password if shown else '（已有密码）'}"


def _work(session: object) -> Work:
    return Work(session, SYSTEM, clock.now(), _tools(), working_calendar(session))  # type: ignore[arg-type]


def _tools() -> Tools:
    made: Tools = current_app.extensions["shouwen_tools"]
    return made
