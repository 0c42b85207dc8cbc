"""Who checks what is closed, and what belongs to a check: 泸 二（二）4, 泸 附件1-17 (design 5: never by the section checked)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.domain.errors import FieldInvalid, SpotCheckNotPossible
from backend.domain.spot_checks import (
    Checker,
    Handled,
    SpotCheck,
    can_go_together,
    ensure_checkable,
    ensure_whole,
    kinds_open,
)
from backend.domain.vocabulary import Grade, PostKind, Status
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckBy, SpotCheckMethod

GENERAL, DISCIPLINE = PostKind.GENERAL, PostKind.DISCIPLINE
HANDLED = Handled(
    frozenset({"wang"}), frozenset({"window"}), frozenset({"post"}), frozenset({PostKind.SECTION})
)
LOOKED = SpotCheck(SpotCheckBy.DISCIPLINE, SpotCheckMethod.RECORD, finding="材料齐全")
CALLED = SpotCheck(
    SpotCheckBy.GENERAL_POST, SpotCheckMethod.PHONE, result=FollowUpState.ANSWERED, grade=Grade.FAIR
)


def checker(*kinds: PostKind, who: str = "li", section: str = "office", post: str = "general") -> Checker:
    return Checker(who, frozenset({section}), frozenset({post}), frozenset(kinds))


@pytest.mark.parametrize(
    ("person", "handled", "kinds"),
    [
        (checker(GENERAL), HANDLED, {GENERAL}),
        (checker(DISCIPLINE), HANDLED, {DISCIPLINE}),
        (checker(GENERAL, DISCIPLINE), HANDLED, {GENERAL, DISCIPLINE}),
        # The keepers of other posts never check.
        (checker(PostKind.SECTION), HANDLED, set()),
        (checker(PostKind.OVERSIGHT), HANDLED, set()),
        (checker(), HANDLED, set()),
        # Who held it, works in the section that held it, or keeps the post that held it.
        (checker(GENERAL, who="wang"), HANDLED, set()),
        (checker(GENERAL, section="window"), HANDLED, set()),
        (checker(DISCIPLINE, post="post"), HANDLED, set()),
        # A post that held it does not check itself, whoever of its people it is.
        (checker(GENERAL, DISCIPLINE), replace(HANDLED, kinds=frozenset({GENERAL})), {DISCIPLINE}),
    ],
)
def test_only_the_two_posts_check_and_never_what_was_theirs(person, handled, kinds):
    assert kinds_open(person, handled) == kinds


@pytest.mark.parametrize(
    ("own", "other", "together"),
    [
        ({GENERAL}, {DISCIPLINE}, True),
        ({DISCIPLINE}, {GENERAL, DISCIPLINE}, True),
        ({GENERAL}, {GENERAL}, False),
        ({GENERAL, DISCIPLINE}, set(), False),
        (set(), {GENERAL, DISCIPLINE}, False),
    ],
)
def test_a_joint_check_takes_two_people_for_the_two_posts(own, other, together):
    assert can_go_together(frozenset(own), frozenset(other)) is together


@pytest.mark.parametrize(
    "check",
    [
        LOOKED,
        CALLED,
        replace(CALLED, result=FollowUpState.UNREACHABLE, grade=None),
        replace(CALLED, by=SpotCheckBy.JOINT, with_staff="zhao"),
        replace(CALLED, needs_rectification=True, finding="等了一小时"),
    ],
)
def test_a_check_is_whole(check):
    ensure_whole(check)


@pytest.mark.parametrize(
    ("check", "pointer"),
    [
        (replace(LOOKED, by=SpotCheckBy.JOINT), "/with_staff"),
        (replace(LOOKED, with_staff="zhao"), "/with_staff"),
        (replace(CALLED, result=None, grade=None), "/result"),
        (replace(CALLED, grade=None), "/grade"),
        (replace(CALLED, result=FollowUpState.REFUSED), "/grade"),
        (replace(LOOKED, result=FollowUpState.ANSWERED), "/result"),
        (replace(LOOKED, grade=Grade.FAIR), "/grade"),
        (replace(LOOKED, finding=None), "/finding"),
        (replace(CALLED, needs_rectification=True), "/finding"),
    ],
)
def test_what_does_not_belong_together_is_refused(check, pointer):
    with pytest.raises(FieldInvalid) as refused:
        ensure_whole(check)
    assert refused.value.pointer == pointer


def test_satisfaction_is_checked_once_there_can_be_any():
    ensure_checkable(Status.CLOSED)
    for status in Status:
        if status is not Status.CLOSED:
            with pytest.raises(SpotCheckNotPossible):
                ensure_checkable(status)
