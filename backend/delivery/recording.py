"""Write down what became of messages: a handful of results in one transaction, with what they cost and what they closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from backend import clock
from backend.database import OutcomeUnknown, unit_of_work
from backend.delivery.channels import close_channel, open_channel
from backend.delivery.composing import NotSendable
from backend.delivery.leases import ended, mark
from backend.delivery.outcomes import UNCONFIRMED, Line, Plan, Result, plan

GROUP = 20
"""Results marked in one transaction."""

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
            line.is_closed = name in closed

    def is_closed(self, channel: str) -> bool:
        """Whether it is closed as far as this process knows."""
        line = self._lines.get(channel)
        return line is not None and line.is_closed

    def record(self, results: Sequence[Result]) -> None:
        """Mark the rows of these results. Whatever it raises, nothing is marked then and it can be done again."""
        now = clock.now()
        planned = plan(results, self._lines, now)
        try:
            marked, said = _write(planned, now)
        except (OperationalError, NoConnectionFree, OutcomeUnknown):
            raise
        except Exception:  # noqa: BLE001 - a mistake in a sender must not have everything sent again
            _log.exception("not settled", rows=len(results))
            planned.sent.clear()
            planned.refused.clear()
            marked, said = _write(planned, now)
        self._lines = planned.lines
        for line, facts in said:
            _log.warning(line, **facts)
        if marked < len(planned.marks):
            _log.warning("leases lost", rows=len(planned.marks) - marked)

    def end(self, unsendable: Sequence[NotSendable]) -> None:
        """End messages that will never go out. Raises SQLAlchemyError."""
        now = clock.now()
        marks = [
            (one.item, ended(UNCONFIRMED if one.item.unsure_since else one.problem, now))
            for one in unsendable
        ]
        with unit_of_work() as session:
            mark(session, marks)


def _write(planned: Plan, now: datetime) -> tuple[int, list[News]]:
    """How many rows were marked, and what is news."""
    with unit_of_work() as session:
        marked = mark(session, planned.marks)
        for sender in planned.sent.keys() | planned.refused.keys():
            sender.settle(session, planned.sent.get(sender, ()), planned.refused.get(sender, ()), now)
        return marked, _change_channels(session, planned, now)


def _change_channels(session: Session, planned: Plan, now: datetime) -> list[News]:
    """Close and open channels. Returns what is news, to be logged once it is committed."""
    said: list[News] = []
    for name, (pause, problem) in planned.closing.items():
        if close_channel(session, name, pause, now):
            facts = {
                "problem": pause.problem,
                "code": problem.code,
                "errcode": problem.errcode,
                "rid": problem.rid,
            }
            said.append(("channel closed", {"channel": name, "until": pause.until.isoformat(), **facts}))
    said += [
        ("channel open again", {"channel": name}) for name in planned.opening if open_channel(session, name)
    ]
    return said
