"""`flask shouwen …`: what an operator types."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from backend import cli_calendar, clock, preflight
from backend.cli_binding import binding_code
from backend.cli_checkpoint import checkpoint, gaps_since
from backend.cli_export import export
from backend.cli_import import imports
from backend.cli_ledger import catch_up, rebuild
from backend.cli_organisation import coordinator, survey_replaces_call
from backend.cli_refusals import Refusal, live_sign_code, refusing
from backend.cli_retention import retention
from backend.cli_rules import shown, take_file, told
from backend.cli_units import people, units
from backend.cli_wechat import check_wechat, write_mini_code
from backend.cli_words import ChineseCommand, ChineseGroup
from backend.database import reading, unit_of_work
from backend.delivery.calendar_duties import recalculate_all
from backend.delivery.senders import senders_of
from backend.delivery.sending import SenderPool
from backend.delivery.waking import listening
from backend.delivery.worker import run_worker
from backend.domain.unit_rules import RulesInvalid
from backend.logs import configure_logging
from backend.migrating import DatabaseNewer, upgrade
from backend.models import Unit
from backend.portal.qr import qr_png, qr_svg
from backend.services.calendar import CalendarInvalid, load_calendar, read_calendar_csv, seed_calendar
from backend.services.checkpoints import CheckpointInvalid
from backend.services.verifying import ChainReport, verify_ledgers
from backend.services.work import Tools
from backend.settings import Settings
from backend.vault.keys import KeyringError

TAMPERED = 2
COULD_NOT_VERIFY = 3

shouwen = ChineseGroup("shouwen", help="首问码的管理命令。")
ledger = ChineseGroup("ledger", help="台账：核验，写检查点，从事件记录重新推算。")
ledger.add_command(rebuild)
ledger.add_command(checkpoint)
calendar = ChineseGroup("calendar", help="工作日历：初始数据，载入新一年的放假安排，列出，检查。")
calendar.add_command(cli_calendar.list_years)
calendar.add_command(cli_calendar.check)
rules = ChineseGroup("rules", help="实施细则：单位的作息、承诺时限、事项目录。")
sign = ChineseGroup("sign", help="岗牌：生成二维码。")
for group in (
    ledger,
    export,
    calendar,
    rules,
    sign,
    coordinator,
    survey_replaces_call,
    write_mini_code,
    check_wechat,
    binding_code,
    units,
    people,
    imports,
    retention,
):
    shouwen.add_command(group)


def register_cli(app: Flask) -> None:
    """Add `flask shouwen …`."""
    app.cli.add_command(shouwen)


class CouldNotVerify(Refusal):
    """Neither whole nor tampered with: nobody can say."""

    exit_code = COULD_NOT_VERIFY


class WrongCommandLine(click.UsageError):
    """A command line that is wrong has verified nothing; click's own status for it would mean tampering here."""

    exit_code = COULD_NOT_VERIFY


def refuse_without_keys(error: KeyringError) -> NoReturn:
    """End any command of an installation whose keys cannot be read: nothing in it can be opened or verified."""
    raise CouldNotVerify(f"密钥不能用，什么都无法打开或核验：{error}") from None


@shouwen.command("preflight")
def check_before_start() -> None:
    """启动检查：设置、数据目录、端口、密钥、数据库有没有不安全的地方。

    每个问题一行。没有问题退出码为 0，有问题为 1。
    """
    sys.exit(preflight.main())


@shouwen.command("migrate")
def migrate_database() -> None:
    """把数据库升级到程序需要的版本；空的数据库从头建立。

    数据库比程序新时不做任何改动，退出码为 1。
    """
    try:
        revision = upgrade(_app())
    except DatabaseNewer as error:
        raise Refusal(preflight.newer_than_the_code(error.revision)) from None
    except SQLAlchemyError as error:
        raise Refusal(f"数据库没有升级：{_first_line(error)}") from None
    click.echo(f"数据库已是版本 {revision}")
    if lines := catch_up():
        click.echo(f"台账已从事件记录补齐，共 {lines} 行")


