"""抽查: who may check a closed matter, and what of it is put on record (泸 二（二）4, 附件1-17, 附件2“备注”).

二（二）4 has 机关纪委 and 首问责任总岗 check 群众满意度, and there is none before a matter is closed: what is in hand is
urged by 督办. How often, and that they go together (附件1-17: 不定期联合), is theirs to choose. 坛 knows no 抽查; there it
is 本系统提供.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.errors import FieldInvalid, SpotCheckNotPossible
from backend.domain.follow_ups import CALL_RESULTS, ensure_grade
from backend.domain.vocabulary import Grade, PostKind, Status
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckBy, SpotCheckMethod

ALONE = {PostKind.GENERAL: SpotCheckBy.GENERAL_POST, PostKind.DISCIPLINE: SpotCheckBy.DISCIPLINE}
"""The two posts of 二（二）4, and what their keepers check as when they go alone."""

CONTACT_RESULTS = CALL_RESULTS
"""What calling the citizen can end with."""


@dataclass(frozen=True, slots=True)
class Handled:
    """Who had a hand in a matter: persons, sections and posts that held it in any round, and of which kinds they were."""

    people: frozenset[str]
    sections: frozenset[str]
    posts: frozenset[str]
    kinds: frozenset[PostKind]


@dataclass(frozen=True, slots=True)
class Checker:
    """Somebody who might check: `sections` are those they work for, `posts` those they keep or stand in for.

    `kinds`: as whose keeper they would check in the unit.
    """

    staff_id: str
    sections: frozenset[str]
    posts: frozenset[str]
    kinds: frozenset[PostKind]


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """What came of a check. `result` of the call where there was one, `grade` exactly when it was answered.

    `needs_rectification` is a fact for what follows (督促整改), and starts nothing by itself.
    """

    by: SpotCheckBy
    how: SpotCheckMethod
    result: FollowUpState | None = None
    grade: Grade | None = None
    finding: str | None = None
    needs_rectification: bool = False
    with_staff: str | None = None


def kinds_open(checker: Checker, handled: Handled) -> frozenset[PostKind]:
    """As keeper of which posts the person may check this matter: none for whoever is of those checked (design 5)."""
    if (
        checker.staff_id in handled.people
        or checker.sections & handled.sections
        or checker.posts & handled.posts
    ):
        return frozenset()
    return (checker.kinds & ALONE.keys()) - handled.kinds


def can_go_together(own: frozenset[PostKind], other: frozenset[PostKind]) -> bool:
    """Whether two people make a 联合抽查: one for each of the two posts."""
    return bool(own and other) and own | other == ALONE.keys()


def ensure_checkable(status: Status) -> None:
    """Raises SpotCheckNotPossible."""
    if status is not Status.CLOSED:
        raise SpotCheckNotPossible()


def ensure_whole(check: SpotCheck) -> None:
    """What belongs together is there together, and nothing else. Raises FieldInvalid."""
    if check.by is SpotCheckBy.JOINT and check.with_staff is None:
        raise FieldInvalid("/with_staff", "联合抽查请选择一起抽查的人。", "conditionally_required")
    if check.by is not SpotCheckBy.JOINT and check.with_staff is not None:
        raise FieldInvalid("/with_staff", "只有联合抽查才选择一起抽查的人。")
    if check.how is SpotCheckMethod.PHONE:
        if check.result is None:
            raise FieldInvalid("/result", "请选择电话打得怎么样。", "conditionally_required")
        ensure_grade(check.result, check.grade)
    elif check.result is not None:
        raise FieldInvalid("/result", "没有打电话，就没有这一项。")
    elif check.grade is not None:
        raise FieldInvalid("/grade", "评价要群众在电话里给；只看记录的请去掉评价。")
    if check.finding is None and (check.how is SpotCheckMethod.RECORD or check.needs_rectification):
        raise FieldInvalid("/finding", "请写查到的情况。", "conditionally_required")
