"""坛 九、十: which breach points to an item, what speaks for the person, what a recorded decision may say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from backend.domain.accountability import (
    Circumstances,
    ExculpationKind,
    Passing,
    Ruling,
    Span,
    applied_late,
    check_ruling,
    exculpations,
    lead_item,
    working_days_late,
)
from backend.domain.calendar import WorkCalendar
from backend.domain.errors import FieldInvalid
from backend.domain.identity import Grant, Identity
from backend.domain.times import SHANGHAI
from backend.domain.urging import next_reminder_at, supervising_role
from backend.domain.vocabulary import (
    DecisionMeasure,
    Employment,
    HandoffState,
    Role,
    SupervisionKind,
    ToleranceLevel,
)

DUE = datetime(2026, 11, 26, 17, 30, tzinfo=SHANGHAI)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)
INSTANT = timedelta(microseconds=1)
ITEM = "第十条（一）2"


@pytest.mark.parametrize(
    ("accountability", "is_paused", "ended_at", "item"),
    [
        (ITEM, False, None, ITEM),
        (ITEM, False, AFTER, ITEM),
        (ITEM, False, DUE + INSTANT, ITEM),
        # A limit that ended in time, or stands still, is no breach.
        (ITEM, False, DUE, None),
        (ITEM, False, BEFORE, None),
        (ITEM, True, None, None),
        # A unit's own promise names no item of 坛.
        (None, False, None, None),
    ],
)
def test_a_passed_limit_points_to_the_item_of_its_duty_or_to_none(accountability, is_paused, ended_at, item):
    assert lead_item(accountability, due_at=DUE, is_paused=is_paused, ended_at=ended_at) == item


@pytest.mark.parametrize(
    ("until", "days"),
    [
        (DUE, 0),
        (DUE + INSTANT, 0),
        (datetime(2026, 11, 27, 0, 0, tzinfo=SHANGHAI), 1),
        (datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI), 1),
        (datetime(2026, 11, 30, 9, 0, tzinfo=SHANGHAI), 2),
    ],
)
def test_lateness_is_told_in_working_days_that_have_begun(until, days):
    """26 November 2026 is a Thursday."""
    assert working_days_late(WorkCalendar({}), DUE, until) == days


SPEAKS = [
    ({"pauses": (Span(BEFORE, AFTER),)}, [ExculpationKind.PAUSED]),
    ({"pauses": (Span(AFTER),)}, []),
    ({"extended_at": (BEFORE,)}, [ExculpationKind.EXTENDED]),
    # An extension comes before the end or not at all (坛 七（一）).
    ({"extended_at": (AFTER,)}, []),
    ({"recalculated": (AFTER,)}, [ExculpationKind.RECALCULATED]),
    ({"recalculated": (BEFORE,)}, []),
    # Served in time, recorded late; recorded in time it would be no breach.
    ({"services": (Span(BEFORE, AFTER),)}, [ExculpationKind.SERVED_IN_TIME]),
    ({"services": (Span(AFTER, AFTER + INSTANT),)}, []),
    ({"passings": (Passing(BEFORE, AFTER, HandoffState.LAPSED),)}, [ExculpationKind.SILENCE]),
    ({"passings": (Passing(BEFORE, DUE, HandoffState.RETURNED),)}, [ExculpationKind.RETURNED]),
    ({"passings": (Passing(BEFORE, DUE, HandoffState.ACCEPTED),)}, []),
    ({"passings": (Passing(AFTER, None, HandoffState.RETURNED),)}, []),
    ({"talks": (BEFORE, AFTER)}, [ExculpationKind.TALKS]),
    ({"referred_at": AFTER}, [ExculpationKind.REFERRED_LATE]),
    ({"referred_at": BEFORE}, []),
    ({"absences": (Span(BEFORE, AFTER),)}, [ExculpationKind.ABSENT]),
    ({"absences": (Span(BEFORE),)}, [ExculpationKind.ABSENT]),
    ({"absences": (Span(BEFORE, DUE),)}, []),
    ({"absences": (Span(AFTER),)}, []),
    ({"cancelled_at": AFTER}, [ExculpationKind.NO_LONGER_APPLIES]),
    # 坛 六（四）: another unit took it over before the end; after the end it excuses nothing.
    ({"taken_over": (BEFORE,), "ended_at": AFTER}, [ExculpationKind.TAKEN_OVER]),
    ({"taken_over": (AFTER,)}, [ExculpationKind.TAKEN_OVER]),
    ({"taken_over": (AFTER + INSTANT,), "ended_at": AFTER}, []),
    ({"applied_at": AFTER}, [ExculpationKind.APPLIED_LATE]),
    ({}, []),
]


@pytest.mark.parametrize(("case", "kinds"), SPEAKS)
def test_every_fact_that_speaks_for_the_person_stands_beside_the_lead(case, kinds):
    assert [one.kind for one in exculpations(Circumstances(at=DUE, **case))] == kinds


def test_what_speaks_for_the_person_stands_in_the_order_in_which_it_happened():
    case = Circumstances(
        at=DUE, talks=(BEFORE,), absences=(Span(BEFORE - timedelta(days=3)),), referred_at=AFTER
    )
    assert [one.at for one in exculpations(case)] == [BEFORE - timedelta(days=3), BEFORE, AFTER]


TODAY = date(2026, 12, 1)
CRITICISM, DISMISSAL = DecisionMeasure.CRITICISM, DecisionMeasure.DISMISSAL
RULINGS = [
    # 坛 十（四）: alone or together.
    ({CRITICISM}, False, None, Employment.CIVIL_SERVANT, None),
    ({CRITICISM, DecisionMeasure.CIRCULAR, DecisionMeasure.LAW}, False, None, Employment.MANAGED, None),
    (set(), True, None, Employment.CIVIL_SERVANT, None),
    (set(), True, ToleranceLevel.DISTRICT, Employment.CIVIL_SERVANT, None),
    ({CRITICISM}, False, ToleranceLevel.CENTRAL, None, None),
    (set(), False, None, Employment.CIVIL_SERVANT, "/measures"),
    ({CRITICISM}, True, None, Employment.CIVIL_SERVANT, "/measures"),
    # 聘用人员 by contract, up to 解聘或辞退; nobody else, and no head of a unit.
    ({DISMISSAL}, False, None, Employment.CONTRACT, None),
    ({DecisionMeasure.CONTRACT, CRITICISM}, False, None, Employment.CONTRACT, None),
    ({DISMISSAL}, False, None, Employment.CIVIL_SERVANT, "/measures"),
    ({DecisionMeasure.CONTRACT}, False, None, Employment.OTHER, "/measures"),
    ({DecisionMeasure.CONTRACT}, False, None, None, "/measures"),
]


@pytest.mark.parametrize(("measures", "dismissed", "tolerance", "employment", "pointer"), RULINGS)
def test_a_decision_uses_the_ways_of_article_ten_four(measures, dismissed, tolerance, employment, pointer):
    ruling = Ruling(TODAY, frozenset(measures), dismissed, tolerance)
    assert refused(ruling, employment=employment) == pointer


@pytest.mark.parametrize(
    ("decided_on", "pointer"),
    [
        (TODAY, None),
        (date(2026, 11, 26), None),
        (date(2026, 12, 2), "/decided_on"),
        (date(2026, 11, 25), "/decided_on"),
    ],
)
def test_a_decision_is_not_of_tomorrow_and_not_older_than_its_fact(decided_on, pointer):
    ruling = Ruling(decided_on, frozenset({CRITICISM}), False, None)
    assert refused(ruling, employment=Employment.CIVIL_SERVANT) == pointer


def test_where_the_measure_says_nothing_of_tolerance_none_is_recorded():
    """容错 stands in 坛 九; 泸 says nothing of it."""
    ruling = Ruling(TODAY, frozenset(), True, ToleranceLevel.CITY)
    assert refused(ruling, employment=None, knows_tolerance=False) == "/tolerance"


def test_every_way_of_article_ten_four_can_be_recorded():
    labels = {measure.label for measure in DecisionMeasure}
    for word in (
        "批评教育",
        "责令检查",
        "通报",
        "诫勉",
        "组织调整或者组织处理",
        "纪律处分",
        "政务处分",
        "解聘或辞退",
    ):
        assert word in labels
    assert any("有关法律规定" in label for label in labels)
    assert any("合同约定" in label for label in labels)


@pytest.mark.parametrize(
    ("measures", "dismissed", "pointer"),
    [
        (set(), False, None),
        (set(), True, None),
        ({CRITICISM}, False, "/measures"),
        ({CRITICISM}, True, "/measures"),
    ],
)
def test_under_lu_a_decision_stands_in_its_own_words(measures, dismissed, pointer):
    """The list of ways is 坛 十（四）'s; 泸 三（三） has none to choose from."""
    ruling = Ruling(TODAY, frozenset(measures), dismissed, None)
    assert refused(ruling, employment=Employment.CIVIL_SERVANT, lists_ways=False) == pointer


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-11-24T10:30", False),  # with the round itself
        ("2026-11-24T17:00", False),  # the same day: both days are left
        ("2026-11-25T09:00", True),
        ("2026-11-26T17:30", True),
        ("2026-11-30T09:00", True),
    ],
)
def test_a_limit_that_a_corrected_category_brought_has_lost_days_or_is_over(at, late):
    """坛 七（一）: two working days from receipt, whenever the category is corrected."""
    begun = datetime(2026, 11, 24, 10, 30, tzinfo=SHANGHAI)
    moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    found = applied_late(WorkCalendar({}), starts_at=begun, due_at=DUE, working_days=2, at=moment)
    assert found is late


