"""共同办理 as rules (坛 六（三）; for consultations 七（三）): whom the lead may ask, since when, and what is said once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.domain.errors import (
    FieldInvalid,
    JointAlreadyPlanned,
    JointAlreadyReferred,
    JointNotPlanned,
    JointTaskAlreadyDone,
    SubjectConflict,
)
from backend.domain.joint import (
    MOST_UNITS,
    check_plan,
    check_report,
    check_task_done,
    check_units,
    exculpates,
    found_moment,
    is_agreed,
)
from backend.domain.times import SHANGHAI

MANY = [f"u{place}" for place in range(MOST_UNITS + 1)]


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        (["u1"], None, None),
        (MANY[:MOST_UNITS], None, None),
        ([], "/units", "required"),
        (MANY, "/units", "value_invalid"),
        (["lead"], "/units/0", "value_invalid"),
        (["u1", "lead"], "/units/1", "value_invalid"),
        (["u1", "u2", "u1"], "/units/2", "value_invalid"),
        (["u1", "closed"], "/units/1", "unit_unknown"),
    ],
)
def test_clause_6_3_other_units_are_active_each_once_and_not_the_lead(asked, pointer, code) -> None:
    def check() -> None:
        check_units(asked, lead_unit_id="lead", active={*MANY, "lead"}, kept_from=())

    if pointer is None:
        check()
        return
    with pytest.raises(FieldInvalid) as refused:
        check()
    assert (refused.value.pointer, refused.value.field_code) == (pointer, code)


def test_a_unit_a_complaint_is_about_takes_no_part() -> None:
    with pytest.raises(SubjectConflict):
        check_units(["u1", "u2"], lead_unit_id="lead", active={"u1", "u2"}, kept_from={"u2"})
    check_units(["u1"], lead_unit_id="lead", active={"u1"}, kept_from={"u2"})


RECEIVED = datetime(2026, 11, 16, 9, 0, 40, tzinfo=SHANGHAI)
NOW = datetime(2026, 11, 17, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("found_at", "expected"),
    [
        (None, NOW),
        (NOW, NOW),
        (NOW + timedelta(seconds=1), None),
        (RECEIVED, RECEIVED),
        # A form tells whole minutes: the minute of receipt is the receipt.
        (RECEIVED.replace(second=0), RECEIVED),
        (RECEIVED.replace(second=0) - timedelta(seconds=1), None),
        (RECEIVED + timedelta(hours=1), RECEIVED + timedelta(hours=1)),
    ],
)
def test_it_was_found_between_taking_it_up_and_now(found_at, expected) -> None:
    if expected is None:
        with pytest.raises(FieldInvalid) as refused:
            found_moment(found_at, since=RECEIVED, now=NOW)
        assert refused.value.pointer == "/found_at"
    else:
        assert found_moment(found_at, since=RECEIVED, now=NOW) == expected


@pytest.mark.parametrize(
    ("tasks", "pointer"),
    [
        ([], None),
        (["u1"], None),
        (["u1", "u2"], None),
        (["u3"], "/tasks/0/unit"),
        (["u1", "u1"], "/tasks/1/unit"),
    ],
)
def test_clause_6_3_a_plan_gives_each_unit_that_takes_part_one_task_at_most(tasks, pointer) -> None:
    if pointer is None:
        check_plan(None, tasks, {"u1", "u2"})
        return
    with pytest.raises(FieldInvalid) as refused:
        check_plan(None, tasks, {"u1", "u2"})
    assert refused.value.pointer == pointer


def test_clause_6_3_plan_report_and_task_are_put_on_record_once() -> None:
    check_report(None)
    check_task_done(NOW, None)
    with pytest.raises(JointAlreadyPlanned):
        check_plan(NOW, [], set())
    with pytest.raises(JointAlreadyReferred):
        check_report(NOW)
    with pytest.raises(JointTaskAlreadyDone):
        check_task_done(NOW, NOW)


def test_no_task_is_done_before_there_is_a_plan() -> None:
    with pytest.raises(JointNotPlanned):
        check_task_done(None, None)


@pytest.mark.parametrize(
    ("said", "settled", "due", "weighs"),
    [
        (1, 3, 2, True),
        (3, 3, 2, True),
        (4, 3, 2, False),  # talked after it was settled
        (1, 2, 2, False),  # kept on the last instant: nothing to excuse
        (1, 1, 2, False),
    ],
)
def test_clause_6_3_records_of_talks_stand_beside_what_came_late(said, settled, due, weighs) -> None:
    at = {number: NOW + timedelta(days=number) for number in range(5)}
    assert exculpates(at[said], settled_at=at[settled], due_at=at[due]) is weighs


@pytest.mark.parametrize(
    ("answered", "talked", "agreed"),
    [
        ([False], False, False),
        ([True, False], False, False),
        ([True, True], False, True),
        ([False, False], True, True),
    ],
)
def test_clause_6_3_a_plan_is_agreed_when_all_have_spoken_or_talks_are_on_record(
    answered, talked, agreed
) -> None:
    """商定: not by the lead alone."""
    assert is_agreed(answered, has_talked=talked) is agreed