@shouwen.command("worker")
def work() -> None:
    """在前台运行后台任务：发送消息，到期退回转交、记录临期和超期、清理过期数据。

    可以同时运行多个，也可以在多台机器上运行。收到 Ctrl-C 或 SIGTERM 后做完手上的一件再停，退出码为 0。
    """
    settings: Settings = current_app.extensions["shouwen_settings"]
    configure_logging(production=settings.production)
    stop = Event()
    _set_on_signal(stop)
    try:
        senders = senders_of(_app())
    except (ImportError, AttributeError) as error:
        raise Refusal(f"SMS_SENDER 不能用：{error}") from None
    pool = SenderPool(_app(), senders, hands=settings.senders)
    with listening(settings.redis_url, pool.wake), pool.running():
        run_worker(_app(), stop)


class VerifyCommand(ChineseCommand):
    """Keeps exit status 2 for tampering alone."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise WrongCommandLine(error.message, error.ctx) from None


@ledger.command("verify", cls=VerifyCommand)
@click.option("--unit", metavar="单位", help="只核验这个单位：全称或编号。默认核验全部单位。")
@click.option(
    "--checkpoint",
    "since",
    metavar="文件",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="再与以前写的检查点核对：当时有的，现在一条不少、一字不差。写了 --unit 的只核对这个单位。",
)
def verify(unit: str | None, since: Path | None) -> None:
    """核验台账：从每个单位的第一条记录起，逐条检查内容、次序、衔接和签名，并与事项、上报和汇总核对。

    \b
    退出码：
      0  全部完整
      2  有记录，或者封存的上报和汇总，被改动、删除、调换或补写；逐个单位写明从第几条起不可信
      3  没有核验成：密钥读不到、数据库连不上、没有这个单位，或没有可核验的内容

    没有签名密钥的人改动台账记录，都会被发现。把整个数据库换回较早的备份，要靠存放在别处的检查点才能发现。
    """
    tools: Tools = current_app.extensions["shouwen_tools"]
    try:
        unit_id = _unit_id(unit) if unit else None
        with reading() as session:
            reports = verify_ledgers(session, tools.signer, unit_id)
        gaps = gaps_since(since, unit_id) if since is not None else []
    except (CheckpointInvalid, OSError, UnicodeDecodeError) as error:
        raise CouldNotVerify(f"没有核验成：{error}") from None
    except SQLAlchemyError as error:
        raise CouldNotVerify(f"没有核验成：数据库读不出来（{_first_line(error)}）") from None
    if not reports:
        raise CouldNotVerify("没有核验成：数据库里一个单位也没有，请确认连的是正确的数据库")
    for report in reports:
        click.echo(_line(report))
    for gap in gaps:
        click.echo(f"{gap.unit_name}：与检查点第 {gap.sequence} 条不符（{gap.reason}）")
    bad = [report for report in reports if not report.is_whole]
    if bad:
        click.echo(f"核验完毕：{len(reports)} 个单位中有 {len(bad)} 个的台账不完整")
        sys.exit(TAMPERED)
    if gaps:
        click.echo(f"核验完毕：链本身完整，但有 {len(gaps)} 处与检查点不符，可能换回过较早的备份")
        sys.exit(TAMPERED)
    entries = sum(report.entries for report in reports)
    click.echo(f"核验完毕：{len(reports)} 个单位，共 {entries} 条记录，全部完整")


@calendar.command("seed")
def seed() -> None:
    """载入程序自带的放假安排（2019 年起）；已有数据的年份不动。"""
    try:
        with unit_of_work() as session:
            years = seed_calendar(session, clock.now())
    except SQLAlchemyError as error:
        raise Refusal(f"没有载入：{_first_line(error)}") from None
    click.echo(f"已载入 {years[0]} 年到 {years[-1]} 年" if years else "各年都已有数据，没有改动")
    if years:
        _recalculate()


@calendar.command("load")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, metavar="来源", help="通知的名称和文号，会显示在“怎么算的”页面上。")
def load(file: Path, source: str) -> None:
    """载入一年的官方放假安排，替换那一年原有的数据。

    文件是 UTF-8 的 CSV，第一行为 date,is_workday,note，以后每行一天，例如 2027-10-01,0,国庆节 或
    2027-10-09,1,调休。可以写全年，也可以只写放假和调休上班的日子，其余按平常的工作日和周末。

    接着把正在计算、标着“暂定”的时限重新算一遍。中断了再运行一次，会接着算完。
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = read_calendar_csv(lines)
        with unit_of_work() as session:
            year = load_calendar(session, clock.now(), rows, source.strip())
    except UnicodeDecodeError:
        raise Refusal("没有载入：文件要存成 UTF-8") from None
    except CalendarInvalid as error:
        raise Refusal(f"没有载入：{error}") from None
    except SQLAlchemyError as error:
        raise Refusal(f"没有载入：{_first_line(error)}") from None
    click.echo(f"已载入 {year} 年的放假安排")
    _recalculate()


