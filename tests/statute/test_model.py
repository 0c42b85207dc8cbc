from __future__ import annotations

from datetime import time

import pytest

from backend.domain.clocks import DEFAULT_CLOSE
from backend.domain.vocabulary import BearerKind, Category, Measure, Strictness
from backend.statute.loader import load_statute
from backend.statute.model import Event, Limit, LimitKind

STATUTE = load_statute()


@pytest.mark.parametrize(
    ("duty_id", "short_clause", "bearer", "limit", "strictness", "accountability"),
    [
        (
            "answer-consult",
            "第七条第（一）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.WORKING_DAYS, 2),
            Strictness.PRINCIPLE,
            "第十条（一）2",
        ),
        (
            "written-transfer",
            "第六条第（四）项",
            BearerKind.FIRST_UNIT,
            Limit(LimitKind.WORKING_DAYS, 2),
            Strictness.MUST,
            "第十条（二）2",
        ),
        (
            "accept-at-once",
            "第六条第（四）项",
            BearerKind.COMPETENT_AUTHORITY,
            Limit(LimitKind.AT_ONCE),
            Strictness.AT_ONCE,
            "第十条（二）3",
        ),
        (
            "handle-on-the-spot",
            "第六条第（一）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.AT_ONCE),
            Strictness.AT_ONCE,
            "第十条（一）1",
        ),
        (
            "one-time-notice",
            "第六条第（一）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（一）2",
        ),
        (
            "handling-limit",
            "第六条第（一）项、第十条第（一）项",
            BearerKind.HOLDER,
            Limit(LimitKind.STATED),
            Strictness.MUST,
            "第十条（一）2",
        ),
        (
            "superior-law",
            "第五条",
            BearerKind.HOLDER,
            Limit(LimitKind.STATED),
            Strictness.MUST,
            "第十条（一）2",
        ),
        (
            "report-joint",
            "第六条第（三）项、第七条第（三）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.AT_ONCE),
            Strictness.AT_ONCE,
            "第十条（一）1",
        ),
        (
            "joint-plan",
            "第六条第（三）项",
            BearerKind.FIRST_UNIT,
            Limit(LimitKind.WORKING_DAYS, 3),
            Strictness.MUST,
            "第十条（二）2",
        ),
        (
            "joint-written-report",
            "第六条第（三）项",
            BearerKind.FIRST_UNIT,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（二）2",
        ),
        (
            "joint-cooperate",
            "第六条第（三）项",
            BearerKind.OTHER_UNITS,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（二）3",
        ),
        (
            "guide-out",
            "第六条第（四）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（一）1",
        ),
        (
            "explain-out",
            "第七条第（四）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（一）1",
        ),
        (
            "reply-result",
            "第十条第（一）项",
            BearerKind.HOLDER,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（一）2",
        ),
        (
            "unit-promise",
            "第十一条",
            BearerKind.HOLDER,
            Limit(LimitKind.PROMISED),
            Strictness.PROMISE,
            None,
        ),
        ("supervision", "第八条", BearerKind.UNIT, Limit(LimitKind.NONE), Strictness.MUST, "第十条（二）1"),
        (
            "overall-responsibility",
            "第十一条",
            BearerKind.UNIT,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（二）1",
        ),
        ("inspection", "第十二条", BearerKind.UNIT, Limit(LimitKind.NONE), Strictness.MUST, "第十条（二）1"),
        (
            "hand-to-handler",
            "第六条第（二）项、第七条第（二）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（一）1",
        ),
        (
            "reasoned-refusal",
            "第六条第（一）项",
            BearerKind.FIRST_RESPONDER,
            Limit(LimitKind.NONE),
            Strictness.MUST,
            "第十条（一）3",
        ),
    ],
)
def test_a_duty_of_tan_is_as_its_clause_says(
    duty_id, short_clause, bearer, limit, strictness, accountability
):
    duty = STATUTE.duty(Measure.TAN, duty_id)
    assert duty.clause == f"《常州市金坛区机关首问负责制实施办法（试行）》{short_clause}"
    assert duty.short_clause == short_clause
    assert (duty.bearer, duty.limit, duty.strictness) == (bearer, limit, strictness)
    assert duty.accountability == accountability
    assert duty.has_limit is (limit.kind is not LimitKind.NONE)


