"""What becomes of messages after somebody tried to send them: rules without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from backend.delivery.channels import BREAKER, PROBE_EVERY, Pause, pause_for, unreachable
from backend.delivery.gone_out import Done
from backend.delivery.leases import BACK_OFF, Leased, Values, ended, given_back, put_off
from backend.delivery.senders import Ready, Sender
from backend.wechat.gateway.errcodes import TOKEN_ERRORS
from backend.wechat.gateway.problems import Remedy, WechatProblem

UNSURE_FOR = timedelta(minutes=10)
"""How long a message without an answer is left alone: WeChat's own word of it comes within seconds, if it went out."""
BUSY_FOR = timedelta(seconds=2)
"""Another message to the same person was under way (43108)."""
BUSY_TIMES = 5
"""Tries that wait only so long; after them something is wrong with it, and it waits like any failure."""
CONCURRENT_SEND = "concurrent_send"
ANOTHERS_TURN = 4 * PROBE_EVERY
"""How long a message that tried a closed channel in vain stands aside, so that the next three tries are others'."""
NO_ANSWERS = frozenset({-1, 41001}) | TOKEN_ERRORS
"""errcodes that say nothing about the message: WeChat is busy, or would not even look at it."""
UNCONFIRMED = "unconfirmed"
"""No voucher is left, and an earlier try had no answer: perhaps that one took it and arrived."""


@dataclass(frozen=True, slots=True)
class Sent:
    """WeChat took it, under this number if it told one."""

    message_id: str | None


@dataclass(frozen=True, slots=True)
class NotBegun:
    """Nobody tried: the worker stops, the lease grew short, or the way out was closed meanwhile."""


Answer = Sent | NotBegun | WechatProblem


@dataclass(frozen=True, slots=True)
class Task:
    """One message on its way through the worker."""

    item: Leased
    sender: Sender
    message: Ready
    begin_by: float
    """When, by the monotonic clock, its lease is too short to begin."""
    is_probe: bool = False
    """It tries a channel that is closed."""


@dataclass(frozen=True, slots=True)
class Result:
    task: Task
    answer: Answer


@dataclass(slots=True)
class Line:
    """How one channel has fared, as this process knows."""

    failed: frozenset[int] = frozenset()
    """Messages that failed since the last answer: one that fails again and again says nothing about the channel."""
    is_closed: bool = False


class Closing(NamedTuple):
    """For how long a channel is closed, and the answer that closed it."""

    pause: Pause
    problem: WechatProblem


@dataclass(slots=True)
class Plan:
    """What to write about a handful of results, all in one transaction."""

    lines: dict[str, Line]
    done: list[Done] = field(default_factory=list)
    marks: list[tuple[Leased, Values]] = field(default_factory=list)
    sent: dict[Sender, list[Ready]] = field(default_factory=dict)
    refused: dict[Sender, list[Ready]] = field(default_factory=dict)
    closing: dict[str, Closing] = field(default_factory=dict)
    opening: set[str] = field(default_factory=set)


def plan(results: Iterable[Result], lines: dict[str, Line], now: datetime) -> Plan:
    """What these results mean, in their order. `lines` is how the channels fared before, and is left as it is."""
    made = Plan({name: Line(line.failed, line.is_closed) for name, line in lines.items()})
    for result in results:
        _add(made, result.task, result.answer, now)
    return made


def _add(made: Plan, task: Task, answer: Answer, now: datetime) -> None:
    line = made.lines.setdefault(task.sender.channel, Line())
    match answer:
        case NotBegun():
            values = given_back(task.item)
        case Sent(message_id):
            _answered(made, task, line)
            made.sent.setdefault(task.sender, []).append(task.message)
            # Without a number of its own, WeChat's event finds it by whom it went to.
            number = message_id or task.message.account_id
            made.done.append(Done(task.item, task.message.template_key, number))
            return
        case WechatProblem(remedy=Remedy.CONSENT | Remedy.PERMANENT | Remedy.SIGN_IN_AGAIN):
            _answered(made, task, line)
            values = _refused(made, task, answer, now)
        case WechatProblem() if _is_answer(answer):
            _answered(made, task, line)
            values = _refused_for_now(task, answer, now)
        case WechatProblem():
            values = _failed(made, task, answer, line, now)
    made.marks.append((task.item, values))


def _answered(made: Plan, task: Task, line: Line) -> None:
    """Whatever it said about the message, the channel works."""
    if line.is_closed or task.is_probe:
        made.opening.add(task.sender.channel)
        made.closing.pop(task.sender.channel, None)
    line.failed, line.is_closed = frozenset(), False


def _is_answer(problem: WechatProblem) -> bool:
    """Whether WeChat looked at the message and would not take it now: a message nobody else's must wait for."""
    return (
        problem.remedy is Remedy.LATER and problem.errcode is not None and problem.errcode not in NO_ANSWERS
    )


def _refused_for_now(task: Task, problem: WechatProblem, now: datetime) -> Values:
    values = put_off(task.item, problem.code, now) | {"sent_with": task.message.template_key}
    if problem.code == CONCURRENT_SEND and "available_at" in values:
        others = task.item.attempts - BUSY_TIMES
        values["available_at"] = now + (BUSY_FOR if others <= 0 else BACK_OFF[others - 1])
    return values


def _refused(made: Plan, task: Task, problem: WechatProblem, now: datetime) -> Values:
    """Over; but where only this kind of voucher is used up, made ready once more: another kind may serve."""
    made_with: Values = {"sent_with": task.message.template_key}
    if problem.remedy is not Remedy.CONSENT:
        return ended(problem.code, now) | made_with
    made.refused.setdefault(task.sender, []).append(task.message)
    if task.item.unsure_since is not None:
        return ended(UNCONFIRMED, now) | made_with
    if task.item.attempts > len(BACK_OFF):
        return ended(problem.code, now) | made_with
    return {"state": "pending", "problem": problem.code, "available_at": now} | made_with


def _failed(made: Plan, task: Task, problem: WechatProblem, line: Line, now: datetime) -> Values:
    """The message is well, only not now. While its channel is closed that costs it no attempt."""
    pause = pause_for(problem.remedy, now)
    if pause is None:
        line.failed |= {task.item.id}
        if task.is_probe or (len(line.failed) >= BREAKER and not line.is_closed):
            pause = unreachable(now)
    if pause is not None:
        line.is_closed = True
        made.closing[task.sender.channel] = Closing(pause, problem)
        made.opening.discard(task.sender.channel)
    if line.is_closed:
        wait = ANOTHERS_TURN if task.is_probe else timedelta()
        values = given_back(task.item) | {"available_at": now + wait}
    else:
        values = put_off(task.item, problem.code, now)
    values |= {"problem": problem.code, "sent_with": task.message.template_key}
    if problem.remedy is Remedy.UNSURE:
        values |= {"unsure_since": now, "message_id": task.message.account_id}
        if "available_at" in values:
            values["available_at"] = max(values["available_at"], now + UNSURE_FOR)
    return values
