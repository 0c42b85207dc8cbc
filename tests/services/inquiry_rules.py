"""Who may do what to an inquiry, told again without the code under test: design 1 and 4, and who keeps which post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from backend.domain.identity import Identity
from backend.domain.vocabulary import Role, Status
from backend.models import Staff
from tests.services.inquiry_facts import Facts
from tests.support.app import Office

RATING_WINDOW, CHANGE_WINDOW = timedelta(days=30), timedelta(days=7)
ASSIGNERS = {Role.SECTION_HEAD, Role.GENERAL_POST, Role.PRINCIPAL_LEADER, Role.DEPUTY_LEADER}
CAN_MOVE = (Status.FILED, Status.CONFIRMED)


@dataclass
class Rules:
    """The office as it is now. `away` are the people who are absent, by name."""

    office: Office
    away: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        org = self.office.org
        self.names = {person.id: name for name, person in org.people.items()}
        self.identities: dict[str, Identity] = {name: org.identity(name) for name in org.people}
        self.general_posts = {
            org.unit.id: org.general_post.id,
            org.neighbour.id: org.neighbour_general_post.id,
            org.lu_unit.id: org.lu_general_post.id,
        }
        self.keepers_of: dict[str, tuple[list[str], list[str]]] = {
            org.general_post.id: (["general"], ["principal"]),
            org.neighbour_general_post.id: (["neighbour_general"], []),
            org.lu_general_post.id: (["lu_general"], []),
            org.discipline_post.id: (["discipline"], []),
            org.oversight_post.id: (["overseer"], []),
        }
        for name in (
            "window",
            "business",
            "office",
            "neighbour_window",
            "neighbour_office",
            "lu_window",
            "lu_office",
        ):
            keepers = ([f"{name}_a", f"{name}_b"], [f"{name}_head"])
            self.keepers_of[getattr(org, name).post.id] = keepers

    def person(self, name: str) -> Staff:
        return self.office.org.people[name]

    def is_present(self, name: str) -> bool:
        return name not in self.away

    def keepers(self, post_id: str) -> list[str]:
        """Holder and deputies who are there; the head where none is (AB岗)."""
        keepers, stand_in = self.keepers_of[post_id]
        there = [name for name in keepers if self.is_present(name)]
        return there or [name for name in stand_in if self.is_present(name)]

    def handlers(self, section_id: str) -> list[str]:
        """Who is there to accept for a section."""
        return [
            name
            for name, identity in self.identities.items()
            if section_id in identity.sections_with(Role.HANDLER) and self.is_present(name)
        ]

    def is_about(self, facts: Facts, name: str) -> bool:
        """Whether a complaint is about this person, their section or their unit."""
        person, inquiry = self.person(name), facts.inquiry
        return (
            inquiry["subject_staff_id"] == person.id
            or (person.section_id is not None and inquiry["subject_section_id"] == person.section_id)
            or inquiry["subject_unit_id"] == person.unit_id
        )

    def holds(self, facts: Facts, name: str) -> bool:
        """Whether this person may act as the holder."""
        holding = facts.holding
        if holding is None or self.is_about(facts, name):
            return False
        if holding["staff_id"] is not None:
            return bool(holding["staff_id"] == self.person(name).id)
        return name in self.keepers(holding["post_id"])

    def may_confirm(self, facts: Facts, name: str) -> bool:
        return facts.status is Status.FILED and self.holds(facts, name)

    def may_close(self, facts: Facts, name: str) -> bool:
        return self.holds(facts, name)

    def may_offer(self, facts: Facts, name: str) -> bool:
        return facts.status in CAN_MOVE and self.holds(facts, name)

    def is_fit_target(self, facts: Facts, name: str, target: dict[str, str]) -> bool:
        """Whether `name`, who holds it, may offer it there."""
        holding = facts.holding
        assert holding is not None
        unit_id, section_id, staff = self._resolve(target)
        if unit_id is None or staff == name:
            return False
        inside = unit_id == holding["unit_id"]
        if inside and (section_id is None or (section_id == holding["section_id"] and staff is None)):
            return False
        people = self._who_could(unit_id, section_id, staff)
        inquiry = facts.inquiry
        if section_id is not None and inquiry["subject_section_id"] == section_id:
            return False
        return inquiry["subject_unit_id"] != unit_id and not all(self.is_about(facts, p) for p in people)

    def may_answer(self, facts: Facts, name: str) -> bool:
        """Whether the open offer was made to this person, their section, or the unit whose general post they keep."""
        offer = facts.offer
        if offer is None or not self.is_present(name) or self.is_about(facts, name):
            return False
        if offer["to_staff_id"] is not None:
            return bool(offer["to_staff_id"] == self.person(name).id)
        if offer["to_section_id"] is not None:
            return name in self.handlers(offer["to_section_id"])
        return name in self.keepers(self.general_posts[offer["to_unit_id"]])

    def may_assign(self, facts: Facts, name: str) -> bool:
        holding = facts.holding
        if holding is None or facts.status not in CAN_MOVE or self.is_about(facts, name):
            return False
        return self._in_scope(name, holding["unit_id"], holding["section_id"])

    def may_assign_to(self, facts: Facts, name: str, to: str) -> bool:
        person = self.person(to)
        there = self.is_present(to) and to not in {"auditor", "sysadmin"}
        return (
            there and self._in_scope(name, person.unit_id, person.section_id) and not self.is_about(facts, to)
        )

    def may_reopen(self, facts: Facts) -> bool:
        return not facts.is_open and not facts.was_withdrawn

    def may_rate(self, facts: Facts) -> bool:
        closed = facts.inquiry["closed_at"]
        in_time = closed is not None and self.office.clock.now() <= closed + RATING_WINDOW
        return in_time and not facts.was_withdrawn and facts.rating is None

    def may_change_rating(self, facts: Facts) -> bool:
        if facts.is_open or facts.rating is None or facts.rating["changed_at"] is not None:
            return False
        return bool(self.office.clock.now() <= facts.rating["rated_at"] + CHANGE_WINDOW)

    def _in_scope(self, name: str, unit_id: str, section_id: str | None) -> bool:
        return any(
            grant.role in ASSIGNERS
            and (grant.unit_id == unit_id if grant.section_id is None else grant.section_id == section_id)
            for grant in self.identities[name].grants
        )

    def _resolve(self, target: dict[str, str]) -> tuple[str | None, str | None, str | None]:
        staff = self.names.get(target.get("to_staff", ""))
        person = self.person(staff) if staff else None
        section_id = target.get("to_section") or (person.section_id if person else None)
        unit_id = target.get("to_unit") or (self.unit_of(section_id) if section_id else None)
        return unit_id or (person.unit_id if person else None), section_id, staff

    def unit_of(self, section_id: str) -> str:
        """The unit of a section."""
        org = self.office.org
        if section_id == org.empty_section.id:
            return org.unit.id
        return next(person.unit_id for person in org.people.values() if person.section_id == section_id)

    def _who_could(self, unit_id: str, section_id: str | None, staff: str | None) -> list[Any]:
        if staff is not None:
            return [staff] if self.is_present(staff) and staff not in {"auditor", "sysadmin"} else []
        if section_id is not None:
            return self.handlers(section_id)
        return self.keepers(self.general_posts[unit_id]) if unit_id in self.general_posts else []
