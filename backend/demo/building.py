"""Build the offices of the demo with their people, posts and signs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import cycle

from backend.demo.names import invented_names, office_phone, staff_phone
from backend.demo.offices import SHOWCASE, SectionPlan, UnitPlan
from backend.domain.vocabulary import Employment, PostKind, Role
from backend.models import Section, Sign, Staff, Unit
from backend.services.leaving import deactivate_staff
from backend.services.organising import (
    create_post,
    create_section,
    create_staff,
    create_unit,
    grant_role,
    set_absence,
)
from backend.services.signs import issue_sign, retire_sign
from backend.services.work import Work
from backend.vault.passwords import PasswordCost, new_totp_secret

DEMO_COST = PasswordCost(passes=2, memory_kib=19456, lanes=1)
"""OWASP's least parameters for Argon2id. Demo passwords are 80 random bits, which a higher cost makes no harder to
guess, and a hundred hashes at the default cost would take longer than everything else at the first start."""

_SYMBOLS = "abcdefghjkmnpqrstvwxyz0123456789"
_PASSWORD_SIZE = 16
_REPLACED_AFTER = timedelta(days=10)
_EMPLOYMENT = (Employment.CIVIL_SERVANT, Employment.CONTRACT, Employment.MANAGED, Employment.OTHER)
_UNIT_WIDE = (
    ("zhuyao", Role.PRINCIPAL_LEADER, True),
    ("fenguan", Role.DEPUTY_LEADER, True),
    ("jiwei", Role.DISCIPLINE, False),
)
_LEAD_OFFICE = (("dudao", Role.OVERSEER), ("shenji", Role.AUDITOR), ("guanli", Role.SYSADMIN))


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is handed out: the only place where its password and secret stand in clear."""

    staff: Staff
    password: str
    totp_secret: str | None


@dataclass(slots=True)
class Offices:
    """What was built, by key: `jt-sp` for a unit or its general post, `jt-sp/chuangkou` for a section or its post."""

    units: dict[str, Unit] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    signs: dict[str, Sign] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def staff(self, username: str) -> Staff:
        return self.accounts[username].staff