def refused(ruling, *, employment, knows_tolerance=True, lists_ways=True):
    """The field that is complained of; None when the ruling stands."""
    try:
        check_ruling(
            ruling,
            employment=employment,
            knows_tolerance=knows_tolerance,
            lists_ways=lists_ways,
            fact_on=date(2026, 11, 26),
            today=TODAY,
        )
    except FieldInvalid as error:
        return error.pointer
    return None


def person(*grants):
    return Identity("p", "某", "u", None, tuple(Grant(role, "u", section) for role, section in grants))


SUPERVISION, INSTRUCTION = SupervisionKind.SUPERVISION, SupervisionKind.INSTRUCTION


@pytest.mark.parametrize(
    ("who", "kind", "role"),
    [
        (person((Role.PRINCIPAL_LEADER, None)), INSTRUCTION, Role.PRINCIPAL_LEADER),
        (person((Role.DEPUTY_LEADER, "s")), INSTRUCTION, Role.DEPUTY_LEADER),
        (person((Role.DEPUTY_LEADER, "other")), INSTRUCTION, None),
        (person((Role.DEPUTY_LEADER, "other")), SUPERVISION, None),
        (person((Role.GENERAL_POST, None)), SUPERVISION, Role.GENERAL_POST),
        (person((Role.GENERAL_POST, None)), INSTRUCTION, None),
        (person((Role.DISCIPLINE, None)), SUPERVISION, Role.DISCIPLINE),
        (person((Role.DISCIPLINE, None)), INSTRUCTION, None),
        (person((Role.SECTION_HEAD, "s")), SUPERVISION, None),
        (person((Role.HANDLER, "s")), SUPERVISION, None),
        (person((Role.OVERSEER, None)), SUPERVISION, None),
        (
            person((Role.GENERAL_POST, None), (Role.PRINCIPAL_LEADER, None)),
            SUPERVISION,
            Role.PRINCIPAL_LEADER,
        ),
    ],
)
def test_supervision_is_for_those_above_inside_their_scope(who, kind, role):
    assert supervising_role(who, kind, {"u"}, {"s"}) == role
    assert supervising_role(who, kind, {"elsewhere"}, set()) is None


@pytest.mark.parametrize(
    ("last", "next_day"),
    [
        ("2026-11-16T23:59:59+08:00", "2026-11-17T00:00:00+08:00"),
        ("2026-11-17T00:00:00+08:00", "2026-11-18T00:00:00+08:00"),
        ("2026-11-16T16:00:00+00:00", "2026-11-18T00:00:00+08:00"),
        ("2026-12-31T12:00:00+08:00", "2027-01-01T00:00:00+08:00"),
    ],
)
def test_the_next_urging_is_possible_from_midnight_in_beijing(last, next_day):
    assert next_reminder_at(datetime.fromisoformat(last)).isoformat() == next_day
