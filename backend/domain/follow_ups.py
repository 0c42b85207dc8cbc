"""回访: who is asked after a closing and by which means, what comes next, and when staff may know (design 5).

泸 二（二）4: 定期对所有首问工作群众满意度进行回访; 泸 附件1-16: 定期进行电话回访. Neither says how many days: the pace is a
reading of ours. 坛 knows no 回访; there it is 本系统提供.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.domain.errors import FieldInvalid, FollowUpNotPossible
from backend.domain.vocabulary import Grade, Measure, Outcome, PostKind, Status
from backend.domain.vocabulary_contact import FollowUpMethod, FollowUpState

CALLERS = frozenset({PostKind.GENERAL, PostKind.DISCIPLINE, PostKind.OVERSIGHT})
"""Whose keepers call for the whole unit; the keeper of a section's post calls for the section (泸 二（二）2、4)."""

CALL_RESULTS = (FollowUpState.ANSWERED, FollowUpState.UNREACHABLE, FollowUpState.REFUSED)
"""What a call can end with."""

WAITING_FOR_A_CALL = frozenset({FollowUpState.WAITING, FollowUpState.UNREACHABLE})
"""A call that reached nobody may be made again; one that was answered, refused or is not needed is over."""


@dataclass(frozen=True, slots=True)
class ClosedRound:
    """What decides who can be asked about a closed round. `has_account`: it was filed from a WeChat that is known still.

    `is_staffs_own`: the phone or the WeChat behind it belongs to a member of staff, who does not rate.
    """

    measure: Measure
    outcome: Outcome | None
    has_account: bool
    has_phone: bool
    is_staffs_own: bool

    @property
    def is_asked(self) -> bool:
        """Whether anybody is to be asked: of what was withdrawn, and of staff, nobody."""
        return self.outcome not in {None, Outcome.WITHDRAWN} and not self.is_staffs_own


def due_methods(closed: ClosedRound) -> tuple[FollowUpMethod, ...]:
    """How the office asks, by itself and without choosing whom: everybody it can reach.

    泸 附件1-16: every closed inquiry with a phone is called. Under 坛 no call is due; the unit may make one.
    """
    if not closed.is_asked:
        return ()
    methods = []
    if closed.has_account:
        methods.append(FollowUpMethod.SURVEY)
    if closed.has_phone and closed.measure is Measure.LU:
        methods.append(FollowUpMethod.CALL)
    return tuple(methods)


class Sending(StrEnum):
    """What became of a message that was put on its way."""

    UNDER_WAY = "under_way"
    DELIVERED = "delivered"
    FAILED = "failed"


class SurveyStep(StrEnum):
    """What a survey that is due does next."""

    COUNT = "count"
    """The closing message arrived and asked already: it is the invitation, and none is sent besides."""
    SEND = "send"
    REMIND = "remind"
    WAIT = "wait"
    GIVE_UP = "give_up"
    """未送达: it never reached anybody."""
    END = "end"
    """没有答复: it was there to be answered until the window closed; the round stays 未评价."""


def next_step(
    state: FollowUpState, closing: Sending, invitation: Sending | None, *, expires_at: datetime, now: datetime
) -> SurveyStep:
    """What an open survey does once its time has come.

    `closing`: of the message about the closing, which carries the same link; FAILED where there was none.
    `invitation`: of the message sent in its place, None while there is none. Rating is open up to and with
    `expires_at`. People are asked once and reminded once, whichever message asked them, and never a third time.
    """
    is_over = now > expires_at
    if state is FollowUpState.REMINDED:
        return SurveyStep.END if is_over else SurveyStep.WAIT
    if Sending.DELIVERED in {closing, invitation}:
        if is_over:
            return SurveyStep.END
        return SurveyStep.REMIND if state is FollowUpState.SENT else SurveyStep.COUNT
    if is_over:
        return SurveyStep.GIVE_UP
    if Sending.UNDER_WAY in {closing, invitation}:
        return SurveyStep.WAIT
    return SurveyStep.SEND if invitation is None else SurveyStep.GIVE_UP


def ensure_callable(closed: ClosedRound, status: Status) -> None:
    """Somebody can be called about it: it is closed, was not withdrawn, and a phone that is no staff's was left.

    There is no last day: 泸 附件1-16 has every one called, and an office that is late must not silence the citizen.
    Raises FollowUpNotPossible.
    """
    if status is not Status.CLOSED:
        raise FollowUpNotPossible("办结以后才回访。")
    if closed.outcome is Outcome.WITHDRAWN:
        raise FollowUpNotPossible("撤回的事项不回访。")
    if closed.is_staffs_own:
        raise FollowUpNotPossible("留的是工作人员自己的电话或微信，不回访。")
    if not closed.has_phone:
        raise FollowUpNotPossible("没有留电话，不能电话回访。")


def ensure_grade(result: FollowUpState, grade: Grade | None) -> None:
    """A grade exactly when the call was answered. Raises FieldInvalid."""
    if result is FollowUpState.ANSWERED and grade is None:
        raise FieldInvalid("/grade", "接通并答复的，请选择群众给的评价。", "conditionally_required")
    if result is not FollowUpState.ANSWERED and grade is not None:
        raise FieldInvalid("/grade", "没有答复就没有评价，请去掉评价，或者改选“已答复”。")


def replaces_call(*, is_switched_on: bool, rated_at: datetime, shown_until: datetime) -> bool:
    """Whether the citizen's own grade makes the call needless (a switch of the unit, our reading).

    Only once the week's grades are shown: a task that left the list sooner would tell who has just rated.
    """
    return is_switched_on and rated_at < shown_until


def survey_as_shown(moments: Mapping[FollowUpState, datetime | None], shown_until: datetime) -> FollowUpState:
    """The state of a survey as staff may know it: as it was when the last week's grades were shown.

    `moments`: when it came into each state; None for one it never was in. Nothing shows in between: a reminder that
    does not go out says as much as an answer.
    """
    state = FollowUpState.WAITING
    for one in (FollowUpState.SENT, FollowUpState.REMINDED, *_ENDS):
        moment = moments.get(one)
        if moment is not None and moment < shown_until:
            state = one
    return state


_ENDS = (
    FollowUpState.ANSWERED,
    FollowUpState.UNDELIVERED,
    FollowUpState.SILENT,
    FollowUpState.CANCELLED,
)
"""How a survey ends, one of them."""
