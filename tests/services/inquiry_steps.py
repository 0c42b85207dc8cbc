"""Steps of staff and citizens on an inquiry through the API, legal or not, and what each must leave behind.

Whether a step is legal is told by the rules. A legal one is done, told once in the ledger and one version on; any
other is refused in one of the documented ways and changes nothing. Here is how that is judged, and the everyday
steps; `inquiry_steps_statute` and `inquiry_steps_transfers` have the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from backend.database import reading
from backend.domain.vocabulary import Grade
from backend.domain.vocabulary_contact import FollowUpMethod
from backend.models import Inquiry
from backend.services.filing import citizen_token
from tests.services.inquiry_clocks import Hearsay, Terms
from tests.services.inquiry_facts import BROUGHT, Chains, Facts, new_events
from tests.services.inquiry_rules_statute import StatuteRules
from tests.support.app import Office, new_key

PEOPLE = [
    "window_a", "window_b", "window_head", "business_a", "business_b", "business_head", "office_a", "general",
    "discipline", "principal", "deputy_leader", "overseer", "neighbour_window_a", "neighbour_window_head",
    "neighbour_general", "lu_window_a", "lu_window_head", "lu_office_a", "lu_general", "auditor",
]  # fmt: skip
USUALLY = st.sampled_from([True, False, True, True])
REFUSED = {403, 404, 409, 412, 422}


@dataclass(frozen=True)
class Told:
    """How a step is told: the rule that says who may, the ledger's name of it, and how far it moves the version."""

    may: str
    event: str
    moves: int = 1


