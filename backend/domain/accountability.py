"""问责 (坛 九、十; 泸 三（二）、三（三）): which breach is a fact somebody must look at, what speaks for the person, and what
a decision may contain. Nothing is judged here: a lead is never a verdict, and no rule turns it into one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from backend.domain.calendar import WorkCalendar
from backend.domain.clocks import remaining
from backend.domain.errors import FieldInvalid
from backend.domain.times import local_date
from backend.domain.vocabulary import (
    BearerKind,
    DecisionMeasure,
    Employment,
    HandoffState,
    Measure,
    ToleranceLevel,
    Word,
)

CONTRACT_ONLY = (DecisionMeasure.CONTRACT, DecisionMeasure.DISMISSAL)
"""坛 十（四）: 聘用人员 are dealt with by contract, up to 解聘或辞退; nobody else is."""


MEASURES_WITH_WAYS = frozenset({Measure.TAN})
"""坛 十（四） lists the ways of holding to account; 泸 lists none, so a decision there stands in its own words."""
STAYS_BEHIND = frozenset({BearerKind.FIRST_RESPONDER, BearerKind.FIRST_UNIT})
"""Whose limits stay with them when another unit takes the matter over (坛 六（四）)."""


class ExculpationKind(Word):
    """A fact that stands beside a lead and speaks for whom it concerns."""

    PAUSED = "paused", "其间等待服务对象补充资料，不计入办理时限"
    EXTENDED = "extended", "期限届满前已经说明理由延长"
    RECALCULATED = "recalculated", "当时的期限是暂定的，放假安排公布后重新计算"
    SERVED_IN_TIME = "served_in_time", "期限内已经送达，只是登记晚了"
    SILENCE = "silence", "转交以后对方没有答复"
    RETURNED = "returned", "转交以后被对方退回"
    TALKS = "talks", "期限届满前有协商记录"
    REFERRED_LATE = "referred_late", "已经书面报告上级，但在期限届满以后"
    ABSENT = "absent", "当时不在岗"
    NO_LONGER_APPLIES = "no_longer_applies", "这项时限后来不再适用"
    TAKEN_OVER = "taken_over", "已由其他单位承接"
    APPLIED_LATE = "applied_late", "更正类别以后才适用"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when; `until` None: still so."""

    since: datetime
    until: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Passing:
    """A hand-off that the unit concerned offered: when, and what became of it."""

    offered_at: datetime
    decided_at: datetime | None
    state: HandoffState


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is on record around a lead. `at` is the legal moment of the fact; everything else may be empty."""

    at: datetime
    pauses: tuple[Span, ...] = ()
    extended_at: tuple[datetime, ...] = ()
    recalculated: tuple[datetime, ...] = ()
    """The ends that a 暂定 limit got when the official calendar came."""
    services: tuple[Span, ...] = ()
    """送达 outside the system: from when it was served to when that was recorded."""
    passings: tuple[Passing, ...] = ()
    talks: tuple[datetime, ...] = ()
    referred_at: datetime | None = None
    absences: tuple[Span, ...] = ()
    cancelled_at: datetime | None = None
    ended_at: datetime | None = None
    """When the limit ended, in whatever way."""
    taken_over: tuple[datetime, ...] = ()
    """When another unit accepted a matter whose limit stayed behind."""
    applied_at: datetime | None = None
    """When a correction of the category brought a limit that was over or short by then."""


@dataclass(frozen=True, slots=True)
class Exculpation:
    """One such fact, with its time or times."""

    kind: ExculpationKind
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the competent body decided elsewhere (坛 十（三）)."""

    decided_on: date
    measures: frozenset[DecisionMeasure]
    is_dismissed: bool
    tolerance: ToleranceLevel | None


def lead_item(
    accountability: str | None, *, due_at: datetime, is_paused: bool, ended_at: datetime | None
) -> str | None:
    """The item a passed limit points to; None where it points to none, stands still or ended in time.

    A unit's own promise names no item of 坛: exceeding it is shown, and nobody is held to account for it.
    """
    if is_paused or (ended_at is not None and ended_at <= due_at):
        return None
    return accountability


def working_days_late(calendar: WorkCalendar, due_at: datetime, until: datetime) -> int:
    """Working days that have begun since the day due, up to `until`; 0 for the same day and over a weekend.

    Raises NaiveDateTime, CalendarRange.
    """
    left = remaining(calendar, until, due_at)
    return left.working_days if left.overdue else 0


