"""Who may take the steps that the two documents add: notices, limits, letters, disputes, joint handling, urging."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from backend.domain.vocabulary import (
    Category,
    Channel,
    DisputeLevel,
    ExternalState,
    HandoffState,
    Measure,
    OpinionKind,
    Role,
    Source,
    Status,
    SupervisionKind,
)
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState
from tests.services.inquiry_clocks import count_days, local_day
from tests.services.inquiry_facts import Facts
from tests.services.inquiry_rules import AT_REST, IN_HAND, UNIT_READERS, Rules

MOST_EXTENSION = 2
"""系统设定 extension-once: working days."""
REFUSALS = 3
"""系统设定 third-refusal."""
RELEASERS = {Role.DISCIPLINE, Role.GENERAL_POST, Role.OVERSEER, Role.PRINCIPAL_LEADER}


class StatuteRules(Rules):
    """The office as it is now, with every rule of both documents."""

    # 一次性告知, limits, category.

    def may_notify(self, facts: Facts, name: str) -> bool:
        return facts.status in IN_HAND and self.holds(facts, name)

    def is_fit_notice(self, facts: Facts, body: dict[str, Any]) -> bool:
        """All four parts, or an entry of the holding unit's 事项目录, which a notice never exceeds.

        No notice states days beside a limit that runs already, unless what it names takes that one's place.
        """
        days, kind = body.get("days"), body.get("days_kind")
        if (days is None) != (kind is None):
            return False
        matter = self.matter(facts, body["matter"]) if "matter" in body else None
        prevails = matter is not None and matter["regime"] is not None and self._is_tan(facts)
        stays = facts.running("superior-law", *([] if prevails else ["handling-limit"]))
        if stays and days is not None:
            return False
        if "matter" not in body:
            return all(body.get(part) for part in ("basis", "time_limit", "procedure", "documents"))
        return matter is not None and (days is None or days <= stated_days(matter))

    def may_record_supplement(self, facts: Facts, name: str) -> bool:
        """收到补充材料: what was brought to the window or came by post."""
        return facts.is_open and self.holds(facts, name)

    def is_fit_receipt(self, facts: Facts, came: datetime) -> bool:
        """Since the notice that asks for it, of which a form tells the minute, and not after now."""
        earliest = facts.wait_began.at if facts.wait_began is not None else facts.round_began
        return earliest.replace(second=0, microsecond=0) <= came <= self.office.clock.now()

    def may_receive_notice(self, facts: Facts) -> bool:
        return facts.is_open and bool(facts.notices) and facts.notices[-1]["received_at"] is None

    def matter(self, facts: Facts, matter_id: str) -> RowMapping | None:
        """An entry of the 事项目录 of the unit that holds it."""
        matter = self.terms.matters.get(matter_id)
        return matter if matter is not None and matter["unit_id"] == facts.inquiry["unit_id"] else None

    def may_name_matter(self, facts: Facts, name: str) -> bool:
        """One stated limit at a time; another regime's prevails over the measure's own in 坛 alone (坛 五)."""
        stays = [row for row in facts.running("handling-limit") if not gives_way(row)]
        if facts.running("superior-law") or (stays and not self._is_tan(facts)):
            return False
        return facts.status in AT_REST and self.holds(facts, name)

    def is_fit_matter(self, facts: Facts, body: dict[str, Any]) -> bool:
        regime, matter = body.get("regime"), None
        if "matter" in body:
            matter = self.matter(facts, body["matter"])
            if matter is None:
                return False
            regime = matter["regime"]
        running = facts.running("handling-limit")
        if not running or (regime is not None and self._is_tan(facts)):
            return True
        if matter is None or not gives_way(running[0]):
            return False
        closes = self.terms.closes[facts.inquiry["unit_id"]]
        due_at, _ = count_days(closes, facts.round_began, stated_days(matter), next_year=self.knows_next_year)
        return bool(due_at < running[0]["due_at"])

    def _is_tan(self, facts: Facts) -> bool:
        return facts.inquiry["measure"] is Measure.TAN

    def may_extend(self, facts: Facts, name: str) -> bool:
        """坛 七（一）: once, before it is over."""
        if not self.holds(facts, name):
            return False
        running = [chain for chain in facts.limits if chain[-1] in facts.running("answer-consult")]
        return any(
            self.office.clock.now() <= chain[-1]["due_at"]
            and all(row["change_kind"] != "extension" for row in chain)
            for chain in running
        )

    def may_classify(self, facts: Facts, name: str) -> bool:
        """A complaint is released only by those whom complaints go to."""
        if facts.status not in AT_REST or not self.holds(facts, name):
            return False
        if facts.inquiry["category"] is not Category.COMPLAINT:
            return True
        org, holding = self.office.org, facts.holding
        assert holding is not None
        posts = {*self.general_posts.values(), org.discipline_post.id, org.oversight_post.id}
        return holding["post_id"] in posts or self.identities[name].holds(*RELEASERS)

    def is_fit_classification(self, facts: Facts, body: dict[str, Any]) -> bool:
        inquiry = facts.inquiry
        category, channel = Category(body["category"]), body.get("channel")
        corrects = channel is not None and channel != inquiry["channel"]
        by_sign = inquiry["source"] is Source.SIGN and inquiry["channel"] is Channel.OTHER
        if corrects and not (by_sign and channel == Channel.VISIT):
            return False
        becomes = category is Category.COMPLAINT and inquiry["category"] is not Category.COMPLAINT
        if "about" in body and not becomes:
            return False
        if not becomes:
            return corrects or category is not inquiry["category"]
        # Other units read what is handled jointly.
        return facts.status is not Status.JOINT

    # Letters to outside authorities.

    def may_address_outside(self, facts: Facts, name: str) -> bool:
        return facts.status in AT_REST and not self.is_pending(facts) and self.holds(facts, name)

    def may_serve(self, facts: Facts, name: str) -> bool:
        return facts.letter is not None and self.holds(facts, name)

    def is_fit_service(self, facts: Facts, served_at: Any) -> bool:
        """Between the letter, of which a form tells the minute, and now; and not before the matter itself came."""
        letter = facts.letter
        assert letter is not None
        return (
            served_at <= self.office.clock.now()
            and served_at >= facts.inquiry["received_at"]
            and served_at >= letter["made_at"].replace(second=0, microsecond=0)
        )

    def may_cancel_letter(self, facts: Facts, name: str) -> bool:
        return facts.letter is not None and facts.status in AT_REST and self.holds(facts, name)

    def may_record_result(self, facts: Facts, name: str) -> bool:
        """负责到底 (泸 二（二）2): who held it last, or the first unit's general post."""
        letter = facts.letters[-1] if facts.letters else None
        if letter is None or letter["state"] is not ExternalState.SERVED or letter["result_at"] is not None:
            return False
        people = self.bearers(facts.holdings[-1])
        people += self.keepers(self.general_posts.get(facts.inquiry["first_unit_id"]))
        return name in people and self.sees(facts, name)

    # Disputes.

    def is_dispute_due(self, facts: Facts) -> bool:
        """Whether one more refusal is the third, and somebody stands above who is no party to it."""
        refused = self._refused(facts)
        so_far = [row for row in facts.disputes if row["round"] == facts.round]
        return (len(refused) + 1) // REFUSALS > len(so_far) and self.arbiter(facts) is not None

    def arbiter(self, facts: Facts) -> tuple[DisputeLevel, str] | None:
        """Inside a unit the general post, then the unit head; between units the coordinator; for want of one the head."""
        offer, holding = facts.offer, facts.holding
        assert offer is not None
        assert holding is not None
        last = [*self._refused(facts)[-(REFUSALS - 1) :], offer]
        units = {row["from_unit_id"] for row in last} | {row["to_unit_id"] for row in last}
        lead, unit = self.office.org.lead.id, holding["unit_id"]
        coordinators = [] if unit == self.office.org.lu_unit.id or lead in units else [lead]
        posts = {row["id"]: row["post_id"] for row in facts.rows["holdings"]}
        givers = {posts[row["from_holding_id"]] for row in last} | {holding["post_id"]}
        candidates = [
            *((DisputeLevel.GENERAL_POST, unit) for _ in "i" if len(units) == 1),
            *((DisputeLevel.COORDINATOR, other) for other in coordinators if len(units) > 1),
            (DisputeLevel.UNIT_HEAD, unit),
            *((DisputeLevel.COORDINATOR, other) for other in coordinators if len(units) == 1),
        ]
        for level, of in candidates:
            people = self._deciders(facts, level, of)
            is_party = holding["staff_id"] in {self.person(name).id for name in people}
            if level is DisputeLevel.GENERAL_POST and self.general_posts.get(of) in givers:
                is_party = True
            if people and not is_party:
                return level, of
        return None

    def may_decide(self, facts: Facts, name: str) -> bool:
        dispute = facts.dispute
        if dispute is None:
            return False
        return name in self._deciders(facts, dispute["level"], dispute["arbiter_unit_id"])

    def is_fit_decision(self, facts: Facts, target: dict[str, str]) -> bool:
        """Inside a unit one decides about that unit alone; the lead office about those it settles for."""
        dispute, place = facts.dispute, self.place(target)
        assert dispute is not None
        in_scope = place.unit == dispute["arbiter_unit_id"]
        if dispute["level"] is DisputeLevel.COORDINATOR:
            in_scope = place.unit != self.office.org.lu_unit.id
        return in_scope and self.can_take(facts, place)

    def may_escalate(self, facts: Facts, name: str) -> bool:
        dispute = facts.dispute
        if dispute is None or dispute["level"] is not DisputeLevel.GENERAL_POST:
            return False
        unit = dispute["arbiter_unit_id"]
        deciders = self._deciders(facts, DisputeLevel.GENERAL_POST, unit)
        return name in deciders and bool(self._deciders(facts, DisputeLevel.UNIT_HEAD, unit))

    def _refused(self, facts: Facts) -> list[RowMapping]:
        """The offers of this round that were returned or met with silence, in order."""
        rounds = {row["id"]: row["round"] for row in facts.rows["holdings"]}
        refused = [
            row
            for row in facts.rows["handoffs"]
            if row["state"] in {HandoffState.RETURNED, HandoffState.LAPSED}
            and rounds[row["from_holding_id"]] == facts.round
        ]
        return sorted(refused, key=lambda row: row["decided_at"])

    def _deciders(self, facts: Facts, level: DisputeLevel, unit_id: str) -> list[str]:
        head = [name for unit, name in self.heads_of.items() if unit == unit_id and self.is_present(name)]
        general = self.keepers(self.general_posts.get(unit_id))
        lead = self.keepers(self.office.org.oversight_post.id) if unit_id == self.office.org.lead.id else []
        found = {
            DisputeLevel.GENERAL_POST: general,
            DisputeLevel.UNIT_HEAD: head,
            DisputeLevel.COORDINATOR: general + lead + head,
        }[level]
        return [name for name in found if not self.is_about(facts, name)]

    # 共同办理.

    def may_start_joint(self, facts: Facts, name: str) -> bool:
        return facts.status in IN_HAND and not self.is_pending(facts) and self.holds(facts, name)

    def is_fit_company(self, facts: Facts, units: list[str]) -> bool:
        """Other units, each once, and none that a complaint concerns."""
        inquiry = facts.inquiry
        concerned = {inquiry["subject_unit_id"], self.sections_of.get(inquiry["subject_section_id"])}
        if inquiry["subject_staff_id"] is not None:
            concerned.add(self.person(self.names[inquiry["subject_staff_id"]]).unit_id)
        return (
            inquiry["unit_id"] not in units
            and len(set(units)) == len(units)
            and not concerned.intersection(units)
        )

    def may_speak(self, facts: Facts, name: str) -> bool:
        """The lead's holder, and the general post or head of a unit that was asked."""
        if facts.status is not Status.JOINT:
            return False
        return self.holds(facts, name) or (
            not self.is_about(facts, name)
            and any(
                name in self.keepers(self.general_posts.get(unit))
                or (self.heads_of.get(unit) == name and self.is_present(name))
                for unit in self.partners(facts)
            )
        )

    def may_plan(self, facts: Facts, name: str) -> bool:
        joint = facts.joint
        if joint is None or joint["planned_at"] is not None:
            return False
        return self.is_agreed(facts) and self.holds(facts, name)

    def is_agreed(self, facts: Facts) -> bool:
        """A plan is 商定: every unit that was asked has spoken, or a 协商记录 says what was talked."""
        joint = facts.joint
        talks = [
            row
            for row in facts.rows["joint_opinions"]
            if joint and row["joint_id"] == joint["id"] and row["kind"] is OpinionKind.CONSULTATION
        ]
        return bool(talks) or all(row["cooperated_at"] is not None for row in self.parts(facts))

    def may_refer(self, facts: Facts, name: str) -> bool:
        """坛 六（三）: the report to 区委办公室 or 区政府办公室; 泸 knows none."""
        joint = facts.joint
        may = joint is not None and joint["referred_at"] is None and self.holds(facts, name)
        return self._is_tan(facts) and may

    def may_finish_task(self, facts: Facts, name: str) -> bool:
        joint = facts.joint
        if joint is None or joint["planned_at"] is None or self.is_about(facts, name):
            return False
        return any(
            name in self.keepers(self.general_posts.get(row["unit_id"])) and row["done_at"] is None
            for row in self.parts(facts)
        )

    def parts(self, facts: Facts) -> list[RowMapping]:
        """The other units of the joint case that runs."""
        joint = facts.joint
        return [row for row in facts.rows["joint_units"] if joint and row["joint_id"] == joint["id"]]

    def partners(self, facts: Facts) -> list[str]:
        return [row["unit_id"] for row in self.parts(facts)]

    # 催办, 督办, 批示.

    def may_remind(self, facts: Facts) -> bool:
        """Once a Beijing day."""
        today = local_day(self.office.clock.now())
        return facts.is_open and all(row["day"] != today for row in facts.rows["reminders"])

    def may_supervise(self, facts: Facts, name: str) -> bool:
        return self._stands_above(facts, name, SupervisionKind.SUPERVISION)

    def may_instruct(self, facts: Facts, name: str) -> bool:
        return self._stands_above(facts, name, SupervisionKind.INSTRUCTION)

    def _stands_above(self, facts: Facts, name: str, kind: SupervisionKind) -> bool:
        """Leaders; for 督办 discipline and the general post too: over the units and sections that had it."""
        if not (facts.is_open and self.sees(facts, name)):
            return False
        units = {row["unit_id"] for row in facts.holdings}
        sections = {row["section_id"] for row in facts.holdings} - {None}
        if not facts.inquiry["is_confidential"]:
            units.add(facts.inquiry["first_unit_id"])
        roles = {Role.PRINCIPAL_LEADER}
        if kind is SupervisionKind.SUPERVISION:
            roles |= {Role.DISCIPLINE, Role.GENERAL_POST}
            own = self.person(name).unit_id
            if own in units and name in self.keepers(self.general_posts.get(own)):
                return True
        identity = self.identities[name]
        return bool(
            identity.units_with(*roles) & units or identity.sections_with(Role.DEPUTY_LEADER) & sections
        )

    def may_follow_up(self, facts: Facts, name: str) -> bool:
        """泸 二（二）4, 附件1-16: the post of who closed it, the general post and discipline call whoever left a phone.

        Until the call was answered or refused. Under 坛 they may as well.
        """
        if facts.is_open or facts.was_withdrawn or facts.inquiry["citizen_id"] is None:
            return False
        call = facts.follow_ups.get((facts.round, FollowUpMethod.CALL))
        if call is not None and call["state"] not in {FollowUpState.WAITING, FollowUpState.UNREACHABLE}:
            return False
        unit, section = facts.holdings[-1]["unit_id"], facts.holdings[-1]["section_id"]
        posts = [self.general_posts.get(unit), self.section_posts.get(section)]
        org = self.office.org
        posts += {org.unit.id: [org.discipline_post.id], org.lead.id: [org.oversight_post.id]}.get(unit, [])
        kept = [person for post in posts for person in self.keepers_of.get(post or "", ([], []))[0]]
        return name in kept and self.sees(facts, name)

    def may_spot_check(self, facts: Facts, name: str) -> bool:
        """泸 二（二）4, 附件1-17: the general post and discipline, of what is closed and was not in their hands."""
        return not facts.is_open and bool(self.checks_as(facts, name)) and self.sees(facts, name)

    def checks_as(self, facts: Facts, name: str) -> set[str]:
        """As keeper of which of the two posts: not of one that held it, nor whoever held it or works where it was held."""
        unit, org, person = facts.inquiry["unit_id"], self.office.org, self.person(name)
        posts = {"general_post": self.general_posts.get(unit)}
        if unit == org.unit.id:
            posts["discipline"] = org.discipline_post.id
        held = {row[key] for row in facts.holdings for key in ("post_id", "staff_id", "section_id")}
        had = held | {facts.inquiry["first_responder_id"], facts.inquiry["closed_by_id"]}
        kept = {post for post, (keepers, _) in self.keepers_of.items() if name in keepers}
        if {person.id, person.section_id} & (had - {None}) or kept & had:
            return set()
        return {way for way, post in posts.items() if post in kept and post not in had}

    def sees(self, facts: Facts, name: str) -> bool:
        """The table of design 1 without offers and joint cases: own section, own unit, past holder.

        What was held before it turned into a complaint opens it to nobody any more.
        """
        if name in {"auditor", "sysadmin"} or self.is_about(facts, name):
            return False
        inquiry, person, identity = facts.inquiry, self.person(name), self.identities[name]
        held = facts.holdings
        turned = [e.at for e in facts.told("reclassified") if e.facts["new_category"] == Category.COMPLAINT]
        turned += [facts.events[0].at] if inquiry["category"] is Category.COMPLAINT else []
        if inquiry["is_confidential"]:
            held = [row for row in held if row["ended_at"] is None or row["ended_at"] > max(turned)]
        posts = {post for post, (keepers, heads) in self.keepers_of.items() if name in keepers + heads}
        sections = identity.sections_with(
            Role.HANDLER, Role.POST_HOLDER, Role.SECTION_HEAD, Role.DEPUTY_LEADER
        )
        units = identity.units_with(*UNIT_READERS)
        if not inquiry["is_confidential"] and inquiry["first_unit_id"] in units:
            return True
        return inquiry["unit_id"] in units or any(
            row["staff_id"] == person.id
            or row["post_id"] in posts
            or row["section_id"] in sections
            or row["unit_id"] in units
            for row in held
        )


def gives_way(row: RowMapping) -> bool:
    """Whether an entry of the 事项目录 that ends earlier takes its place: a notice alone stated it."""
    return row["notice_id"] is not None and row["matter_id"] is None


def stated_days(matter: RowMapping) -> int:
    """The unit's promise where it made one, else the law's days."""
    return int(matter["promised_days"] or matter["legal_days"])
