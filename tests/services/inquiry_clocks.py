"""What the told events say about every limit, told again without the code under test: 坛 六, 七 and design 3.

From the ledger alone: which limits there must be, who bears them, when each ends or ended, how, and every row it went
through. What the ledger leaves open (who kept a post at that moment, since when the next year's calendar is at hand)
stands in `Hearsay`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise, zip_longest
from typing import Any

import chinese_calendar
from sqlalchemy import RowMapping

from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import BearerKind as Bearer
from backend.domain.vocabulary import Category, Channel, ClockChange, ClockEnd, Measure, Source, Strictness
from tests.services.inquiry_facts import Event, Facts

LAST_KNOWN_YEAR = 2026
NEXT_YEAR = 2027
NEXT_HOLIDAYS = {date(2027, 1, 1), date(2027, 1, 4), date(2027, 5, 3), date(2027, 10, 1)}
"""Weekdays off in the notice that the machine loads for the next year; 1 May is a Saturday."""
NEXT_MAKE_UPS = {date(2027, 1, 9)}

APPLIED = {Category.APPLICATION, Category.REPORT, Category.OTHER}
"""What 第六条 is about; consultations have 第七条, complaints go elsewhere."""


@dataclass(frozen=True)
class Duty:
    """What the statute says about a limit: who bears it, how firmly, and which item a breach points to."""

    bearer: Bearer
    strictness: Strictness
    item: str | None
    days: int | None = None


TAN = {
    "handle-on-the-spot": Duty(Bearer.FIRST_RESPONDER, Strictness.AT_ONCE, "第十条（一）1"),
    "report-joint": Duty(Bearer.FIRST_RESPONDER, Strictness.AT_ONCE, "第十条（一）1"),
    "answer-consult": Duty(Bearer.FIRST_RESPONDER, Strictness.PRINCIPLE, "第十条（一）2", 2),
    "handling-limit": Duty(Bearer.HOLDER, Strictness.MUST, "第十条（一）2"),
    "superior-law": Duty(Bearer.HOLDER, Strictness.MUST, "第十条（一）2"),
    "unit-promise": Duty(Bearer.HOLDER, Strictness.PROMISE, None),
    "written-transfer": Duty(Bearer.FIRST_UNIT, Strictness.MUST, "第十条（二）2", 2),
    "joint-plan": Duty(Bearer.FIRST_UNIT, Strictness.MUST, "第十条（二）2", 3),
    "accept-at-once": Duty(Bearer.COMPETENT_AUTHORITY, Strictness.AT_ONCE, "第十条（二）3"),
}
LU = {
    "handling-limit": Duty(Bearer.HOLDER, Strictness.MUST, "三（二）"),
    "unit-promise": Duty(Bearer.HOLDER, Strictness.PROMISE, None),
}
"""泸 sets no days: only what a unit states or promises runs."""
DUTIES = {Measure.TAN: TAN, Measure.LU: LU}
STATED = ("handling-limit", "superior-law")
"""Limits whose days somebody states; the first of them is the only one that can pause."""
PERSONAL = {Bearer.FIRST_RESPONDER, Bearer.HOLDER}
"""Who takes over bears these."""
NEVER_SERVED = ("written-transfer", "handle-on-the-spot")
"""What ends when the matter turns out to be neither simple nor another one's."""


@dataclass(frozen=True)
class Terms:
    """What the units of the office laid down: hours, promises, and the limits in their 事项目录."""

    closes: dict[str, time]
    promises: dict[tuple[str, Category], int]
    matters: dict[str, RowMapping]


@dataclass
class Hearsay:
    """What the ledger does not tell. `keepers`: who was there for the holding post at a version, in order.

    `answering`: the first of them whom it is not about. `calendar_from`: the version from which on the next year's
    calendar was at hand; None while it is not.
    """

    keepers: dict[int, list[str]] = field(default_factory=dict)
    answering: dict[int, str | None] = field(default_factory=dict)
    calendar_from: int | None = None

    def knows_next_year(self, event: Event) -> bool:
        if self.calendar_from is None:
            return False
        return event.name == "clock_recalculated" or event.version > self.calendar_from


@dataclass(frozen=True)
class Row:
    """One row of a limit, as far as it can be told. `anchor` and `days` are what its end is counted from."""

    change: ClockChange | None
    created_at: datetime
    due_at: datetime
    due_soon_at: datetime | None
    is_provisional: bool
    bearer_unit_id: str
    bearer_staff_id: str | None
    anchor: datetime
    days: int | None
    paused_at: datetime | None = None
    remaining_days: int | None = None


