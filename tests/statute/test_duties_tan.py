"""坛: every duty with a limit, as a table of cases; each id names the clause, the start and the day it ends.

What begins a limit goes through the use cases of the office; what ends one is asked of all events there are.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select

from backend.domain.vocabulary import (
    BearerKind,
    Category,
    Channel,
    ClockChange,
    ClockEnd,
    Measure,
    Source,
    Strictness,
)
from backend.models import ClockFact
from backend.services.changing_clocks import pass_on_clocks, pause_clocks
from backend.services.clocks import end_clocks_by, note_breach, running_clocks
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.holdings import hold
from backend.services.routing import destination_of_sign
from backend.services.work import Work
from backend.statute.loader import load_statute
from backend.statute.model import Event, LimitKind
from tests.statute import duty_cases as cases
from tests.statute.duty_cases import AT_ONCE, IN_DAYS, Begin, at, closing, when
from tests.support.organisation import SmallOrganisation


class Row(NamedTuple):
    """A duty: its clause, how it is begun, its days (None: 即时), and whoever bears it."""

    clause: str
    begin: Begin
    days: int | None
    bearer: BearerKind
    strictness: Strictness
    met_by: set[Event]
    cancelled_by: set[Event]


OVER = {Event.CLOSED, Event.WITHDRAWN}
DUTIES: dict[str, Row] = {
    "handle-on-the-spot": Row(
        "六（一）",
        cases.on_the_spot,
        None,
        BearerKind.FIRST_RESPONDER,
        Strictness.AT_ONCE,
        {Event.CLOSED},
        {
            Event.SECTION_HANDOFF,
            Event.UNIT_HANDOFF_SERVED,
            Event.NOTICE_GIVEN,
            Event.JOINT_REPORTED,
            Event.WITHDRAWN,
        },
    ),
    "handling-limit": Row(
        "六（一）、十（一）2",
        cases.noticed,
        20,
        BearerKind.HOLDER,
        Strictness.MUST,
        {Event.CLOSED},
        {Event.REGIME_NAMED, Event.WITHDRAWN},
    ),
    "superior-law": Row(
        "五", cases.named, 5, BearerKind.HOLDER, Strictness.MUST, {Event.CLOSED}, {Event.WITHDRAWN}
    ),
    "report-joint": Row(
        "六（三）、七（三）",
        cases.joint_found,
        None,
        BearerKind.FIRST_RESPONDER,
        Strictness.AT_ONCE,
        {Event.JOINT_REPORTED},
        OVER,
    ),
    "joint-plan": Row(
        "六（三）",
        cases.joint_reported,
        3,
        BearerKind.FIRST_UNIT,
        Strictness.MUST,
        {Event.JOINT_PLANNED, Event.JOINT_REFERRED},
        OVER,
    ),
    "written-transfer": Row(
        "六（四）",
        cases.written_application,
        2,
        BearerKind.FIRST_UNIT,
        Strictness.MUST,
        {Event.UNIT_HANDOFF_SERVED},
        {
            Event.COMPETENCE_CONFIRMED,
            Event.READY_ON_THE_SPOT,
            Event.SECTION_HANDOFF,
            Event.NOTICE_GIVEN,
            Event.MATTER_NAMED,
            Event.JOINT_REPORTED,
            *OVER,
        },
    ),
    "accept-at-once": Row(
        "六（四）",
        cases.served,
        None,
        BearerKind.COMPETENT_AUTHORITY,
        Strictness.AT_ONCE,
        {Event.HANDOFF_ACCEPTED},
        {Event.HANDOFF_RETURNED, *OVER},
    ),
    "answer-consult": Row(
        "七（一）",
        cases.consult,
        2,
        BearerKind.FIRST_RESPONDER,
        Strictness.PRINCIPLE,
        {Event.CLOSED},
        {Event.RECLASSIFIED, Event.REGIME_NAMED, Event.WITHDRAWN},
    ),
    "unit-promise": Row(
        "十一",
        lambda work, org: cases.promised(work, org.unit, org),
        1,
        BearerKind.HOLDER,
        Strictness.PROMISE,
        {Event.CLOSED},
        {Event.RECLASSIFIED, Event.WITHDRAWN},
    ),
}


def ids_of(duties: dict[str, Row]) -> list[str]:
    return [f"坛{row.clause} {duty}" for duty, row in duties.items()]


each_duty = pytest.mark.parametrize(("duty", "row"), DUTIES.items(), ids=ids_of(DUTIES))


def test_the_table_has_every_duty_with_a_limit() -> None:
    duties = load_statute().measures[Measure.TAN].duties
    assert {duty.id for duty in duties if duty.limit.kind is not LimitKind.NONE} == set(DUTIES)


COUNTED = [
    pytest.param(duty, row, start, days[row.days], id=f"坛{row.clause} {duty} {start}")
    for duty, row in DUTIES.items()
    if row.days is not None
    for start, days in IN_DAYS.items()
]


@pytest.mark.parametrize(("duty", "row", "start", "day"), COUNTED)
def test_tan_a_limit_in_working_days_ends_at_the_close_of_the_last_of_them(
    work: Work, org: SmallOrganisation, duty: str, row: Row, start: str, day: str
) -> None:
    clock = row.begin(when(work, start), org).clock
    assert (clock.starts_at, clock.working_days) == (at(start), row.days)
    assert (clock.due_at, clock.is_provisional) == (closing(day), day.startswith("2027")), duty


IMMEDIATE = [
    pytest.param(duty, row, start, day, id=f"坛{row.clause} {duty} {start}")
    for duty, row in DUTIES.items()
    if row.days is None
    for start, day in AT_ONCE.items()
]


@pytest.mark.parametrize(("duty", "row", "start", "day"), IMMEDIATE)
def test_tan_at_once_ends_at_the_close_of_the_same_or_the_next_working_day(
    work: Work, org: SmallOrganisation, duty: str, row: Row, start: str, day: str
) -> None:
    clock = row.begin(when(work, start), org).clock
    # There is no working day before it on which to warn.
    assert (clock.working_days, clock.due_soon_at) == (None, None)
    assert (clock.due_at, clock.is_provisional) == (closing(day), day.startswith("2027")), duty


@each_duty
def test_tan_each_limit_quotes_its_clause_and_names_its_bearer(
    work: Work, org: SmallOrganisation, duty: str, row: Row
) -> None:
    clock = row.begin(when(work, "2026-11-16 09:00"), org).clock
    said = load_statute().duty(Measure.TAN, duty)
    assert (clock.clause, clock.quote) == (said.clause, "……".join(said.quote))
    assert (clock.bearer_kind, clock.strictness) == (row.bearer, row.strictness)
    unit = org.neighbour if row.bearer is BearerKind.COMPETENT_AUTHORITY else org.unit
    assert clock.bearer_unit_id == unit.id
    in_person = row.bearer is BearerKind.FIRST_RESPONDER
    assert clock.bearer_staff_id == (org.people["window_a"].id if in_person else None)


@each_duty
def test_tan_kept_to_the_last_instant_and_missed_from_the_next(
    work: Work, org: SmallOrganisation, duty: str, row: Row
) -> None:
    """届满 takes in the last moment (参照民法典 1259): the fact is dated there, whenever it is written."""
    for late, missed in ((timedelta(0), False), (timedelta(microseconds=1), True), (timedelta(days=9), True)):
        with work.session.begin_nested() as trial:
            begun = row.begin(when(work, "2026-11-16 09:00"), org)
            after = replace(when(work, "2026-11-16 09:00"), now=begun.clock.due_at + late)
            event = min(row.met_by)
            ended = [c for c in end_clocks_by(after, begun.inquiry, event) if c.id == begun.clock.id]
            assert [c.end for c in ended] == [ClockEnd.MET], duty
            facts = work.session.scalars(select(ClockFact).where(ClockFact.clock_id == begun.clock.id)).all()
            assert [(fact.kind, fact.at) for fact in facts] == (
                [("overdue", begun.clock.due_at)] if missed else []
            )
            assert note_breach(after, begun.inquiry, begun.clock) is None or not missed
            trial.rollback()


@pytest.mark.parametrize("event", Event)
@each_duty
def test_tan_only_what_the_clause_says_meets_a_limit_or_ends_it(
    work: Work, org: SmallOrganisation, duty: str, row: Row, event: Event
) -> None:
    begun = row.begin(when(work, "2026-11-16 09:00"), org)
    end_clocks_by(when(work, "2026-11-16 10:00"), begun.inquiry, event)
    expected = (
        ClockEnd.MET if event in row.met_by else ClockEnd.CANCELLED if event in row.cancelled_by else None
    )
    assert begun.clock.end is expected


@each_duty
def test_tan_6_2_7_2_the_receiver_takes_over_what_the_person_bears_and_nothing_else(
    work: Work, org: SmallOrganisation, duty: str, row: Row
) -> None:
    """该承办人承接首问责任: the same row of the law, the same end; what the unit bears stays with the unit."""
    begun = row.begin(when(work, "2026-11-16 09:00"), org)
    later = when(work, "2026-11-16 15:00")
    holding = hold(later, begun.inquiry, staff=org.people["business_b"])
    passed = {clock.duty: clock for clock in pass_on_clocks(later, begun.inquiry, holding)}
    follows = row.bearer in {BearerKind.FIRST_RESPONDER, BearerKind.HOLDER}
    assert (duty in passed) is follows
    if follows:
        taken = passed[duty]
        assert (taken.due_at, taken.starts_at) == (begun.clock.due_at, begun.clock.starts_at)
        assert (taken.change, taken.bearer_staff_id) == (ClockChange.TAKEOVER, org.people["business_b"].id)
    assert begun.inquiry.first_responder_id == org.people["window_a"].id


@each_duty
def test_only_the_handling_limit_stands_still_while_the_citizen_is_asked(
    work: Work, org: SmallOrganisation, duty: str, row: Row
) -> None:
    """系统设定 pause-on-notice: 坛's own days, 即时 and what another law sets never pause."""
    begun = row.begin(when(work, "2026-11-16 09:00"), org)
    paused = {clock.duty for clock in pause_clocks(when(work, "2026-11-16 10:00"), begun.inquiry)}
    assert (duty in paused) is (duty == "handling-limit")


