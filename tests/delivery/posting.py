"""A worker's way of sending, step by step under a clock the test sets, with a way out that answers as it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.database import reading, unit_of_work
from backend.delivery.collecting import Collector
from backend.delivery.composing import NotSendable
from backend.delivery.leases import Leased
from backend.delivery.outcomes import Result
from backend.delivery.recording import Recorder
from backend.delivery.sending import try_to_send
from backend.models import ChannelState, OutboxItem
from backend.wechat.gateway.problems import Remedy, WechatProblem
from tests.support import rows

BUSY = WechatProblem("system_busy", Remedy.LATER, errcode=-1)
GONE = WechatProblem("unreachable", Remedy.LATER)
SILENT = WechatProblem("unanswered", Remedy.UNSURE)
NO_CONSENT = WechatProblem("no_consent", Remedy.CONSENT, errcode=43101)
WRONG = WechatProblem("data_invalid", Remedy.PERMANENT, errcode=47003)
NEW = WechatProblem("refused", Remedy.LATER, errcode=77777)
BANNED = WechatProblem("messages_banned", Remedy.LATER, errcode=43107)
AT_ONCE = WechatProblem("concurrent_send", Remedy.LATER, errcode=43108)
MINUTE = WechatProblem("minute_quota", Remedy.NEXT_MINUTE, errcode=45011)
DAY = WechatProblem("day_quota", Remedy.NEXT_DAY, errcode=45009)
SECRET = WechatProblem("secret_wrong", Remedy.OPERATOR, errcode=40125)


@dataclass(frozen=True, slots=True)
class Note:
    item: Leased
    account_id: str
    template_key: str = "progress"


@dataclass(eq=False)
class FakeSender:
    """`answer` is raised when it is a problem, else returned; a callable is asked for each message."""

    channel: str = "wechat"
    answer: Any = "42"
    tried: list[int] = field(default_factory=list)
    settled: list[tuple[list[int], list[int]]] = field(default_factory=list)

    def prepare(self, _session, items, _now):
        return [
            NotSendable(item, item.payload["problem"])
            if "problem" in item.payload
            else Note(item, item.recipient_id)
            for item in items
        ]

    def send(self, message):
        self.tried.append(message.item.id)
        said = self.answer(message) if callable(self.answer) else self.answer
        if isinstance(said, Exception):
            raise said
        return said

    def settle(self, _session, sent, refused, _now):
        self.settled.append(([m.item.id for m in sent], [m.item.id for m in refused]))


class Steps:
    """One worker process without its threads."""

    def __init__(self, senders, lease: timedelta = timedelta(seconds=60)) -> None:
        self.recorder = Recorder()
        self.collector = Collector(senders, self.recorder, lease)

    def once(self, limit: int = 100) -> int:
        """Fetch, send and mark what can go out now; how many rows were claimed."""
        tasks, claimed = self.collector.collect(limit)
        for task in tasks:
            is_closed = self.recorder.is_closed(task.sender.channel)
            self.recorder.record([Result(task, try_to_send(task, is_closed=is_closed))])
        return claimed

    def until_idle(self) -> None:
        """Until nothing more can go out at this moment."""
        while self.once():
            pass


def write(person: str, count: int = 1, **given: Any) -> list[int]:
    """Messages to a person, in their lane."""
    kind = given.pop("recipient_kind", "account")
    about = {"kind": "message", "topic": "progress", "recipient_kind": kind, "recipient_id": person}
    with unit_of_work() as session:
        return [rows.outbox_item(session, lane=f"{kind}:{person}", **about | given).id for _ in range(count)]


def row(item_id: int) -> OutboxItem:
    with reading() as session:
        return session.get_one(OutboxItem, item_id)


def states() -> list[str]:
    """Of every row, in order: its state, or the problem it failed with."""
    with reading() as session:
        found = session.scalars(select(OutboxItem).order_by(OutboxItem.id))
        return [one.problem or one.state if one.state == "failed" else one.state for one in found]


def channel(name: str = "wechat") -> tuple[str, datetime] | None:
    with reading() as session:
        found = session.get(ChannelState, name)
        return (found.problem, found.paused_until) if found else None


def clock_of(app: Flask) -> Any:
    return app.extensions["shouwen_clock"]