@dataclass
class Limit:
    """A limit from its start to how it ended."""

    duty: str
    round: int
    handoff_id: str | None
    starts_at: datetime
    rows: list[Row]
    ended_at: datetime | None = None
    end: ClockEnd | None = None
    is_corrected_away: bool = False

    @property
    def now(self) -> Row:
        return self.rows[-1]


class Telling:
    """Follows the told events and keeps the limits they explain."""

    def __init__(self, facts: Facts, terms: Terms, hearsay: Hearsay) -> None:
        self.facts, self.terms, self.hearsay = facts, terms, hearsay
        self.measure = Measure(facts.inquiry["measure"])
        self.duties = DUTIES[self.measure]
        self.limits: list[Limit] = []
        self.category = Category.OTHER
        self.is_written = False
        self.holder: dict[str, str | None] = {}
        self.round = 1
        self.began = facts.inquiry["received_at"]
        self.stands_still = False
        self.next_year = False

    def tell(self) -> list[Limit]:
        """The limits after all that was told."""
        for event in self.facts.events:
            self.next_year = self.hearsay.knows_next_year(event)
            self._name(event)
            act: Callable[[Event], None] | None = getattr(self, f"_{event.name}", None)
            if act is not None:
                act(event)
            self.holder = event.body.get("holder") or self.holder
        return self.limits

    # What happens to an inquiry.

    def _filed(self, event: Event) -> None:
        told = event.facts
        self.category, self.is_written = Category(told["category"]), told["written"]
        self.holder = event.body["holder"]
        self.hearsay.keepers[event.version] = [told["first_responder"]] if told["first_responder"] else []
        self._asked(event, ())

    def _reopened(self, event: Event) -> None:
        self.round, self.began, self.holder = event.body["round"], event.at, event.body["holder"]
        self.stands_still = False
        self._asked(event, ())
        last = [limit for limit in self.limits if limit.round == self.round - 1]
        for limit in last:
            if limit.duty in STATED and limit.end is ClockEnd.MET:
                # What was stated for the last round holds for this one.
                self._start(event, limit.duty, event.at, limit.rows[0].days)

    def _confirmed(self, event: Event) -> None:
        if event.facts["competent"] or event.facts.get("on_the_spot"):
            self._end(event, ClockEnd.CANCELLED, "written-transfer")
        if event.facts.get("on_the_spot"):
            self._start(event, "handle-on-the-spot", event.at, None)

    def _offered(self, event: Event) -> None:
        if event.facts["kind"] == "section":
            self._end(event, ClockEnd.CANCELLED, *NEVER_SERVED)
            return
        self._served(event, event.at)
        if self.is_written and self.category in APPLIED:
            handoff, to = event.facts["handoff"], event.facts["to_unit"]
            self._start(event, "accept-at-once", event.at, None, handoff=handoff, bearer=(to, None))

    def _accepted(self, event: Event) -> None:
        self._end(event, ClockEnd.MET, "accept-at-once")
        self.holder = event.body["holder"]
        self._take_over(event, self.holder["staff"])
        self._resume(event)

    def _returned(self, event: Event) -> None:
        self._end(event, ClockEnd.CANCELLED, "accept-at-once")

    _lapsed = _returned

    def _assigned(self, event: Event) -> None:
        section = event.body["holder"]["section"]
        if section not in {None, self.holder["section"]}:
            self._end(event, ClockEnd.CANCELLED, *NEVER_SERVED)
        self.holder = event.body["holder"]
        self._take_over(event, self.holder["staff"])

    def _noticed(self, event: Event) -> None:
        self._end(event, ClockEnd.CANCELLED, *NEVER_SERVED)
        row = next(row for row in self.facts.rows["notices"] if row["id"] == event.facts["notice"])
        duty, since = "handling-limit", event.at
        if row["matter_id"] is not None:
            since = self.began
            if self.terms.matters[row["matter_id"]]["regime"] is not None:
                duty = self._prevail(event)
        if row["limit_days"] is not None and not self._running(*STATED):
            self._start(event, duty, since, row["limit_days"])
        if event.facts["position"] == 1:
            # 一次性: telling again buys no time.
            self.stands_still = True
            self._pause(event)

    def _matter_named(self, event: Event) -> None:
        if event.facts["matter"] is not None:
            self._end(event, ClockEnd.CANCELLED, "written-transfer")
        duty = self._prevail(event) if event.facts["regime"] is not None else "handling-limit"
        # Days that a notice alone stated give way to the 事项目录 where that ends earlier.
        self._end(event, ClockEnd.CANCELLED, duty)
        self._start(event, duty, self.began, event.facts["days"])
        if self.stands_still:
            self._pause(event)

    def _supplemented(self, event: Event) -> None:
        # What the office received earlier than it wrote it down ended the wait when it came.
        came = event.facts.get("received_at")
        self._resume(event, datetime.fromisoformat(came) if came else None)

    _attached = _supplemented

    def _clock_extended(self, event: Event) -> None:
        for limit in self._running("answer-consult"):
            days = (limit.now.days or 0) + event.facts["days"]
            due = self._count(limit.now.bearer_unit_id, limit.now.anchor, days)
            self._follow(event, limit, ClockChange.EXTENSION, days=days, **due)

    def _clock_recalculated(self, event: Event) -> None:
        for limit in self._running():
            now = limit.now
            due = self._count(now.bearer_unit_id, now.anchor, now.days)
            if not now.is_provisional or (due["is_provisional"] and due["due_at"] == now.due_at):
                continue
            if now.paused_at is not None:
                due["remaining_days"] = self._days_left(now.paused_at, due["due_at"])
            self._follow(event, limit, ClockChange.CALENDAR, **due)

    def _reclassified(self, event: Event) -> None:
        told, before = event.facts, self.category
        self.category = Category(told["new_category"])
        sent_online = self.facts.inquiry["source"] in {Source.SIGN, Source.WEB, Source.MINIPROGRAM}
        counts = self.category is Category.APPLICATION and (
            sent_online or told["new_channel"] == Channel.LETTER.value
        )
        self.is_written = self.is_written or counts
        gone = [] if self.category is before else self._running("unit-promise", "answer-consult")
        for limit in gone:
            limit.ended_at, limit.end, limit.is_corrected_away = event.at, ClockEnd.CANCELLED, True
        if self.category is Category.COMPLAINT and before is not Category.COMPLAINT:
            self.holder = event.body["holder"]
            self._take_over(event, self.holder["staff"] or self.hearsay.answering[event.version])
        if self.category is not before:
            had = [
                limit for limit in self.limits if limit.round == self.round and not limit.is_corrected_away
            ]
            self._asked(event, {limit.duty for limit in had})

    def _joint_started(self, event: Event) -> None:
        self._resume(event)
        found_at = datetime.fromisoformat(event.facts["found_at"])
        self._start(event, "report-joint", found_at, None)
        self._end(event, ClockEnd.MET, "report-joint")
        self._end(event, ClockEnd.CANCELLED, *NEVER_SERVED)
        self._start(event, "joint-plan", event.at, TAN["joint-plan"].days)

    def _joint_planned(self, event: Event) -> None:
        self._end(event, ClockEnd.MET, "joint-plan")

    _joint_referred = _joint_planned

    def _dispute_decided(self, event: Event) -> None:
        self.holder = event.body["holder"]
        if event.facts["from_unit"] == event.facts["to_unit"]:
            self._end(event, ClockEnd.CANCELLED, "written-transfer")
        else:
            self._served(event, event.at)
        self._take_over(event, self.holder["staff"] or self.hearsay.answering[event.version])
        self._resume(event)

    def _closed(self, event: Event) -> None:
        if "served_at" in event.facts:
            self._served(event, datetime.fromisoformat(event.facts["served_at"]))
        self._end(event, ClockEnd.CANCELLED, "written-transfer", "accept-at-once", "joint-plan")
        self._end(event, ClockEnd.MET)
        self.stands_still = False

    def _withdrawn(self, event: Event) -> None:
        self._end(event, ClockEnd.CANCELLED)
        self.stands_still = False

    # What that does to limits.

    def _name(self, event: Event) -> None:
        """Whoever first takes up what nobody was there for bears its limits."""
        named = event.facts.get("first_responder")
        if named is not None and event.name not in {"filed", "assigned"}:
            self._take_over(event, named)

    def _asked(self, event: Event, had: Any) -> None:
        """What being asked starts, from when it was asked: a late entry and a correction gain no time."""
        if self.category is Category.CONSULT and "answer-consult" not in had:
            self._start(event, "answer-consult", self.began, TAN["answer-consult"].days)
        bound = self.is_written and self.category in APPLIED and self.round == 1
        if bound and "written-transfer" not in had:
            self._start(event, "written-transfer", self.began, TAN["written-transfer"].days)
        promised = self.terms.promises.get((self.facts.inquiry["first_unit_id"], self.category))
        if promised is not None and "unit-promise" not in had:
            self._start(event, "unit-promise", self.began, promised)

    def _prevail(self, event: Event) -> str:
        """坛 五: what another regime says stands before the measure's own limits. 泸 has no such clause."""
        if self.measure is Measure.LU:
            return "handling-limit"
        self._end(event, ClockEnd.CANCELLED, "handling-limit", "answer-consult")
        return "superior-law"

    def _served(self, event: Event, at: datetime) -> None:
        """送达 completes the transfer at that moment, however late it is written down."""
        self._end(event, ClockEnd.MET, "written-transfer", at=at)
        self._end(event, ClockEnd.CANCELLED, "handle-on-the-spot", at=at)

    def _running(self, *duties: str) -> list[Limit]:
        live = [limit for limit in self.limits if limit.ended_at is None]
        return [limit for limit in live if not duties or limit.duty in duties]

    def _start(
        self,
        event: Event,
        duty: str,
        since: datetime,
        days: int | None,
        *,
        handoff: str | None = None,
        bearer: tuple[str, str | None] | None = None,
    ) -> None:
        if duty not in self.duties:
            return
        unit_id, staff_id = bearer or self._bearer(event, self.duties[duty].bearer)
        row = Row(
            change=None,
            created_at=event.at,
            bearer_unit_id=unit_id,
            bearer_staff_id=staff_id,
            anchor=since,
            days=days,
            **self._count(unit_id, since, days),
        )
        self.limits.append(Limit(duty, self.round, handoff, since, [row]))

    def _bearer(self, event: Event, kind: Bearer) -> tuple[str, str | None]:
        unit_id, staff_id = str(self.holder["unit"]), self.holder["staff"]
        if kind not in PERSONAL:
            return unit_id, None
        if kind is Bearer.FIRST_RESPONDER and staff_id is None:
            # Whoever is there for the post bears 首问责任 now.
            there = self.hearsay.keepers.get(event.version, [])
            return unit_id, there[0] if there else None
        return unit_id, staff_id

    def _end(self, event: Event, how: ClockEnd, *duties: str, at: datetime | None = None) -> None:
        for limit in self._running(*duties):
            limit.ended_at, limit.end = at or event.at, how

    def _take_over(self, event: Event, staff_id: str | None) -> None:
        """Another one bears the limits from here; their ends stay.

        承接首问责任 (六（二）、七（二）) is said of the own unit: to another one goes only the limit of whoever holds it.
        """
        unit_id = str(self.holder["unit"])
        for limit in self._running():
            kind = self.duties[limit.duty].bearer
            goes_along = kind is Bearer.HOLDER and limit.duty != "unit-promise"
            stays = limit.now.bearer_unit_id != unit_id and not goes_along
            if kind in PERSONAL and not stays and limit.now.bearer_staff_id != staff_id:
                bearer = {"bearer_unit_id": unit_id, "bearer_staff_id": staff_id}
                self._follow(event, limit, ClockChange.TAKEOVER, **bearer)

    def _pause(self, event: Event) -> None:
        for limit in self._running("handling-limit"):
            if limit.now.paused_at is None and event.at <= limit.now.due_at:
                left = self._days_left(event.at, limit.now.due_at)
                self._follow(event, limit, ClockChange.PAUSE, paused_at=event.at, remaining_days=left)

    def _resume(self, event: Event, came: datetime | None = None) -> None:
        """The wait is over: what stood still runs on with the days that were left, else to the end of the day."""
        self.stands_still = False
        for limit in self._running(*STATED):
            if limit.now.paused_at is None:
                continue
            since = max(came or event.at, limit.now.paused_at)
            days = limit.now.remaining_days or None
            due = self._count(limit.now.bearer_unit_id, since, days)
            plain = {"paused_at": None, "remaining_days": None, "anchor": since, "days": days}
            self._follow(event, limit, ClockChange.RESUME, **plain, **due)

    def _follow(self, event: Event, limit: Limit, change: ClockChange, **different: Any) -> None:
        limit.rows.append(replace(limit.now, change=change, created_at=event.at, **different))

    # Counting (参照民法典 201, 203).

    def _count(self, unit_id: str, since: datetime, days: int | None) -> dict[str, Any]:
        due_at, warning = count_days(self.terms.closes[unit_id], since, days, next_year=self.next_year)
        return {
            "due_at": due_at,
            "due_soon_at": warning if warning > since else None,
            "is_provisional": is_provisional(due_at, next_year=self.next_year),
        }

    def _days_left(self, since: datetime, due_at: datetime) -> int:
        day, left = local_day(since), 0
        while day < local_day(due_at):
            day += timedelta(days=1)
            left += is_workday(day, next_year=self.next_year)
        return left


