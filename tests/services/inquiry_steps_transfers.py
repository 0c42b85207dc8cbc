"""Steps that take an inquiry beyond its section: letters to outside authorities, disputes, joint handling."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from backend.domain.vocabulary import Outcome
from tests.services.inquiry_facts import Facts
from tests.services.inquiry_steps import USUALLY, Draw, Steps, last_id

OUTSIDE = [
    {"name": "金坛区档案馆", "phone": "0519-80000110"},
    {"name": "金坛区档案馆", "address": "东门大街 1 号"},
]


class TransferSteps(Steps):
    """The steps, as methods that draw who does what to which inquiry."""

    def address_outside(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "address_outside")
        holding = story.facts.holding
        outside = draw(st.sampled_from([*OUTSIDE, *OUTSIDE, {"name": "金坛区档案馆"}]))
        body = {"external": outside, "reason": "属于档案馆职责"}
        after = self.act(
            draw, "address_outside", story, name, "handoffs", body, legal=legal and len(outside) > 1
        )
        # Nothing has been handed over until it is served.
        assert after is None or after.holding == holding

    def serve(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "serve")
        now, letter = self.office.clock.now(), story.facts.letter
        made_at = letter["made_at"] if letter is not None else now
        spans = [timedelta(), now - made_at, timedelta(days=9), -timedelta(hours=1)]
        served_at = now - draw(st.sampled_from([*spans[:2], *spans]))
        body = {"served_at": served_at.isoformat(), "how": "in_person", "receipt": "收文回执第 7 号"}
        legal = legal and self.rules.is_fit_service(story.facts, served_at)
        path = f"/external-handoffs/{last_id(story.facts.letters, letter)}/service"
        after = self.act(draw, "serve", story, name, path, body, legal=legal)
        assert after is None or after.inquiry["outcome"] is Outcome.TRANSFERRED

    def cancel_letter(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "cancel_letter")
        path = f"/external-handoffs/{last_id(story.facts.letters, story.facts.letter)}/cancellation"
        self.act(draw, "cancel_letter", story, name, path, {"reason": "对方不收"}, legal=legal)

    def record_result(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "record_result")
        path = f"/external-handoffs/{last_id(story.facts.letters, None)}/result"
        before = story.facts
        after = self.act(draw, "record_result", story, name, path, {"text": "已经办结"}, legal=legal)
        assert after is None or after.live == before.live

    def decide(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "decide")
        every = self.targets()
        fit = [target for target in every if may and self.rules.is_fit_decision(story.facts, target)]
        target = draw(st.sampled_from(fit if fit and draw(USUALLY) else every))
        path = f"/disputes/{last_id(story.facts.disputes, story.facts.dispute)}/decision"
        body = target | {"reason": "由其承办"}
        after = self.act(draw, "decide", story, name, path, body, legal=target in fit)
        if after is not None:
            self._check_decided(after, target)

    def _check_decided(self, facts: Facts, target: dict[str, str]) -> None:
        """Whoever was named holds it: the person, or the post of the section or unit."""
        holding, place = facts.holding, self.rules.place(target)
        assert holding is not None
        assert facts.dispute is None
        assert holding["unit_id"] == place.unit
        if place.staff is not None:
            assert holding["staff_id"] == self.rules.person(place.staff).id
        elif place.section is not None:
            assert holding["post_id"] == self.rules.section_posts[place.section]
        else:
            assert holding["post_id"] == self.rules.general_posts[place.unit or ""]

    def escalate(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "escalate")
        path = f"/disputes/{last_id(story.facts.disputes, story.facts.dispute)}/escalation"
        before = story.facts
        after = self.act(draw, "escalate", story, name, path, {"reason": "涉及分管领导"}, legal=legal)
        assert after is None or (after.status, after.holding) == (before.status, before.holding)

    def start_joint(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "start_joint")
        org, now = self.office.org, self.office.clock.now()
        units = [org.neighbour.id, org.lu_unit.id, org.unit.id]
        fit = [unit for unit in units if self.rules.is_fit_company(story.facts, [unit])]
        chosen = draw(
            st.lists(st.sampled_from(fit if fit and draw(USUALLY) else units), min_size=1, max_size=2)
        )
        chosen = list(dict.fromkeys(chosen)) if draw(USUALLY) else chosen
        body: dict[str, Any] = {"units": chosen, "matter": "需要两个单位一起办"}
        found = draw(
            st.sampled_from([None, timedelta(), timedelta(hours=20), timedelta(days=40), -timedelta(hours=1)])
        )
        if found is not None:
            body["found_at"] = (now - found).isoformat()
        # A form tells whole minutes.
        since = story.facts.held_since.replace(second=0, microsecond=0)
        is_in_time = found is None or (found >= timedelta() and now - found >= since)
        legal = may and self.rules.is_fit_company(story.facts, chosen) and is_in_time
        after = self.act(draw, "start_joint", story, name, "joint", body, legal=legal)
        if after is not None:
            joint = after.joint
            assert joint is not None
            assert joint["lead_unit_id"] == after.inquiry["unit_id"]
            assert sorted(self.rules.partners(after)) == sorted(chosen)

    def speak(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "speak")
        body = {"kind": draw(st.sampled_from(["consultation", "opinion"])), "text": "同意一起办"}
        after = self.act(draw, "speak", story, name, "joint/opinions", body, legal=legal)
        if after is not None:
            said = next(event for event in reversed(after.events) if event.name == "joint_opinion")
            unit = said.facts["unit"]
            holds = self.rules.holds(after, name)
            assert unit == (after.inquiry["unit_id"] if holds else self.rules.person(name).unit_id)
            first = [row for row in self.rules.parts(after) if row["unit_id"] == unit]
            # 主动配合 is on record from the first word.
            assert all(row["cooperated_at"] is not None for row in first)

    def plan(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "plan")
        partners = self.rules.partners(story.facts)
        asked = draw(
            st.sampled_from([partners, partners, [], [*partners, self.office.org.lead.id], partners * 2])
        )
        body = {"plan": "窗口受理，并联办理", "tasks": [{"unit": unit, "task": "出具意见"} for unit in asked]}
        legal = may and len(set(asked)) == len(asked) and set(asked) <= set(partners)
        self.act(draw, "plan", story, name, "joint/plan", body, legal=legal)

    def refer(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "refer")
        body = {"to": draw(st.sampled_from(["party_office", "government_office"]))}
        body |= {"matters": "并联办理", "positions": "各执一词", "opinion": "由首问机关牵头"}
        self.act(draw, "refer", story, name, "joint/report", body, legal=legal)

    def finish_task(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "finish_task")
        self.act(draw, "finish_task", story, name, "joint/tasks", {"text": "已出具"}, legal=legal)
