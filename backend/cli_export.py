"""`flask shouwen export ledger …`: a unit's ledger as a file for the operator, names and phones masked.

A copy with names and phones takes two persons at the console; no command makes one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from backend import clock
from backend.cli_refusals import Refusal, refusing
from backend.cli_words import ChineseGroup
from backend.database import reading, unit_of_work
from backend.domain.actors import SYSTEM
from backend.domain.exports import VOLUME_FORMS, ExportFormat, is_job, volumes_of
from backend.domain.identity import Grant, Identity
from backend.domain.ledger_form import moment_text
from backend.domain.ledger_scopes import FIRST_YEAR, LAST_YEAR, LedgerScope
from backend.domain.vocabulary import Role
from backend.exports.copies import Copy, masked_copy
from backend.exports.forms import WHOLE, Volume
from backend.exports.printing import PrintBusy, PrintFailed
from backend.exports.printing_terms import TemplateBroken
from backend.exports.streams import packed_files
from backend.models import Inquiry, LedgerRow, RoleGrant, Section, Unit
from backend.queries.ledger_books import Book
from backend.queries.ledger_files import (
    ledger_count,
    ledger_workbook,
    lines_of,
    printed,
    prints_of,
    rows_after,
)
from backend.services.calendar import working_calendar
from backend.services.exports import note_operators_copy
from backend.services.work import Work
from backend.settings import Settings

export = ChineseGroup("export", help="导出：台账的 Excel、Word 和 PDF，姓名和电话遮盖。")
OPERATOR = "管理员（命令行）"


@export.command("ledger")
@click.option("--unit", "unit_name", required=True, metavar="单位", help="全称或编号。")
@click.option("--section", "section_name", metavar="科室", help="名称或编号；不写就是总台账。")
@click.option(
    "--year", required=True, type=click.IntRange(FIRST_YEAR, LAST_YEAR), metavar="年", help="受理的年份。"
)
@click.option(
    "--format",
    "form",
    default="xlsx",
    show_default=True,
    type=click.Choice([f.value for f in ExportFormat]),
    help="文件的格式。",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪里。",
)
def export_ledger(unit_name: str, section_name: str | None, year: int, form: str, output: Path) -> None:
    """把一本台账写成文件，附件2的栏目和式样，姓名和电话遮盖。

    登记表（docx、pdf）超过 2,000 件的分册，写成装着各册的 zip。里面的事项就是主要领导看得到的：投诉主要领导本人
    和整个单位的不在里面，保密的评价不显示。每导出一次，在这个单位的台账链上记一笔。

    含姓名、电话的一份，在工作台“台账的导出”由两个人办。
    """
    try:
        with refusing("没有导出"), reading() as session:
            book = _book(session, unit_name, section_name, year)
            tools = current_app.extensions["shouwen_tools"]
            work = Work(session, SYSTEM, clock.now(), tools, working_calendar(session))
            count = ledger_count(work, book)
            copy = masked_copy(OPERATOR, moment_text(work.now) or "")
            _put_on_record(book, ExportFormat(form), count, work.now)
            _write(output, _chunks(work, book, copy, ExportFormat(form), count))
    except TemplateBroken:
        raise Refusal("没有导出：单位自己的 Word 模板有错") from None
    except (PrintBusy, PrintFailed):
        raise Refusal("没有导出：排版没有完成，请再试一次") from None
    click.echo(f"已导出 {count} 件：{output}")


def _chunks(work: Work, book: Book, copy: Copy, form: ExportFormat, count: int) -> Iterator[bytes]:
    if form is ExportFormat.XLSX:
        yield from ledger_workbook(work, book, copy)
    elif not is_job(form, count):
        yield _printed(work, book, copy, form, rows_after(work, book, None, max(count, 1)), WHOLE)
    else:
        yield from packed_files(_volumes(work, book, copy, form, volumes_of(count)))


def _volumes(
    work: Work, book: Book, copy: Copy, form: ExportFormat, volumes: int
) -> Iterator[tuple[str, bytes]]:
    place = None
    for number in range(1, volumes + 1):
        rows = rows_after(work, book, place, VOLUME_FORMS)
        if rows:
            place = rows[-1].received_at, rows[-1].id
        yield f"第{number}册.{form.value}", _printed(work, book, copy, form, rows, Volume(number, volumes))


def _printed(
    work: Work, book: Book, copy: Copy, form: ExportFormat, rows: list[LedgerRow], volume: Volume
) -> bytes:
    settings: Settings = current_app.extensions["shouwen_settings"]
    prints = prints_of(work, book, copy, form, lines_of(work, book, rows, full=False), volume)
    return printed(prints, settings.templates_dir)


def _write(output: Path, chunks: Iterable[bytes]) -> None:
    """All of it or nothing, and for nobody else's eyes: names are masked, what people asked is not."""
    beside = output.with_name(f".{output.name}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def _book(session: Session, unit_name: str, section_name: str | None, year: int) -> Book:
    """As the head of the unit reads it, without complaints about the head; no citizen's own grade. Raises Refusal."""
    units = session.scalars(select(Unit).where(or_(Unit.name == unit_name, Unit.id == unit_name))).all()
    if len(units) != 1:
        trouble = f"叫“{unit_name}”的单位不止一个，请改用编号" if units else f"没有“{unit_name}”这个单位"
        raise Refusal(f"没有导出：{trouble}")
    (unit,) = units
    section = None
    if section_name is not None:
        section = session.scalar(
            select(Section).where(
                Section.unit_id == unit.id, or_(Section.name == section_name, Section.id == section_name)
            )
        )
        if section is None:
            raise Refusal(f"没有导出：{unit.name}没有“{section_name}”这个科室")
    grant = Grant(Role.PRINCIPAL_LEADER, unit.id, None)
    reader = Identity(_head(session, unit), OPERATOR, unit.id, None, (grant,))
    scope = LedgerScope.UNIT if section is None else LedgerScope.SECTION
    return Book(scope, unit, section, year, reader)


def _head(session: Session, unit: Unit) -> str:
    """The id of the unit's head; of several, of one whom a complaint is about; empty where there is none."""
    accused = exists().where(Inquiry.subject_staff_id == RoleGrant.staff_id)
    held = select(RoleGrant.staff_id).where(
        RoleGrant.role == Role.PRINCIPAL_LEADER, RoleGrant.unit_id == unit.id
    )
    return session.scalar(held.order_by(accused.desc(), RoleGrant.staff_id).limit(1)) or ""


def _put_on_record(book: Book, form: ExportFormat, count: int, now: datetime) -> None:
    """Before anything is written: no copy without its entry."""
    with unit_of_work() as session:
        tools = current_app.extensions["shouwen_tools"]
        work = Work(session, SYSTEM, now, tools, working_calendar(session))
        note_operators_copy(work, book, form, count)
