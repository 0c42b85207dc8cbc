"""Every act of the organisation's administrator, by what it is done to and its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from marshmallow import Schema

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.identity import Identity
from backend.domain.vocabulary import PostKind, Role
from backend.models import Post, RoleGrant, Sign, Staff, Unit
from backend.routes.unit_writes import UnitWrite
from backend.schemas import organisation as forms
from backend.services import administering as admin
from backend.services.leaving import deactivate_staff, move_staff, restore_staff
from backend.services.organising import (
    FirstPassword,
    cancel_absence,
    create_section,
    create_staff,
    create_unit,
    end_absence,
    grant_role,
    set_absence,
)
from backend.services.posts import change_place, close_post, set_keepers, set_up_post
from backend.services.reorganising import change_section, change_unit, close_section, close_unit
from backend.services.signs import issue_sign, retire_sign
from backend.services.staff_accounts import change_staff, give_role, reset_password, revoke_role
from backend.services.work import Work, find_by_id

Data = dict[str, Any]
Run = Callable[[Work, Identity, str, Data], str]


class Act(NamedTuple):
    """One act: what it takes, what it does, and of which kind the thing is that its answer leads to.

    `takes_password`: `run` finds a FirstPassword under `first`, hashed before the writer's turn.
    """

    schema: type[Schema]
    run: Run
    leads_to: str
    takes_password: bool = False


def acting(
    kind: str, name: str, target_id: str, identity: Identity, first: FirstPassword | None
) -> UnitWrite:
    """The act as a write. Raises NotFound for one that there is not."""
    act = ACTS.get((kind, name))
    if act is None:
        raise NotFound()

    def load(work: Work) -> None:
        admin.ensure_administrator(identity)
        _FINDERS[kind](work, identity, target_id)

    def run(work: Work, data: Data) -> str:
        return act.run(work, identity, target_id, data | ({"first": first} if first else {}))

    return UnitWrite(
        f"organisation.{kind}.{name}",
        act.schema,
        run,
        lambda _work, _row_id: {},
        lambda _work: None,
        load=load,
    )


_FINDERS: Mapping[str, Callable[[Work, Identity, str], object]] = {
    "units": admin.find_unit,
    "sections": admin.find_section,
    "posts": admin.find_post,
    "staff": admin.find_staff,
}


def _add_unit(work: Work, identity: Identity, _target: str, data: Data) -> str:
    unit = create_unit(
        work,
        name=data["name"],
        organ_type=data["organ_type"],
        measure=data["measure"],
        parent=admin.chosen_unit(work, identity, data["parent"], "/parent"),
        closes_at=data.get("closes_at"),
        address=data.get("address", ""),
        complaint_phone=data.get("complaint_phone", ""),
    )
    return unit.id


def _change_unit(work: Work, identity: Identity, target: str, data: Data) -> str:
    unit = admin.find_unit(work, identity, target)
    parent = unit.parent
    if admin.is_hung_by(work, identity, unit):
        parent = admin.chosen_unit(work, identity, data.get("parent", ""), "/parent")
    change_unit(
        work,
        unit,
        name=data["name"],
        organ_type=data["organ_type"],
        parent=parent,
        closes_at=data.get("closes_at"),
        address=data.get("address", ""),
        complaint_phone=data.get("complaint_phone", ""),
    )
    return unit.id


def _close_unit(work: Work, identity: Identity, target: str, _data: Data) -> str:
    close_unit(work, admin.find_unit(work, identity, target))
    return target


def _add_section(work: Work, identity: Identity, target: str, data: Data) -> str:
    unit = _open_unit(work, identity, target)
    is_dedicated = bool(data.get("is_dedicated"))
    return create_section(work, unit, name=data["name"], kind=data["kind"], is_dedicated=is_dedicated).id


def _change_section(work: Work, identity: Identity, target: str, data: Data) -> str:
    section = admin.find_section(work, identity, target)
    is_dedicated = bool(data.get("is_dedicated"))
    change_section(work, section, name=data["name"], kind=data["kind"], is_dedicated=is_dedicated)
    return section.id


def _close_section(work: Work, identity: Identity, target: str, _data: Data) -> str:
    close_section(work, admin.find_section(work, identity, target))
    return target


def _add_post(work: Work, identity: Identity, target: str, data: Data) -> str:
    unit = _open_unit(work, identity, target)
    if data["kind"] is PostKind.OVERSIGHT:
        admin.ensure_may_make_lead_office(work, identity, unit, "/kind")
    holder, deputies = _keepers(work, unit, data)
    is_section = data["kind"] is PostKind.SECTION
    post = set_up_post(
        work,
        data["kind"],
        unit=unit,
        section=admin.chosen_section(work, unit, data.get("section"), "/section") if is_section else None,
        holder=holder,
        deputies=deputies,
        location=data.get("location", ""),
        phone=data.get("phone", ""),
    )
    return post.id


def _change_place(work: Work, identity: Identity, target: str, data: Data) -> str:
    post = _open_post(work, identity, target)
    change_place(work, post, location=data.get("location", ""), phone=data.get("phone", ""))
    return post.id


def _change_keepers(work: Work, identity: Identity, target: str, data: Data) -> str:
    post = _open_post(work, identity, target)
    holder, deputies = _keepers(work, post.unit, data)
    set_keepers(work, post, holder, deputies)
    return post.id


def _close_post(work: Work, identity: Identity, target: str, _data: Data) -> str:
    close_post(work, _open_post(work, identity, target))
    return target


def _issue_sign(work: Work, identity: Identity, target: str, data: Data) -> str:
    issue_sign(work, _open_post(work, identity, target), location=data.get("location", ""))
    return target


def _retire_sign(work: Work, identity: Identity, target: str, data: Data) -> str:
    post = _open_post(work, identity, target)
    sign = find_by_id(work.session, Sign, data["sign"])
    successor = find_by_id(work.session, Sign, data["successor"]) if "successor" in data else None
    if sign is None or sign.post_id != post.id or (successor is not None and successor.post_id != post.id):
        raise FieldInvalid("/sign", "这个岗位没有这块岗牌。")
    retire_sign(work, sign, successor)
    return target


def _add_staff(work: Work, identity: Identity, target: str, data: Data) -> str:
    unit = _open_unit(work, identity, target)
    section = admin.chosen_section(work, unit, data.get("section"), "/section")
    staff = create_staff(
        work,
        unit=unit,
        section=section,
        username=data["username"],
        name=data["name"],
        employment=data["employment"],
        phone=data.get("phone"),
        password=data["first"],
    )
    if section is not None:
        grant_role(work, staff, Role.HANDLER, section=section)
    return staff.id


def _change_staff(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = admin.find_staff(work, identity, target)
    change_staff(work, staff, name=data["name"], employment=data["employment"], phone=data.get("phone"))
    return staff.id


def _move(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = _somebody_else(work, identity, target)
    unit_id, _, section_id = data["place"].partition("/")
    unit = admin.chosen_unit(work, identity, unit_id, "/place")
    section = admin.chosen_section(work, unit, section_id or None, "/place")
    reassign_to, posts_to = _heirs(work, staff, data)
    move_staff(work, staff, unit, section, reassign_to=reassign_to, posts_to=posts_to)
    return staff.id


def _disable(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = _somebody_else(work, identity, target)
    reassign_to, posts_to = _heirs(work, staff, data)
    deactivate_staff(work, staff, reassign_to=reassign_to, posts_to=posts_to)
    return staff.id


def _restore(work: Work, identity: Identity, target: str, _data: Data) -> str:
    restore_staff(work, _somebody_else(work, identity, target))
    return target


def _reset(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = admin.find_staff(work, identity, target)
    if not staff.is_active:
        raise FieldInvalid("/form", "账号已经停用。")
    reset_password(work, staff, data["first"], with_totp=bool(data.get("totp")))
    return staff.id


def _grant(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = _somebody_else(work, identity, target)
    section = admin.chosen_section(work, staff.unit, data.get("section"), "/section")
    if data["role"] is Role.OVERSEER:
        admin.ensure_may_make_lead_office(work, identity, staff.unit, "/role")
    give_role(work, staff, data["role"], section)
    return staff.id


def _revoke(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = _somebody_else(work, identity, target)
    grant = find_by_id(work.session, RoleGrant, data["grant"])
    if grant is None or grant.staff_id != staff.id:
        raise FieldInvalid("/form", "这个角色已经收回。")
    revoke_role(work, staff, grant)
    return staff.id


def _set_absence(work: Work, identity: Identity, target: str, data: Data) -> str:
    staff = admin.find_staff(work, identity, target)
    set_absence(work, staff, starts_at=data["starts_at"], ends_at=data.get("ends_at"))
    return staff.id


def _end_absence(work: Work, identity: Identity, target: str, _data: Data) -> str:
    end_absence(work, admin.find_staff(work, identity, target))
    return target


def _cancel_absence(work: Work, identity: Identity, target: str, data: Data) -> str:
    cancel_absence(work, admin.find_staff(work, identity, target), data["absence"])
    return target


def _open_unit(work: Work, identity: Identity, target: str) -> Unit:
    unit = admin.find_unit(work, identity, target)
    if not unit.is_active:
        raise FieldInvalid("/form", "这个单位已经撤销。")
    return unit


def _open_post(work: Work, identity: Identity, target: str) -> Post:
    post = admin.find_post(work, identity, target)
    if not post.is_active:
        raise FieldInvalid("/form", "这个岗位已经撤销。")
    return post


def _somebody_else(work: Work, identity: Identity, target: str) -> Staff:
    staff = admin.find_staff(work, identity, target)
    admin.ensure_not_oneself(identity, staff)
    return staff


def _keepers(work: Work, unit: Unit, data: Data) -> tuple[Staff | None, list[Staff]]:
    holder = admin.chosen_staff(work, unit.id, data.get("holder"), "/holder")
    chosen = (
        admin.chosen_staff(work, unit.id, data.get(name), f"/{name}") for name in ("deputy_1", "deputy_2")
    )
    return holder, [one for one in chosen if one is not None]


def _heirs(work: Work, staff: Staff, data: Data) -> tuple[Staff | None, Staff | None]:
    reassign_to, posts_to = (
        admin.chosen_staff(work, staff.unit_id, data.get(name), f"/{name}")
        for name in ("reassign_to", "posts_to")
    )
    return reassign_to, posts_to


ACTS: Mapping[tuple[str, str], Act] = {
    ("units", "add"): Act(forms.UnitIn, _add_unit, "units"),
    ("units", "change"): Act(forms.UnitChangeIn, _change_unit, "units"),
    ("units", "close"): Act(forms.NothingIn, _close_unit, "units"),
    ("units", "section"): Act(forms.SectionIn, _add_section, "sections"),
    ("units", "post"): Act(forms.PostIn, _add_post, "posts"),
    ("units", "staff"): Act(forms.StaffIn, _add_staff, "staff", takes_password=True),
    ("sections", "change"): Act(forms.SectionIn, _change_section, "sections"),
    ("sections", "close"): Act(forms.NothingIn, _close_section, "sections"),
    ("posts", "place"): Act(forms.PlaceIn, _change_place, "posts"),
    ("posts", "keepers"): Act(forms.KeepersIn, _change_keepers, "posts"),
    ("posts", "close"): Act(forms.NothingIn, _close_post, "posts"),
    ("posts", "sign"): Act(forms.SignIn, _issue_sign, "posts"),
    ("posts", "retire"): Act(forms.RetireIn, _retire_sign, "posts"),
    ("staff", "change"): Act(forms.StaffChangeIn, _change_staff, "staff"),
    ("staff", "move"): Act(forms.MoveIn, _move, "staff"),
    ("staff", "disable"): Act(forms.LeaveIn, _disable, "staff"),
    ("staff", "restore"): Act(forms.NothingIn, _restore, "staff"),
    ("staff", "reset"): Act(forms.ResetIn, _reset, "staff", takes_password=True),
    ("staff", "grant"): Act(forms.RoleIn, _grant, "staff"),
    ("staff", "revoke"): Act(forms.RevokeIn, _revoke, "staff"),
    ("staff", "absence"): Act(forms.AbsenceIn, _set_absence, "staff"),
    ("staff", "back"): Act(forms.NothingIn, _end_absence, "staff"),
    ("staff", "cancel"): Act(forms.CancelIn, _cancel_absence, "staff"),
}
