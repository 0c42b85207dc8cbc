"""Steps that the two documents add to an inquiry itself: 一次性告知, 认定, 延长, 更正类别, 催办, 督办 and 批示."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from backend.domain.vocabulary import AboutKind, Category, Status
from tests.services.inquiry_clocks import STATED
from tests.services.inquiry_facts import Facts
from tests.services.inquiry_rules import Subject
from tests.services.inquiry_rules_statute import MOST_EXTENSION, stated_days
from tests.services.inquiry_steps import PEOPLE, USUALLY, Draw, Steps, Story

DOCUMENTS = ["身份证", "户口簿", "申请表"]


class StatuteSteps(Steps):
    """The steps, as methods that draw who does what to which inquiry."""

    def notify(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "notify")
        body: dict[str, Any] = {
            "basis": "《办法》第三条",
            "time_limit": "五个工作日内",
            "procedure": "受理、审核、发证",
            "documents": draw(st.lists(st.sampled_from(DOCUMENTS), min_size=1, unique=True)),
        }
        matter = self._matter(draw, story)
        if matter is not None:
            body["matter"] = matter
            for part in ("basis", "time_limit", "procedure", "documents"):
                if draw(st.booleans()):
                    del body[part]
        # Beside a limit that runs already no other one is stated.
        if draw(USUALLY) is not bool(story.facts.running(*STATED)):
            most = stated_days(self.terms.matters[matter]) if matter is not None else 5
            body |= {"days": draw(st.sampled_from([most, 1, most + 1])), "days_kind": "promised"}
        if not draw(USUALLY):
            body.pop(draw(st.sampled_from(["basis", "procedure", "days_kind"])), None)
        legal = may and self.rules.is_fit_notice(story.facts, body)
        before = story.facts
        after = self.act(draw, "notify", story, name, "notice", body, legal=legal)
        if after is not None:
            self._check_notice(before, after)

    def _check_notice(self, before: Facts, after: Facts) -> None:
        """What a later notice asks for beyond the list is flagged, once each (坛 六（一）)."""
        notice = after.notices[-1]
        assert (notice["position"], notice["received_at"]) == (len(before.notices) + 1, None)
        flagged = [
            row["is_unlisted"] for row in after.rows["notice_documents"] if row["notice_id"] == notice["id"]
        ]
        assert before.notices or not any(flagged)
        if any(flagged):
            self.taken["ask for more"] += 1
        if any(row["paused_at"] is not None for row in after.running()):
            self.taken["pause"] += 1

    def receive_notice(self, draw: Draw) -> None:
        story, legal = self.pick_story(draw, "receive_notice")
        self.ask("receive_notice", story, "notice/receipt", {}, legal=legal)

    def record_supplement(self, draw: Draw) -> None:
        story, name, legal = self.pick(draw, "record_supplement")
        body: dict[str, Any] = {"text": "收到身份证复印件"}
        now, fit = self.office.clock.now(), self.rules.is_fit_receipt
        moments = [now - timedelta(days=2), now - timedelta(hours=9), now, now + timedelta(hours=1)]
        likely = [came for came in moments if fit(story.facts, came)]
        came = draw(st.sampled_from([*likely, None] if draw(USUALLY) else moments))
        if came is not None:
            body["received_at"] = came.isoformat()
            legal = legal and fit(story.facts, came)
        before = story.facts
        after = self.act(draw, "record_supplement", story, name, "supplements", body, legal=legal)
        assert after is None or after.holding == before.holding

    def name_matter(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "name_matter")
        regime = {"regime": draw(st.sampled_from(["permit", "petition", "disclosure"]))}
        regime |= {"days": draw(st.sampled_from([8, 1, 20])), "basis": "《条例》第二十条"}
        bodies = [*({"matter": matter} for matter in self.terms.matters), regime]
        fit = [body for body in bodies if self.rules.is_fit_matter(story.facts, body)]
        body = draw(st.sampled_from(fit if fit and draw(USUALLY) else bodies))
        self.act(draw, "name_matter", story, name, "matter", body, legal=may and body in fit)

    def _matter(self, draw: Draw, story: Story) -> str | None:
        """An entry of some 事项目录, usually that of the unit that holds it; or none."""
        every = list(self.terms.matters)
        own = [matter for matter in every if self.rules.matter(story.facts, matter) is not None]
        return draw(st.sampled_from([None, *(own if own and draw(USUALLY) else every)]))

    def extend(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "extend")
        body: dict[str, Any] = {"reason": "需要向上级请示"}
        days = draw(st.sampled_from([None, 1, MOST_EXTENSION, MOST_EXTENSION + 1]))
        if days is not None:
            body["days"] = days
        legal = may and (days or 0) <= MOST_EXTENSION
        self.act(draw, "extend", story, name, "extension", body, legal=legal)

    def classify(self, draw: Draw) -> None:
        story, name, may = self.pick(draw, "classify")
        other = [category for category in Category if category is not story.facts.inquiry["category"]]
        category = draw(st.sampled_from([*other, story.facts.inquiry["category"]]))
        body: dict[str, Any] = {"category": category.value, "reason": "按来意应为此类"}
        if draw(st.sampled_from([False, False, True])):
            body["channel"] = draw(st.sampled_from(["visit", "visit", "other"]))
        if category is Category.COMPLAINT and draw(st.booleans()):
            body["about"] = {"kind": draw(st.sampled_from(AboutKind)).value}
        legal = may and self.rules.is_fit_classification(story.facts, body)
        before = story.facts
        after = self.act(draw, "classify", story, name, "classification", body, legal=legal)
        if after is not None:
            self._check_classified(story, before, after, body)

    def _check_classified(self, story: Story, before: Facts, after: Facts, body: dict[str, Any]) -> None:
        """Into a complaint: past whom it is about, to whom complaints go to. Out of one: open again."""
        inquiry, was = after.inquiry, before.inquiry["category"]
        assert inquiry["category"] == body["category"]
        assert inquiry["channel"] == body.get("channel", before.inquiry["channel"])
        assert after.status is before.status
        assert inquiry["is_confidential"] == (inquiry["category"] is Category.COMPLAINT)
        subject = Subject(
            inquiry["subject_staff_id"], inquiry["subject_section_id"], inquiry["subject_unit_id"]
        )
        if inquiry["category"] is not Category.COMPLAINT:
            assert (subject, after.holding) == (Subject(), before.holding)
            self.taken["release a complaint"] += was is Category.COMPLAINT
            return
        if was is Category.COMPLAINT:
            assert after.holding == before.holding
            return
        assert subject == self.rules.subject(before, body.get("about", {}).get("kind"))
        post = self.rules.complaint_post(before, subject)
        assert after.holding is not None
        assert post is None or after.holding["post_id"] == post
        assert (after.letter, after.dispute) == (None, None)
        concerned = [name for name in PEOPLE if self.rules.is_about(after, name)]
        for name in concerned[:1]:
            hidden = self.office.staff(name).get(f"/staff/inquiries/{story.number}")
            assert hidden.status_code == 404, name
        self.taken["make it a complaint"] += 1

    def remind(self, draw: Draw) -> None:
        story, legal = self.pick_story(draw, "remind")
        after = self.ask("remind", story, "reminder", {"text": "请尽快办理"}, legal=legal)
        assert after is None or after.status is not Status.CLOSED

    def supervise(self, draw: Draw) -> None:
        self._urge(draw, "supervise", "supervision")

    def instruct(self, draw: Draw) -> None:
        self._urge(draw, "instruct", "instruction")

    def _urge(self, draw: Draw, step: str, kind: str) -> None:
        story, name, legal = self.pick(draw, step)
        body = {"kind": kind, "text": "请按时办结"}
        self.act(draw, step, story, name, "supervision", body, legal=legal)