@pytest.mark.parametrize("duty", STATUTE.measures[Measure.TAN].duties, ids=lambda duty: duty.id)
def test_a_quoted_limit_is_the_limit(duty):
    """The number of days, 原则上 and 即时 stand in the words that are shown beside the clock."""
    quote = "".join("".join(duty.quote).split())
    assert (f"{duty.limit.days}个工作日" in quote) is (duty.limit.kind is LimitKind.WORKING_DAYS)
    at_once = "即时" in quote or "应当场办理" in quote
    assert at_once is (duty.limit.kind is LimitKind.AT_ONCE)
    assert ("原则上" in quote) is (duty.strictness is Strictness.PRINCIPLE)


ALWAYS = ["reply-result", "unit-promise"]
"""What every inquiry starts: the citizen is owed the result, and a unit that has made a promise keeps it."""


@pytest.mark.parametrize(
    ("trigger", "category", "written", "started"),
    [
        (Event.FILED, Category.CONSULT, False, ["answer-consult", *ALWAYS]),
        (Event.FILED, Category.CONSULT, True, ["answer-consult", *ALWAYS]),
        (Event.REOPENED, Category.CONSULT, False, ["answer-consult", *ALWAYS]),
        (Event.FILED, Category.APPLICATION, True, ["written-transfer", *ALWAYS]),
        (Event.FILED, Category.APPLICATION, False, ALWAYS),
        (Event.REOPENED, Category.APPLICATION, True, ALWAYS),
        (Event.FILED, Category.REPORT, True, ["written-transfer", *ALWAYS]),
        (Event.FILED, Category.REPORT, False, ALWAYS),
        (Event.FILED, Category.OTHER, True, ["written-transfer", *ALWAYS]),
        (Event.FILED, Category.OTHER, False, ALWAYS),
        (Event.FILED, Category.COMPLAINT, True, ALWAYS),
        (Event.UNIT_HANDOFF_SERVED, Category.APPLICATION, True, ["accept-at-once", "reply-result"]),
        # 即时受理 stands in the sentence on 书面申请.
        (Event.UNIT_HANDOFF_SERVED, Category.REPORT, False, ["reply-result"]),
        (Event.UNIT_HANDOFF_SERVED, Category.CONSULT, True, ["reply-result"]),
        (Event.SECTION_HANDOFF, Category.CONSULT, False, ["hand-to-handler"]),
        (Event.REFUSED, Category.APPLICATION, True, ["reasoned-refusal"]),
        (Event.CLOSED, Category.CONSULT, False, []),
        (Event.READY_ON_THE_SPOT, Category.APPLICATION, False, ["handle-on-the-spot"]),
        # 第七条 has its own words for a question: 能当场答复或回复的，应当场答复或回复.
        (Event.READY_ON_THE_SPOT, Category.CONSULT, False, []),
        (Event.NOTICE_GIVEN, Category.APPLICATION, True, ["one-time-notice", "handling-limit"]),
        (Event.UNLISTED_DEMAND, Category.APPLICATION, True, ["one-time-notice"]),
        (Event.MATTER_NAMED, Category.APPLICATION, True, ["handling-limit"]),
        (Event.REGIME_NAMED, Category.REPORT, True, ["superior-law"]),
        (Event.JOINT_ASKED, Category.CONSULT, False, ["report-joint"]),
        (Event.JOINT_REPORTED, Category.APPLICATION, True, ["joint-plan", "joint-cooperate"]),
        (Event.JOINT_DISAGREED, Category.APPLICATION, True, ["joint-written-report"]),
        (Event.NOT_OURS, Category.CONSULT, False, ["explain-out"]),
        (Event.NOT_OURS, Category.APPLICATION, False, ["guide-out"]),
    ],
)
def test_an_event_starts_the_duties_of_tan_for_its_category(trigger, category, written, started):
    duties = STATUTE.duties_started_by(Measure.TAN, trigger, category, written)
    assert [duty.id for duty in duties] == started


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("trigger", Event)
def test_lu_sets_no_limit_of_its_own_whatever_happens(trigger, category):
    """泸: only what a unit states or promises itself is counted (本办法未规定天数)."""
    limits = {
        duty.limit.kind for duty in STATUTE.duties_started_by(Measure.LU, trigger, category, written=True)
    }
    assert limits <= {LimitKind.NONE, LimitKind.STATED, LimitKind.PROMISED}


