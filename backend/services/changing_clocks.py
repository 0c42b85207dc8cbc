"""Every change of a running limit: a new row that supersedes the old one, with the reason; nothing is rewritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.clocks import Due
from backend.domain.times import local_date
from backend.domain.vocabulary import BearerKind, ClockChange, ClockEnd, Strictness
from backend.models import Clock, Holding, Inquiry
from backend.models.types import new_id
from backend.services.clocks import due_from, note_breach, running_clocks
from backend.services.work import Work

HANDLING_LIMIT = "handling-limit"
"""The only duty whose limit can pause (坛 六（一） 办理时限)."""
_OF_THE_ROW = frozenset({"id", "supersedes_id", "created_at", "ended_at", "end", "change", "change_text_id"})
_FOLLOWS_THE_PERSON = frozenset({BearerKind.FIRST_RESPONDER, BearerKind.HOLDER})


def pass_on_clocks(
    work: Work,
    inquiry: Inquiry,
    holding: Holding,
    *,
    staff_id: str | None = None,
) -> list[Clock]:
    """The receiver takes over 首问责任 (坛 六（二）、七（二）): the same limit, the same `due_at`, another bearer.

    The bearer is the holding person, or `staff_id` where a post holds. What another unit bears stays with it, whoever
    is named where the matter is now: only the handling limit goes along to another unit.
    """
    bearer_id = holding.staff_id or staff_id
    passed = []
    for clock in running_clocks(work, inquiry):
        if clock.bearer_kind not in _FOLLOWS_THE_PERSON or clock.bearer_staff_id == bearer_id:
            continue
        if clock.bearer_unit_id != holding.unit_id and not _goes_along(clock):
            continue
        passed.append(
            _supersede(
                work,
                inquiry,
                clock,
                ClockChange.TAKEOVER,
                bearer_unit_id=holding.unit_id,
                bearer_staff_id=bearer_id,
            )
        )
    return passed


def _goes_along(clock: Clock) -> bool:
    """Whether a limit goes to another unit with the matter: the handling limit does."""
    return clock.bearer_kind is BearerKind.HOLDER and clock.strictness is not Strictness.PROMISE


def pause_clocks(work: Work, inquiry: Inquiry) -> list[Clock]:
    """Stand still while the citizen is asked for documents (系统设定 pause-on-notice, 参照补正).

    The handling limit is the only one that can: what another law sets runs as that law says. One that is over by now
    stays over.
    """
    paused = []
    for clock in running_clocks(work, inquiry):
        if clock.duty != HANDLING_LIMIT or clock.paused_at is not None or work.now > clock.due_at:
            continue
        left = work.calendar.working_days_between(local_date(work.now), local_date(clock.due_at))
        paused.append(
            _supersede(
                work,
                inquiry,
                clock,
                ClockChange.PAUSE,
                paused_at=work.now,
                remaining_days=max(left, 0),
            )
        )
    return paused


def resume_clocks(work: Work, inquiry: Inquiry, *, at: datetime | None = None) -> list[Clock]:
    """Run on with the days that were left; the day of resuming itself does not count, like any first day.

    `at` is when the wait really ended, if that is written down later: it neither gains nor loses time by it.
    """
    resumed = []
    for clock in running_clocks(work, inquiry):
        if clock.paused_at is None:
            continue
        since = max(at or work.now, clock.paused_at)
        # Nothing was left but the rest of the day: the rest of a day remains.
        days = clock.remaining_days or None
        due, due_soon = due_from(work, clock.bearer_unit_id, since, days)
        resumed.append(
            _supersede(
                work,
                inquiry,
                clock,
                ClockChange.RESUME,
                paused_at=None,
                remaining_days=None,
                anchor_at=since,
                anchor_days=days,
                **_ending(due, due_soon),
                # A warning for the old end says nothing about the new one.
                is_due_soon_noted=False,
            )
        )
    return resumed


def extend_clock(work: Work, inquiry: Inquiry, clock: Clock, *, days: int, reason_text_id: str) -> Clock:
    """Add working days to a limit that stands “in principle” (坛 七（一）), with the reason in words."""
    total = (clock.anchor_days or 0) + days
    due, due_soon = due_from(work, clock.bearer_unit_id, clock.anchor_at, total)
    return _supersede(
        work,
        inquiry,
        clock,
        ClockChange.EXTENSION,
        change_text_id=reason_text_id,
        anchor_days=total,
        **_ending(due, due_soon),
        is_due_soon_noted=False,
    )


def recalculate_clock(work: Work, inquiry: Inquiry, clock: Clock) -> Clock | None:
    """Count a 暂定 limit again with the calendar at hand; None when nothing about it changes.

    Reasons are those of the State Council's notice: a year that arrives may move the end either way.
    """
    if not clock.is_provisional:
        return None
    due, due_soon = due_from(work, clock.bearer_unit_id, clock.anchor_at, clock.anchor_days)
    changes: dict[str, Any] = _ending(due, due_soon)
    if clock.paused_at is not None:
        left = work.calendar.working_days_between(local_date(clock.paused_at), local_date(due.due_at))
        changes["remaining_days"] = max(left, 0)
    if due.provisional and due.due_at == clock.due_at:
        return None
    if due.due_at != clock.due_at:
        # What was noted under an end that was only 暂定 says nothing of the real one: whether that comes near or is
        # missed is noted at its own legal moment (clock_chains.standing_breach tells which note holds).
        changes |= {"is_due_soon_noted": False, "is_overdue_noted": False}
    return _supersede(work, inquiry, clock, ClockChange.CALENDAR, **changes)


def _ending(due: Due, due_soon: datetime | None) -> dict[str, Any]:
    return {"due_at": due.due_at, "due_soon_at": due_soon, "is_provisional": due.provisional}


def _supersede(
    work: Work,
    inquiry: Inquiry,
    clock: Clock,
    change: ClockChange,
    *,
    change_text_id: str | None = None,
    **different: Any,
) -> Clock:
    """End `clock` as superseded and begin the row that follows it, equal but for `different`."""
    kept = {
        column.key: getattr(clock, column.key)
        for column in Clock.__mapper__.column_attrs
        if column.key not in _OF_THE_ROW
    }
    if change is not ClockChange.CALENDAR and work.now > clock.due_at:
        note_breach(work, inquiry, clock)
        kept["is_overdue_noted"] = clock.is_overdue_noted
    clock.ended_at = work.now
    clock.end = ClockEnd.SUPERSEDED
    # The old row ends before the new one begins: at no time do two run.
    work.session.flush()
    successor = Clock(
        **{
            **kept,
            **different,
            "id": new_id(),
            "supersedes_id": clock.id,
            "change": change,
            "change_text_id": change_text_id,
            "created_at": work.now,
        }
    )
    work.session.add(successor)
    work.session.flush()
    return successor
