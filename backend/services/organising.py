"""Build the organisation: units, their sections, the posts in them (坛 第四条; 泸 二（二）2), and who works there (坛 第五条).

Who may do so is for the caller to decide; what may never be, such as two 总岗 in one unit or one person with two of
the powers that must stay apart, is refused here and by the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import or_, select

from backend.domain.errors import DomainError, FieldInvalid
from backend.domain.identity import NEVER_HOLDERS, SECTION_ROLES, Grant, Identity
from backend.domain.times import local
from backend.domain.vocabulary import Employment, Measure, OrganType, PostKind, Role, SectionKind
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import Absence, Post, PostDeputy, RoleGrant, Section, Staff, Unit
from backend.models.types import new_id
from backend.services.contacts import parse_phone
from backend.services.ledger import open_chain
from backend.services.organisation_changes import note_change
from backend.services.presence import section_post, unit_post
from backend.services.signing_in import totp_context
from backend.services.work import Work, find_by_id
from backend.vault.passwords import DEFAULT_COST, PasswordCost, hash_password

SPLIT_POWERS = frozenset({Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN})
"""Nobody holds two of these (design 1)."""


class PowersNotSplit(DomainError):
    """Two of overseer, auditor and sysadmin in one hand."""

    code = "powers_not_split"


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """A password made for somebody else: its hash, and the id of the change it is derived from (staff_accounts.py)."""

    change_id: str
    hash: str


def create_unit(
    work: Work,
    *,
    name: str,
    organ_type: OrganType,
    measure: Measure,
    parent: Unit | None = None,
    closes_at: time | None = None,
    address: str = "",
    complaint_phone: str = "",
) -> Unit:
    """A new unit with its own empty, signed chain. `closes_at` is Beijing time; None takes the reading's.

    Raises FieldInvalid for a name that a unit in use has already: people choose units by name.
    """
    ensure_unit_name_free(work, name)
    unit = Unit(
        id=new_id(),
        parent_id=parent.id if parent else None,
        name=name,
        organ_type=organ_type,
        measure=measure,
        closes_at=closes_at,
        address=address,
        complaint_phone=complaint_phone,
    )
    work.session.add(unit)
    work.session.flush()
    open_chain(work.session, work.tools, unit.id)
    work.session.flush()
    facts = {"name": name, "organ_type": organ_type.value, "measure": measure.value}
    if parent is not None:
        facts["parent"] = parent.name
    note_change(work, ChangeKind.UNIT_CREATED, unit.id, facts)
    return unit


def create_section(
    work: Work, unit: Unit, *, name: str, kind: SectionKind = SectionKind.OFFICE, is_dedicated: bool = False
) -> Section:
    """A new section; `is_dedicated` makes it the unit's 专门科室, of which there is one (泸 一). Raises FieldInvalid."""
    siblings = select(Section.id).where(Section.unit_id == unit.id)
    if work.session.scalar(siblings.where(Section.name == name)) is not None:
        raise FieldInvalid("/name", "这个单位已经有同名的科室。")
    if is_dedicated and work.session.scalar(siblings.where(Section.is_dedicated)) is not None:
        raise FieldInvalid("/is_dedicated", "这个单位已经有专门科室。")
    section = Section(id=new_id(), unit_id=unit.id, name=name, kind=kind, is_dedicated=is_dedicated)
    work.session.add(section)
    work.session.flush()
    note_change(
        work,
        ChangeKind.SECTION_CREATED,
        unit.id,
        {"name": name, "kind": kind.value, "is_dedicated": is_dedicated},
        section=section,
    )
    return section


