"""A small organisation for tests, built in a moment through the use cases: two 金坛 units, a 泸州 unit, a lead office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.identity import Identity
from backend.domain.vocabulary import Employment, Measure, OrganType, PostKind, Role, SectionKind
from backend.models import Post, Section, Sign, Staff, Unit
from backend.services.organising import (
    create_post,
    create_section,
    create_staff,
    create_unit,
    grant_role,
    identity_of,
)
from backend.services.signs import issue_sign, retire_sign
from backend.services.work import Work
from backend.vault.passwords import PasswordCost, new_totp_secret

PASSWORD = "correct horse battery staple"
"""The password of every account."""
LIGHT_COST = PasswordCost(passes=1, memory_kib=8, lanes=1)
PHONES = {"window_a": "13900000001", "business_a": "13900000002"}
"""Who has an own phone on file, and may therefore not rate from it."""


@dataclass(frozen=True)
class Desk:
    """A section with its post and sign."""

    section: Section
    post: Post
    sign: Sign


@dataclass(frozen=True)
class SmallOrganisation:
    """`people` are called as below; user names are theirs with hyphens. Handlers of a section end in _a, _b, _head:
    _a holds the section's post, _b is the deputy, _head the head.

    金坛 `unit`: window_*, business_*, office_*, general (in the office), discipline, principal, deputy_leader
    (for window and business). `neighbour`: neighbour_window_*, neighbour_office_*, neighbour_general.
    `lead`, above both: overseer, auditor, sysadmin. 泸州 `lu_unit`: lu_window_*, lu_office_*, lu_general.
    """

    lead: Unit
    unit: Unit
    neighbour: Unit
    lu_unit: Unit
    window: Desk
    business: Desk
    office: Desk
    empty_section: Section
    neighbour_window: Desk
    neighbour_office: Desk
    lu_window: Desk
    lu_office: Desk
    general_post: Post
    general_sign: Sign
    discipline_post: Post
    oversight_post: Post
    neighbour_general_post: Post
    neighbour_general_sign: Sign
    lu_general_post: Post
    lu_general_sign: Sign
    retired_sign: Sign
    """A former sign of the window; its successor is `window.sign`."""
    people: dict[str, Staff]
    totp: dict[str, str]
    """The TOTP secrets, by the same names; who is not in it signs in with the password alone."""
    password: str = PASSWORD

    def identity(self, name: str) -> Identity:
        """Who this person is to the rules."""
        return identity_of(self.people[name])


class _Builder:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.people: dict[str, Staff] = {}
        self.totp: dict[str, str] = {}

    def unit(self, name: str, measure: Measure, parent: Unit | None, organ: OrganType) -> Unit:
        return create_unit(
            self.work,
            name=name,
            organ_type=organ,
            measure=measure,
            parent=parent,
            address="行政中心 1 号楼",
            complaint_phone="0519-80000100",
        )

    def person(
        self,
        name: str,
        unit: Unit,
        section: Section | None,
        roles: Sequence[Role],
        *,
        scope: Sequence[Section | None] = (None,),
        has_totp: bool = False,
    ) -> Staff:
        """Somebody with roles over `scope`; with a section, a handler of it as well."""
        if has_totp:
            self.totp[name] = new_totp_secret()
        staff = create_staff(
            self.work,
            unit=unit,
            section=section,
            username=name.replace("_", "-"),
            name=f"测试{len(self.people) + 1:02d}",
            employment=Employment.CIVIL_SERVANT,
            password=PASSWORD,
            phone=PHONES.get(name),
            totp_secret=self.totp.get(name),
            cost=LIGHT_COST,
        )
        if section is not None:
            grant_role(self.work, staff, Role.HANDLER, section=section)
        for role in roles:
            for over in scope:
                grant_role(self.work, staff, role, section=over)
        self.people[name] = staff
        return staff

    def desk(
        self,
        name: str,
        unit: Unit,
        title: str,
        kind: SectionKind = SectionKind.OFFICE,
        *,
        is_dedicated: bool = False,
    ) -> Desk:
        section = create_section(self.work, unit, name=title, kind=kind, is_dedicated=is_dedicated)
        holder = self.person(f"{name}_a", unit, section, [Role.POST_HOLDER], scope=[section])
        deputy = self.person(f"{name}_b", unit, section, [])
        self.person(f"{name}_head", unit, section, [Role.SECTION_HEAD], scope=[section])
        post = create_post(
            self.work,
            PostKind.SECTION,
            unit=unit,
            section=section,
            holder=holder,
            deputies=[deputy],
            location=f"{title}进门第一个工位",
            phone="0519-80000101",
        )
        return Desk(section, post, issue_sign(self.work, post))

    def general(self, name: str, unit: Unit, office: Section) -> tuple[Post, Sign]:
        keeper = self.person(name, unit, office, [Role.GENERAL_POST])
        post = create_post(
            self.work, PostKind.GENERAL, unit=unit, holder=keeper, location="一楼大厅", phone="0519-80000102"
        )
        return post, issue_sign(self.work, post)


def build_small_organisation(work: Work) -> SmallOrganisation:
    """Fill an empty database; the caller commits."""
    b = _Builder(work)
    lead = b.unit("金坛区作风建设领导小组办公室", Measure.TAN, None, OrganType.PARTY)
    overseer = b.person("overseer", lead, None, [Role.OVERSEER], has_totp=True)
    b.person("auditor", lead, None, [Role.AUDITOR], has_totp=True)
    b.person("sysadmin", lead, None, [Role.SYSADMIN], has_totp=True)
    oversight = create_post(work, PostKind.OVERSIGHT, unit=lead, holder=overseer)

    unit = b.unit("金坛区行政审批局", Measure.TAN, lead, OrganType.ADMINISTRATION)
    window = b.desk("window", unit, "综合窗口", SectionKind.WINDOW)
    business = b.desk("business", unit, "业务科")
    office = b.desk("office", unit, "办公室", is_dedicated=True)
    general_post, general_sign = b.general("general", unit, office.section)
    discipline = b.person("discipline", unit, None, [Role.DISCIPLINE])
    b.person("principal", unit, None, [Role.PRINCIPAL_LEADER], has_totp=True)
    led = [window.section, business.section]
    b.person("deputy_leader", unit, None, [Role.DEPUTY_LEADER], scope=led, has_totp=True)
    retired = issue_sign(work, window.post)
    retire_sign(work, retired, window.sign)

    neighbour = b.unit("金坛区人力资源和社会保障局", Measure.TAN, lead, OrganType.ADMINISTRATION)
    neighbour_window = b.desk("neighbour_window", neighbour, "社会保险科", SectionKind.WINDOW)
    neighbour_office = b.desk("neighbour_office", neighbour, "办公室", is_dedicated=True)
    neighbour_post, neighbour_sign = b.general("neighbour_general", neighbour, neighbour_office.section)

    lu_unit = b.unit("泸州市自然资源和规划局", Measure.LU, None, OrganType.ADMINISTRATION)
    lu_window = b.desk("lu_window", lu_unit, "不动产登记窗口", SectionKind.WINDOW)
    lu_office = b.desk("lu_office", lu_unit, "办公室", is_dedicated=True)
    lu_post, lu_sign = b.general("lu_general", lu_unit, lu_office.section)

    return SmallOrganisation(
        lead=lead,
        unit=unit,
        neighbour=neighbour,
        lu_unit=lu_unit,
        window=window,
        business=business,
        office=office,
        empty_section=create_section(work, unit, name="空科室"),
        neighbour_window=neighbour_window,
        neighbour_office=neighbour_office,
        lu_window=lu_window,
        lu_office=lu_office,
        general_post=general_post,
        general_sign=general_sign,
        discipline_post=create_post(work, PostKind.DISCIPLINE, unit=unit, holder=discipline),
        oversight_post=oversight,
        neighbour_general_post=neighbour_post,
        neighbour_general_sign=neighbour_sign,
        lu_general_post=lu_post,
        lu_general_sign=lu_sign,
        retired_sign=retired,
        people=b.people,
        totp=b.totp,
    )
