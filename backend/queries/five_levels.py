"""五级责任 of a unit on one page: who carries which of the five, and what is still missing (泸 一; 附件1 第8-13项)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select

from backend.domain.identity import SECOND_FACTOR
from backend.domain.vocabulary import Employment, Measure, PostKind, Role
from backend.models import Post, RoleGrant, Section, Sign, Staff, Unit
from backend.queries.people import ref
from backend.services.work import Work

DUTY = "five-levels"


class _Facts(NamedTuple):
    """Everything active of a unit, read once."""

    sections: list[Section]
    staff: dict[str, Staff]
    posts: list[Post]
    by_role: dict[Role, list[RoleGrant]]
    signed: frozenset[str]
    """Posts with a sign in use."""


def five_levels(work: Work, unit: Unit) -> dict[str, Any]:
    """主要领导 apart from 分管领导, 专门科室, 各科室, 干部职工; `missing` in the order of 附件1."""
    facts = _facts(work, unit)
    deputies = _deputy_leaders(facts)
    sections = [_section(facts, section) for section in facts.sections]
    dedicated = next((one for one in sections if one["is_dedicated"]), None)
    general = _post(facts, next((post for post in facts.posts if post.kind is PostKind.GENERAL), None))
    levels = {
        "principals": _people(facts, Role.PRINCIPAL_LEADER),
        "deputies": deputies,
        "dedicated": dedicated,
        "general": general,
        "unit_posts": [
            _post(facts, post)
            for post in facts.posts
            if post.kind in {PostKind.DISCIPLINE, PostKind.OVERSIGHT}
        ],
        "sections": sections,
        "staff_count": len(facts.staff),
        "employment": _employment(facts),
        "without_section": [_person(one) for one in facts.staff.values() if one.section_id is None],
    }
    missing = _missing(facts, levels)
    if unit.measure is not Measure.LU:
        # 附件1 is 泸's: elsewhere the same is asked for by this product, and cites nothing.
        missing = [{**one, "item": ""} for one in missing]
    return {**levels, "missing": missing, "law": _law(work, unit)}


def _facts(work: Work, unit: Unit) -> _Facts:
    session = work.session
    sections = session.scalars(
        select(Section)
        .where(Section.unit_id == unit.id, Section.is_active)
        .order_by(Section.is_dedicated.desc(), Section.name, Section.id)
    ).all()
    people = session.scalars(
        select(Staff).where(Staff.unit_id == unit.id, Staff.is_active).order_by(Staff.name, Staff.id)
    ).all()
    posts = session.scalars(
        select(Post).where(Post.unit_id == unit.id, Post.is_active).order_by(Post.kind, Post.id)
    ).all()
    by_role: dict[Role, list[RoleGrant]] = defaultdict(list)
    for grant in session.scalars(
        select(RoleGrant)
        .join(Staff, Staff.id == RoleGrant.staff_id)
        .where(RoleGrant.unit_id == unit.id, Staff.is_active)
        .order_by(Staff.name, Staff.id)
    ):
        by_role[grant.role].append(grant)
    signed = session.scalars(
        select(Sign.post_id).where(Sign.post_id.in_([post.id for post in posts]), Sign.retired_at.is_(None))
    )
    return _Facts(list(sections), {one.id: one for one in people}, list(posts), by_role, frozenset(signed))


def _people(facts: _Facts, role: Role, section_id: str | None = None) -> list[dict[str, Any]]:
    return [
        _person(facts.staff[grant.staff_id])
        for grant in facts.by_role[role]
        if grant.staff_id in facts.staff and (section_id is None or grant.section_id == section_id)
    ]


def _person(staff: Staff) -> dict[str, Any]:
    return {"id": staff.id, "name": staff.name, "employment_label": staff.employment.label}


def _deputy_leaders(facts: _Facts) -> list[dict[str, Any]]:
    """Each with the sections in their charge."""
    names = {section.id: section.name for section in facts.sections}
    led: dict[str, list[str]] = defaultdict(list)
    for grant in facts.by_role[Role.DEPUTY_LEADER]:
        if grant.staff_id in facts.staff and grant.section_id in names:
            led[grant.staff_id].append(names[grant.section_id])
    return [_person(facts.staff[staff_id]) | {"sections": sorted(led[staff_id])} for staff_id in led]


def _section(facts: _Facts, section: Section) -> dict[str, Any]:
    post = next((one for one in facts.posts if one.section_id == section.id), None)
    return {
        "id": section.id,
        "name": section.name,
        "kind_label": section.kind.label,
        "is_dedicated": section.is_dedicated,
        "heads": _people(facts, Role.SECTION_HEAD, section.id),
        "handlers": _people(facts, Role.HANDLER, section.id),
        "led": any(grant.section_id == section.id for grant in facts.by_role[Role.DEPUTY_LEADER]),
        "post": _post(facts, post),
    }


def _post(facts: _Facts, post: Post | None) -> dict[str, Any] | None:
    if post is None:
        return None
    return {
        "id": post.id,
        "kind": post.kind.value,
        "kind_label": post.kind.label,
        "location": post.location,
        "phone": post.phone,
        "holder": ref(post.holder),
        "deputies": [ref(one.staff) for one in post.deputies],
        "has_sign": post.id in facts.signed,
    }


def _employment(facts: _Facts) -> list[tuple[str, int]]:
    counted = Counter(one.employment for one in facts.staff.values())
    return [(kind.label, counted[kind]) for kind in Employment if counted[kind]]


def _missing(facts: _Facts, levels: dict[str, Any]) -> list[dict[str, str]]:
    """What 附件1 asks for and the organisation does not show yet."""
    found = [*_of_leaders(levels), *_of_the_dedicated(levels)]
    for one in levels["sections"]:
        found += _of_section(one)
    granted = {grant.staff_id for grants in facts.by_role.values() for grant in grants}
    idle = [one.name for one in facts.staff.values() if one.id not in granted]
    if idle:
        found.append(("附件1第11项", f"这些人还没有任何角色：{'、'.join(idle)}。"))
    open_by_password = _without_second_factor(facts)
    if open_by_password:
        names = "、".join(open_by_password)
        found.append(("系统设定", f"这些人要有动态口令，还没有：{names}。请在人员页重置密码时勾选。"))
    return [{"item": item, "text": text} for item, text in found]


def _without_second_factor(facts: _Facts) -> list[str]:
    """Who can do most or look furthest, and signs in with a password alone."""
    granted = {grant.staff_id for role in SECOND_FACTOR for grant in facts.by_role[role]}
    return [one.name for one in facts.staff.values() if one.id in granted and one.totp_sealed is None]


def _of_leaders(levels: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if not levels["principals"]:
        yield "五级责任", "没有主要领导。"
    if not levels["deputies"]:
        yield "附件1第8项", "没有明确分管领导。"
        return
    unled = [one["name"] for one in levels["sections"] if not one["led"]]
    if unled:
        yield "附件1第8项", f"这些科室没有分管领导：{'、'.join(unled)}。"


def _of_the_dedicated(levels: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if levels["dedicated"] is None:
        yield "附件1第9项", "没有安排专门科室。"
    if levels["general"] is None:
        yield "附件1第9项", "没有设首问责任总岗。"
        return
    if levels["general"]["holder"] is None:
        yield "附件1第9项", "首问责任总岗没有专人。"
    elif not levels["general"]["deputies"]:
        yield "附件1第9项", "首问责任总岗没有替岗的人（AB 岗）。"
    if not levels["general"]["has_sign"]:
        yield "附件1第12项", "首问责任总岗没有岗牌。"


def _of_section(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name, post = one["name"], one["post"]
    if not one["heads"]:
        yield "附件1第10项", f"{name}没有负责人。"
    if post is None:
        yield "附件1第10项", f"{name}没有设首问责任岗。"
    elif post["holder"] is None:
        yield "附件1第10项", f"{name}的首问责任岗没有人。"
    elif not post["deputies"]:
        yield "附件1第10项", f"{name}的首问责任岗没有替岗的人（AB 岗）。"
    if post is not None and not post["has_sign"]:
        yield "附件1第13项", f"{name}的首问责任岗没有岗牌。"
    if not one["handlers"]:
        yield "附件1第11项", f"{name}没有工作人员，转交给它没有人能承接。"


def _law(work: Work, unit: Unit) -> dict[str, str] | None:
    """The clause, where it binds the unit: 坛 knows no five levels, there they are ours."""
    if unit.measure is not Measure.LU:
        return None
    duty = work.tools.statute.duty(unit.measure, DUTY)
    return {"clause": duty.clause, "quote": "……".join(duty.quote)}
