"""A way out that is closed for now: one row in the database, for every worker on every host.

While it is closed its messages wait where they are. One of them is tried when the pause is over, by whichever worker
takes the turn, and the first answer that is one opens the way again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.domain.times import SHANGHAI, local
from backend.models import ChannelState
from backend.wechat.gateway.problems import Remedy

BREAKER = 5
"""So many messages in a row that failed, and it is the way out."""
PROBE_EVERY = timedelta(seconds=30)
UNREACHABLE = "unreachable"
MINUTE_QUOTA = "minute_quota"
DAILY_QUOTA = "daily_quota"
MISCONFIGURED = "misconfigured"
_SOON = timedelta(minutes=10)
_OPERATOR = timedelta(minutes=5)
_LONGEST = timedelta(days=1)
QUIET_FOR = timedelta(hours=1)
"""How long nobody wanted to send anything before a closed channel is taken to be open: the next message will tell."""


class Pause(NamedTuple):
    """Why nothing is sent, as a code, and until when."""

    problem: str
    until: datetime


def unreachable(now: datetime) -> Pause:
    """It does not answer: one attempt every half minute."""
    return Pause(UNREACHABLE, now + PROBE_EVERY)


def _next_minute(now: datetime) -> Pause:
    return Pause(MINUTE_QUOTA, now.replace(second=0, microsecond=0) + timedelta(minutes=1))


def _next_day(now: datetime) -> Pause:
    """Until midnight in Shanghai. When exactly WeChat begins its day is not written anywhere: ask again in the hour after."""
    today = local(now)
    if today.hour == 0:
        return Pause(DAILY_QUOTA, now + _SOON)
    return Pause(DAILY_QUOTA, datetime.combine(today.date() + timedelta(days=1), time.min, SHANGHAI))


def _operator(now: datetime) -> Pause:
    return Pause(MISCONFIGURED, now + _OPERATOR)


_PAUSES = MappingProxyType(
    {Remedy.NEXT_MINUTE: _next_minute, Remedy.NEXT_DAY: _next_day, Remedy.OPERATOR: _operator}
)


def pause_for(remedy: Remedy, now: datetime) -> Pause | None:
    """How long the whole channel waits after such an answer; None when it concerns the one message only."""
    make = _PAUSES.get(remedy)
    return make(now) if make else None


def closed_channels(session: Session) -> Mapping[str, Pause]:
    """Every closed channel, by name."""
    rows = session.execute(select(ChannelState.name, ChannelState.problem, ChannelState.paused_until))
    return {row.name: Pause(row.problem, row.paused_until) for row in rows}


def is_over(pause: Pause, now: datetime) -> bool:
    """Whether one message may try. A pause longer than any we make is left from a clock that was wrong."""
    return not now < pause.until <= now + _LONGEST


def take_turn(session: Session, name: str, pause: Pause, now: datetime) -> bool:
    """Take the turn to try a closed channel. False when another worker was quicker, or the channel is open by now."""
    taken = session.scalar(
        update(ChannelState)
        .where(ChannelState.name == name, ChannelState.paused_until == pause.until)
        .values(paused_until=now + PROBE_EVERY)
        .returning(ChannelState.name)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def leave_turn(session: Session, name: str, pause: Pause, now: datetime) -> None:
    """Give a turn taken at `now` back that there was nothing to try with; whoever comes next may have it."""
    session.execute(
        update(ChannelState)
        # Not what another has found out meanwhile.
        .where(ChannelState.name == name, ChannelState.paused_until == now + PROBE_EVERY)
        .values(paused_until=pause.until)
        .execution_options(synchronize_session=False)
    )


def close_channel(session: Session, name: str, pause: Pause, now: datetime) -> bool:
    """Send nothing until the pause is over. True when that is news: it was open, or closed for another reason.

    Others may be closing it at the same moment; whoever comes second waits for the first and changes its row. Where it
    was opened in between, somebody had an answer: it stays open.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    closed = (
        insert(ChannelState)
        .values(name=name, problem=pause.problem, since=now, paused_until=pause.until)
        .on_conflict_do_nothing()
        .returning(ChannelState.name)
    )
    again = (
        update(ChannelState)
        .where(ChannelState.name == name)
        .values(problem=pause.problem, paused_until=pause.until)
        .returning(ChannelState.name)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(closed) is not None or session.scalar(
        again.where(ChannelState.problem != pause.problem)
    ):
        return True
    session.execute(again)
    return False


def is_quiet(pause: Pause, now: datetime) -> bool:
    """Whether its pause has been over for long and nobody took the turn: there was nothing to send."""
    return is_over(pause, now) and not now - QUIET_FOR < pause.until <= now


def forget_quiet(session: Session, name: str, pause: Pause) -> None:
    """Open a quiet channel, unless somebody took the turn meanwhile."""
    session.execute(
        delete(ChannelState)
        .where(ChannelState.name == name, ChannelState.paused_until == pause.until)
        .execution_options(synchronize_session=False)
    )


def open_channel(session: Session, name: str) -> bool:
    """Send again. False when it was open already."""
    gone = delete(ChannelState).where(ChannelState.name == name).returning(ChannelState.name)
    return session.scalar(gone) is not None
