"""What closing with each outcome needs."""

from __future__ import annotations

import itertools

import pytest

from backend.domain.closing import STAFF_OUTCOMES, Authority, Guided, check_closing, check_guidance
from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import Category, Measure, Outcome

NAMES = ("reason", "basis", "remedy")


@pytest.mark.parametrize("given", list(itertools.product([None, "", "写明"], repeat=3)))
def test_tan_6_1_a_refusal_names_reason_basis_and_remedy(given) -> None:
    """坛 六（一）: 不符合法定条件的，明确告知不予办理的理由、依据等."""
    missing = [name for name, text in zip(NAMES, given, strict=True) if not text]
    if not missing:
        check_closing(Outcome.REFUSED, *given)
        return
    with pytest.raises(FieldInvalid) as refused:
        check_closing(Outcome.REFUSED, *given)
    assert (refused.value.pointer, refused.value.field_code) == (f"/{missing[0]}", "conditionally_required")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_holder_closes_with_four_outcomes(outcome) -> None:
    if outcome in STAFF_OUTCOMES:
        check_closing(outcome, "理由", "依据", "救济途径")
    else:
        with pytest.raises(FieldInvalid) as refused:
            check_closing(outcome, "理由", "依据", "救济途径")
        assert (refused.value.pointer, refused.value.field_code) == ("/outcome", "choice_invalid")


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.COMPLETED])
def test_an_answer_needs_nothing_more(outcome) -> None:
    check_closing(outcome, None, None, None)


TAN, LU = Measure.TAN, Measure.LU
WHOLE = Authority("住建局", "东门大街 1 号", "0519-82300000")
NAMELESS_PLACE = Authority("住建局")

# measure, category, written, reason, authority, help → the field that is wrong
GUIDANCE = [
    # 坛 七（四）: 说明理由，并提供必要帮助, both; where to is welcome.
    (TAN, Category.CONSULT, False, "归住建局管", None, "查了电话", None),
    (TAN, Category.CONSULT, False, "归住建局管", WHOLE, "查了电话", None),
    (TAN, Category.CONSULT, False, None, WHOLE, "查了电话", "/reason"),
    (TAN, Category.CONSULT, False, "归住建局管", WHOLE, None, "/help"),
    (TAN, Category.CONSULT, False, None, None, None, "/reason"),
    (TAN, Category.CONSULT, True, "归住建局管", WHOLE, "查了电话", None),
    # 坛 六（四）: 有明确主管部门的引导至该部门，没有的提供必要帮助.
    (TAN, Category.REPORT, False, None, WHOLE, None, None),
    (TAN, Category.OTHER, False, None, None, "陪他去了 12345", None),
    (TAN, Category.APPLICATION, False, None, WHOLE, "陪同", None),
    (TAN, Category.APPLICATION, False, "不归我们管", None, None, "/authority"),
    (TAN, Category.COMPLAINT, False, None, None, None, "/authority"),
    # 坛 六（四）: 涉及书面申请的事项应以书面形式移交.
    (TAN, Category.APPLICATION, True, "不归我们管", WHOLE, "陪同", "/outcome"),
    (TAN, Category.REPORT, True, None, WHOLE, None, "/outcome"),
    (TAN, Category.APPLICATION, True, "没有主管部门", None, "联系了街道", None),
    # An authority nobody can find is none.
    (TAN, Category.REPORT, False, None, NAMELESS_PLACE, "陪同", "/authority"),
    (TAN, Category.REPORT, False, None, Authority("住建局", phone="110"), None, None),
    (TAN, Category.REPORT, False, None, Authority("住建局", address="东门"), None, None),
    # 泸 二（二）2 负责到底: either will do, and a written application is not told to be transferred by 坛's rule.
    (LU, Category.CONSULT, False, None, WHOLE, None, None),
    (LU, Category.CONSULT, False, None, None, "查了电话", None),
    (LU, Category.APPLICATION, True, None, WHOLE, None, None),
    (LU, Category.CONSULT, False, "不归我们管", None, None, "/authority"),
    (LU, Category.CONSULT, False, None, NAMELESS_PLACE, None, "/authority"),
]


@pytest.mark.parametrize(
    ("measure", "category", "written", "reason", "authority", "helped", "wrong"), GUIDANCE
)
def test_tan_6_4_and_7_4_guidance_says_where_to_or_how_one_was_helped(
    measure, category, written, reason, authority, helped, wrong
) -> None:
    matter = Guided(measure, category, written)
    if wrong is None:
        check_guidance(Outcome.GUIDED, matter, reason=reason, authority=authority, helped=helped)
        return
    with pytest.raises(FieldInvalid) as refused:
        check_guidance(Outcome.GUIDED, matter, reason=reason, authority=authority, helped=helped)
    assert refused.value.pointer == wrong


@pytest.mark.parametrize("outcome", [o for o in STAFF_OUTCOMES if o is not Outcome.GUIDED])
def test_only_guidance_names_an_authority_or_help(outcome) -> None:
    matter = Guided(TAN, Category.CONSULT, is_written=False)
    check_guidance(outcome, matter, reason=None, authority=None, helped=None)
    for field, given in (
        ("authority", {"authority": WHOLE, "helped": None}),
        ("help", {"authority": None, "helped": "陪同"}),
    ):
        with pytest.raises(FieldInvalid) as refused:
            check_guidance(outcome, matter, reason=None, **given)
        assert refused.value.pointer == f"/{field}"