@rules.command("load")
@click.argument("unit", metavar="单位")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只检查和列出变化，不保存。")
def load_rules(unit: str, file: Path, *, dry_run: bool) -> None:
    """载入一个单位的实施细则：作息、承诺时限、事项目录、文件。全部合格才生效，有一条不合格就什么都不改。

    单位写全称或编号；文件是 TOML 或 JSON，写法见部署手册。文件里没有的承诺和事项随之停用，已经起算的时限不变。
    """
    try:
        changes = take_file(unit, file, clock.now(), dry_run=dry_run)
    except RulesInvalid as error:
        raise Refusal(f"没有载入：{error}") from None
    except SQLAlchemyError as error:
        raise Refusal(f"没有载入：{_first_line(error)}") from None
    for line in told(changes):
        click.echo(line)
    click.echo("只是检查，没有保存" if dry_run else f"已载入 {unit} 的实施细则")


@rules.command("show")
@click.argument("unit", metavar="单位")
def show_rules(unit: str) -> None:
    """按载入文件的格式（JSON）列出一个单位现行的实施细则，改了可以再载入。"""
    try:
        click.echo(shown(unit))
    except RulesInvalid as error:
        raise Refusal(str(error)) from None
    except SQLAlchemyError as error:
        raise Refusal(f"读不出来：{_first_line(error)}") from None


@sign.command("qr")
@click.argument("code", metavar="编码")
@click.option("--svg", "form", flag_value="svg", default="svg", help="矢量图，适合印刷（默认）。")
@click.option("--png", "form", flag_value="png", help="位图。")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="文件",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="写到这个文件。",
)
def draw_code(code: str, form: str, output: Path) -> None:
    """生成一块岗牌的二维码。编码是岗牌上的 16 位字符，可以带空格和短横。

    二维码里的网址以 BASE_URL 开头；印刷之前请确认它是对外公布的地址。
    """
    settings: Settings = current_app.extensions["shouwen_settings"]
    url = f"{settings.base_url}/s/{live_sign_code(code)}"
    with refusing("没有写"):
        output.write_bytes(qr_svg(url).encode("utf-8") if form == "svg" else qr_png(url))
    click.echo(f"{url} 的二维码已写入 {output}")


def _recalculate() -> None:
    changed, failed = recalculate_all()
    if changed or failed:
        click.echo(f"重新计算了 {changed} 件事项的暂定时限")
    if failed:
        raise Refusal(f"有 {failed} 件没有算成，请再运行一次；原因见日志")


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]


def _set_on_signal(stop: Event) -> None:
    """Set the event when the process is asked to end.

    By way of a thread: the handler may interrupt stop.wait() where that holds the lock stop.set() needs.
    """
    told: SimpleQueue[int] = SimpleQueue()

    def pass_on() -> None:
        told.get()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: told.put(number))
    Thread(target=pass_on, daemon=True).start()


def _unit_id(given: str) -> str:
    with reading() as session:
        found = session.scalars(select(Unit.id).where(or_(Unit.id == given, Unit.name == given))).all()
    if len(found) != 1:
        trouble = f"叫“{given}”的单位不止一个，请改用编号" if found else f"没有“{given}”这个单位"
        raise CouldNotVerify(f"没有核验成：{trouble}")
    return found[0]


def _line(report: ChainReport) -> str:
    if report.is_whole:
        return f"{report.unit_name}：{report.entries} 条，完整"
    return f"{report.unit_name}：从第 {report.bad_sequence} 条起不可信（{report.reason}）"


def _first_line(error: SQLAlchemyError) -> str:
    return (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
