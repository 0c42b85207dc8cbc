"""The table of states: every pair of state and step, allowed or refused."""

from __future__ import annotations

import itertools

import pytest

from backend.domain.errors import IllegalTransition
from backend.domain.states import BACK, TRANSITIONS, Step, allowed, next_status
from backend.domain.vocabulary import Status

S = Status
# One row a state, one column a step, written out by hand: confirm offer accept return lapse assign close withdraw reopen
# supplement attach rate, then notify classify name_matter extend start_joint work_jointly address_outside decide urge replace.
# A dash is refused; "back" leads to the state before the offer.
TABLE = {
    S.FILED: "confirmed in_handoff - - - filed closed closed - filed filed -"
    " awaiting_citizen filed filed filed joint - filed confirmed filed filed",
    S.CONFIRMED: "- in_handoff - - - confirmed closed closed - confirmed confirmed -"
    " awaiting_citizen confirmed confirmed confirmed joint - confirmed confirmed confirmed confirmed",
    S.AWAITING_CITIZEN: "- in_handoff - - - awaiting_citizen closed closed - confirmed confirmed -"
    " awaiting_citizen awaiting_citizen awaiting_citizen awaiting_citizen joint - awaiting_citizen confirmed"
    " awaiting_citizen awaiting_citizen",
    S.IN_HANDOFF: "- - confirmed back back - closed closed - in_handoff in_handoff -"
    " - - - in_handoff - - - - in_handoff in_handoff",
    S.JOINT: "- - - - - joint closed closed - joint joint - - joint joint joint - joint joint - joint joint",
    S.CLOSED: "- - - - - - - - confirmed - - closed - - - - - - - - - -",
}
PAIRS = [
    (status, step, target)
    for status, row in TABLE.items()
    for step, target in zip(Step, row.split(), strict=True)
]


@pytest.mark.parametrize(("status", "step", "target"), PAIRS)
def test_each_step_from_each_state_leads_where_the_table_says(status, step, target) -> None:
    if target == "-":
        assert not allowed(status, step)
        with pytest.raises(IllegalTransition) as refused:
            next_status(status, step)
        assert refused.value.data == {"status": status.value, "step": step.value}
        return
    assert allowed(status, step)
    for before in (Status.FILED, Status.CONFIRMED, Status.AWAITING_CITIZEN):
        expected = before if target == "back" else Status(target)
        assert next_status(status, step, before_offer=before) is expected


def test_the_table_above_is_complete() -> None:
    assert {(status, step) for status, step, _ in PAIRS} == set(itertools.product(Status, Step))
    assert len(TRANSITIONS) == sum(target != "-" for *_, target in PAIRS)


@pytest.mark.parametrize("step", [step for (_, step), target in TRANSITIONS.items() if target == BACK])
def test_the_way_back_needs_the_state_before(step) -> None:
    with pytest.raises(ValueError, match="before the offer"):
        next_status(Status.IN_HANDOFF, step)


def test_every_open_state_can_be_closed_and_nothing_leaves_closed_but_reopening() -> None:
    for status in set(Status) - {Status.CLOSED}:
        assert next_status(status, Step.CLOSE) is Status.CLOSED
    assert {step for step in Step if allowed(Status.CLOSED, step)} == {Step.REOPEN, Step.RATE}
