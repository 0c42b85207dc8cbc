"""Write down what became of messages: a handful of results in one transaction, with what they cost and what they closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from backend import clock
from backend.database import OutcomeUnknown, unit_of_work
from backend.delivery.channels import close_channel, open_channel
from backend.delivery.composing import NotSendable
from backend.delivery.gone_out import mark_done
from backend.delivery.leases import ended, mark
from backend.delivery.outcomes import UNCONFIRMED, Line, Plan, Result, plan

GROUP = 20
"""Results marked in one transaction."""
NOT_RECORDED = "not_recorded"
"""What came of it could not be written down: a mistake of ours. It is not tried again, for it may have gone out."""

News = tuple[str, dict[str, object]]
"""A line for the log, and its facts."""

_log = structlog.get_logger("worker")


class Recorder:
    """Marks rows, and remembers how the channels have fared. For one thread, apart from `see` and `end`."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def see(self, closed: Iterable[str]) -> None:
        """Take over from the database which channels are closed: other workers close and open them too."""
        closed = set(closed)
        for name in closed - self._lines.keys():
            self._lines[name] = Line()
        for name, line in self._lines.items():
            if line.is_closed and name not in closed:
                line.failed = frozenset()  # somebody had an answer
            line.is_closed = name in closed

    def is_closed(self, channel: str) -> bool:
        """Whether it is closed as far as this process knows."""
        line = self._lines.get(channel)
        return line is not None and line.is_closed

    def record(self, results: Sequence[Result]) -> None:
        """Mark the rows of these results. What it raises says that the database is away: nothing is marked then, and it can
        be done again. What is wrong with one result ends that one.
        """
        now = clock.now()
        planned = plan(results, self._lines, now)
        try:
            with unit_of_work() as session:
                marked, said = _write(session, planned, now)
            self._lines = planned.lines
        except Exception as error:
            if _is_away(error):
                raise
            _log.exception("not recorded together", rows=len(results))
            marked, said = self._record_each(results, now)
        for line, facts in said:
            _log.warning(line, **facts)
        if lost := len(results) - marked:
            _log.warning("leases lost", rows=lost)

    def _record_each(self, results: Sequence[Result], now: datetime) -> tuple[int, list[News]]:
        lines, count, news = self._lines, 0, list[News]()
        with unit_of_work() as session:
            for result in results:
                planned = plan([result], lines, now)
                for attempt in (planned, _unsettled(planned), _given_up(result, planned, now)):
                    try:
                        with session.begin_nested():
                            marked, said = _write(session, attempt, now)
                    except Exception as error:
                        if _is_away(error):
                            raise
                        _log.exception("not recorded", item=result.task.item.id)
                    else:
                        count, news = count + marked, news + said
                        break
                lines = planned.lines
        self._lines = lines
        return count, news

    def end(self, unsendable: Sequence[NotSendable]) -> None:
        """End messages that will never go out. Raises SQLAlchemyError."""
        now = clock.now()
        marks = [
            (one.item, ended(UNCONFIRMED if one.item.unsure_since else one.problem, now))
            for one in unsendable
        ]
        with unit_of_work() as session:
            mark(session, marks)


def _is_away(error: Exception) -> bool:
    """Whether the database could not be asked at all, rather than would not take what it was told."""
    if isinstance(error, OperationalError | InterfaceError | NoConnectionFree | OutcomeUnknown):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _unsettled(planned: Plan) -> Plan:
    return replace(planned, sent={}, refused={})


def _given_up(result: Result, planned: Plan, now: datetime) -> Plan:
    marks = [(result.task.item, ended(NOT_RECORDED, now))]
    return replace(planned, done=[], marks=marks, sent={}, refused={})


def _write(session: Session, planned: Plan, now: datetime) -> tuple[int, list[News]]:
    """How many rows were marked, and what is news."""
    marked = mark_done(session, planned.done, now) + mark(session, planned.marks)
    for sender in planned.sent.keys() | planned.refused.keys():
        sender.settle(session, planned.sent.get(sender, ()), planned.refused.get(sender, ()), now)
    return marked, _change_channels(session, planned, now)


def _change_channels(session: Session, planned: Plan, now: datetime) -> list[News]:
    """Close and open channels. Returns what is news, to be logged once it is committed."""
    said: list[News] = []
    for name, (pause, problem) in planned.closing.items():
        if close_channel(session, name, pause, now):
            facts: dict[str, object] = {
                "problem": pause.problem,
                "code": problem.code,
                "errcode": problem.errcode,
                "rid": problem.rid,
            }
            if problem.address:  # ours, as WeChat saw it: what to put on its list
                facts["address"] = problem.address
            said.append(("channel closed", {"channel": name, "until": pause.until.isoformat(), **facts}))
    said += [
        ("channel open again", {"channel": name}) for name in planned.opening if open_channel(session, name)
    ]
    return said