def create_post(
    work: Work,
    kind: PostKind,
    *,
    unit: Unit,
    section: Section | None = None,
    holder: Staff | None = None,
    deputies: Sequence[Staff] = (),
    location: str = "",
    phone: str = "",
) -> Post:
    """A new post with its holder and, in order, the deputies (AB岗). Each kind stands once in its unit or section.

    Raises FieldInvalid for a post that stands already, a section of another unit, and keepers of another unit.
    """
    if (kind is PostKind.SECTION) != (section is not None):
        raise FieldInvalid("/section", "只有科室的首问责任岗要写明科室。", "conditionally_required")
    _ensure_section_of(unit, section)
    standing = section_post(work.session, section.id) if section else unit_post(work.session, unit.id, kind)
    if standing is not None:
        raise FieldInvalid("/kind", f"已经设有{kind.label}。")
    keepers = [staff for staff in (holder, *deputies) if staff is not None]
    if len({staff.id for staff in keepers}) < len(keepers):
        raise FieldInvalid("/deputies", "同一个人不能既是责任人又是替岗，也不能重复。")
    if any(staff.unit_id != unit.id or not staff.is_active for staff in keepers):
        raise FieldInvalid("/holder", "本单位没有这位工作人员。", "staff_unknown")
    post = Post(
        id=new_id(),
        unit_id=unit.id,
        section_id=section.id if section else None,
        kind=kind,
        location=location,
        phone=phone,
        holder_id=holder.id if holder else None,
    )
    work.session.add(post)
    work.session.flush()
    post.deputies.extend(
        PostDeputy(post_id=post.id, staff_id=staff.id, position=position)
        for position, staff in enumerate(deputies, start=1)
    )
    work.session.flush()
    note_change(
        work,
        ChangeKind.POST_CREATED,
        unit.id,
        {
            "kind": kind.value,
            "location": location,
            "holder": holder.name if holder else None,
            "deputies": [staff.name for staff in deputies],
        },
        section=section,
        post=post,
    )
    return post


def create_staff(
    work: Work,
    *,
    unit: Unit,
    section: Section | None = None,
    username: str,
    name: str,
    employment: Employment,
    password: str | FirstPassword,
    phone: str | None = None,
    totp_secret: str | None = None,
    cost: PasswordCost = DEFAULT_COST,
) -> Staff:
    """A new account. The own phone is kept only as a blind index, the TOTP secret under the person's own data key.

    A FirstPassword was hashed before the writer's turn, and must be replaced at the first sign-in.

    Raises FieldInvalid for a taken user name, a section of another unit, and a wrong phone.
    """
    _ensure_section_of(unit, section)
    if work.session.scalar(select(Staff.id).where(Staff.username == username)) is not None:
        raise FieldInvalid("/username", "这个用户名已经有人使用。")
    vault = work.tools.vault
    staff_id, wrapped = new_id(), vault.new_data_key()
    first = password if isinstance(password, FirstPassword) else None
    staff = Staff(
        id=staff_id,
        unit_id=unit.id,
        section_id=section.id if section else None,
        username=username,
        name=name,
        employment=employment,
        password_hash=first.hash if first else hash_password(str(password), cost=cost),
        password_is_initial=first is not None,
        totp_sealed=vault.seal(wrapped, totp_secret, totp_context(staff_id)) if totp_secret else None,
        wrapped_key=wrapped,
        phone_index=staff_phone_index(work, phone) if phone else None,
    )
    work.session.add(staff)
    work.session.flush()
    note_change(
        work,
        ChangeKind.STAFF_CREATED,
        unit.id,
        {"username": username, "name": name, "employment": employment.value},
        section=section,
        staff=staff,
        change_id=first.change_id if first else None,
    )
    return staff


def grant_role(work: Work, staff: Staff, role: Role, *, section: Section | None = None) -> RoleGrant:
    """Give a role for one section of the person's unit, or for all of it; a role already held stays as it is.

    Raises PowersNotSplit, and FieldInvalid for the wrong scope and for what an auditor or sysadmin cannot hold beside.
    """
    if (role in SECTION_ROLES) != (section is not None):
        wanted = "要写明科室" if section is None else "是全单位的，不写科室"
        raise FieldInvalid("/section", f"“{role.label}”{wanted}。", "conditionally_required")
    if section is not None and section.unit_id != staff.unit_id:
        raise FieldInvalid("/section", "本人所在单位没有这个科室。", "section_unknown")
    section_id = section.id if section else None
    for grant in staff.grants:
        if (grant.role, grant.section_id) == (role, section_id):
            return grant
    ensure_powers_split(staff, role)
    ensure_sees_nothing(staff, role)
    granted = RoleGrant(id=new_id(), role=role, unit_id=staff.unit_id, section_id=section_id)
    staff.grants.append(granted)
    work.session.flush()
    note_change(
        work, ChangeKind.ROLE_GRANTED, staff.unit_id, {"role": role.value}, section=section, staff=staff
    )
    return granted


