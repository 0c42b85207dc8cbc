"""回访 as pure rules: 泸 二（二）4 定期对所有首问工作群众满意度进行回访, 泸 附件1-16 定期进行电话回访; design 5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.domain.errors import FieldInvalid, FollowUpNotPossible
from backend.domain.follow_ups import (
    CALL_RESULTS,
    WAITING_FOR_A_CALL,
    ClosedRound,
    Sending,
    SurveyStep,
    due_methods,
    ensure_callable,
    ensure_grade,
    next_step,
    replaces_call,
    survey_as_shown,
)
from backend.domain.vocabulary import Grade, Measure, Outcome, Status
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState

SURVEY, CALL = FollowUpMethod.SURVEY, FollowUpMethod.CALL
S = FollowUpState
EXPIRES = datetime(2026, 12, 24, 2, 30, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
MONDAY = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
"""00:00 in Beijing."""


def closed(
    measure: Measure = Measure.LU,
    outcome: Outcome | None = Outcome.ANSWERED,
    *,
    account: bool = True,
    phone: bool = True,
    staff: bool = False,
) -> ClosedRound:
    return ClosedRound(measure, outcome, account, phone, staff)


@pytest.mark.parametrize(
    ("round_", "methods"),
    [
        (closed(), (SURVEY, CALL)),
        (closed(account=False), (CALL,)),
        (closed(phone=False), (SURVEY,)),
        (closed(account=False, phone=False), ()),
        # 坛 has no 回访 by phone: none is due.
        (closed(Measure.TAN), (SURVEY,)),
        (closed(Measure.TAN, account=False), ()),
        (closed(outcome=Outcome.WITHDRAWN), ()),
        (closed(outcome=None), ()),
        (closed(staff=True), ()),
    ],
)
def test_everybody_who_can_be_reached_is_asked_and_nobody_else(round_, methods):
    """泸 附件1-16; E-5: nobody chooses who is asked."""
    assert due_methods(round_) == methods


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.WITHDRAWN])
def test_whatever_the_outcome_it_is_followed_up(outcome):
    """泸 二（二）4: 所有首问工作."""
    assert due_methods(closed(outcome=outcome)) == (SURVEY, CALL)


DELIVERED, UNDER_WAY, FAILED = Sending.DELIVERED, Sending.UNDER_WAY, Sending.FAILED
COUNT, SEND, REMIND, WAIT, GIVE_UP, END = (
    SurveyStep.COUNT, SurveyStep.SEND, SurveyStep.REMIND, SurveyStep.WAIT, SurveyStep.GIVE_UP, SurveyStep.END,
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "closing", "invitation", "in_time", "too_late"),
    [
        # The closing message asked: no invitation besides.
        (S.WAITING, DELIVERED, None, COUNT, END),
        (S.WAITING, UNDER_WAY, None, WAIT, GIVE_UP),
        (S.WAITING, FAILED, None, SEND, GIVE_UP),
        (S.SENT, DELIVERED, None, REMIND, END),
        # WeChat told later that it had not arrived after all.
        (S.SENT, FAILED, None, SEND, GIVE_UP),
        (S.SENT, FAILED, DELIVERED, REMIND, END),
        (S.SENT, FAILED, UNDER_WAY, WAIT, GIVE_UP),
        (S.SENT, FAILED, FAILED, GIVE_UP, GIVE_UP),
        *(
            (S.REMINDED, *sent, WAIT, END)
            for sent in ((DELIVERED, None), (FAILED, DELIVERED), (FAILED, None))
        ),
    ],
)
def test_asked_once_reminded_once_then_silence_or_undelivered(state, closing, invitation, in_time, too_late):
    assert next_step(state, closing, invitation, expires_at=EXPIRES, now=EXPIRES) is in_time
    assert next_step(state, closing, invitation, expires_at=EXPIRES, now=EXPIRES + INSTANT) is too_late


@pytest.mark.parametrize(
    ("round_", "status", "sentence"),
    [
        (closed(), Status.CONFIRMED, "办结以后才回访"),
        (closed(outcome=Outcome.WITHDRAWN), Status.CLOSED, "撤回的事项不回访"),
        (closed(phone=False), Status.CLOSED, "没有留电话"),
        (closed(staff=True), Status.CLOSED, "工作人员自己的"),
    ],
)
def test_a_call_needs_a_closed_matter_and_a_citizens_phone(round_, status, sentence):
    with pytest.raises(FollowUpNotPossible, match=sentence):
        ensure_callable(round_, status)


@pytest.mark.parametrize("measure", Measure)
def test_a_unit_may_call_under_either_measure(measure):
    """Under 坛 it is 本系统提供, and no duty."""
    ensure_callable(closed(measure), Status.CLOSED)


@pytest.mark.parametrize("result", CALL_RESULTS)
@pytest.mark.parametrize("grade", [None, *Grade])
def test_a_grade_stands_exactly_beside_an_answered_call(result, grade):
    if (grade is not None) is (result is S.ANSWERED):
        ensure_grade(result, grade)
        return
    with pytest.raises(FieldInvalid) as refused:
        ensure_grade(result, grade)
    assert refused.value.pointer == "/grade"


def test_only_a_call_that_reached_nobody_is_made_again():
    assert {state for state in CALL_RESULTS if state in WAITING_FOR_A_CALL} == {S.UNREACHABLE}


@pytest.mark.parametrize(
    ("on", "rated_at", "replaced"),
    [
        (True, MONDAY - INSTANT, True),
        (True, MONDAY, False),
        (False, MONDAY - timedelta(days=5), False),
    ],
)
def test_a_grade_replaces_the_call_by_switch_and_with_the_weeks_others(on, rated_at, replaced):
    """E-7: a call that left the list sooner would tell who has just rated."""
    assert replaces_call(is_switched_on=on, rated_at=rated_at, shown_until=MONDAY) is replaced


@pytest.mark.parametrize(
    ("moments", "shown"),
    [
        ({}, S.WAITING),
        ({S.SENT: MONDAY}, S.WAITING),
        ({S.SENT: MONDAY - INSTANT}, S.SENT),
        ({S.SENT: MONDAY - INSTANT, S.REMINDED: MONDAY}, S.SENT),
        ({S.SENT: MONDAY - INSTANT, S.ANSWERED: MONDAY}, S.SENT),
        ({S.ANSWERED: MONDAY}, S.WAITING),
        ({S.SENT: MONDAY - 2 * INSTANT, S.REMINDED: MONDAY - INSTANT}, S.REMINDED),
        ({S.SENT: MONDAY - 2 * INSTANT, S.REMINDED: None, S.UNDELIVERED: MONDAY - INSTANT}, S.UNDELIVERED),
        (
            {
                S.SENT: MONDAY - 3 * INSTANT,
                S.REMINDED: MONDAY - 2 * INSTANT,
                S.SILENT: MONDAY - INSTANT,
            },
            S.SILENT,
        ),
        ({S.CANCELLED: MONDAY - INSTANT}, S.CANCELLED),
    ],
)
def test_staff_see_a_survey_as_it_stood_on_monday(moments, shown):
    """Neither an answer nor a reminder that did not go out tells when somebody rated (design 5)."""
    assert survey_as_shown(moments, MONDAY) is shown