def count_days(
    closes: time, since: datetime, days: int | None, *, next_year: bool
) -> tuple[datetime, datetime]:
    """Close of business of the `days`th working day, the day itself not counted; None: 即时. And of the day before it."""
    day = local_day(since)
    if days is None:
        if since >= close_of(day, closes):
            day += timedelta(days=1)
        while not is_workday(day, next_year=next_year):
            day += timedelta(days=1)
    for _ in range(days or 0):
        day += timedelta(days=1)
        while not is_workday(day, next_year=next_year):
            day += timedelta(days=1)
    before = day - timedelta(days=1)
    while not is_workday(before, next_year=next_year):
        before -= timedelta(days=1)
    return close_of(day, closes), close_of(before, closes)


def is_provisional(moment: datetime, *, next_year: bool) -> bool:
    """暂定: its year has no official calendar yet."""
    return local_day(moment).year > (NEXT_YEAR if next_year else LAST_KNOWN_YEAR)


@cache
def is_workday(day: date, *, next_year: bool) -> bool:
    """Whether offices work; of a year without data Monday to Friday. `next_year`: its notice is at hand."""
    if day.year <= LAST_KNOWN_YEAR:
        return bool(chinese_calendar.is_workday(day))
    if next_year and day.year == NEXT_YEAR and day in NEXT_HOLIDAYS | NEXT_MAKE_UPS:
        return day in NEXT_MAKE_UPS
    return day.weekday() < 5