def ensure_powers_split(staff: Staff, role: Role) -> None:
    """Nobody holds two of overseer, auditor, sysadmin (design 1). Raises PowersNotSplit."""
    for grant in staff.grants:
        if grant.role is not role and {grant.role, role} <= SPLIT_POWERS:
            raise PowersNotSplit(held=grant.role.value, asked=role.value)


def ensure_sees_nothing(staff: Staff, role: Role) -> None:
    """Auditor and sysadmin see no inquiry at all (design 1): neither is held beside any other role. Raises FieldInvalid."""
    for grant in staff.grants:
        if grant.role is not role and not NEVER_HOLDERS.isdisjoint({grant.role, role}):
            raise FieldInvalid(
                "/role", f"审计和系统管理看不到事项，不能再有别的角色；要先收回“{grant.role.label}”。"
            )


def identity_of(staff: Staff) -> Identity:
    """Who this person is and which roles they hold, as rules need to know it."""
    grants = tuple(Grant(grant.role, grant.unit_id, grant.section_id) for grant in staff.grants)
    return Identity(staff.id, staff.name, staff.unit_id, staff.section_id, grants)


def set_absence(work: Work, staff: Staff, *, starts_at: datetime, ends_at: datetime | None = None) -> Absence:
    """The person cannot act from `starts_at` on; without `ends_at`, until told otherwise. Raises FieldInvalid."""
    if ends_at is not None and ends_at <= starts_at:
        raise FieldInvalid("/ends_at", "结束时间要晚于开始时间。")
    absence = Absence(id=new_id(), staff_id=staff.id, starts_at=starts_at, ends_at=ends_at)
    work.session.add(absence)
    work.session.flush()
    note_change(work, ChangeKind.ABSENCE_SET, staff.unit_id, _span(absence), staff=staff)
    return absence


def end_absence(work: Work, staff: Staff) -> int:
    """The person is back: ends every absence running now, not those planned for later. Returns how many."""
    running = select(Absence).where(
        Absence.staff_id == staff.id,
        Absence.starts_at <= work.now,
        or_(Absence.ends_at.is_(None), Absence.ends_at > work.now),
    )
    absences = work.session.scalars(running).all()
    for absence in absences:
        if absence.starts_at < work.now:
            absence.ends_at = work.now
        else:
            # Begun and ended in the same instant: it never came to be.
            work.session.delete(absence)
    work.session.flush()
    if absences:
        note_change(work, ChangeKind.ABSENCE_ENDED, staff.unit_id, staff=staff)
    return len(absences)


def cancel_absence(work: Work, staff: Staff, absence_id: str) -> None:
    """A planned absence will not be. Raises FieldInvalid once it has begun, and where there is none."""
    absence = find_by_id(work.session, Absence, absence_id)
    if absence is None or absence.staff_id != staff.id:
        raise FieldInvalid("/form", "没有这次不在岗，可能已经取消。")
    if absence.starts_at <= work.now:
        raise FieldInvalid("/form", "这次不在岗已经开始，人回来了请登记回岗。")
    work.session.delete(absence)
    work.session.flush()
    facts = {"cancelled": True, **_span(absence)}
    note_change(work, ChangeKind.ABSENCE_ENDED, staff.unit_id, facts, staff=staff)


def _span(absence: Absence) -> dict[str, str | None]:
    return {
        "starts_at": local(absence.starts_at).isoformat(),
        "ends_at": local(absence.ends_at).isoformat() if absence.ends_at else None,
    }


def ensure_unit_name_free(work: Work, name: str, but: Unit | None = None) -> None:
    """No other unit in use has this name. Raises FieldInvalid."""
    taken = select(Unit.id).where(Unit.name == name, Unit.is_active)
    if but is not None:
        taken = taken.where(Unit.id != but.id)
    if work.session.scalar(taken) is not None:
        raise FieldInvalid("/name", "已经有同名的单位。")


def _ensure_section_of(unit: Unit, section: Section | None) -> None:
    if section is not None and section.unit_id != unit.id:
        raise FieldInvalid("/section", "这个单位没有这个科室。", "section_unknown")


def staff_phone_index(work: Work, phone: str) -> str:
    """What the own phone of a member of staff is known by. Raises FieldInvalid."""
    try:
        return work.tools.index.phone_index(parse_phone(phone))
    except FieldInvalid as error:
        raise FieldInvalid("/phone", str(error), error.field_code) from None
