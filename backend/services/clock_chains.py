"""The rows of one limit, from the first to the one that counts now: what it went through, and the breach that stands."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.vocabulary import ClockChange, ClockEnd
from backend.models import Clock, ClockFact


def chain_of(session: Session, clock: Clock) -> list[Clock]:
    """Every row of the limit that `clock` is a row of, oldest first; the last one is the limit as it stands."""
    rows = session.scalars(select(Clock).where(Clock.inquiry_id == clock.inquiry_id)).all()
    by_id = {row.id: row for row in rows}
    followers = {row.supersedes_id: row for row in rows if row.supersedes_id is not None}
    first = clock
    while first.supersedes_id is not None:
        first = by_id[first.supersedes_id]
    chain = [first]
    while chain[-1].id in followers:
        chain.append(followers[chain[-1].id])
    return chain


def extension_in(chain: list[Clock]) -> Clock | None:
    """The row that extended the limit; it happens once (系统设定 extension-once)."""
    return next((row for row in chain if row.change is ClockChange.EXTENSION), None)


def standing_breach(session: Session, chain: list[Clock]) -> ClockFact | None:
    """The breach of this limit, if there is one.

    None is what was noted under a 暂定 end that the calendar moved, nor what was noted before it was written down that
    the limit had been met in time: whether a limit was kept does not depend on when somebody looked.
    """
    if (
        chain[-1].end is ClockEnd.MET
        and chain[-1].ended_at is not None
        and chain[-1].ended_at <= chain[-1].due_at
    ):
        return None
    fixed_from = 0
    for place, row in enumerate(chain[1:], start=1):
        if row.change is ClockChange.CALENDAR and row.due_at != chain[place - 1].due_at:
            fixed_from = place
    standing = [row.id for row in chain[fixed_from:]]
    return session.scalar(
        select(ClockFact).where(ClockFact.clock_id.in_(standing), ClockFact.kind == "overdue")
    )
