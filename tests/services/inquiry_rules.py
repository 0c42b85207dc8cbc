"""Who is who in the office as it is now, and who may take the everyday steps: design 1 and 4, told again.

Nothing here asks the code under test for a verdict. `inquiry_rules_statute` goes on with what the two documents add.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from backend.domain.identity import Identity
from backend.domain.vocabulary import AboutKind, Category, Measure, Outcome, Role, Status
from backend.models import Staff
from tests.services.inquiry_clocks import APPLIED, Terms, count_days, is_provisional
from tests.services.inquiry_facts import Facts
from tests.support.app import Office

RATING_WINDOW, CHANGE_WINDOW = timedelta(days=30), timedelta(days=7)
ASSIGNERS = {
    Role.SECTION_HEAD,
    Role.GENERAL_POST,
    Role.DISCIPLINE,
    Role.PRINCIPAL_LEADER,
    Role.DEPUTY_LEADER,
}
UNIT_READERS = {Role.GENERAL_POST, Role.PRINCIPAL_LEADER, Role.DISCIPLINE}
IN_HAND = (Status.FILED, Status.CONFIRMED, Status.AWAITING_CITIZEN)
"""Open, with nothing but the citizen to wait for."""
AT_REST = (*IN_HAND, Status.JOINT)
"""Open, and no offer waits for an answer."""
NEVER_HOLD = {"auditor", "sysadmin"}
MOST_FILES = 6


class Subject(NamedTuple):
    """Whom a complaint is about, by id."""

    staff: str | None = None
    section: str | None = None
    unit: str | None = None


class Place(NamedTuple):
    """A target as it was meant: unit, section and person."""

    unit: str | None
    section: str | None
    staff: str | None


@dataclass
class Rules:
    """The office as it is now. `away` are the people who are absent, by name."""

    office: Office
    terms: Terms
    away: set[str] = field(default_factory=set)
    knows_next_year: bool = False
    """Whether the next year's calendar is at hand."""

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
        self.posts_of_signs: dict[str | None, str] = {
            org.general_sign.id: org.general_post.id,
            org.neighbour_general_sign.id: org.neighbour_general_post.id,
            org.lu_general_sign.id: org.lu_general_post.id,
        }
        self.section_posts: dict[str, str] = {}
        self.sections_of: dict[str, str] = {org.empty_section.id: org.unit.id}
        for name in (
            "window",
            "business",
            "office",
            "neighbour_window",
            "neighbour_office",
            "lu_window",
            "lu_office",
        ):
            desk = getattr(org, name)
            self.keepers_of[desk.post.id] = ([f"{name}_a", f"{name}_b"], [f"{name}_head"])
            self.section_posts[desk.section.id] = desk.post.id
            self.sections_of[desk.section.id] = desk.section.unit_id
            self.posts_of_signs[desk.sign.id] = desk.post.id
        self.heads_of = {org.unit.id: "principal"}

    def person(self, name: str) -> Staff:
        return self.office.org.people[name]

    def is_present(self, name: str) -> bool:
        return name not in self.away

    def keepers(self, post_id: str | None) -> list[str]:
        """Holder and deputies who are there; the head where none is (AB岗)."""
        keepers, stand_in = self.keepers_of.get(post_id or "", ([], []))
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
        inquiry = facts.inquiry
        about = (inquiry["subject_staff_id"], inquiry["subject_section_id"], inquiry["subject_unit_id"])
        return self.covers(Subject(*about), name)

    def covers(self, subject: Subject, name: str) -> bool:
        person = self.person(name)
        return (
            subject.staff == person.id
            or (person.section_id is not None and subject.section == person.section_id)
            or subject.unit == person.unit_id
        )

    def bearers(self, holding: Any) -> list[str]:
        """Who can act for a holding: the person, with stand-ins while they are away, or the keepers of the post."""
        if holding["staff_id"] is None:
            return self.keepers(holding["post_id"])
        name = self.names[holding["staff_id"]]
        if self.is_present(name):
            return [name]
        heads = [
            other
            for other, identity in self.identities.items()
            if holding["section_id"] in identity.sections_with(Role.SECTION_HEAD) and self.is_present(other)
        ]
        return [name, *(heads or self.keepers(self.general_posts.get(holding["unit_id"])))]

    def holds(self, facts: Facts, name: str) -> bool:
        """Whether this person may act as the holder."""
        holding = facts.holding
        return holding is not None and name in self.bearers(holding) and not self.is_about(facts, name)

    # The everyday steps.

    def may_confirm(self, facts: Facts, name: str) -> bool:
        return facts.status is Status.FILED and self.holds(facts, name)

    def is_fit_confirmation(self, facts: Facts, body: dict[str, Any]) -> bool:
        """当场办理 (坛 六（一）) is about the own duty and what is applied for; 泸 says nothing of it."""
        is_applied_for = facts.inquiry["measure"] is Measure.TAN and facts.inquiry["category"] in APPLIED
        return not body.get("on_the_spot") or (is_applied_for and body.get("competent") is not False)

    def may_close(self, facts: Facts, name: str) -> bool:
        return self.holds(facts, name)

    def is_fit_closing(self, facts: Facts, body: dict[str, Any]) -> bool:
        """坛 六（一）: a refusal with 理由, 依据 and 救济途径. 六（四）、七（四）: guidance where to, or with which help."""
        reason, authority, help_ = body.get("reason"), body.get("authority"), body.get("help")
        if body["outcome"] == Outcome.REFUSED and not (reason and body.get("basis") and body.get("remedy")):
            return False
        if body["outcome"] != Outcome.GUIDED:
            return not (authority or help_)
        if authority and not (authority.get("address") or authority.get("phone")):
            return False
        inquiry = facts.inquiry
        if inquiry["measure"] is Measure.TAN:
            if inquiry["category"] is Category.CONSULT:
                return bool(reason and help_)
            if inquiry["is_written"] and authority:
                return False
        return bool(authority or help_)

    def may_offer(self, facts: Facts, name: str) -> bool:
        return facts.status in IN_HAND and not self.is_pending(facts) and self.holds(facts, name)

    def is_pending(self, facts: Facts) -> bool:
        """A matter goes one way at a time: a letter waits for its 送达, or a dispute for its decision."""
        return facts.letter is not None or facts.dispute is not None

    def is_fit_target(self, facts: Facts, name: str, target: dict[str, str]) -> bool:
        """Whether `name`, who holds it, may offer it there."""
        holding = facts.holding
        assert holding is not None
        place = self.place(target)
        if place.unit is None or place.staff == name:
            return False
        inside = place.unit == holding["unit_id"]
        if inside and (
            place.section is None or (place.section == holding["section_id"] and place.staff is None)
        ):
            return False
        return self.can_take(facts, place)

    def can_take(self, facts: Facts, place: Place) -> bool:
        """Whether somebody is there who could take it, and it is not about them."""
        inquiry, people = facts.inquiry, self.who_could(place)
        if place.section is not None and inquiry["subject_section_id"] == place.section:
            return False
        return inquiry["subject_unit_id"] != place.unit and not all(self.is_about(facts, p) for p in people)

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

    def is_silence(self, facts: Facts) -> bool:
        """Whether nobody has answered the open offer in time; a day that is only 暂定 may turn out to be none."""
        offer, now = facts.offer, self.office.clock.now()
        if offer is None:
            return False
        end, knows = offer["lapses_at"], self.knows_next_year
        if is_provisional(end, next_year=knows):
            end, _ = count_days(self.terms.closes[offer["from_unit_id"]], end, 1, next_year=knows)
        return bool(end < now)

    def may_assign(self, facts: Facts, name: str) -> bool:
        holding = facts.holding
        if holding is None or facts.status not in AT_REST or self.is_about(facts, name):
            return False
        return self._in_scope(name, holding["unit_id"], holding["section_id"])

    def may_assign_to(self, facts: Facts, name: str, to: str) -> bool:
        person = self.person(to)
        there = self.is_present(to) and to not in NEVER_HOLD
        return (
            there and self._in_scope(name, person.unit_id, person.section_id) and not self.is_about(facts, to)
        )

    def is_open(self, facts: Facts) -> bool:
        return facts.is_open

    def may_attach(self, facts: Facts) -> bool:
        return facts.is_open and len(facts.rows["attachments"]) < MOST_FILES

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

    # Whom a complaint is about, and who takes it.

    def subject(self, facts: Facts, about: str | None) -> Subject:
        """Whom it is about: the place where it was filed, unless the citizen says the whole unit."""
        inquiry = facts.inquiry
        if about == AboutKind.UNIT:
            return Subject(unit=inquiry["first_unit_id"])
        post = self.posts_of_signs.get(inquiry["sign_id"], inquiry["first_post_id"])
        holder = self.person(self.keepers_of[post][0][0]).id
        if post in self.general_posts.values():
            # Those who would decide on it may be meant: it goes past the unit.
            return Subject(staff=holder, unit=inquiry["first_unit_id"])
        section = next(section for section, kept in self.section_posts.items() if kept == post)
        return Subject(staff=holder if about == AboutKind.SIGN_HOLDER else None, section=section)

    def complaint_post(self, facts: Facts, subject: Subject) -> str | None:
        """Discipline, else the general post, else the lead office: the first with somebody there it is not about."""
        org, first = self.office.org, facts.inquiry["first_unit_id"]
        posts = [] if subject.unit is not None else [self.general_posts[first]]
        if posts and first == org.unit.id:
            posts.insert(0, org.discipline_post.id)
        if first != org.lu_unit.id:
            posts.append(org.oversight_post.id)
        for post in posts:
            if any(not self.covers(subject, name) for name in self.keepers(post)):
                return post
        return None

    # Where something may go.

    def place(self, target: dict[str, Any]) -> Place:
        staff = self.names.get(target.get("to_staff", ""))
        person = self.person(staff) if staff else None
        section_id = target.get("to_section") or (person.section_id if person else None)
        unit_id = target.get("to_unit") or (self.sections_of[section_id] if section_id else None)
        return Place(unit_id or (person.unit_id if person else None), section_id, staff)

    def who_could(self, place: Place) -> list[str]:
        if place.staff is not None:
            is_there = self.is_present(place.staff) and place.staff not in NEVER_HOLD
            return [place.staff] if is_there else []
        if place.section is not None:
            return self.handlers(place.section)
        return self.keepers(self.general_posts.get(place.unit or ""))

    def _in_scope(self, name: str, unit_id: str, section_id: str | None) -> bool:
        return any(
            grant.role in ASSIGNERS
            and (grant.unit_id == unit_id if grant.section_id is None else grant.section_id == section_id)
            for grant in self.identities[name].grants
        )
