"""The organisation as its administrator sees it: the tree, a section, a post, a person, and what was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload

from backend.domain.clocks import date_phrase
from backend.domain.identity import SECTION_ROLES, Identity
from backend.domain.ledger_form import moment_text
from backend.domain.numbers import display_number, display_sign_code
from backend.domain.vocabulary import Role
from backend.models import Absence, OrganisationChange, Post, PostDeputy, Section, Sign, Staff, Unit
from backend.queries.change_words import change_words
from backend.queries.cursors import read_cursor, write_cursor
from backend.queries.people import place_name, ref
from backend.services.administering import administered
from backend.services.leaving import open_cases, posts_held
from backend.services.staff_accounts import shown_secrets
from backend.services.work import Work

PAGE = 50
Group = tuple[str | None, list[tuple[str, str]]]
"""A group of options of a list to choose from."""


def unit_tree(work: Work, identity: Identity) -> list[dict[str, Any]]:
    """Every unit within reach, each below the one above it, with what it has."""
    ids = administered(work, identity)
    units = {unit.id: unit for unit in work.session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    sections = _counts(work, Section, ids)
    staff = _counts(work, Staff, ids)
    depth: dict[str, int] = {}
    for unit_id in ids:
        depth[unit_id] = depth.get(units[unit_id].parent_id or "", -1) + 1
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "organ_label": unit.organ_type.label,
            "measure": unit.measure.value,
            "measure_label": unit.measure.label,
            "is_active": unit.is_active,
            "depth": min(depth[unit.id], 5),
            "sections": sections.get(unit.id, 0),
            "staff": staff.get(unit.id, 0),
        }
        for unit in (units[unit_id] for unit_id in ids)
    ]


def unit_options(work: Work, identity: Identity, but: Unit | None = None) -> list[Group]:
    """Units in use within reach, to choose one."""
    ids = administered(work, identity)
    rows = work.session.scalars(select(Unit).where(Unit.id.in_(ids), Unit.is_active).order_by(Unit.name))
    return [(None, [(unit.id, unit.name) for unit in rows if but is None or unit.id != but.id])]


def place_options(work: Work, unit: Unit) -> list[Group]:
    """Where somebody can be moved in a unit: its sections, or no section, as `unit/section`."""
    sections = work.session.scalars(
        select(Section).where(Section.unit_id == unit.id, Section.is_active).order_by(Section.name)
    )
    places = [(f"{unit.id}/{one.id}", one.name) for one in sections]
    return [(unit.name, [*places, (f"{unit.id}/", "不在科室（领导等）")])]


def find_people(work: Work, identity: Identity, words: str) -> list[dict[str, Any]]:
    """Whose name or user name has these words in it, closed accounts as well; one more than is shown where there are."""
    named = Staff.name.icontains(words, autoescape=True) | Staff.username.icontains(words, autoescape=True)
    rows = work.session.scalars(
        select(Staff)
        .where(Staff.unit_id.in_(administered(work, identity)), named)
        .order_by(Staff.name, Staff.id)
        .limit(PAGE + 1)
        .options(joinedload(Staff.unit), joinedload(Staff.section))
    )
    return [
        {
            "id": one.id,
            "name": one.name,
            "username": one.username,
            "where": place_name(one.unit, one.section),
            "is_active": one.is_active,
        }
        for one in rows
    ]


def people_options(work: Work, unit: Unit, but: Staff | None = None) -> list[Group]:
    """The people in use of a unit, by section."""
    rows = work.session.scalars(
        select(Staff)
        .where(Staff.unit_id == unit.id, Staff.is_active)
        .order_by(Staff.name, Staff.id)
        .options(joinedload(Staff.section))
    )
    return people_groups([one for one in rows if but is None or one.id != but.id])


def people_groups(people: Sequence[Staff]) -> list[Group]:
    """People by section, to choose one; who shares a name with somebody is told apart by the user name."""
    named = Counter(one.name for one in people)
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in people:
        text = one.name if named[one.name] == 1 else f"{one.name}（{one.username}）"
        groups.setdefault(one.section.name if one.section else "不在科室", []).append((one.id, text))
    return [(name, groups[name]) for name in sorted(groups)]


def disabled_people(work: Work, unit: Unit) -> list[dict[str, Any]]:
    """Whose account of the unit is closed: from here they can be restored."""
    rows = work.session.scalars(
        select(Staff)
        .where(Staff.unit_id == unit.id, Staff.is_active.is_(False))
        .order_by(Staff.name, Staff.id)
        .options(joinedload(Staff.section))
    )
    return [
        {"id": one.id, "name": one.name, "username": one.username, "section": ref(one.section)}
        for one in rows
    ]


def section_options(work: Work, unit: Unit) -> list[Group]:
    rows = work.session.scalars(
        select(Section).where(Section.unit_id == unit.id, Section.is_active).order_by(Section.name)
    )
    return [(None, [(one.id, one.name) for one in rows])]


def section_shape(work: Work, section: Section) -> dict[str, Any]:
    """A section with its post and everybody in it, those who left included."""
    people = work.session.scalars(
        select(Staff)
        .where(Staff.section_id == section.id)
        .order_by(Staff.is_active.desc(), Staff.name, Staff.id)
    )
    post = work.session.scalar(select(Post).where(Post.section_id == section.id, Post.is_active))
    return {
        "id": section.id,
        "name": section.name,
        "kind": section.kind.value,
        "kind_label": section.kind.label,
        "is_dedicated": section.is_dedicated,
        "is_active": section.is_active,
        "unit": ref(section.unit),
        "measure": section.unit.measure.value,
        "post": {"id": post.id, "holder": ref(post.holder)} if post else None,
        "staff": [{"id": one.id, "name": one.name, "is_active": one.is_active} for one in people],
    }


def post_shape(work: Work, post: Post) -> dict[str, Any]:
    """A post with its keepers and its signs, newest first."""
    signs = work.session.scalars(
        select(Sign).where(Sign.post_id == post.id).order_by(Sign.issued_at.desc(), Sign.id)
    )
    return {
        "id": post.id,
        "kind_label": post.kind.label,
        "is_active": post.is_active,
        "unit": ref(post.unit),
        "measure": post.unit.measure.value,
        "section": ref(post.section),
        "where": place_name(post.unit, post.section),
        "location": post.location,
        "phone": post.phone,
        "holder": ref(post.holder),
        "deputies": [ref(one.staff) for one in post.deputies],
        "signs": [
            {
                "id": sign.id,
                "code": sign.code,
                "display_code": display_sign_code(sign.code),
                "location": sign.location,
                "is_live": sign.retired_at is None,
                "issued_text": date_phrase(sign.issued_at, work.now),
            }
            for sign in signs
        ],
    }


def staff_shape(work: Work, staff: Staff) -> dict[str, Any]:
    """A person with roles, posts, absences, and what they hold: number and day alone, for nobody here sees a case."""
    shown = shown_secrets(work, staff)
    return {
        "id": staff.id,
        "name": staff.name,
        "username": staff.username,
        "employment": staff.employment.value,
        "employment_label": staff.employment.label,
        "is_active": staff.is_active,
        "unit": ref(staff.unit),
        "section": ref(staff.section),
        "has_totp": staff.totp_sealed is not None,
        "has_phone": staff.phone_index is not None,
        "is_initial": staff.password_is_initial,
        "shown": {"password": shown.password, "totp": shown.totp_secret} if shown else None,
        "grants": _grants(work, staff),
        "posts": [_kept(post) for post in posts_held(work, staff)],
        "deputised": [
            _kept(post)
            for post in work.session.scalars(
                select(Post)
                .join(PostDeputy, PostDeputy.post_id == Post.id)
                .where(PostDeputy.staff_id == staff.id, Post.is_active)
                .order_by(Post.id)
            )
        ],
        "cases": [
            {
                "display_number": display_number(inquiry.number),
                "received_text": date_phrase(inquiry.received_at, work.now),
            }
            for inquiry, _ in open_cases(work, staff)
        ],
        "absences": absences_of(work, [staff.id])[staff.id],
    }


def absences_of(work: Work, staff_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What runs or is planned for each of these people, in order."""
    found: dict[str, list[dict[str, Any]]] = {staff_id: [] for staff_id in staff_ids}
    rows = work.session.scalars(
        select(Absence)
        .where(Absence.staff_id.in_(staff_ids), (Absence.ends_at.is_(None)) | (Absence.ends_at > work.now))
        .order_by(Absence.starts_at, Absence.id)
    )
    for row in rows:
        until = f"到 {date_phrase(row.ends_at, work.now)}" if row.ends_at else "到另行登记为止"
        found[row.staff_id].append(
            {
                "id": row.id,
                "runs": row.starts_at <= work.now,
                "text": f"{date_phrase(row.starts_at, work.now)} 起，{until}",
            }
        )
    return found


