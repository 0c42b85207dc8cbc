"""更正首问类别: what may change, who may release a complaint, and that no must is ever shed."""

from __future__ import annotations

import pytest

from backend.domain.classifying import Standing, becomes_complaint, check_change, falls_away
from backend.domain.errors import FieldInvalid, IllegalTransition
from backend.domain.vocabulary import Category, Channel, Source, Status, Strictness

BY_SIGN = Standing(Category.CONSULT, Channel.OTHER, Source.SIGN, Status.CONFIRMED)


@pytest.mark.parametrize(
    ("standing", "category", "channel", "refused"),
    [
        (BY_SIGN, Category.APPLICATION, None, None),
        (BY_SIGN, Category.CONSULT, None, "/category"),
        (BY_SIGN, Category.CONSULT, Channel.OTHER, "/category"),
        (BY_SIGN, Category.CONSULT, Channel.VISIT, None),
        (BY_SIGN, Category.REPORT, Channel.VISIT, None),
        (BY_SIGN, Category.REPORT, Channel.OTHER, None),
        (BY_SIGN, Category.REPORT, Channel.CALL, "/channel"),
        (Standing(Category.CONSULT, Channel.OTHER, Source.WEB, Status.FILED), Category.CONSULT, Channel.VISIT, "/channel"),
        (Standing(Category.CONSULT, Channel.VISIT, Source.SIGN, Status.FILED), Category.REPORT, Channel.OTHER, "/channel"),
        (Standing(Category.CONSULT, Channel.CALL, Source.STAFF, Status.FILED), Category.REPORT, Channel.VISIT, "/channel"),
    ],
)  # fmt: skip
def test_the_channel_is_corrected_from_other_to_visit_of_what_came_by_a_sign(
    standing, category, channel, refused
) -> None:
    """泸 附件2 首问方式: scanned at the desk is 其他 until somebody says that the citizen stood there."""
    if refused is None:
        check_change(standing, category, channel, names_subject=False)
        return
    with pytest.raises(FieldInvalid) as error:
        check_change(standing, category, channel, names_subject=False)
    assert error.value.pointer == refused


@pytest.mark.parametrize("category", [c for c in Category if c is not Category.CONSULT])
def test_only_what_becomes_a_complaint_names_whom_it_is_about(category) -> None:
    if becomes_complaint(BY_SIGN.category, category):
        check_change(BY_SIGN, category, None, names_subject=True)
        return
    with pytest.raises(FieldInvalid) as error:
        check_change(BY_SIGN, category, None, names_subject=True)
    assert error.value.pointer == "/about"


def test_what_other_units_are_reading_does_not_become_a_complaint() -> None:
    joint = Standing(Category.REPORT, Channel.OTHER, Source.SIGN, Status.JOINT)
    with pytest.raises(IllegalTransition):
        check_change(joint, Category.COMPLAINT, None, names_subject=False)
    check_change(joint, Category.APPLICATION, None, names_subject=False)


@pytest.mark.parametrize(
    ("strictness", "binds", "ends"),
    [
        (Strictness.MUST, True, False),
        (Strictness.MUST, False, False),
        (Strictness.AT_ONCE, True, False),
        (Strictness.AT_ONCE, False, False),
        (Strictness.PRINCIPLE, True, False),
        (Strictness.PRINCIPLE, False, True),
        (Strictness.PROMISE, True, True),
        (Strictness.PROMISE, False, True),
    ],
)
def test_no_running_must_is_shed(strictness, binds, ends) -> None:
    """坛 七（一） 原则上 and a unit's promise fall away with the category; 坛 六（四） 须在 2 个工作日内 never does."""
    assert falls_away(strictness, binds=binds) is ends