@pytest.mark.parametrize("measure", Measure)
def test_a_standing_duty_is_started_by_no_event_and_every_other_one_by_some(measure):
    for duty in STATUTE.measures[measure].duties:
        assert duty.standing is (duty.starts_on == ()), duty.id


@pytest.mark.parametrize("measure", Measure)
def test_every_duty_points_to_an_item_the_measure_has(measure):
    for duty in STATUTE.measures[measure].duties:
        if duty.accountability is not None:
            assert STATUTE.accountability(measure, duty.accountability).item == duty.accountability
    with pytest.raises(KeyError):
        STATUTE.accountability(measure, "第十条（三）1")


@pytest.mark.parametrize("measure", Measure)
def test_only_the_handling_limit_rests_on_the_reading_of_pausing(measure):
    """design 3: the handling limit is the only one that can pause."""
    for duty in STATUTE.measures[measure].duties:
        assert ("pause-on-notice" in duty.readings) is (duty.id == "handling-limit"), duty.id


@pytest.mark.parametrize("measure", Measure)
def test_reclassifying_sheds_no_must(measure):
    """坛 七（一）: what the law says 原则上 of a consultation goes with the category; what must be kept never does."""
    for duty in STATUTE.measures[measure].duties:
        if Event.RECLASSIFIED in duty.cancelled_by and duty.has_limit:
            assert duty.strictness in {Strictness.PRINCIPLE, Strictness.PROMISE}, duty.id


def test_a_written_transfer_is_met_by_service_and_falls_away_when_the_unit_is_competent():
    """坛 六（四）: a later return does not undo the transfer."""
    duty = STATUTE.duty(Measure.TAN, "written-transfer")
    assert duty.met_by == (Event.UNIT_HANDOFF_SERVED,)
    assert set(duty.cancelled_by) == {
        Event.COMPETENCE_CONFIRMED,
        Event.READY_ON_THE_SPOT,
        Event.SECTION_HANDOFF,
        Event.NOTICE_GIVEN,
        Event.MATTER_NAMED,
        Event.JOINT_REPORTED,
        Event.CLOSED,
        Event.WITHDRAWN,
    }


def test_a_consult_is_met_only_by_an_answer_and_no_hand_off_sheds_its_clock():
    """坛 七（一）: the two days run on through every hand-off."""
    duty = STATUTE.duty(Measure.TAN, "answer-consult")
    assert duty.met_by == (Event.CLOSED,)
    assert set(duty.cancelled_by) == {Event.RECLASSIFIED, Event.REGIME_NAMED, Event.WITHDRAWN}


def test_accepting_at_once_is_met_by_acceptance_and_not_by_silence():
    duty = STATUTE.duty(Measure.TAN, "accept-at-once")
    assert duty.met_by == (Event.HANDOFF_ACCEPTED,)
    assert set(duty.cancelled_by) == {
        Event.HANDOFF_RETURNED,
        Event.CLOSED,
        Event.WITHDRAWN,
    }


def test_a_duty_that_the_measure_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        STATUTE.duty(Measure.LU, "answer-consult")


