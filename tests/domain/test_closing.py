"""What closing with each outcome needs."""

from __future__ import annotations

import itertools

import pytest

from backend.domain.closing import STAFF_OUTCOMES, check_closing
from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import Outcome

NAMES = ("reason", "basis", "remedy")


@pytest.mark.parametrize("given", list(itertools.product([None, "", "写明"], repeat=3)))
def test_a_refusal_names_reason_basis_and_remedy(given) -> None:
    missing = [name for name, text in zip(NAMES, given, strict=True) if not text]
    if not missing:
        check_closing(Outcome.REFUSED, *given)
        return
    with pytest.raises(FieldInvalid) as refused:
        check_closing(Outcome.REFUSED, *given)
    assert (refused.value.pointer, refused.value.field_code) == (f"/{missing[0]}", "conditionally_required")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_holder_closes_with_three_outcomes(outcome) -> None:
    if outcome in STAFF_OUTCOMES:
        check_closing(outcome, "理由", "依据", "救济途径")
    else:
        with pytest.raises(FieldInvalid) as refused:
            check_closing(outcome, "理由", "依据", "救济途径")
        assert (refused.value.pointer, refused.value.field_code) == ("/outcome", "choice_invalid")


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.COMPLETED])
def test_an_answer_needs_nothing_more(outcome) -> None:
    check_closing(outcome, None, None, None)
