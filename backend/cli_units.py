"""`flask shouwen unit …` and `flask shouwen staff …`: the organisation from the command line, as the first step of all.

The console does the same with forms (`/staff/organisation`); each change is on record here as there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import click
from flask import current_app
from sqlalchemy import or_, select

from backend import clock
from backend.cli_refusals import Refusal, checked, refusing
from backend.cli_words import ChineseGroup
from backend.database import reading, unit_of_work
from backend.domain.actors import SYSTEM
from backend.domain.identity import SECTION_ROLES
from backend.domain.numbers import display_number
from backend.domain.vocabulary import Employment, Measure, OrganType, Role, Word
from backend.models import Section, Staff, Unit
from backend.schemas.organisation import StaffIn, UnitChangeIn
from backend.services.calendar import working_calendar
from backend.services.leaving import OwnerHasOpenCases, deactivate_staff, move_staff, restore_staff
from backend.services.organising import create_staff, create_unit, grant_role
from backend.services.reorganising import close_unit
from backend.services.staff_accounts import (
    give_role,
    make_first_password,
    reset_password,
    revoke_role,
    shown_secrets,
)
from backend.services.work import Tools, Work

Row = TypeVar("Row", Unit, Section, Staff)
UNREAD = "没有列出"
ROLES_TOLD = "\n".join(f"  {role.value:<17} {role.label}" for role in Role)
LABELS = {
    "name": "名称",
    "organ_type": "机关种类",
    "address": "地址",
    "complaint_phone": "投诉举报电话",
    "username": "用户名",
    "employment": "用工性质",
}

units = ChineseGroup("unit", help="单位：列出、新建、撤销。")
people = ChineseGroup("staff", help="人员：列出、新建、调动、停用、恢复、重置密码、角色。")


def _choice(kind: type[Word]) -> click.Choice[str]:
    return click.Choice([word.value for word in kind])


def _told(kind: type[Word]) -> str:
    return "、".join(f"{word.value} {word.label}" for word in kind)


@units.command("list")
@click.option("--all", "is_all", is_flag=True, help="连已撤销的一起列出。")
def list_units(*, is_all: bool) -> None:
    """列出单位：名称、编号、机关种类、适用办法，下级单位缩进。"""
    with refusing(UNREAD), reading() as session:
        rows = session.scalars(select(Unit).order_by(Unit.name, Unit.id)).all()
        by_parent: dict[str | None, list[Unit]] = {}
        for row in rows:
            by_parent.setdefault(row.parent_id, []).append(row)
        for depth, unit in _tree(by_parent, None, 0):
            if unit.is_active or is_all:
                closed = "" if unit.is_active else "，已撤销"
                click.echo(
                    f"{'  ' * depth}{unit.name}  {unit.id}  {unit.organ_type.label}，{unit.measure.label}{closed}"
                )
    if not rows:
        click.echo("还没有单位")


@units.command("create")
@click.argument("name", metavar="全称")
@click.option("--organ-type", required=True, type=_choice(OrganType), help=f"机关种类：{_told(OrganType)}。")
@click.option(
    "--measure", required=True, type=_choice(Measure), help="适用办法：tan 金坛，lu 泸州；定了不能改。"
)
@click.option("--parent", metavar="上级单位", help="全称或编号；不写就是最上级。")
@click.option("--address", default="", metavar="地址", help="办公地址，可以不写。")
@click.option("--complaint-phone", default="", metavar="电话", help="投诉举报电话，可以不写。")
def make_unit(
    name: str, organ_type: str, measure: str, parent: str | None, address: str, complaint_phone: str
) -> None:
    """新建一个单位，随即有它自己的空台账链。"""
    given = {"name": name, "organ_type": organ_type, "address": address or None}
    data = checked(UnitChangeIn(), given | {"complaint_phone": complaint_phone or None}, LABELS)
    with _changing() as work:
        made = create_unit(
            work,
            name=data["name"],
            organ_type=data["organ_type"],
            measure=Measure(measure),
            parent=unit_named(work, parent) if parent else None,
            address=data.get("address", ""),
            complaint_phone=data.get("complaint_phone", ""),
        )
        told = f"已新建：{made.name}  {made.id}"
    click.echo(told)


@units.command("close")
@click.argument("name", metavar="单位")
def end_unit(name: str) -> None:
    """撤销一个单位：科室、岗位和岗牌一起停用。有没办结的事项、下级单位或者在用的人员时不做。"""
    with _changing() as work:
        close_unit(work, unit_named(work, name))
    click.echo(f"已撤销：{name}")


@people.command("list")
@click.argument("unit", metavar="单位")
def list_people(unit: str) -> None:
    """列出一个单位的人员：姓名、用户名、科室、角色、是否停用。"""
    with refusing(UNREAD), reading() as session:
        work = _work(session)
        rows = session.scalars(
            select(Staff).where(Staff.unit_id == unit_named(work, unit).id).order_by(Staff.name, Staff.id)
        ).all()
        for row in rows:
            roles = "、".join(sorted({grant.role.label for grant in row.grants}))
            where = row.section.name if row.section else "不在科室"
            click.echo(f"{row.name}  {row.username}  {where}  {roles}{'' if row.is_active else '  已停用'}")
    if not rows:
        click.echo("还没有人员")


@people.command("create")
@click.argument("username", metavar="用户名")
@click.option("--name", required=True, metavar="姓名", help="姓名。")
@click.option("--unit", required=True, metavar="单位", help="全称或编号。")
@click.option("--section", metavar="科室", help="名称；领导等不在科室的不写。")
@click.option(
    "--employment", default="civil_servant", type=_choice(Employment), help=f"用工性质：{_told(Employment)}。"
)
def make_person(username: str, name: str, unit: str, section: str | None, employment: str) -> None:
    """新建一个账号，打印一次初始密码；本人第一次登录要换成自己的。"""
    given = {"username": username, "name": name, "employment": employment}
    data = checked(StaffIn(), given, LABELS | {"name": "姓名"})
    first = make_first_password(_tools())
    with _changing() as work:
        where = unit_named(work, unit)
        place = section_named(work, where, section) if section else None
        made = create_staff(
            work,
            unit=where,
            section=place,
            username=data["username"],
            name=data["name"],
            employment=data["employment"],
            password=first,
        )
        if place is not None:
            grant_role(work, made, Role.HANDLER, section=place)
        lines = _secrets(work, made)
    click.echo(f"已新建：{data['name']}（{data['username']}）")
    click.echo("\n".join(lines))


@people.command("move")
@click.argument("username", metavar="用户名")
@click.option("--unit", required=True, metavar="单位", help="调到哪个单位：全称或编号。")
@click.option("--section", metavar="科室", help="调到哪个科室；领导等不在科室的不写。")
@click.option("--reassign-to", metavar="用户名", help="没办结的事项由谁接手。")
@click.option("--posts-to", metavar="用户名", help="岗位由谁接任；不写就由第一替岗接任。")
def move_person(
    username: str, unit: str, section: str | None, reassign_to: str | None, posts_to: str | None
) -> None:
    """调动。名下没办结的事项、岗位一次交给别人；没有写由谁接手就不做，并列出有哪些。"""
    with _changing() as work:
        staff, where = person_named(work, username), unit_named(work, unit)
        place = section_named(work, where, section) if section else None
        heir, keeper = _perhaps(work, reassign_to), _perhaps(work, posts_to)
        move_staff(work, staff, where, place, reassign_to=heir, posts_to=keeper)
    click.echo(f"已调动：{username}")


@people.command("disable")
@click.argument("username", metavar="用户名")
@click.option("--reassign-to", metavar="用户名", help="没办结的事项由谁接手。")
@click.option("--posts-to", metavar="用户名", help="岗位由谁接任；不写就由第一替岗接任。")
def disable_person(username: str, reassign_to: str | None, posts_to: str | None) -> None:
    """停用账号：角色收回，登录和绑定的微信马上失效。没有写由谁接手就不做，并列出有哪些事项。"""
    with _changing() as work:
        staff = person_named(work, username)
        deactivate_staff(
            work, staff, reassign_to=_perhaps(work, reassign_to), posts_to=_perhaps(work, posts_to)
        )
    click.echo(f"已停用：{username}")


@people.command("restore")
@click.argument("username", metavar="用户名")
def restore_person(username: str) -> None:
    """恢复停用的账号：回到原来的科室，只有工作人员角色，其他角色要重新授予；密码还是原来的。"""
    with _changing() as work:
        named = select(Staff).where(or_(Staff.username == username, Staff.id == username))
        staff = _one(work.session.scalars(named).all(), f"“{username}”这个用户名")
        if staff.is_active:
            raise Refusal("没有做：这个账号没有停用")
        restore_staff(work, staff)
    click.echo(f"已恢复：{username}")


@people.command("reset-password")
@click.argument("username", metavar="用户名")
@click.option("--totp", is_flag=True, help="同时更换动态口令，打印密钥。")
def reset(username: str, *, totp: bool) -> None:
    """重置密码，打印一次初始密码；所有登录马上失效。"""
    first = make_first_password(_tools())
    with _changing() as work:
        staff = person_named(work, username)
        reset_password(work, staff, first, with_totp=totp)
        lines = _secrets(work, staff)
    click.echo("\n".join(lines))


@people.command(
    "grant", help="授予角色。牵头部门、审计、系统管理三者只能有其一。\n\n\b\n角色：\n" + ROLES_TOLD
)
@click.argument("username", metavar="用户名")
@click.argument("role", metavar="角色", type=_choice(Role))
@click.option("--section", metavar="科室", help="工作人员、首问责任岗、科室负责人、分管领导要写。")
def grant(username: str, role: str, section: str | None) -> None:
    with _changing() as work:
        staff = person_named(work, username)
        give_role(work, staff, Role(role), section_named(work, staff.unit, section) if section else None)
    click.echo(f"已授予：{username} {Role(role).label}")


@people.command("revoke", help="收回角色，马上生效。\n\n\b\n角色：\n" + ROLES_TOLD)
@click.argument("username", metavar="用户名")
@click.argument("role", metavar="角色", type=_choice(Role))
@click.option("--section", metavar="科室", help="科室的角色要写。")
def revoke(username: str, role: str, section: str | None) -> None:
    wanted = Role(role)
    with _changing() as work:
        staff = person_named(work, username)
        place = section_named(work, staff.unit, section) if section else None
        if (wanted in SECTION_ROLES) != (place is not None):
            raise Refusal("没有做：科室的角色要写科室，全单位的不写")
        held = [g for g in staff.grants if g.role is wanted and g.section_id == (place.id if place else None)]
        if not held:
            raise Refusal("没有做：本来就没有这个角色")
        revoke_role(work, staff, held[0])
    click.echo(f"已收回：{username} {wanted.label}")


def unit_named(work: Work, given: str) -> Unit:
    """The one unit in use of a name or id. Raises Refusal."""
    named = select(Unit).where(or_(Unit.id == given, Unit.name == given), Unit.is_active)
    return _one(work.session.scalars(named).all(), f"叫“{given}”的单位")


def section_named(work: Work, unit: Unit, given: str) -> Section:
    named = select(Section).where(
        or_(Section.id == given, Section.name == given), Section.unit_id == unit.id, Section.is_active
    )
    return _one(work.session.scalars(named).all(), f"{unit.name}叫“{given}”的科室")


def person_named(work: Work, given: str) -> Staff:
    named = select(Staff).where(or_(Staff.username == given, Staff.id == given), Staff.is_active)
    return _one(work.session.scalars(named).all(), f"“{given}”这个在用的用户名")


def _one(rows: Sequence[Row], what: str) -> Row:
    if len(rows) != 1:
        raise Refusal(f"没有做：{what}{'不止一个，请改用编号' if rows else '没有找到'}")
    return rows[0]


def _perhaps(work: Work, given: str | None) -> Staff | None:
    return person_named(work, given) if given else None


@contextmanager
def _changing() -> Iterator[Work]:
    """A unit of work in the operator's name; what a rule refuses ends the command with one clear line."""
    with refusing("没有做"):
        try:
            with unit_of_work() as session:
                yield _work(session)
        except OwnerHasOpenCases as error:
            cases = "、".join(display_number(one["number"]) for one in error.data["inquiries"])
            raise Refusal(
                f"没有做：名下还有 {error.data['count']} 件没有办结，请用 --reassign-to 写明由谁接手：{cases}"
            ) from None


def _work(session: object) -> Work:
    return Work(session, SYSTEM, clock.now(), _tools(), working_calendar(session))  # type: ignore[arg-type]


def _tools() -> Tools:
    made: Tools = current_app.extensions["shouwen_tools"]
    return made


def _secrets(work: Work, staff: Staff) -> list[str]:
    shown = shown_secrets(work, staff)
    if shown is None:
        return []
    lines = [f"初始密码：{shown.password}（只显示这一次，请当面交给本人）"]
    if shown.totp_secret:
        lines.append(f"动态口令密钥：{shown.totp_secret}")
    return lines


def _tree(
    by_parent: dict[str | None, list[Unit]], parent: str | None, depth: int
) -> Iterator[tuple[int, Unit]]:
    for unit in by_parent.get(parent, []):
        yield depth, unit
        yield from _tree(by_parent, unit.id, depth + 1)
