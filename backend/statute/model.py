"""What a measure says, as frozen values: its duties, the words they stand on, and our readings of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from backend.domain.vocabulary import BearerKind, Category, LeadAgainst, Strictness, Word
from backend.domain.vocabulary import Measure as MeasureId

ReadingValue = bool | int | str | time


class Event(Word):
    """What happens to an inquiry, as far as a duty starts, is met or falls away by it. The list is closed."""

    FILED = "filed", "收到"
    REOPENED = "reopened", "重新打开"
    COMPETENCE_CONFIRMED = "competence_confirmed", "签收并确认属于本单位职责"
    SECTION_HANDOFF = "section_handoff", "转交本单位其他科室"
    UNIT_HANDOFF_SERVED = "unit_handoff_served", "书面移交送达"
    HANDOFF_ACCEPTED = "handoff_accepted", "承接"
    HANDOFF_RETURNED = "handoff_returned", "退回"
    HANDOFF_LAPSED = "handoff_lapsed", "逾期未承接"
    NOTICE_GIVEN = "notice_given", "一次性告知"
    REFUSED = "refused", "决定不予办理"
    CLOSED = "closed", "办结"
    WITHDRAWN = "withdrawn", "服务对象撤回"
    READY_ON_THE_SPOT = "ready_on_the_spot", "确认能够当场办理"
    UNLISTED_DEMAND = "unlisted_demand", "再次要求清单以外的材料"
    SUPPLEMENTED = "supplemented", "服务对象补充"
    RECLASSIFIED = "reclassified", "更正首问类别"
    MATTER_NAMED = "matter_named", "认定为事项目录中的事项"
    REGIME_NAMED = "regime_named", "认定适用其他规定"
    JOINT_REPORTED = "joint_reported", "报告到达首问机关负责人"
    JOINT_ASKED = "joint_asked", "请其他单位共同办理"
    JOINT_ANSWERED = "joint_answered", "其他单位表明意见"
    JOINT_PLANNED = "joint_planned", "商定办理方案"
    JOINT_DISAGREED = "joint_disagreed", "协调会商难以解决"
    JOINT_REFERRED = "joint_referred", "书面报告上级"
    NOT_OURS = "not_ours", "认定不属于本单位职责"
    GUIDED = "guided", "引导并说明"
    RESULT_BACK = "result_back", "移交事项的结果反馈"
    RATED = "rated", "服务对象评价"
    FOLLOWED_UP = "followed_up", "电话回访"


class LimitKind(Word):
    WORKING_DAYS = "working_days", "工作日"
    AT_ONCE = "at_once", "即时"
    STATED = "stated", "告知书或事项目录写明"
    PROMISED = "promised", "单位承诺"
    NONE = "none", "未规定天数"


@dataclass(frozen=True, slots=True)
class Limit:
    """`days` is a number of working days, and None unless `kind` is WORKING_DAYS."""

    kind: LimitKind
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A place to cite: `clause` in full, `short_clause` as on a screen, and the exact passages of the text.

    `quote` is empty only where the text is silent and the person acting states the basis (泸: returning a
    hand-off).
    """

    clause: str
    short_clause: str
    quote: tuple[str, ...]
    categories: tuple[Category, ...] = ()
    """For which categories it is cited alone; empty: for any that has none of its own."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """An official 解释 (坛 十三) of a duty: the paper, its day, its words, and the readings of ours it replaces."""

    document: str
    issued_on: date
    text: str
    replaces: tuple[str, ...]


class ElementKind(Word):
    """Who can fill an element of an accountability item: the system from its facts, or only a human."""

    FACT = "fact", "系统记录的事实"
    HUMAN = "human", "由人认定"


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that must hold for an item of accountability to apply."""

    id: str
    text: str
    kind: ElementKind