@pytest.mark.parametrize(
    ("category", "written", "duties"),
    [
        (Category.CONSULT, False, {"answer-consult"}),
        # A written question is a question: 第七条 and not 第六条（四）.
        (Category.CONSULT, True, {"answer-consult"}),
        (Category.APPLICATION, True, {"written-transfer"}),
        (Category.APPLICATION, False, set()),
        (Category.REPORT, True, {"written-transfer"}),
        (Category.REPORT, False, set()),
        (Category.OTHER, True, {"written-transfer"}),
        (Category.COMPLAINT, True, set()),
    ],
)
def test_tan_6_4_7_1_what_runs_from_the_day_it_is_received(
    work: Work, org: SmallOrganisation, category: Category, written: bool, duties: set[str]
) -> None:
    """The two days of a question are never lent to anything else."""
    there = when(work, "2026-11-16 09:00")
    destination = destination_of_sign(work.session, org.window.sign.code)
    new = NewInquiry(destination, category, "问", Channel.OTHER, Source.SIGN, written=written)
    inquiry = file_inquiry(there, new).inquiry
    assert {clock.duty for clock in running_clocks(work, inquiry)} == duties


@pytest.mark.parametrize(
    ("happened", "entered", "due"),
    [
        ("2026-11-16 09:00", "2026-11-16 16:00", "2026-11-18"),
        ("2026-11-16 23:59:59", "2026-11-17 00:00:01", "2026-11-18"),
        # Born overdue: entered after its end.
        ("2026-11-12 09:00", "2026-11-20 09:00", "2026-11-16"),
    ],
)
def test_tan_a_late_entry_gains_no_time(
    work: Work, org: SmallOrganisation, happened: str, entered: str, due: str
) -> None:
    """系统设定 late-entry: every clock starts from what happened."""
    destination = destination_of_sign(work.session, org.window.sign.code)
    new = NewInquiry(
        destination,
        Category.CONSULT,
        "电话咨询",
        Channel.CALL,
        Source.STAFF,
        occurred_at=at(happened),
        registered_by=org.people["window_a"],
    )
    filed = file_inquiry(when(work, entered), new)
    [clock] = filed.clocks
    assert (clock.starts_at, clock.due_at) == (at(happened), closing(due))