class Builder:
    """Builds units one after the other. `opened_at`: when the offices came into being, some weeks before the stories."""

    def __init__(self, work: Work, opened_at: datetime) -> None:
        self._now = work.now
        self._work = replace(work, now=opened_at)
        self._names = invented_names()
        self._employment: Iterator[Employment] = cycle(_EMPLOYMENT)
        self.offices = Offices()

    def build(self, plans: tuple[UnitPlan, ...]) -> Offices:
        """Build every unit of the plans; parents stand before their children."""
        for number, plan in enumerate(plans, start=1):
            self._unit(number, plan)
        self._people_who_left()
        self._replaced_sign()
        return self.offices

    def _unit(self, number: int, plan: UnitPlan) -> None:
        unit = create_unit(
            self._work,
            name=plan.name,
            organ_type=plan.organ_type,
            measure=plan.measure,
            parent=self.offices.units[plan.parent] if plan.parent else None,
            closes_at=plan.closes_at,
            address=plan.address,
            complaint_phone=office_phone(plan.measure, number, 0),
        )
        self.offices.units[plan.key] = unit
        for place in range(len(plan.sections)):
            self._section(unit, number, place, plan)
        self._general_post(unit, number, plan)
        self._unit_wide(unit, plan)

    def _section(self, unit: Unit, number: int, place: int, plan: UnitPlan) -> None:
        """A section with the holder of its post (A岗) and a head who is the deputy (B岗)."""
        wanted = plan.sections[place]
        key = f"{plan.key}/{wanted.key}"
        section = create_section(
            self._work, unit, name=wanted.name, kind=wanted.kind, is_dedicated=wanted.is_dedicated
        )
        self.offices.sections[key] = section
        holder = self._person(unit, f"{plan.key}-{wanted.key}-1", section)
        grant_role(self._work, holder, Role.POST_HOLDER, section=section)
        head = self._person(unit, self._head_name(plan, wanted), section)
        grant_role(self._work, head, Role.SECTION_HEAD, section=section)
        post = create_post(
            self._work,
            PostKind.SECTION,
            unit=unit,
            section=section,
            holder=holder,
            deputies=[head],
            location=wanted.location,
            phone=office_phone(plan.measure, number, place + 2),
        )
        self.offices.signs[key] = issue_sign(self._work, post)

    def _head_name(self, plan: UnitPlan, section: SectionPlan) -> str:
        """The head of the 专门科室 keeps the general post."""
        return f"{plan.key}-zonggang" if section.is_dedicated else f"{plan.key}-{section.key}-2"

    def _general_post(self, unit: Unit, number: int, plan: UnitPlan) -> None:
        dedicated = next(section for section in plan.sections if section.is_dedicated)
        keeper = self.offices.staff(f"{plan.key}-zonggang")
        grant_role(self._work, keeper, Role.GENERAL_POST)
        post = create_post(
            self._work,
            PostKind.GENERAL,
            unit=unit,
            holder=keeper,
            deputies=[self.offices.staff(f"{plan.key}-{dedicated.key}-1")],
            location=f"{plan.address}一楼大厅入口",
            phone=office_phone(plan.measure, number, 1),
        )
        self.offices.signs[plan.key] = issue_sign(self._work, post)

    def _unit_wide(self, unit: Unit, plan: UnitPlan) -> None:
        """The people without a section: leaders, discipline, and in a 牵头部门 those who look from outside."""
        for name, role, has_totp in _UNIT_WIDE:
            person = self._person(unit, f"{plan.key}-{name}", None, has_totp=has_totp)
            if role is Role.DEPUTY_LEADER:
                for section in plan.sections:
                    grant_role(
                        self._work, person, role, section=self.offices.sections[f"{plan.key}/{section.key}"]
                    )
            else:
                grant_role(self._work, person, role)
        discipline = self.offices.staff(f"{plan.key}-jiwei")
        create_post(self._work, PostKind.DISCIPLINE, unit=unit, holder=discipline, location=plan.address)
        if plan.is_lead:
            for name, role in _LEAD_OFFICE:
                person = self._person(unit, f"{plan.key}-{name}", None, has_totp=True)
                grant_role(self._work, person, role)
            overseer = self.offices.staff(f"{plan.key}-dudao")
            create_post(self._work, PostKind.OVERSIGHT, unit=unit, holder=overseer, location=plan.address)

    def _person(self, unit: Unit, username: str, section: Section | None, *, has_totp: bool = False) -> Staff:
        password = "".join(secrets.choice(_SYMBOLS) for _ in range(_PASSWORD_SIZE))
        secret = new_totp_secret() if has_totp else None
        staff = create_staff(
            self._work,
            unit=unit,
            section=section,
            username=username,
            name=next(self._names),
            employment=next(self._employment) if section else Employment.CIVIL_SERVANT,
            password=password,
            phone=staff_phone(len(self.offices.accounts) + 1),
            totp_secret=secret,
            cost=DEMO_COST,
        )
        if section is not None:
            grant_role(self._work, staff, Role.HANDLER, section=section)
        self.offices.accounts[username] = Account(staff, password, secret)
        return staff

    def _people_who_left(self) -> None:
        """One colleague is away for training, another has moved to other work: neither is handed out."""
        unit = self.offices.units[SHOWCASE]
        section = self.offices.sections[f"{SHOWCASE}/chuangkou"]
        away = self._person(unit, f"{SHOWCASE}-chuangkou-3", section)
        set_absence(self._work, away, starts_at=self._now - timedelta(days=3))
        moved = self._person(unit, f"{SHOWCASE}-chuangkou-4", section)
        deactivate_staff(self._work, moved)

    def _replaced_sign(self) -> None:
        """The first window's plate was replaced once; whoever still scans the old one is sent on."""
        key = f"{SHOWCASE}/chuangkou"
        old = self.offices.signs[key]
        later = replace(self._work, now=self._work.now + _REPLACED_AFTER)
        self.offices.signs[key] = issue_sign(later, old.post)
        retire_sign(later, old, self.offices.signs[key])