BY_STAFF = {
    "confirm": Told("may_confirm", "confirmed"),
    "offer": Told("may_offer", "offered"),
    "accept": Told("may_answer", "accepted"),
    "give_back": Told("may_answer", "returned"),
    "assign": Told("may_assign", "assigned"),
    "close": Told("may_close", "closed"),
    "notify": Told("may_notify", "noticed"),
    "record_supplement": Told("may_record_supplement", "supplemented"),
    "name_matter": Told("may_name_matter", "matter_named"),
    "extend": Told("may_extend", "clock_extended"),
    "classify": Told("may_classify", "reclassified"),
    "supervise": Told("may_supervise", "supervised", 0),
    "instruct": Told("may_instruct", "instructed", 0),
    "follow_up": Told("may_follow_up", "followed_up", 0),
    "spot_check": Told("may_spot_check", "spot_checked", 0),
    "address_outside": Told("may_address_outside", "addressed_outside"),
    "serve": Told("may_serve", "closed"),
    "cancel_letter": Told("may_cancel_letter", "external_cancelled"),
    "record_result": Told("may_record_result", "result_back"),
    "decide": Told("may_decide", "dispute_decided"),
    "escalate": Told("may_escalate", "dispute_escalated"),
    "start_joint": Told("may_start_joint", "joint_started"),
    "speak": Told("may_speak", "joint_opinion"),
    "plan": Told("may_plan", "joint_planned"),
    "refer": Told("may_refer", "joint_referred"),
    "finish_task": Told("may_finish_task", "joint_task_done"),
}
BY_CITIZEN = {
    "withdraw": Told("is_open", "withdrawn"),
    "supplement": Told("is_open", "supplemented"),
    "attach": Told("may_attach", "attached"),
    "reopen": Told("may_reopen", "reopened"),
    "rate": Told("may_rate", "rated", 0),
    "change_rating": Told("may_change_rating", "rating_changed", 0),
    "receive_notice": Told("may_receive_notice", "notice_received", 0),
    "remind": Told("may_remind", "reminded", 0),
}
STEPS = BY_STAFF | BY_CITIZEN
BESIDE = {"clock_overdue", "lead_opened", "dispute_opened"}
"""What may come with a step: a limit it ends was over already, a refusal was the third."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Story:
    """One inquiry of a run: its capability, its facts after the last step, and what its ledger leaves open."""

    number: str
    token: str
    facts: Facts
    hearsay: Hearsay = field(default_factory=Hearsay)
    checked: Facts | None = None
    """The facts that were last found to hold."""


class Steps(RuleBasedStateMachine):
    """How a step is drawn, done and judged."""

    office: ClassVar[Office]
    terms: ClassVar[Terms]
    chains: ClassVar[Chains]
    taken: ClassVar[Counter[str]]
    refused: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.stories: list[Story] = []
        self.rules = StatuteRules(self.office, self.terms)

    def begin(self, filed: dict[str, Any]) -> Facts:
        with self.office.looking() as work:
            token = citizen_token(
                work, work.session.scalars(select(Inquiry).where(Inquiry.number == filed["number"])).one()
            )
        with self.reading() as session:
            facts = Facts.read(session, filed["number"])
        assert facts.inquiry["version"] == filed["version"]
        hearsay = Hearsay(calendar_from=0 if self.rules.knows_next_year else None)
        self.stories.append(Story(filed["number"], token, facts, hearsay))
        return facts

    def can(self, step: str) -> bool:
        """Whether there is an inquiry and somebody for whom the step would be legal, as far as one can tell at once."""
        may = getattr(self.rules, STEPS[step].may)
        if step in BY_CITIZEN:
            return any(may(story.facts) for story in self.stories)
        return any(may(story.facts, name) for story in self.stories for name in PEOPLE)

    def pick(self, draw: Draw, step: str) -> tuple[Story, str, bool]:
        """An inquiry and somebody to act on it, usually one who may, where there is one; and whether they may.

        Where nobody may it is usually the holder: then it is the state that forbids it, and not the person.
        """
        may, holds = getattr(self.rules, STEPS[step].may), self.rules.holds
        every = [(story, name) for story in range(len(self.stories)) for name in PEOPLE]
        fit = [(story, name) for story, name in every if may(self.stories[story].facts, name)]
        likely = fit or [(story, name) for story, name in every if holds(self.stories[story].facts, name)]
        story, name = draw(st.sampled_from(likely if likely and draw(USUALLY) else every))
        return self.stories[story], name, (story, name) in fit

    def pick_story(self, draw: Draw, step: str) -> tuple[Story, bool]:
        may = getattr(self.rules, STEPS[step].may)
        every = list(range(len(self.stories)))
        fit = [story for story in every if may(self.stories[story].facts)]
        unfit = [story for story in every if story not in fit]
        story = draw(st.sampled_from(unfit if unfit and (not fit or not draw(USUALLY)) else fit))
        return self.stories[story], story in fit

    def act(
        self,
        draw: Draw,
        step: str,
        story: Story,
        name: str,
        path: str,
        body: dict[str, Any],
        *,
        legal: bool,
    ) -> Facts | None:
        """A step of staff, now and then at a version that has passed. The facts after it; None when it was refused."""
        stale = draw(st.sampled_from([0] * 5 + [1] + [0] * 6))
        version = story.facts.inquiry["version"] - stale
        where = path if path.startswith("/") else f"/inquiries/{story.number}/{path}"
        answer = self.office.staff(name).post(f"/staff{where}", body, version=version)
        return self.judge(step, story, answer, legal=legal and not stale)

    def ask(self, step: str, story: Story, what: str, body: dict[str, Any], *, legal: bool) -> Facts | None:
        """A step of the citizen."""
        answer = self.office.citizen(story.token).post(f"/inquiries/{story.number}/{what}", body)
        return self.judge(step, story, answer, legal=legal)

    def judge(self, step: str, story: Story, answer: Any, *, legal: bool) -> Facts | None:
        """Hold the answer and the facts after it against what the rules say."""
        before, heads, told = story.facts, dict(self.chains.heads), STEPS[step]
        after = self.look(story)
        if not legal:
            assert answer.status_code in REFUSED, (step, answer.json)
            assert after == before
            with self.reading() as session:
                assert self.chains.follow(session) == heads
            self.refused[step] += 1
            return None
        assert answer.status_code < 300, (step, answer.json)
        if told.moves:
            self.hear(story)
        events = new_events(before, after)
        assert events[told.event] == 1
        assert set(events) <= {told.event, *BESIDE}
        assert after.inquiry["version"] == before.inquiry["version"] + told.moves
        assert answer.json.get("version", after.inquiry["version"]) == after.inquiry["version"]
        if told.moves == 0:
            # What only speaks of an inquiry changes nothing that staff see of it (design 5).
            assert (after.inquiry, after.holding) == (before.inquiry, before.holding)
        self.taken[step] += 1
        self.taken["end the wait"] += before.wait_began is not None and told.event in BROUGHT
        return after

    def look(self, story: Story) -> Facts:
        """The facts as they are now."""
        with self.reading() as session:
            story.facts = Facts.read(session, story.number)
        return story.facts

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The database as it is now, without what a unit of work needs besides."""
        with self.office.app.app_context(), reading() as session:
            yield session

    def check_taken_over(self, facts: Facts, name: str) -> None:
        """They hold it in person."""
        person = self.rules.person(name)
        assert facts.holding is not None
        assert (facts.holding["staff_id"], facts.holding["unit_id"]) == (person.id, person.unit_id)

    def hear(self, story: Story) -> None:
        """Who is there for the holding post now: the ledger names the post alone."""
        facts, version = story.facts, story.facts.inquiry["version"]
        there = self.rules.keepers(facts.holding["post_id"]) if facts.holding is not None else []
        answering = [name for name in there if not self.rules.is_about(facts, name)]
        story.hearsay.keepers[version] = [self.rules.person(name).id for name in there]
        story.hearsay.answering[version] = self.rules.person(answering[0]).id if answering else None

    def targets(self) -> list[dict[str, str]]:
        """Where one may wish to hand something, wisely or not."""
        org = self.office.org
        desks = (org.window, org.business, org.office, org.neighbour_window, org.lu_window)
        sections = [desk.section.id for desk in desks] + [org.empty_section.id]
        units = [org.unit.id, org.neighbour.id, org.lu_unit.id, org.lead.id]
        people = ("window_b", "business_a", "business_b", "neighbour_window_a", "lu_window_a", "discipline")
        return [
            *({"to_section": section} for section in sections),
            *({"to_unit": unit} for unit in units),
            *({"to_staff": self.rules.person(name).id} for name in people),
            {"to_unit": org.neighbour.id, "to_section": org.neighbour_office.section.id},
            {"to_unit": org.lead.id, "to_staff": self.rules.person("overseer").id},
            {"to_unit": org.lead.id, "to_staff": self.rules.person("auditor").id},
        ]

    def likely(self, targets: list[dict[str, str]]) -> list[dict[str, str]]:
        """Those of the targets that this run goes for."""
        return targets


