"""Posts from a workbook: who keeps them, who stands in. Part of the import of the organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.domain import import_tables as tables
from backend.domain.identity import NEVER_HOLDERS
from backend.domain.imports import Column, Row
from backend.domain.vocabulary import PostKind
from backend.models import Post, Section, Staff, Unit
from backend.services.administering import LEAD_OFFICE_REFUSED, may_make_lead_office
from backend.services.posts import set_up_post
from backend.services.work import Work


@dataclass(slots=True)
class PostPlan:
    row: Row
    unit: str
    kind: PostKind
    section: str | None
    location: str
    phone: str
    holder: str
    deputies: tuple[str, ...]


def check_posts(
    work: Work,
    sections: Mapping[tuple[str, str], Section | None],
    staff: Mapping[str, Staff | None],
    staff_unit: Mapping[str, str],
    units: Mapping[str, Unit | None],
    rows: Iterable[Row],
    reach: Collection[str] | None,
) -> tuple[list[PostPlan], int]:
    """What the rows make, and how many are there already. `reach` are the units the file may touch, None: every one."""
    standing = _standing(work)
    plans: list[PostPlan] = []
    kept = 0
    for row in rows:
        plan = _read(row, sections, staff, staff_unit, units)
        if plan is None:
            continue
        place = plan.unit, plan.kind, plan.section
        if place in standing:
            if standing[place] == plan.holder:
                kept += 1
            else:
                row.wrong("岗位", "已经设有这个岗；要换责任人请到页面上改。")
            continue
        # A unit the file itself makes hangs below one within reach.
        unit = units[plan.unit]
        is_lead = plan.kind is PostKind.OVERSIGHT
        if is_lead and reach is not None and unit is not None and not may_make_lead_office(unit, reach):
            row.wrong("岗位", LEAD_OFFICE_REFUSED)
            continue
        standing[place] = plan.holder
        plans.append(plan)
    return plans, kept


def make_posts(work: Work, units: Mapping[str, Unit], plan: PostPlan) -> Post:
    """Set it up, with the role of whoever holds it. Raises FieldInvalid, PowersNotSplit."""
    unit = units[plan.unit]
    people = {
        one.username: one
        for one in work.session.scalars(
            select(Staff).where(Staff.username.in_((plan.holder, *plan.deputies)))
        )
    }
    section = None
    if plan.section is not None:
        query = select(Section).where(
            Section.unit_id == unit.id, Section.name == plan.section, Section.is_active
        )
        section = work.session.scalars(query).one()
    return set_up_post(
        work,
        plan.kind,
        unit=unit,
        section=section,
        holder=people[plan.holder],
        deputies=[people[name] for name in plan.deputies],
        location=plan.location,
        phone=plan.phone,
    )


def _standing(work: Work) -> dict[tuple[str, PostKind, str | None], str | None]:
    """Every post there is and the user name of its holder."""
    rows = work.session.execute(
        select(Unit.name, Post.kind, Section.name, Staff.username)
        .join(Unit, Unit.id == Post.unit_id)
        .outerjoin(Section, Section.id == Post.section_id)
        .outerjoin(Staff, Staff.id == Post.holder_id)
        .where(Post.is_active)
    )
    return {(unit, kind, section): holder for unit, kind, section, holder in rows}


def _read(
    row: Row,
    sections: Mapping[tuple[str, str], Section | None],
    staff: Mapping[str, Staff | None],
    staff_unit: Mapping[str, str],
    units: Mapping[str, Unit | None],
) -> PostPlan | None:
    unit_of, kind_of, section_of, location_of, phone_of, holder_of, first_of, second_of = tables.POSTS.columns
    unit, kind, section = row.text(unit_of), row.word(kind_of, PostKind), row.text(section_of)
    location, phone = row.text(location_of) or "", row.text(phone_of) or ""
    keepers = [(column, row.text(column)) for column in (holder_of, first_of, second_of)]
    if unit is not None and unit not in units:
        row.wrong(unit_of.label, f"没有“{unit}”这个单位，或者不归您管。")
        return None
    if unit is None or kind is None:
        return None
    if (kind is PostKind.SECTION) != (section is not None):
        row.wrong(section_of.label, "首问责任岗要写明科室，其他岗不写。")
        return None
    if section is not None and (unit, section) not in sections:
        row.wrong(section_of.label, f"{unit}没有“{section}”这个科室。")
        return None
    names = [
        name
        for column, name in keepers
        if name is not None and _keeps(row, column, name, unit, staff, staff_unit)
    ]
    if len(set(names)) < len(names):
        row.wrong(first_of.label, "同一个人不能既是责任人又是替岗，也不能重复。")
    holder = keepers[0][1]
    if holder is None or len(names) < sum(1 for _, name in keepers if name):
        return None
    return PostPlan(row, unit, kind, section, location, phone, holder, tuple(names[1:]))


def _keeps(
    row: Row,
    column: Column,
    name: str,
    unit: str,
    staff: Mapping[str, Staff | None],
    staff_unit: Mapping[str, str],
) -> bool:
    """Whether somebody of this user name can keep a post of the unit; who left cannot."""
    if name not in staff:
        row.wrong(column.label, f"没有“{name}”这个用户名。")
        return False
    person = staff[name]
    if person is not None and not person.is_active:
        row.wrong(column.label, f"{person.name}（{name}）的账号已经停用，不能守岗。")
        return False
    if staff_unit.get(name) != unit:
        row.wrong(column.label, f"“{name}”不是{unit}的人。")
        return False
    if person is not None and any(grant.role in NEVER_HOLDERS for grant in person.grants):
        row.wrong(column.label, f"“{name}”是审计或者系统管理，不能守岗。")
        return False
    return True