def applied_late(
    calendar: WorkCalendar, *, starts_at: datetime, due_at: datetime, working_days: int | None, at: datetime
) -> bool:
    """Whether a limit that a correction of the category brought at `at` was over by then, or had lost some of its days.

    It counts from the beginning of the round, however late the category is corrected: no time is gained. Raises
    NaiveDateTime, CalendarRange.
    """
    if at <= starts_at:
        return False
    left = calendar.working_days_between(local_date(at), local_date(due_at))
    return at >= due_at or working_days is None or left < working_days


def exculpations(case: Circumstances) -> tuple[Exculpation, ...]:
    """Every fact of the record that speaks for the person, in the order in which they happened."""
    found = [
        *(Exculpation(ExculpationKind.PAUSED, p.since, p.until) for p in case.pauses if p.since <= case.at),
        *(Exculpation(ExculpationKind.EXTENDED, moment) for moment in case.extended_at if moment <= case.at),
        *(Exculpation(ExculpationKind.RECALCULATED, end) for end in case.recalculated if end > case.at),
        *(
            Exculpation(ExculpationKind.SERVED_IN_TIME, served.since, served.until)
            for served in case.services
            if served.covers(case.at)
        ),
        *_passings(case),
        *(Exculpation(ExculpationKind.TALKS, moment) for moment in case.talks if moment <= case.at),
        *(
            Exculpation(ExculpationKind.ABSENT, span.since, span.until)
            for span in case.absences
            if span.covers(case.at)
        ),
        *(
            Exculpation(ExculpationKind.TAKEN_OVER, moment)
            for moment in case.taken_over
            if moment <= case.at or case.ended_at is None or moment <= case.ended_at
        ),
    ]
    if case.applied_at is not None:
        found.append(Exculpation(ExculpationKind.APPLIED_LATE, case.applied_at))
    if case.referred_at is not None and case.referred_at > case.at:
        found.append(Exculpation(ExculpationKind.REFERRED_LATE, case.referred_at))
    if case.cancelled_at is not None and case.cancelled_at > case.at:
        found.append(Exculpation(ExculpationKind.NO_LONGER_APPLIES, case.cancelled_at))
    return tuple(sorted(found, key=lambda one: (one.at, one.kind.value)))


def check_ruling(
    ruling: Ruling,
    *,
    employment: Employment | None,
    knows_tolerance: bool,
    lists_ways: bool,
    fact_on: date,
    today: date,
) -> None:
    """What a recorded decision may say (坛 九、十（四）). `employment` None: the head of a unit answers.

    Measures stand alone or together; a decision that there is nothing to answer for has none, nor has one under a
    measure that lists no ways (泸): its words are the reason. Raises FieldInvalid.
    """
    if ruling.decided_on > today:
        raise FieldInvalid("/decided_on", "决定日期不能晚于今天。")
    if ruling.decided_on < fact_on:
        raise FieldInvalid("/decided_on", "决定日期不能早于事实发生的那一天。")
    if ruling.measures and not lists_ways:
        raise FieldInvalid(
            "/measures", "这件事适用的办法没有列出处理方式，请把决定内容写成文字。", "choice_invalid"
        )
    if ruling.is_dismissed and ruling.measures:
        raise FieldInvalid("/measures", "不构成应当问责的情形的，不选处理方式。")
    if lists_ways and not ruling.is_dismissed and not ruling.measures:
        raise FieldInvalid(
            "/measures", "请选择处理方式，可以选几项；不构成的请另选。", "conditionally_required"
        )
    if employment is not Employment.CONTRACT and _any_of(ruling.measures, CONTRACT_ONLY):
        raise FieldInvalid("/measures", "按合同约定处理、解聘或辞退只用于聘用人员。", "choice_invalid")
    if ruling.tolerance is not None and not knows_tolerance:
        raise FieldInvalid("/tolerance", "这份办法没有规定容错。", "choice_invalid")


def _passings(case: Circumstances) -> Iterable[Exculpation]:
    kinds = {
        HandoffState.LAPSED: ExculpationKind.SILENCE,
        HandoffState.RETURNED: ExculpationKind.RETURNED,
    }
    for passing in case.passings:
        if passing.state in kinds and passing.offered_at <= case.at:
            yield Exculpation(kinds[passing.state], passing.offered_at, passing.decided_at)


def _any_of(chosen: frozenset[DecisionMeasure], among: tuple[DecisionMeasure, ...]) -> bool:
    return any(measure in chosen for measure in among)