def local_day(moment: datetime) -> date:
    """The Beijing day of a moment."""
    return moment.astimezone(SHANGHAI).date()


def close_of(day: date, closes: time) -> datetime:
    """Close of business of a day."""
    return datetime.combine(day, closes, SHANGHAI)


TOLD = (
    "change", "created_at", "due_at", "due_soon_at", "is_provisional", "bearer_unit_id", "bearer_staff_id",
    "paused_at", "remaining_days",
)  # fmt: skip


Shape = tuple[dict[str, Any], list[dict[str, Any]]]
"""A limit as a whole, and each of its rows; moments in words, so that a difference reads well."""


def expected_limits(facts: Facts, terms: Terms, hearsay: Hearsay) -> list[Shape]:
    """Every limit that the told events explain, in the order of their starts."""
    duties = DUTIES[facts.inquiry["measure"]]
    limits = Telling(facts, terms, hearsay).tell()
    limits.sort(key=lambda limit: (limit.rows[0].created_at, limit.duty))
    return [
        (
            {
                "duty": limit.duty,
                "round": limit.round,
                "handoff": limit.handoff_id,
                "strictness": duties[limit.duty].strictness,
                "starts_at": said(limit.starts_at),
                "ended_at": said(limit.ended_at),
                "end": limit.end,
            },
            [{name: said(getattr(row, name)) for name in TOLD} for row in limit.rows],
        )
        for limit in limits
    ]


