"""Fetch messages that can go out: claimed by lease, made ready in one go, nothing of a channel that is closed."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend import clock
from backend.database import reading, unit_of_work
from backend.delivery.channels import (
    Pause,
    closed_channels,
    forget_quiet,
    is_over,
    is_quiet,
    leave_turn,
    take_turn,
)
from backend.delivery.composing import NotSendable
from backend.delivery.leases import (
    LEASE,
    Leased,
    claim_messages,
    has_messages,
    mark,
    put_off,
    release,
    server_time,
)
from backend.delivery.outcomes import Task
from backend.delivery.recording import Recorder
from backend.delivery.senders import Ready, Sender, Senders
from backend.services.outbox import ACCOUNT, CITIZEN, STAFF

BEGUN_WITHIN = 1 / 6
"""Of its lease a message may be begun. The longest a send takes is 48 s by the usual settings: wait for whoever asks for a
token 8, ask for one 8, send 8; and where the token is refused, all of it again; with a file for the token another 8 to
drop it. What is slower still can be sent twice, not lost."""
NO_CHANNEL = "no_channel"
"""This installation has no way to tell such a recipient anything."""
WORKER_DIED = "worker_died"
NOT_COMPOSED = "not_composed"
"""A mistake of ours in making the message; tried again like any failure."""

_log = structlog.get_logger("worker")


class Collected(NamedTuple):
    """What was fetched. `claimed` counts the rows taken, also those that cannot go out."""

    tasks: list[Task]
    claimed: int


class Collector:
    """Fetches for one process."""

    def __init__(self, senders: Senders, recorder: Recorder, lease: timedelta = LEASE) -> None:
        self._senders = senders
        self._recorder = recorder
        self._lease = lease
        self._kinds: dict[str, list[str]] = defaultdict(list)
        for kind, sender in senders.items():
            self._kinds[sender.channel].append(kind)

    def collect(self, limit: int) -> Collected:
        """Claim up to `limit` messages and make them ready; end those that never can.

        Raises SQLAlchemyError; what was claimed is given back then, as far as the database lets us.
        """
        begin_by = time.monotonic() + self._lease.total_seconds() * BEGUN_WITHIN
        now = clock.now()
        with unit_of_work() as session:
            closed = closed_channels(session)
            items, turns = self._claim(session, closed, now, limit)
        self._recorder.see(closed)
        try:
            tasks = self._make_ready(items, turns, begin_by, now)
            if turns:  # with what cannot go out nothing was tried
                with unit_of_work() as session:
                    for name in turns.values():
                        leave_turn(session, name, closed[name], now)
        except BaseException:
            # Nobody has begun any of them; they would stand still until their leases end.
            with suppress(SQLAlchemyError), unit_of_work() as session:
                release(session, items)
            raise
        return Collected(tasks, len(items))

    def _make_ready(
        self, items: Sequence[Leased], turns: dict[int, str], begin_by: float, now: datetime
    ) -> list[Task]:
        """What can go out, longest waiting first; takes out of `turns` those that try a channel. Ends the others."""
        tasks: list[Task] = []
        unsendable: list[NotSendable] = []
        for sender, those in self._by_sender(items).items():
            if sender is None:
                unsendable += [NotSendable(item, NO_CHANNEL) for item in those]
                continue
            for message in self._prepare(sender, those, now):
                if isinstance(message, NotSendable):
                    unsendable.append(message)
                else:
                    is_probe = turns.pop(message.item.id, None) is not None
                    tasks.append(Task(message.item, sender, message, begin_by, is_probe))
        if unsendable:
            self._recorder.end(unsendable)
        # Senders took turns above.
        return sorted(tasks, key=lambda task: task.item.id)

    def _claim(
        self, session: Session, closed: Mapping[str, Pause], now: datetime, limit: int
    ) -> tuple[list[Leased], dict[int, str]]:
        """Of what is open all there is, of what is closed one where it is time to try; and what each of those tries."""
        server_now = server_time(session)
        open_kinds = [
            kind
            for kind in (ACCOUNT, CITIZEN, STAFF)
            if kind not in self._senders or self._senders[kind].channel not in closed
        ]
        items: list[Leased] = []
        if open_kinds:
            items = self._take(session, open_kinds, now, server_now, limit)
        turns: dict[int, str] = {}
        for name, pause in closed.items():
            kinds = self._kinds.get(name, [])
            if not is_over(pause, now):
                continue
            if not has_messages(session, kinds, now=now, server_now=server_now):
                if is_quiet(pause, now):
                    forget_quiet(session, name, pause)
                continue
            if not take_turn(session, name, pause, now):
                continue
            tried = self._take(session, kinds, now, server_now, 1)
            if not tried:
                leave_turn(session, name, pause, now)
            items += tried
            turns |= {item.id: name for item in tried}
        return items, turns

    def _take(
        self, session: Session, kinds: Sequence[str], now: datetime, server_now: datetime, limit: int
    ) -> list[Leased]:
        return claim_messages(session, kinds, now=now, server_now=server_now, limit=limit, lease=self._lease)

    def _by_sender(self, items: Iterable[Leased]) -> dict[Sender | None, list[Leased]]:
        found: dict[Sender | None, list[Leased]] = defaultdict(list)
        for item in items:
            found[self._senders.get(item.recipient_kind or "")].append(item)
        return found

    def _prepare(
        self, sender: Sender, items: Sequence[Leased], now: datetime
    ) -> Sequence[Ready | NotSendable]:
        """Make them ready, all together; where that fails, one by one, so that a bad one stops no other."""
        worn_out = [NotSendable(item, WORKER_DIED) for item in items if item.is_exhausted]
        items = [item for item in items if not item.is_exhausted]
        try:
            with reading() as session:
                return [*worn_out, *sender.prepare(session, items, now)]
        except SQLAlchemyError:
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one
            if len(items) > 1:
                return [*worn_out, *(one for item in items for one in self._prepare(sender, [item], now))]
        for item in items:
            _log.exception("message not composed", item=item.id, topic=item.topic)
            with unit_of_work() as session:
                mark(session, [(item, put_off(item, NOT_COMPOSED, now))])
        return worn_out