class EverydaySteps(Steps):
    """What every inquiry may go through."""

    def confirm(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "confirm")
        body = {"competent": draw(st.booleans())}
        if draw(st.booleans()):
            body["on_the_spot"] = draw(st.booleans())
        legal = legal and self.rules.is_fit_confirmation(story.facts, body)
        self.act(draw, "confirm", story, name, "confirmation", body, legal=legal)

    def offer(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "offer")
        every, rules = self.targets(), self.rules
        fit = [to for to in every if story.facts.is_open and rules.is_fit_target(story.facts, name, to)]
        wise = fit and draw(USUALLY)
        target = draw(st.sampled_from(self.likely(fit) if wise else every))
        body = target | {"reason": "属于贵处职责", "mode": draw(st.sampled_from(["transfer", "escort"]))}
        holding = story.facts.holding
        after = self.act(draw, "offer", story, name, "handoffs", body, legal=may and target in fit)
        # The giver holds until somebody accepts.
        assert after is None or after.holding == holding

    def accept(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "accept")
        path = f"/handoffs/{_last_handoff(story.facts)}/acceptance"
        after = self.act(draw, "accept", story, name, path, {}, legal=legal)
        if after is not None:
            self.check_taken_over(after, name)

    def give_back(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "give_back")
        facts, holding = story.facts, story.facts.holding
        is_due = facts.offer is not None and self.rules.is_dispute_due(facts)
        arbiter = self.rules.arbiter(facts) if is_due else None
        path = f"/handoffs/{_last_handoff(facts)}/return"
        body = {"reason": "不属于本科职责", "clause": "三定规定"}
        after = self.act(draw, "give_back", story, name, path, body, legal=legal)
        if after is not None:
            assert after.holding == holding
            self.check_dispute(facts, after, arbiter)

    def assign(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "assign")
        fit = [to for to in PEOPLE if may and self.rules.may_assign_to(story.facts, name, to)]
        to = draw(st.sampled_from(fit if fit and draw(USUALLY) else PEOPLE))
        body = {"to_staff": self.rules.person(to).id}
        after = self.act(draw, "assign", story, name, "assignment", body, legal=to in fit)
        if after is not None:
            self.check_taken_over(after, to)

    def close(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "close")
        outcome = draw(st.sampled_from(["completed", "guided", "answered", "refused"]))
        body: dict[str, Any] = {"outcome": outcome, "reply": "已答复"}
        if draw(USUALLY):
            body |= {"reason": "不符合条件", "basis": "第六条", "remedy": "可以申请复核"}
        if outcome == "guided":
            body |= draw(st.sampled_from([{}, {"help": "已代为联系"}, {"authority": {"name": "住建局"}}]))
            if draw(st.booleans()):
                body["authority"] = {"name": "住建局", "phone": "0519-80000105"}
        legal = may and self.rules.is_fit_closing(story.facts, body)
        after = self.act(draw, "close", story, name, "closing", body, legal=legal)
        if after is not None:
            assert after.inquiry["outcome"] == outcome
            self.taken[f"close as {outcome}"] += 1

    def withdraw(self, draw: Draw) -> None:
        story, legal = self.pick_story(draw, "withdraw")
        after = self.ask("withdraw", story, "withdrawal", {}, legal=legal)
        assert after is None or after.was_withdrawn

    def supplement(self, draw: Draw) -> None:
        story, legal = self.pick_story(draw, "supplement")
        before = story.facts
        after = self.ask("supplement", story, "supplements", {"text": "补充"}, legal=legal)
        assert after is None or after.holding == before.holding

    def attach(self, draw: Draw) -> None:
        story, legal = self.pick_story(draw, "attach")
        api = self.office.citizen(story.token)
        answer = api.client.post(
            f"/api/v1/inquiries/{story.number}/attachments",
            headers=api.headers | {"Idempotency-Key": new_key()},
            data={"file": (BytesIO(b"a picture"), "a.png")},
        )
        self.judge("attach", story, answer, legal=legal)

    def reopen(self, draw: Draw) -> None:
        story, legal = self.pick_story(draw, "reopen")
        self.ask("reopen", story, "reopening", {"reason": "没有解决"}, legal=legal)

    def rate(self, draw: Draw) -> None:
        self._grade(draw, "rate")

    def change_rating(self, draw: Draw) -> None:
        self._grade(draw, "change_rating")

    def _grade(self, draw: Draw, step: str) -> None:
        story, legal = self.pick_story(draw, step)
        citizen, grade = self.office.citizen(story.token), draw(st.sampled_from(Grade))
        send = citizen.post if step == "rate" else citizen.put
        answer = send(f"/inquiries/{story.number}/rating", {"grade": grade.value})
        after = self.judge(step, story, answer, legal=legal)
        if after is not None:
            assert after.rating is not None
            assert after.rating["grade"] is grade

    def follow_up(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "follow_up")
        body = {"result": draw(st.sampled_from(["unreachable", "answered", "refused"]))}
        if draw(st.sampled_from([body["result"] == "answered"] * 4 + [body["result"] != "answered"])):
            body["grade"] = draw(st.sampled_from(Grade)).value
        legal = may and ("grade" in body) is (body["result"] == "answered")
        after = self.act(draw, "follow_up", story, name, "follow-ups", body, legal=legal)
        if after is not None:
            call = after.follow_ups[after.round, FollowUpMethod.CALL]
            assert (call["state"], call["staff_id"]) == (body["result"], self.rules.person(name).id)

    def spot_check(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "spot_check")
        by = draw(st.sampled_from(["general_post", "discipline"]))
        body = {"by": by, "how": "record", "finding": "看过"}
        legal = may and by in self.rules.checks_as(story.facts, name)
        after = self.act(draw, "spot_check", story, name, "spot-checks", body, legal=legal)
        if after is not None:
            assert after.told("spot_checked")[-1].facts["by"] == by

    def check_dispute(self, before: Facts, after: Facts, arbiter: tuple[Any, str] | None) -> None:
        """The third refusal goes up to whoever stands above, and no other one does."""
        opened = after.dispute if after.dispute is not None and before.dispute is None else None
        found = (opened["level"], opened["arbiter_unit_id"]) if opened is not None else None
        assert found == arbiter
        if arbiter is not None:
            self.taken[f"dispute for the {arbiter[0]}"] += 1


def last_id(rows: list[RowMapping], current: RowMapping | None) -> str:
    """The row that waits, else the last one, else one that never was."""
    found = current or (rows[-1] if rows else None)
    return str(found["id"]) if found else "0" * 32


def _last_handoff(facts: Facts) -> str:
    return last_id(sorted(facts.rows["handoffs"], key=lambda row: row["offered_at"]), facts.offer)
