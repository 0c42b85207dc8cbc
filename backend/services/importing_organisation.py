"""Units, sections, people and posts from a workbook: checked whole first, every mistake told at once, then made in one go.

What is there already, as the table says it, stays as it is: the same file twice makes nothing twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from sqlalchemy import select

from backend.domain import import_tables as tables
from backend.domain.errors import DomainError, FieldInvalid
from backend.domain.imports import Findings, Row, SheetLike, rows_of
from backend.domain.vocabulary import Employment, Measure, OrganType, Role, SectionKind
from backend.models import Section, Staff, Unit
from backend.services.contacts import parse_phone
from backend.services.importing_posts import PostPlan, check_posts, make_posts
from backend.services.organising import FirstPassword, create_section, create_staff, create_unit, grant_role
from backend.services.work import Work

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,31}")


@dataclass(slots=True)
class UnitPlan:
    row: Row
    name: str
    parent: str
    organ_type: OrganType
    measure: Measure
    closes_at: time | None
    address: str
    complaint_phone: str


@dataclass(slots=True)
class SectionPlan:
    row: Row
    unit: str
    name: str
    kind: SectionKind
    is_dedicated: bool


@dataclass(slots=True)
class StaffPlan:
    row: Row
    unit: str
    section: str | None
    name: str
    username: str
    employment: Employment
    phone: str | None
    heads: bool
    is_principal: bool
    leads: tuple[str, ...]


@dataclass(slots=True)
class Known:
    """What there is in the units within reach, by name; filled up with what the file adds."""

    units: dict[str, Unit | None] = field(default_factory=dict)
    sections: dict[tuple[str, str], Section | None] = field(default_factory=dict)
    dedicated: dict[str, str] = field(default_factory=dict)
    staff: dict[str, Staff | None] = field(default_factory=dict)
    staff_unit: dict[str, str] = field(default_factory=dict)
    foreign_units: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Plan:
    """What a file makes, in the order in which it has to be made; `kept` is what was there before."""

    findings: Findings = field(default_factory=Findings)
    units: list[UnitPlan] = field(default_factory=list)
    sections: list[SectionPlan] = field(default_factory=list)
    staff: list[StaffPlan] = field(default_factory=list)
    posts: list[PostPlan] = field(default_factory=list)
    kept: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "units": len(self.units),
            "sections": len(self.sections),
            "staff": len(self.staff),
            "posts": len(self.posts),
            "kept": self.kept,
        }

    @property
    def row_count(self) -> int:
        return len(self.units) + len(self.sections) + len(self.staff) + len(self.posts)


def check_organisation(work: Work, reach: Sequence[str] | None, sheets: Sequence[SheetLike]) -> Plan:
    """Read and judge the whole file; nothing is written. `reach` are the units it may touch, None: every one."""
    plan, known = Plan(), _known(work, reach)
    present = {sheet.name.strip() for sheet in sheets}
    if not present & {table.name for table in tables.ORGANISATION}:
        plan.findings.add("文件", 0, "", "没有“单位”“科室”“人员”“岗位”中的任何一张表，请用下载的模板填写。")
        return plan
    for row in rows_of(sheets, tables.UNITS, plan.findings, needed=False):
        _unit(plan, known, row, may_found=reach is None)
    _order_units(plan, known)
    for row in rows_of(sheets, tables.SECTIONS, plan.findings, needed=False):
        _section(plan, known, row)
    for row in rows_of(sheets, tables.STAFF, plan.findings, needed=False):
        _person(plan, known, row)
    rows = rows_of(sheets, tables.POSTS, plan.findings, needed=False)
    plan.posts, kept = check_posts(
        work, known.sections, known.staff, known.staff_unit, known.units, rows, reach
    )
    plan.kept += kept
    if not plan.findings.count and not plan.row_count and not plan.kept:
        plan.findings.add("文件", 0, "", "一行也没有。")
    return plan


def make_organisation(work: Work, plan: Plan, first: Sequence[FirstPassword]) -> Findings:
    """Make it all in this transaction. What a rule refuses all the same is told by its row: then undo everything.

    `first` has a first password for every new person, hashed before the writer's turn.
    """
    findings = Findings()
    units = {unit.name: unit for unit in work.session.scalars(select(Unit).where(Unit.is_active))}
    passwords = iter(first)
    for one in plan.units:
        made = _try(findings, one.row, lambda one=one: _make_unit(work, units, one))
        if made is not None:
            units[one.name] = made
    for section in plan.sections:
        _try(findings, section.row, lambda one=section: _make_section(work, units, one))
    for person in plan.staff:
        _try(findings, person.row, lambda one=person: _make_person(work, units, one, next(passwords)))
    for post in plan.posts:
        _try(findings, post.row, lambda one=post: make_posts(work, units, one))
    return findings


def _try(findings: Findings, row: Row, make: Any) -> Any:
    """Make one thing; a refusal is told by its row, and the next one is tried all the same."""
    if findings.count:
        return None
    try:
        return make()
    except FieldInvalid as error:
        findings.add(row.sheet, row.number, "", str(error))
    except DomainError as error:
        findings.add(row.sheet, row.number, "", error.detail or error.code)
    return None


def _known(work: Work, reach: Sequence[str] | None) -> Known:
    session, known = work.session, Known()
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.is_active))}
    for unit in units.values():
        if reach is None or unit.id in reach:
            known.units[unit.name] = unit
        else:
            known.foreign_units.add(unit.name)
    for section in session.scalars(select(Section).where(Section.is_active)):
        if section.unit_id in units:
            known.sections[units[section.unit_id].name, section.name] = section
            if section.is_dedicated:
                known.dedicated[units[section.unit_id].name] = section.name
    for staff in session.scalars(select(Staff)):
        known.staff[staff.username] = staff
        if staff.unit_id in units:
            known.staff_unit[staff.username] = units[staff.unit_id].name
    return known


def _unit(plan: Plan, known: Known, row: Row, *, may_found: bool) -> None:
    name_of, parent_of, organ, measure, closes, address, phone = tables.UNITS.columns
    if may_found:
        parent_of = parent_of._replace(required=False)
    name, parent = row.text(name_of), row.text(parent_of)
    organ_type, which = row.word(organ, OrganType), row.word(measure, Measure)
    closes_at = _clock(row, closes)
    details = row.text(address) or "", row.text(phone) or ""
    if name is None or organ_type is None or which is None or (parent is None and not may_found):
        return
    there = known.units.get(name)
    if there is not None:
        above = there.parent.name if there.parent else ""
        if (there.organ_type, there.measure, above) == (organ_type, which, parent or ""):
            plan.kept += 1
        else:
            row.wrong(
                name_of.label,
                "已经有这个单位，机关种类、适用办法或者上级单位和表里不一样；要改请到页面上改。",
            )
        return
    if name in known.units or name in known.foreign_units:
        row.wrong(name_of.label, "重名：表里或者系统里已经有叫这个名字的单位。")
        return
    known.units[name] = None
    plan.units.append(UnitPlan(row, name, parent or "", organ_type, which, closes_at, *details))


def _order_units(plan: Plan, known: Known) -> None:
    """Parents before children; one that hangs on nothing that there is, or in a circle, is a mistake."""
    waiting, placed = plan.units, [name for name, unit in known.units.items() if unit is not None]
    done, ordered = {"", *placed}, []
    while waiting:
        ready = [one for one in waiting if one.parent in done]
        if not ready:
            break
        ordered += ready
        done |= {one.name for one in ready}
        waiting = [one for one in waiting if one not in ready]
    for one in waiting:
        what = (
            "互为上级，绕成了圈。"
            if one.parent in known.units
            else f"没有“{one.parent}”这个单位，或者不归您管。"
        )
        one.row.wrong("上级单位", what)
    plan.units = ordered


def _section(plan: Plan, known: Known, row: Row) -> None:
    unit_of, name_of, kind_of, dedicated_of = tables.SECTIONS.columns
    unit, name = find_unit(known, row, unit_of), row.text(name_of)
    kind, is_dedicated = row.word(kind_of, SectionKind), row.flag(dedicated_of)
    if unit is None or name is None or kind is None:
        return
    there = known.sections.get((unit, name))
    if there is not None:
        if (there.kind, there.is_dedicated) == (kind, is_dedicated):
            plan.kept += 1
        else:
            row.wrong(name_of.label, "已经有这个科室，种类或者专门科室和表里不一样；要改请到页面上改。")
        return
    if (unit, name) in known.sections:
        row.wrong(name_of.label, "表里有两行是同一个科室。")
        return
    if is_dedicated and unit in known.dedicated:
        row.wrong(dedicated_of.label, f"{unit}已经有专门科室：{known.dedicated[unit]}。")
        return
    if is_dedicated:
        known.dedicated[unit] = name
    known.sections[unit, name] = None
    plan.sections.append(SectionPlan(row, unit, name, kind, is_dedicated))


def _person(plan: Plan, known: Known, row: Row) -> None:
    unit_of, section_of, name_of, login_of, job_of, phone_of, head_of, principal_of, led_of = (
        tables.STAFF.columns
    )
    unit, section, name = find_unit(known, row, unit_of), row.text(section_of), row.text(name_of)
    username, employment, phone = row.text(login_of), row.word(job_of, Employment), row.text(phone_of)
    heads, is_principal, led = row.flag(head_of), row.flag(principal_of), row.text(led_of)
    if unit is not None and section is not None and (unit, section) not in known.sections:
        row.wrong(section_of.label, f"{unit}没有“{section}”这个科室。")
        section = None
    if heads and section is None:
        row.wrong(head_of.label, "科室负责人要写明科室。")
    leads = tuple(part for part in re.split(r"[、,，;；\s]+", led or "") if part)
    for part in leads:
        if unit is not None and (unit, part) not in known.sections:
            row.wrong(led_of.label, f"{unit}没有“{part}”这个科室。")
    if phone is not None and not _is_phone(phone):
        row.wrong(phone_of.label, "电话号码不对。")
    if username is not None and not USERNAME.fullmatch(username):
        row.wrong(login_of.label, "用户名是 3 到 32 个英文字母、数字、点、横线。")
        return
    if unit is None or name is None or username is None or employment is None:
        return
    if username in known.staff:
        there = known.staff[username]
        has = section, employment, (heads, is_principal, frozenset(leads))
        told = _known_already(known, there, name, unit, has)
        if told is None:
            plan.kept += 1
        else:
            row.wrong(login_of.label, told)
        return
    known.staff[username] = None
    known.staff_unit[username] = unit
    plan.staff.append(
        StaffPlan(row, unit, section, name, username, employment, phone, heads, is_principal, leads)
    )


def _known_already(
    known: Known, there: Staff | None, name: str, unit: str, has: tuple[Any, ...]
) -> str | None:
    """What is wrong with a row whose user name is taken; None where it says of its person what is so already."""
    if there is None:
        return "表里有两行用了这个用户名。"
    if not there.is_active or (there.name, known.staff_unit.get(there.username)) != (name, unit):
        return "这个用户名已经有人使用（包括停用的账号）。"
    section = there.section.name if there.section else None
    if (section, there.employment, _duties(known, unit, there)) != has:
        return "已经有这个人，科室、用工性质或者职务和表里不一样；要改请到页面上改。"
    return None


def _duties(known: Known, unit: str, staff: Staff) -> tuple[bool, bool, frozenset[str]]:
    """Whether somebody heads their section or the unit, and which sections they lead, as the columns of a sheet say it."""
    held = {(grant.role, grant.section_id) for grant in staff.grants}
    return (
        (Role.SECTION_HEAD, staff.section_id) in held,
        any(role is Role.PRINCIPAL_LEADER for role, _ in held),
        frozenset(
            name
            for (of_unit, name), section in known.sections.items()
            if of_unit == unit and section is not None and (Role.DEPUTY_LEADER, section.id) in held
        ),
    )


def find_unit(known: Known, row: Row, column: Any) -> str | None:
    """The unit a row names, if it is within reach or made by this file."""
    name: str | None = row.text(column)
    if name is not None and name not in known.units:
        row.wrong(column.label, f"没有“{name}”这个单位，或者不归您管。")
        return None
    return name


def _clock(row: Row, column: Any) -> time | None:
    said = row.text(column)
    if said is None:
        return None
    try:
        return time.fromisoformat(said.replace("：", ":")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        row.wrong(column.label, "写成 17:30 这样。")
        return None


def _is_phone(text: str) -> bool:
    try:
        parse_phone(text)
    except FieldInvalid:
        return False
    return True


def _make_unit(work: Work, units: dict[str, Unit], one: UnitPlan) -> Unit:
    return create_unit(
        work,
        name=one.name,
        organ_type=one.organ_type,
        measure=one.measure,
        parent=units[one.parent] if one.parent else None,
        closes_at=one.closes_at,
        address=one.address,
        complaint_phone=one.complaint_phone,
    )


def _make_section(work: Work, units: dict[str, Unit], one: SectionPlan) -> Section:
    return create_section(work, units[one.unit], name=one.name, kind=one.kind, is_dedicated=one.is_dedicated)


def _make_person(work: Work, units: dict[str, Unit], one: StaffPlan, first: FirstPassword) -> Staff:
    unit = units[one.unit]
    section = section_named(work, unit, one.section) if one.section else None
    staff = create_staff(
        work,
        unit=unit,
        section=section,
        username=one.username,
        name=one.name,
        employment=one.employment,
        phone=one.phone,
        password=first,
    )
    if section is not None:
        grant_role(work, staff, Role.HANDLER, section=section)
        if one.heads:
            grant_role(work, staff, Role.SECTION_HEAD, section=section)
    if one.is_principal:
        grant_role(work, staff, Role.PRINCIPAL_LEADER)
    for name in one.leads:
        grant_role(work, staff, Role.DEPUTY_LEADER, section=section_named(work, unit, name))
    return staff


def section_named(work: Work, unit: Unit, name: str) -> Section:
    """A section in use, by its name."""
    query = select(Section).where(Section.unit_id == unit.id, Section.name == name, Section.is_active)
    return work.session.scalars(query).one()