@pytest.mark.parametrize(
    ("measure", "system", "first_responder"),
    [(Measure.TAN, "首问负责制", "首问负责人"), (Measure.LU, "首问责任制", "首问责任人")],
)
def test_each_measure_has_its_own_terms(measure, system, first_responder):
    terms = STATUTE.measures[measure].terms
    assert (terms.system, terms.first_responder) == (system, first_responder)


def test_hand_offs_under_lu_cite_lu_and_returns_ask_for_the_basis():
    clauses = STATUTE.measures[Measure.LU].handoff_clauses
    assert [clause.short_clause for clause in clauses.section] == ["附件2“办理情况”栏", "二（二）2"]
    assert "转交其他科室办理" in clauses.section[0].quote
    assert "转交其他单位办理" in clauses.unit[0].quote
    assert "负责到底" in clauses.unit[1].quote[0]
    assert [(clause.short_clause, clause.quote) for clause in clauses.returned] == [("职责依据", ())]


def test_hand_offs_under_tan_cite_tan():
    clauses = STATUTE.measures[Measure.TAN].handoff_clauses
    assert [clause.short_clause for clause in clauses.section] == ["第六条第（二）项", "第七条第（二）项"]
    assert [clause.short_clause for clause in clauses.unit] == ["第六条第（四）项", "第七条第（四）项"]
    assert clauses.to_unit(Category.CONSULT).short_clause == "第七条第（四）项"
    assert clauses.to_unit(Category.APPLICATION).short_clause == "第六条第（四）项"
    assert clauses.to_section(Category.CONSULT).short_clause == "第七条第（二）项"
    assert all(clause.quote for clause in clauses.returned)


def test_lu_says_that_it_sets_no_days_and_that_the_underlying_text_is_not_at_hand():
    measure = STATUTE.measures[Measure.LU]
    assert measure.no_limit_note == "本办法未规定天数"
    assert measure.underlying is not None
    assert measure.underlying.source is None
    assert "尚未收录" in measure.underlying.note
    assert STATUTE.measures[Measure.TAN].underlying is None


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        ("receiver-takes-over", True),
        ("offer-silence", 1),
        ("third-refusal", 3),
        ("at-once", "close-of-same-working-day"),
        ("close-of-business", time(17, 30)),
        ("online-written", True),
        ("pause-on-notice", True),
        ("rectification", 5),
        ("unsigned-escalation", 1),
        ("due-soon", 1),
        ("follow-up-survey", 1),
        ("follow-up-reminder", 3),
        ("follow-up-call", 10),
        ("survey-replaces-call", True),
        ("over-principle", "超过原则时限"),
        ("extension-once", 2),
        ("stated-limit", True),
        ("superior-law-limit", True),
        ("unit-promise", True),
        ("reopening-restarts-consult", True),
        ("counting", "day-itself-not-counted"),
    ],
)
def test_every_reading_of_ours_is_written_down_with_its_value(reading, value):
    found = STATUTE.readings[reading]
    assert found.value == value
    assert type(found.value) is type(value)
    assert found.sentence.endswith("。")


def test_readings_are_labelled_as_ours():
    assert STATUTE.reading_label == "系统设定"


@pytest.mark.parametrize(
    ("reading", "article"),
    [("counting", "第二百零一条"), ("counting", "第二百零三条"), ("online-written", "第四百六十九条")],
)
def test_a_reading_by_analogy_says_so(reading, article):
    sentence = STATUTE.readings[reading].sentence
    assert "参照《中华人民共和国民法典》" in sentence
    assert article in sentence


def test_numbers_and_times_of_day_are_read_as_such():
    assert STATUTE.number("rectification") == 5
    assert STATUTE.time_of_day("close-of-business") == time(17, 30) == DEFAULT_CLOSE
    for ask in (
        lambda: STATUTE.number("receiver-takes-over"),
        lambda: STATUTE.number("close-of-business"),
        lambda: STATUTE.time_of_day("rectification"),
    ):
        with pytest.raises(TypeError):
            ask()
    with pytest.raises(KeyError):
        STATUTE.number("no-such-reading")