@dataclass(frozen=True, slots=True)
class Accountability:
    """One item of the article on accountability (坛 十（一）1 …; 泸 三（二）, 三（三）). It never applies by itself."""

    item: str
    clause: Clause
    against: LeadAgainst
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of a measure.

    `categories`: empty means any category. `written`: True binds written applications only. `standing`: it
    concerns a unit all the time and no single inquiry, so that no event starts it. `accountability` is the 问责
    item a breach points to, or None; `readings` are the ids of the readings it rests on, those that an official
    interpretation replaces left out.
    """

    id: str
    title: str
    clause: str
    short_clause: str
    quote: tuple[str, ...]
    bearer: BearerKind
    starts_on: tuple[Event, ...]
    met_by: tuple[Event, ...]
    cancelled_by: tuple[Event, ...]
    limit: Limit
    strictness: Strictness
    accountability: str | None
    readings: tuple[str, ...]
    categories: tuple[Category, ...]
    written: bool
    standing: bool
    interpretations: tuple[Interpretation, ...]

    @property
    def has_limit(self) -> bool:
        """Whether the law sets a limit, so that the duty runs a clock."""
        return self.limit.kind is not LimitKind.NONE

    def binds(self, category: Category, written: bool) -> bool:
        """Whether the duty concerns an inquiry of `category` that is, or is not, a written application."""
        return (not self.categories or category in self.categories) and (written or not self.written)


@dataclass(frozen=True, slots=True)
class Terms:
    """The measure's own words, never mixed on one screen."""

    system: str
    first_responder: str
    first_unit: str


@dataclass(frozen=True, slots=True)
class HandoffClauses:
    """What to cite for a hand-off inside the unit, to another unit, and for returning one."""

    section: tuple[Clause, ...]
    unit: tuple[Clause, ...]
    returned: tuple[Clause, ...]

    def to_section(self, category: Category) -> Clause:
        """What a hand-off inside the unit is made under: where a text has its own words for consultations, those."""
        return self._for(self.section, category)

    def to_unit(self, category: Category) -> Clause:
        """The same for another unit."""
        return self._for(self.unit, category)

    @staticmethod
    def _for(clauses: tuple[Clause, ...], category: Category) -> Clause:
        own = [clause for clause in clauses if category in clause.categories]
        return own[0] if own else clauses[0]


@dataclass(frozen=True, slots=True)
class Underlying:
    """A text the measure rests on. `source` is None while it is not at hand; then `note` says so."""

    title: str
    source: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the two official documents. `source` is the name of its text under sources/."""

    id: MeasureId
    title: str
    document_number: str
    issued_on: date
    source: str
    no_limit_note: str
    terms: Terms
    underlying: Underlying | None
    handoff_clauses: HandoffClauses
    duties: tuple[Duty, ...]
    accountability: tuple[Accountability, ...]
    tolerance: Clause | None
    """What the measure says about 容错 (坛 九); None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A practice of ours where the texts are silent. `unit`: what a number counts, working_days or times."""

    id: str
    sentence: str
    value: ReadingValue
    unit: str | None


@dataclass(frozen=True, slots=True)
class Statute:
    """Both measures and all readings. `reading_label` stands beside every reading on a screen."""

    measures: Mapping[MeasureId, Measure]
    readings: Mapping[str, Reading]
    reading_label: str

    def duty(self, measure: MeasureId, duty_id: str) -> Duty:
        """Raises KeyError for a duty the measure does not have."""
        for duty in self.measures[measure].duties:
            if duty.id == duty_id:
                return duty
        raise KeyError(duty_id)

    def accountability(self, measure: MeasureId, item: str) -> Accountability:
        """Raises KeyError for an item the measure does not have."""
        for accountability in self.measures[measure].accountability:
            if accountability.item == item:
                return accountability
        raise KeyError(item)

    def number(self, reading_id: str) -> int:
        """The value of a reading that is a number. Raises KeyError, TypeError."""
        value = self.readings[reading_id].value
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"reading {reading_id} is not a number")
        return value

    def time_of_day(self, reading_id: str) -> time:
        """The value of a reading that is a time of day, Beijing time. Raises KeyError, TypeError."""
        value = self.readings[reading_id].value
        if not isinstance(value, time):
            raise TypeError(f"reading {reading_id} is not a time of day")
        return value

    def duties_started_by(
        self, measure: MeasureId, trigger: Event, category: Category, written: bool
    ) -> tuple[Duty, ...]:
        """The duties that `trigger` starts for an inquiry, those without a limit included."""
        return tuple(
            duty
            for duty in self.measures[measure].duties
            if trigger in duty.starts_on and duty.binds(category, written)
        )