def change_list(work: Work, unit_ids: Collection[str], cursor: str | None) -> dict[str, Any]:
    """What was done to these units, newest first: `{items, next_cursor}`. Raises CursorInvalid."""
    key = (OrganisationChange.at, OrganisationChange.id)
    query = select(OrganisationChange).where(OrganisationChange.unit_id.in_(unit_ids))
    if cursor:
        query = query.where(tuple_(*key) < read_cursor(cursor))
    rows = list(work.session.scalars(query.order_by(*(one.desc() for one in key)).limit(PAGE + 1)))
    more = write_cursor(rows[PAGE - 1].at, rows[PAGE - 1].id) if len(rows) > PAGE else None
    return {"items": [_change(work, row) for row in rows[:PAGE]], "next_cursor": more}


def _change(work: Work, row: OrganisationChange) -> dict[str, Any]:
    session = work.session
    about = session.get(Staff, row.staff_id) if row.staff_id else None
    section = session.get(Section, row.section_id) if row.section_id else None
    by = session.get(Staff, row.by_id) if row.by_id else None
    where = place_name(session.get_one(Unit, row.unit_id), section)
    return {
        "kind_label": row.kind.label,
        "at_text": moment_text(row.at),
        "by": by.name if by else "系统或命令行",
        "about": about.name if about else "",
        "where": where,
        "words": change_words(row.facts),
    }


def _counts(work: Work, kind: type[Section | Staff], ids: Collection[str]) -> dict[str, int]:
    rows = work.session.execute(
        select(kind.unit_id, func.count()).where(kind.unit_id.in_(ids), kind.is_active).group_by(kind.unit_id)
    )
    return dict(rows.all())


def _grants(work: Work, staff: Staff) -> list[dict[str, Any]]:
    shown = []
    order = list(Role)
    for grant in sorted(staff.grants, key=lambda one: (order.index(one.role), one.section_id or "")):
        section = work.session.get(Section, grant.section_id) if grant.section_id else None
        scope = section.name if section and grant.role in SECTION_ROLES else "全单位"
        shown.append({"id": grant.id, "role_label": grant.role.label, "scope": scope})
    return shown


def _kept(post: Post) -> dict[str, Any]:
    return {"id": post.id, "text": f"{place_name(post.unit, post.section)} {post.kind.label}"}