def actual_limits(facts: Facts) -> list[Shape]:
    """The same, as the database has them."""
    column = {"change": "change_kind"}
    return [
        (
            {
                "duty": rows[-1]["duty"],
                "round": rows[-1]["round"],
                "handoff": rows[-1]["handoff_id"],
                "strictness": rows[-1]["strictness"],
                "starts_at": said(rows[-1]["starts_at"]),
                "ended_at": said(rows[-1]["ended_at"]),
                "end": rows[-1]["end_kind"],
            },
            [{name: said(row[column.get(name, name)]) for name in TOLD} for row in rows],
        )
        for rows in facts.limits
    ]


def said(value: Any) -> Any:
    """A moment in Beijing time, to the microsecond; anything else as it is."""
    return (
        value.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(" ")
        if isinstance(value, datetime)
        else value
    )


def check_limits(facts: Facts, terms: Terms, hearsay: Hearsay) -> None:
    """Every limit is explained by what was told: its start, its bearer, its rows, its end."""
    nothing: Shape = ({}, [])
    pairs = zip_longest(actual_limits(facts), expected_limits(facts, terms, hearsay), fillvalue=nothing)
    for (limit, rows), (told, told_rows) in pairs:
        assert limit == told, f"{limit} should be {told}"
        for row, told_row in zip_longest(rows, told_rows, fillvalue={}):
            wrong = {key: (row.get(key), value) for key, value in told_row.items() if row.get(key) != value}
            assert row == told_row, f"{limit}: {row}: is and should be {wrong}"
    for rows in facts.limits:
        assert all(row["end_kind"] is ClockEnd.SUPERSEDED for row in rows[:-1])
        assert all(row["ended_at"] == after["created_at"] for row, after in pairwise(rows))
        assert len({(row["starts_at"], row["strictness"], row["clause"], row["quote"]) for row in rows}) == 1
