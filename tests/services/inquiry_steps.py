"""Every step of staff and citizens on an inquiry through the API, legal or not, and what each must leave behind.

Whether a step is legal is told by `inquiry_rules`. A legal one is done, told once in the ledger and one version on; any
other is refused in one of the documented ways and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from backend.domain.vocabulary import Grade, Status
from backend.models import Inquiry
from backend.services.filing import citizen_token
from tests.services.inquiry_facts import Chains, Facts, new_events
from tests.services.inquiry_rules import Rules
from tests.support.app import Office

PEOPLE = [
    "window_a", "window_b", "window_head", "business_a", "business_b", "business_head", "office_a", "general",
    "discipline", "principal", "deputy_leader", "overseer", "neighbour_window_a", "neighbour_window_head",
    "neighbour_general", "lu_window_a", "lu_window_head", "lu_office_a", "lu_general", "auditor",
]  # fmt: skip
USUALLY = st.sampled_from([True, False, True, True])
REFUSED = {403, 404, 409, 412, 422}
EVENTS = {
    "confirm": "confirmed",
    "offer": "offered",
    "accept": "accepted",
    "give_back": "returned",
    "assign": "assigned",
    "close": "closed",
    "withdraw": "withdrawn",
    "supplement": "supplemented",
    "reopen": "reopened",
    "rate": "rated",
    "change_rating": "rating_changed",
}
"""What the ledger calls each step."""

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Story:
    """One inquiry of a run: its capability, and its facts after the last step."""

    number: str
    token: str
    facts: Facts


class Steps(RuleBasedStateMachine):
    """The steps, as methods that draw who does what to which inquiry."""

    office: ClassVar[Office]
    chains: ClassVar[Chains]
    taken: ClassVar[Counter[str]]
    refused: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.stories: list[Story] = []
        self.rules = Rules(self.office)

    def begin(self, filed: dict[str, Any]) -> Facts:
        with self.office.looking() as work:
            facts = Facts.read(work.session, filed["number"])
            token = citizen_token(work, work.session.get_one(Inquiry, facts.inquiry["id"]))
        assert facts.inquiry["version"] == filed["version"]
        self.stories.append(Story(filed["number"], token, facts))
        return facts

    def confirm(self, draw: Draw) -> None:
        story, name = self.pick(draw, self.rules.may_confirm)
        body = {"competent": draw(st.booleans())}
        legal = self.rules.may_confirm(story.facts, name)
        after = self.act(draw, "confirm", story, name, "confirmation", body, legal=legal)
        assert after is None or after.status is Status.CONFIRMED

    def offer(self, draw: Draw) -> None:
        story, name = self.pick(draw, self.rules.may_offer)
        may, every = self.rules.may_offer(story.facts, name), self.targets()
        fit = [target for target in every if may and self.rules.is_fit_target(story.facts, name, target)]
        target = draw(st.sampled_from(fit if fit and draw(USUALLY) else every))
        body = target | {"reason": "属于贵处职责", "mode": draw(st.sampled_from(["transfer", "escort"]))}
        holding = story.facts.holding
        after = self.act(draw, "offer", story, name, "handoffs", body, legal=target in fit)
        # The giver holds until somebody accepts.
        assert after is None or (after.status, after.holding) == (Status.IN_HANDOFF, holding)

    def accept(self, draw: Draw) -> None:
        story, name = self.pick(draw, self.rules.may_answer)
        legal = self.rules.may_answer(story.facts, name)
        after = self.act(draw, "accept", story, name, "acceptance", {}, legal=legal)
        if after is not None:
            assert after.status is Status.CONFIRMED
            self.check_taken_over(after, name)

    def give_back(self, draw: Draw) -> None:
        story, name = self.pick(draw, self.rules.may_answer)
        legal = self.rules.may_answer(story.facts, name)
        offer, holding = story.facts.offer, story.facts.holding
        body = {"reason": "不属于本科职责", "clause": "三定规定"}
        after = self.act(draw, "give_back", story, name, "return", body, legal=legal)
        if after is not None:
            assert offer is not None
            assert (after.status, after.holding) == (offer["prior_status"], holding)

    def assign(self, draw: Draw) -> None:
        story, name = self.pick(draw, self.rules.may_assign)
        may, status = self.rules.may_assign(story.facts, name), story.facts.status
        fit = [to for to in PEOPLE if may and self.rules.may_assign_to(story.facts, name, to)]
        to = draw(st.sampled_from(fit if fit and draw(USUALLY) else PEOPLE))
        body = {"to_staff": self.rules.person(to).id}
        after = self.act(draw, "assign", story, name, "assignment", body, legal=to in fit)
        if after is not None:
            assert after.status is status
            self.check_taken_over(after, to)

    def close(self, draw: Draw) -> None:
        story, name = self.pick(draw, self.rules.may_close)
        outcome = draw(st.sampled_from(["completed", "answered", "refused"]))
        body, says_why = {"outcome": outcome, "reply": "已答复"}, draw(USUALLY)
        if says_why:
            body |= {"reason": "不符合条件", "basis": "第六条", "remedy": "可以申请复核"}
        legal = self.rules.may_close(story.facts, name) and (says_why or outcome != "refused")
        after = self.act(draw, "close", story, name, "closing", body, legal=legal)
        assert after is None or (after.status, after.inquiry["outcome"]) == (Status.CLOSED, outcome)

    def withdraw(self, draw: Draw) -> None:
        story = self.pick_story(draw, lambda facts: facts.is_open)
        after = self.ask("withdraw", story, "withdrawal", {}, legal=story.facts.is_open)
        assert after is None or (after.status, after.was_withdrawn) == (Status.CLOSED, True)

    def supplement(self, draw: Draw) -> None:
        story = self.pick_story(draw, lambda facts: facts.is_open)
        before = story.facts
        after = self.ask("supplement", story, "supplements", {"text": "补充"}, legal=before.is_open)
        assert after is None or (after.status, after.holding) == (before.status, before.holding)

    def reopen(self, draw: Draw) -> None:
        story = self.pick_story(draw, self.rules.may_reopen)
        number, legal = story.facts.inquiry["round"], self.rules.may_reopen(story.facts)
        after = self.ask("reopen", story, "reopening", {"reason": "没有解决"}, legal=legal)
        assert after is None or (after.status, after.inquiry["round"]) == (Status.CONFIRMED, number + 1)

    def rate(self, draw: Draw) -> None:
        story = self.pick_story(draw, self.rules.may_rate)
        self._grade(draw, "rate", story, legal=self.rules.may_rate(story.facts))

    def change_rating(self, draw: Draw) -> None:
        story = self.pick_story(draw, self.rules.may_change_rating)
        self._grade(draw, "change_rating", story, legal=self.rules.may_change_rating(story.facts))

    def _grade(self, draw: Draw, step: str, story: Story, *, legal: bool) -> None:
        citizen, before = self.office.citizen(story.token), story.facts.inquiry
        grade = draw(st.sampled_from(Grade))
        send = citizen.post if step == "rate" else citizen.put
        answer = send(f"/inquiries/{story.number}/rating", {"grade": grade.value})
        after = self.judge(step, story, answer, legal=legal, moves=0)
        if after is not None:
            # No rating changes anything staff see (design 5).
            assert after.inquiry == before
            assert after.rating is not None
            assert after.rating["grade"] is grade

    def can(self, step: str) -> bool:
        """Whether there is an inquiry and somebody for whom the step would be legal, as far as one can tell at once."""
        may = self.rules
        by_staff = {
            "confirm": may.may_confirm,
            "offer": may.may_offer,
            "accept": may.may_answer,
            "give_back": may.may_answer,
            "assign": may.may_assign,
            "close": may.may_close,
        }
        if step in by_staff:
            return any(by_staff[step](story.facts, name) for story in self.stories for name in PEOPLE)
        by_citizen = {"reopen": may.may_reopen, "rate": may.may_rate, "change_rating": may.may_change_rating}
        is_so = by_citizen.get(step, lambda facts: facts.is_open)
        return any(is_so(story.facts) for story in self.stories)

    def pick(self, draw: Draw, may: Callable[[Facts, str], bool]) -> tuple[Story, str]:
        """An inquiry and somebody to act on it: usually one who may, where there is one."""
        every = [(index, name) for index in range(len(self.stories)) for name in PEOPLE]
        fit = [(index, name) for index, name in every if may(self.stories[index].facts, name)]
        index, name = draw(st.sampled_from(fit if fit and draw(USUALLY) else every))
        return self.stories[index], name

    def pick_story(self, draw: Draw, may: Callable[[Facts], bool]) -> Story:
        every = list(range(len(self.stories)))
        fit = [index for index in every if may(self.stories[index].facts)]
        unfit = [index for index in every if index not in fit]
        return self.stories[draw(st.sampled_from(unfit if unfit and (not fit or not draw(USUALLY)) else fit))]

    def act(
        self, draw: Draw, step: str, story: Story, name: str, what: str, body: dict[str, Any], *, legal: bool
    ) -> Facts | None:
        """A step of staff, now and then at a version that has passed. The facts after it; None when it was refused."""
        stale = draw(st.sampled_from([0] * 5 + [1] + [0] * 6))
        version = story.facts.inquiry["version"] - stale
        path = f"/staff/inquiries/{story.number}/{what}"
        if what in {"acceptance", "return"}:
            path = f"/staff/handoffs/{_last_handoff(story.facts)}/{what}"
        answer = self.office.staff(name).post(path, body, version=version)
        return self.judge(step, story, answer, legal=legal and not stale)

    def ask(self, step: str, story: Story, what: str, body: dict[str, Any], *, legal: bool) -> Facts | None:
        """A step of the citizen."""
        answer = self.office.citizen(story.token).post(f"/inquiries/{story.number}/{what}", body)
        return self.judge(step, story, answer, legal=legal)

    def judge(self, step: str, story: Story, answer: Any, *, legal: bool, moves: int = 1) -> Facts | None:
        """Hold the answer and the facts after it against what the rules say. `moves` is how far the version goes."""
        before, heads = story.facts, dict(self.chains.heads)
        after = self.look(story)
        if not legal:
            assert answer.status_code in REFUSED, (step, answer.json)
            assert after == before
            with self.office.looking() as work:
                assert self.chains.follow(work.session) == heads
            self.refused[step] += 1
            return None
        assert answer.status_code < 300, (step, answer.json)
        told = new_events(before, after)
        assert told[EVENTS[step]] == 1
        assert set(told) <= {EVENTS[step], "clock_overdue"}
        assert after.inquiry["version"] == before.inquiry["version"] + moves
        assert answer.json["version"] == after.inquiry["version"]
        for key, rows in before.chains.items():
            assert after.chains[key][-1]["due_at"] == rows[-1]["due_at"], "a limit has moved"
        self.taken[step] += 1
        return after

    def look(self, story: Story) -> Facts:
        """The facts as they are now."""
        with self.office.looking() as work:
            story.facts = Facts.read(work.session, story.number)
        return story.facts

    def check_taken_over(self, facts: Facts, name: str) -> None:
        """They hold it in person; inside the unit they also bear the first responder's limit."""
        person = self.rules.person(name)
        assert facts.holding is not None
        assert (facts.holding["staff_id"], facts.holding["unit_id"]) == (person.id, person.unit_id)
        last = next(event for event in reversed(facts.events) if event.name in {"accepted", "assigned"})
        consult = facts.chains.get(("answer-consult", facts.inquiry["round"], None))
        if consult and last.body["facts"]["kind"] == "section":
            assert consult[-1]["bearer_staff_id"] == person.id

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


def _last_handoff(facts: Facts) -> str:
    """The open offer, else the last one, else one that never was."""
    handoffs = sorted(facts.rows["handoffs"], key=lambda row: row["offered_at"])
    found = facts.offer or (handoffs[-1] if handoffs else None)
    return str(found["id"]) if found else "0" * 32
