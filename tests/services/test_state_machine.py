"""Inquiries led through every step in any order, legal or not: what must hold at every moment, holds.

The steps go through the API, so that the way of a write (lock, version, order of refusals, one transaction) is walked
too; time, absences and the worker's duties come in between. The rules are told again in `inquiry_rules`, without the
code under test; `inquiry_facts` says what must be true of an inquiry whatever happened.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import delete

from backend import create_app
from backend.database import reading
from backend.delivery import duties
from backend.domain.vocabulary import AboutKind, Category
from backend.models import Absence
from backend.services.organising import end_absence, set_absence
from backend.services.verifying import verify_ledgers
from tests.api.contract import CheckedClient
from tests.delivery.office import at
from tests.services.inquiry_facts import Chains, Facts, check_facts, new_events
from tests.services.inquiry_steps import EVENTS, PEOPLE, USUALLY, Draw, Steps
from tests.support.app import Office, SetClock, Templates
from tests.support.databases import close_connections

STARTS = [
    "2026-11-16 09:00",
    "2026-11-20 17:29",  # a Friday, a minute before the offices close
    "2026-09-30 20:00",  # the evening before seven days off
    "2026-10-09 23:59",  # before a make-up Saturday
    "2026-12-30 10:00",  # two working days later no calendar is official
]
SIGNS = ("window", "window", "business", "general", "neighbour_window", "lu_window", "lu_general")
LEAVERS = [
    "window_a",
    "window_b",
    "window_head",
    "business_a",
    "general",
    "principal",
    "discipline",
    "lu_general",
]
WEIGHTS = [
    "file", "register", *["confirm"] * 2, *["offer"] * 4, *["accept"] * 2, *["give_back"] * 2, *["assign"] * 2,
    *["close"] * 2, "withdraw", "supplement", *["reopen"] * 2, *["rate"] * 3, *["change_rating"] * 3,
    "let_days_pass", *["go_or_come"] * 2, *["let_the_worker_run"] * 4,
]  # fmt: skip
"""What may happen, and how often it is tried."""
MOST = 3
"""Inquiries of one run."""
WRITTEN = st.sampled_from([None, True, False])
WAITS = [timedelta(), timedelta(hours=9), timedelta(days=2), timedelta(days=3), timedelta(days=4)]
GOING = threading.Event()


@pytest.fixture
def office(templates: Templates, database_kind: str, tmp_path: Path) -> Iterator[Office]:
    """The office, with sessions that outlast what the machine does to the clock."""
    ample = dict.fromkeys(("anonymous_filing_rate", "anonymous_filing_cap"), "1000000 per minute")
    with templates.fresh(database_kind, tmp_path / "office", session_hours=24 * 365, **ample) as (made, org):
        clock = SetClock()
        app = create_app(made, clock)
        app.test_client_class = CheckedClient
        yield Office(app, org, clock, made)
        close_connections(app)


class InquiryLife(Steps):
    """Everything that can happen to a few inquiries of one office."""

    @initialize(start=st.sampled_from(STARTS), data=st.data())
    def open_the_office(self, start: str, data: st.DataObject) -> None:
        self.office.clock.set(at(start))
        self.file(data.draw)

    # One rule, not many: hypothesis leaves some rules out of each run, and few runs would reach far without them.
    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """Usually something that somebody can do now."""
        able = [what for what in WEIGHTS if self.can(what)]
        getattr(self, data.draw(st.sampled_from(able if data.draw(USUALLY) else WEIGHTS)))(data.draw)

    def can(self, what: str) -> bool:
        if what in {"file", "register"}:
            return len(self.stories) < MOST
        if what == "let_days_pass":
            return not any(story.facts.is_open for story in self.stories)
        return what not in EVENTS or super().can(what)

    def file(self, draw: Draw) -> None:
        org, sign, category = self.office.org, draw(st.sampled_from(SIGNS)), draw(st.sampled_from(Category))
        plate = getattr(org, f"{sign}_sign", None) or getattr(org, sign).sign
        changes = {"sign": plate.code, "category": category.value, "written": draw(WRITTEN)}
        about = draw(st.sampled_from([None, *AboutKind])) if category is Category.COMPLAINT else None
        if about is not None:
            changes["about"] = {"kind": about.value}
        self.begin(self.office.file(**changes))

    def register(self, draw: Draw) -> None:
        """A late entry gains no time: its limits may be over when it is made."""
        happened = self.office.clock.now() - timedelta(days=draw(st.integers(0, 9)))
        category = draw(st.sampled_from([Category.CONSULT, Category.APPLICATION, Category.OTHER]))
        body: dict[str, Any] = {
            "channel": "letter",
            "category": category.value,
            "content": "来信",
            "occurred_at": happened.isoformat(),
        }
        if not draw(USUALLY):
            body["closing"] = {"outcome": "completed", "reply": "已办好"}
        name = draw(st.sampled_from(["window_a", "business_b", "lu_window_a"]))
        answer = self.office.staff(name).post("/staff/inquiries", body)
        assert answer.status_code == 201, answer.json
        assert self.begin(answer.json).inquiry["received_at"] == happened

    def let_days_pass(self, draw: Draw) -> None:
        self.office.clock.forward(days=draw(st.sampled_from([1, 8, 31])))

    def go_or_come(self, draw: Draw) -> None:
        name = draw(st.sampled_from(LEAVERS))
        with self.office.working() as work:
            staff = self.rules.person(name)
            if name in self.rules.away:
                assert end_absence(work, staff) == 1
            else:
                set_absence(work, staff, starts_at=work.now)
        self.rules.away ^= {name}

    def let_the_worker_run(self, draw: Draw) -> None:
        """Silence returns what nobody answered in time, what passed is noted, and nothing else moves."""
        self.office.clock.moment += draw(st.sampled_from(WAITS))
        before = [story.facts for story in self.stories]
        with self.office.app.app_context():
            for duty in (duties.lapse_offers, duties.note_overdue, duties.note_near):
                duty(GOING)
        for story, was in zip(self.stories, before, strict=True):
            self.check_worked(was, self.look(story))

    def check_worked(self, before: Facts, after: Facts) -> None:
        now, told = self.office.clock.now(), new_events(before, after)
        offer = before.offer if before.offer is not None and before.offer["lapses_at"] < now else None
        assert told["lapsed"] == (1 if offer is not None else 0)
        assert set(told) <= {"lapsed", "clock_overdue", "clock_due_soon"}
        assert after.status is (before.status if offer is None else offer["prior_status"])
        assert after.holding == before.holding
        self.taken["lapse"] += told["lapsed"]
        for rows in after.chains.values():
            if rows[-1]["ended_at"] is None:
                assert rows[-1]["is_overdue_noted"] == (rows[-1]["due_at"] < now)

    @invariant()
    def everything_holds(self) -> None:
        with self.office.looking() as work:
            self.chains.follow(work.session)
            for story in self.stories:
                check_facts(work.session, story.facts)

    def teardown(self) -> None:
        for story in self.stories:
            shown = self.office.citizen(story.token).get(f"/inquiries/{story.number}").json
            assert (shown["status"], shown["version"]) == (story.facts.status, story.facts.inquiry["version"])
        # The next run begins on another day, maybe an earlier one, with everybody there.
        with self.office.working() as work:
            work.session.execute(delete(Absence))


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(25, 25, id="a-few", marks=pytest.mark.timeout(300)),
        pytest.param(200, 50, id="many", marks=pytest.mark.drill),
    ],
)
def test_whatever_is_done_to_an_inquiry_it_has_one_holder_and_one_story(
    office: Office, examples: int, steps: int
) -> None:
    class Life(InquiryLife):
        """The machine of this office."""

    Life.office, Life.chains = office, Chains(office.app.extensions["shouwen_tools"].signer)
    Life.taken, Life.refused = Counter(), Counter()
    for name in PEOPLE:
        office.staff(name)
    run_machine(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    with office.app.app_context(), reading() as session:
        assert all(report.is_whole for report in verify_ledgers(session, Life.chains.verifier))
    # Every step was taken on the way, silence returned an offer, and most steps were refused as well.
    assert set(+Life.taken) >= {*EVENTS, "lapse"}, Life.taken
    assert len(+Life.refused) > len(EVENTS) / 2, Life.refused


@pytest.mark.parametrize("rounds", [25, pytest.param(500, marks=pytest.mark.drill)])
def test_of_two_handoffs_at_the_same_version_one_is_made_and_the_other_told(
    office: Office, rounds: int
) -> None:
    org = office.org
    givers = [office.staff("window_a"), office.staff("window_b")]
    targets = [{"to_section": org.business.section.id}, {"to_unit": org.neighbour.id}]
    chains = Chains(office.app.extensions["shouwen_tools"].signer)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            number = office.file()["number"]
            gate = threading.Barrier(2)

            def hand_over(giver: int, number: str = number, gate: threading.Barrier = gate) -> Any:
                body = targets[giver] | {"reason": "属于贵处职责"}
                gate.wait()
                return givers[giver].post(f"/staff/inquiries/{number}/handoffs", body, version=1)

            made, told = sorted(pool.map(hand_over, (0, 1)), key=lambda answer: answer.status_code)
            assert (made.status_code, told.status_code, told.json["code"]) == (201, 412, "version_conflict")
            with office.looking() as work:
                facts = Facts.read(work.session, number)
                check_facts(work.session, facts)
                chains.follow(work.session)
            assert [event.name for event in facts.events] == ["filed", "offered"]
            assert [offer["id"] for offer in facts.offers] == [made.json["id"]]
