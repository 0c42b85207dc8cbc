"""Inquiries led through every step in any order, legal or not: what must hold at every moment, holds.

The steps go through the API, so that the way of a write (lock, version, order of refusals, one transaction) is walked
too; time, absences, the worker's duties and a new year's calendar come in between. The rules are told again in
`inquiry_rules` and `inquiry_clocks`, without the code under test; `inquiry_checks` says what must be true of an inquiry
whatever happened. Each run has a theme, so that a few runs reach every step and not only the everyday ones.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine
from sqlalchemy import delete, select

from backend import create_app
from backend.database import reading
from backend.delivery import calendar_duties, duties, follow_up_duties
from backend.domain.clocks import DEFAULT_CLOSE
from backend.domain.vocabulary import AboutKind, Category, Regime
from backend.models import Absence, CalendarDayRow, Matter, UnitHours, UnitPromise
from backend.models.types import new_id
from backend.services.attaching import Upload
from backend.services.calendar import OfficialDay, load_calendar
from backend.services.organising import end_absence, set_absence
from backend.services.verifying import verify_ledgers
from backend.vault.media import CleanMedia
from tests.api.contract import CheckedClient
from tests.delivery.office import at
from tests.services.inquiry_checks import check_facts
from tests.services.inquiry_clocks import NEXT_HOLIDAYS, NEXT_MAKE_UPS, NEXT_YEAR, Hearsay, Terms
from tests.services.inquiry_facts import Chains, Facts, new_events
from tests.services.inquiry_ledger import check_ledger
from tests.services.inquiry_steps import (
    BY_CITIZEN,
    BY_STAFF,
    PEOPLE,
    STEPS,
    USUALLY,
    Draw,
    EverydaySteps,
    Story,
)
from tests.services.inquiry_steps_statute import StatuteSteps
from tests.services.inquiry_steps_transfers import TransferSteps
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
MOST = 3
"""Inquiries of one run."""
WRITTEN = st.sampled_from([None, True, False])
WAITS = [timedelta(days=2), timedelta(), timedelta(hours=9), timedelta(days=3), timedelta(days=4)]
GOING = threading.Event()
WORKED = {"lapsed", "clock_overdue", "clock_due_soon", "lead_opened", "dispute_opened"}
"""What time alone brings about."""
AROUND = {
    "file": 1, "register": 1, "let_days_pass": 1, "go_or_come": 2, "let_the_worker_run": 2, "load_calendar": 1,
}  # fmt: skip
"""What happens besides the steps, and how often."""
SHOWN_AS = {
    "offer": "hand_over",
    "give_back": "return",
    "serve": "record_service",
    "decide": "decide_dispute",
    "escalate": "escalate_dispute",
    "speak": "joint_opinion",
    "plan": "plan_joint",
    "refer": "refer_joint",
    "finish_task": "finish_joint_task",
}
"""What clients call a step where they have another name for it."""
ANSWERED = [Category.CONSULT, Category.APPLICATION, Category.REPORT, Category.OTHER]


@dataclass(frozen=True)
class Theme:
    """What a run goes for: how often its steps are tried, where the others are tried once."""

    name: str
    often: dict[str, int]
    starts: tuple[str, ...] = tuple(STARTS)
    signs: tuple[str, ...] = SIGNS
    categories: tuple[Category, ...] = tuple(Category)
    reach: str = "anywhere"
    """Where hand-offs usually go: inside the unit, to another one, or anywhere."""


THEMES = [
    Theme(
        "at the desk",
        {"confirm": 6, "offer": 4, "let_the_worker_run": 4, "accept": 3, "attach": 3, "assign": 2, "close": 3, "rate": 3,
         "follow_up": 3, "spot_check": 3, "change_rating": 3, "reopen": 2, "give_back": 2, "supervise": 2, "instruct": 2, "remind": 2, "withdraw": 2},
    ),
    Theme(
        "papers and limits",
        {"notify": 5, "let_the_worker_run": 5, "record_supplement": 4, "extend": 3, "load_calendar": 3, "name_matter": 3,
         "supplement": 3, "receive_notice": 2, "classify": 3, "confirm": 2},
        starts=("2026-12-30 10:00", "2026-12-29 15:00", "2026-09-30 20:00"),
        signs=("window", "window", "business", "neighbour_window", "lu_window"),
    ),
    Theme(
        "nobody takes it",
        {"offer": 9, "give_back": 9, "escalate": 4, "decide": 4, "accept": 2, "let_the_worker_run": 2},
        signs=("window", "window", "business", "lu_window"),
        categories=tuple(ANSWERED),
        reach="inside",
    ),
    Theme(
        "beyond the system",
        {"address_outside": 5, "serve": 3, "record_result": 4, "cancel_letter": 2, "reopen": 2, "offer": 2, "accept": 3,
         "notify": 2},
        categories=(Category.APPLICATION, *ANSWERED),
        reach="outside",
    ),
    Theme(
        "several units",
        {"start_joint": 6, "speak": 5, "plan": 4, "finish_task": 4, "refer": 3, "close": 2, "reopen": 2, "confirm": 2},
        categories=tuple(ANSWERED),
    ),
]  # fmt: skip


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


@pytest.fixture
def terms(office: Office) -> Terms:
    """实施细则 of the units: hours, promises and a 事项目录 (坛 十一; 泸 二（二）1)."""
    org = office.org
    promises = {
        (org.unit.id, Category.CONSULT): 1,
        (org.unit.id, Category.REPORT): 6,
        (org.neighbour.id, Category.APPLICATION): 4,
        (org.lu_unit.id, Category.APPLICATION): 5,
        (org.lu_unit.id, Category.CONSULT): 3,
    }
    matters = [
        (org.unit, "食品经营许可", Regime.PERMIT, 20, 7),
        (org.unit, "歇业登记", None, 3, None),
        (org.neighbour, "社会保险登记", None, 10, 2),
        (org.lu_unit, "信访事项", Regime.PETITION, 15, None),
        (org.lu_unit, "补发证书", None, None, 1),
    ]
    with office.working() as work:
        for (unit_id, category), days in promises.items():
            work.session.add(
                UnitPromise(
                    id=new_id(),
                    unit_id=unit_id,
                    category=category,
                    working_days=days,
                    basis="公示栏",
                    created_at=work.now,
                )
            )
        for unit, name, regime, legal, promised in matters:
            work.session.add(
                Matter(
                    id=new_id(),
                    unit_id=unit.id,
                    name=name,
                    regime=regime,
                    basis="《条例》第二十条",
                    legal_days=legal,
                    promised_days=promised,
                    procedure="受理、审核、发证",
                    documents=["身份证", "申请表"],
                    created_at=work.now,
                )
            )
        work.session.add(UnitHours(unit_id=org.neighbour.id, starts_on="05-01", closes_at=time(17, 0)))
        work.session.flush()
        rows = work.session.execute(select(Matter.__table__)).mappings().all()
        known = {row["id"]: row for row in sorted(rows, key=lambda row: str(row["name"]))}
    closes = dict.fromkeys((org.lead.id, org.unit.id, org.lu_unit.id), DEFAULT_CLOSE)
    return Terms(closes | {org.neighbour.id: time(17, 0)}, promises, known)


class InquiryLife(EverydaySteps, StatuteSteps, TransferSteps):
    """Everything that can happen to a few inquiries of one office."""

    theme: ClassVar[Theme]

    def __init__(self) -> None:
        super().__init__()
        self.tried: Counter[str] = Counter()

    @initialize(data=st.data())
    def open_the_office(self, data: st.DataObject) -> None:
        self.office.clock.set(at(data.draw(st.sampled_from(self.theme.starts))))
        self.file(data.draw)

    # One rule, not many: hypothesis leaves some rules out of each run, and few runs would reach far without them.
    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """Usually something that somebody can do now, else what nobody can. No two things at the very same moment."""
        self.office.clock.forward(seconds=1)
        able = {what for what in STEPS | AROUND if self.can(what)}
        wise = data.draw(st.sampled_from([True, True, False, True]))
        what = data.draw(st.sampled_from([w for w in self._in_turn() if (w in able) == wise]))
        self.tried[what] += 1
        getattr(self, what)(data.draw)

    def _in_turn(self) -> list[str]:
        """Each thing as often as the theme weighs it, what had its turn least first: hypothesis begins with the first
        of everything, and so the first run of a theme takes its steps one after the other.
        """
        often = AROUND | self.theme.often
        weighed = [(what, often.get(what, 1)) for what in [*STEPS, *AROUND]]
        weighed.sort(key=lambda one: (self.tried[one[0]] + 1) / one[1])
        return [what for what, weight in weighed for _ in range(weight)]

    def can(self, what: str) -> bool:
        if what in {"file", "register"}:
            return len(self.stories) < MOST
        if what == "let_days_pass":
            return not any(story.facts.is_open for story in self.stories)
        if what == "load_calendar":
            return not self.rules.knows_next_year
        return what not in STEPS or super().can(what)

    def likely(self, targets: list[dict[str, str]]) -> list[dict[str, str]]:
        own = {self.office.org.unit.id, self.office.org.lu_unit.id}
        wanted = {"inside": (True,), "outside": (False,)}.get(self.theme.reach, (True, False))
        return [to for to in targets if (self.rules.place(to).unit in own) in wanted] or targets

    def file(self, draw: Draw) -> None:
        org, sign = self.office.org, draw(st.sampled_from(self.theme.signs))
        category = draw(st.sampled_from(self.theme.categories))
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

    def load_calendar(self, draw: Draw) -> None:
        """The next year's notice: limits that were 暂定 are counted again, and nothing else moves."""
        if self.rules.knows_next_year:
            return
        before = [story.facts for story in self.stories]
        days = [OfficialDay(day, day in NEXT_MAKE_UPS) for day in sorted(NEXT_HOLIDAYS | NEXT_MAKE_UPS)]
        days.append(OfficialDay(date(NEXT_YEAR, 5, 1), False))
        with self.office.working() as work:
            assert load_calendar(work.session, work.now, days, "放假通知") == NEXT_YEAR
        with self.office.app.app_context():
            done = calendar_duties.recalculate_all()
        self.rules.knows_next_year, changed = True, 0
        for story, was in zip(self.stories, before, strict=True):
            story.hearsay.calendar_from = was.inquiry["version"]
            now = self.look(story)
            told = new_events(was, now)
            provisional = self._is_provisional(was, now)
            assert told == Counter({"clock_recalculated": 1} if provisional else {})
            assert (now.inquiry, now.holding) == (was.inquiry, was.holding)
            changed += provisional
        # What earlier runs left is counted again as well.
        assert done.failed == 0
        assert done.changed >= changed
        self.taken["load_calendar"] += 1
        self.taken["recalculate"] += changed

    def _is_provisional(self, was: Facts, now: Facts) -> bool:
        """Whether something ended on a day that was only 暂定: a limit, or the silence of an offer that now ends elsewhen."""
        if any(row["is_provisional"] and row["due_at"].year <= NEXT_YEAR for row in was.running()):
            return True
        return was.offer is not None and now.offer["lapses_at"] != was.offer["lapses_at"]

    def let_the_worker_run(self, draw: Draw) -> None:
        """Silence returns what nobody answered in time, what passed is noted, and nothing else moves."""
        self.office.clock.moment += draw(st.sampled_from(WAITS))
        before = [story.facts for story in self.stories]
        arbiters = [self._arbiter_of_silence(facts) for facts in before]
        with self.office.app.app_context():
            for duty in (
                duties.lapse_offers,
                duties.note_overdue,
                duties.note_near,
                calendar_duties.recalculate,
                follow_up_duties.follow_up,
            ):
                duty(GOING)
        for story, was, arbiter in zip(self.stories, before, arbiters, strict=True):
            self.check_worked(was, self.look(story), arbiter)

    def _arbiter_of_silence(self, facts: Facts) -> tuple[Any, str] | None:
        is_due = self.rules.is_silence(facts) and self.rules.is_dispute_due(facts)
        return self.rules.arbiter(facts) if is_due else None

    def check_worked(self, before: Facts, after: Facts, arbiter: tuple[Any, str] | None) -> None:
        now, told = self.office.clock.now(), new_events(before, after)
        offer = before.offer if self.rules.is_silence(before) else None
        assert told["lapsed"] == (1 if offer is not None else 0)
        assert set(told) <= WORKED
        assert after.status is (before.status if offer is None else offer["prior_status"])
        assert after.holding == before.holding
        self.check_dispute(before, after, arbiter)
        self.taken["lapse"] += told["lapsed"]
        self.taken["breach"] += told["clock_overdue"]
        for row in after.running():
            if row["paused_at"] is None:
                assert row["is_overdue_noted"] == (row["due_at"] < now)
                assert row["is_due_soon_noted"] == (
                    row["due_soon_at"] is not None and row["due_soon_at"] <= now
                )

    @invariant()
    def everything_holds(self) -> None:
        with self.reading() as session:
            self.chains.follow(session)
            for story in self.stories:
                if story.checked is not story.facts:
                    check_facts(session, story.facts, self.terms, story.hearsay)
                    check_ledger(session, story.facts.inquiry["id"])
                    story.checked = story.facts

    def teardown(self) -> None:
        try:
            self.office.clock.forward(seconds=1)
            if self.stories:
                self.check_actions(max(self.stories, key=lambda story: story.facts.inquiry["version"]))
        finally:
            self.tidy_up()

    def check_actions(self, story: Story) -> None:
        """Clients show exactly what somebody may do now."""
        facts = story.facts
        shown = self.office.citizen(story.token).get(f"/inquiries/{story.number}").json
        self.check_shown(facts, shown, {step for step in BY_CITIZEN if self.may(facts, step)})
        readers = [name for name in PEOPLE if self.rules.sees(facts, name)]
        if readers:
            name = readers[facts.inquiry["version"] % len(readers)]
            seen = self.office.staff(name).get(f"/staff/inquiries/{story.number}").json
            self.check_shown(facts, seen, {step for step in BY_STAFF if self.may(facts, step, name)})

    def may(self, facts: Facts, step: str, *who: str) -> bool:
        return bool(getattr(self.rules, STEPS[step].may)(facts, *who))

    def check_shown(self, facts: Facts, shown: dict[str, Any], steps: set[str]) -> None:
        assert (shown["status"], shown["version"]) == (facts.status, facts.inquiry["version"])
        offered = {action["name"] for action in shown["actions"]} - {"open_lead", "sign_off"}
        assert offered == {SHOWN_AS.get(step, step) for step in steps}

    def tidy_up(self) -> None:
        """The next run begins on another day, maybe an earlier one, with everybody there and no calendar to come."""
        for story in self.stories:
            # The worker of the next run shall not be kept busy with it.
            self.office.citizen(story.token).post(f"/inquiries/{story.number}/withdrawal")
        with self.office.working() as work:
            work.session.execute(delete(Absence))
            work.session.execute(delete(CalendarDayRow).where(CalendarDayRow.day >= date(NEXT_YEAR, 1, 1)))


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(25, 25, id="a-few", marks=pytest.mark.timeout(300)),
        pytest.param(200, 50, id="many", marks=pytest.mark.drill),
    ],
)
def test_whatever_is_done_to_an_inquiry_it_has_one_holder_and_one_story(
    office: Office, terms: Terms, examples: int, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files are cleaned in processes of their own; here it matters what taking one does to an inquiry.
    monkeypatch.setattr(
        "backend.routes.inquiries.clean_upload",
        lambda data, name: Upload(CleanMedia(data=data, media_type="image/png", extension="png"), name),
    )

    class Life(InquiryLife):
        """The machine of this office."""

    Life.office, Life.terms = office, terms
    Life.chains = Chains(office.app.extensions["shouwen_tools"].signer)
    Life.taken, Life.refused = Counter(), Counter()
    for name in PEOPLE:
        office.staff(name)
    for theme in THEMES:
        Life.theme = theme
        run_machine(
            Life,
            settings=settings(
                max_examples=examples // len(THEMES),
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
    # Every step was taken on the way, time did its part, and most steps were refused as well.
    reached = {*STEPS, "lapse", "breach", "load_calendar", "recalculate", "pause", "end the wait"}
    assert set(+Life.taken) >= reached, (sorted(reached - set(+Life.taken)), Life.taken)
    assert len(+Life.refused) > len(STEPS) / 2, Life.refused


@pytest.mark.parametrize("rounds", [25, pytest.param(500, marks=pytest.mark.drill)])
def test_of_two_handoffs_at_the_same_version_one_is_made_and_the_other_told(
    office: Office, terms: Terms, rounds: int
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
            with office.app.app_context(), reading() as session:
                facts = Facts.read(session, number)
                check_facts(session, facts, terms, Hearsay())
                chains.follow(session)
            assert [event.name for event in facts.events] == ["filed", "offered"]
            assert [offer["id"] for offer in facts.offers] == [made.json["id"]]
