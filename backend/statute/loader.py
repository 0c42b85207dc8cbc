"""Loading the statute: the files are taken only when every duty stands in the text it cites."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from backend.domain.vocabulary import BearerKind, Category, LeadAgainst, Strictness
from backend.domain.vocabulary import Measure as MeasureId
from backend.statute.model import (
    Accountability,
    Clause,
    Duty,
    Element,
    ElementKind,
    Event,
    HandoffClauses,
    Interpretation,
    Limit,
    LimitKind,
    Measure,
    Reading,
    Statute,
    Terms,
    Underlying,
)
from backend.statute.tables import Place, StatuteInvalid, Table, read_table, read_text

__all__ = ["StatuteInvalid", "fold_text", "load_statute"]

_DIRECTORY = Path(__file__).parent
_PAGE_MARK = re.compile(r"—\s*\d+\s*—")
_UNITS = ("working_days", "times")


def load_statute(directory: Path | None = None) -> Statute:
    """The statute under `directory`, by default the one beside this file, which is read once.

    `directory` holds measures/*.toml, readings.toml and sources/. Raises StatuteInvalid.
    """
    return _load_default() if directory is None else _load(directory)


def fold_text(text: str) -> str:
    """`text` without white space and page marks such as — 6 —: the sources are hard-wrapped and paginated."""
    return "".join(_PAGE_MARK.sub("", text).split())


@lru_cache(maxsize=1)
def _load_default() -> Statute:
    return _load(_DIRECTORY)


def _load(directory: Path) -> Statute:
    label, readings = _readings(read_table(directory, "readings.toml"))
    files = {f"{measure.value}.toml": measure for measure in MeasureId}
    for path in sorted((directory / "measures").glob("*.toml")):
        if path.name not in files:
            raise StatuteInvalid(f"measures/{path.name}", None, "没有这个办法，只认 " + "、".join(files))
    measures = {
        measure: _MeasureReader(directory, f"measures/{name}", readings).read(measure)
        for name, measure in files.items()
    }
    return Statute(MappingProxyType(measures), MappingProxyType(readings), label)


def _readings(table: Table) -> tuple[str, dict[str, Reading]]:
    label = table.text("label")
    readings: dict[str, Reading] = {}
    for row in table.tables("readings"):
        reading = _reading(row)
        if reading.id in readings:
            raise row.place.invalid(f"系统设定 {reading.id} 重复")
        readings[reading.id] = reading
    table.finish()
    return label, readings


def _reading(row: Table) -> Reading:
    id = row.text("id")
    row = row.within(id)
    sentence = row.text("sentence")
    value = row.anything("value")
    if not isinstance(value, bool | int | str | time):
        raise row.place.invalid("value 应当是 true/false、整数、钟点或文字")
    unit = row.text("unit") if row.has("unit") else None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number and unit not in _UNITS:
        raise row.place.invalid("整数要用 unit 写明单位：" + "、".join(_UNITS))
    if unit is not None and not is_number:
        raise row.place.invalid("只有整数才写 unit")
    row.finish()
    return Reading(id, sentence, value, unit)


class _MeasureReader:
    """Reads one measure file; knows the text its quotes must stand in."""

    def __init__(self, directory: Path, name: str, readings: dict[str, Reading]) -> None:
        self._directory = directory
        self._table = read_table(directory, name)
        self._place = self._table.place
        self._readings = readings
        self._items: set[str] = set()
        self._titles: list[str] = []
        self._texts: list[str] = []

    def read(self, expected: MeasureId) -> Measure:
        table = self._table
        measure_id = table.word("id", MeasureId, "办法")
        if measure_id is not expected:
            raise self._place.invalid(f"id 应当是 {expected.value}，与文件名一致")
        title = table.text("title")
        source = table.text("source")
        self._add_text(title, source)
        measure = Measure(
            id=measure_id,
            title=title,
            document_number=table.text("document_number"),
            issued_on=table.day("issued_on"),
            source=source,
            no_limit_note=table.text("no_limit_note"),
            terms=self._terms(table.table("terms")),
            underlying=self._underlying(table.table("underlying")) if table.has("underlying") else None,
            handoff_clauses=self._handoff_clauses(table.table("handoff_clauses")),
            accountability=self._all_accountability(table.tables("accountability")),
            tolerance=self._clause(table.table("tolerance")) if table.has("tolerance") else None,
            duties=self._duties(table.tables("duties")),
        )
        table.finish()
        self._must_stand_in_text(self._place, (measure.title, measure.document_number))
        return measure

    def _terms(self, table: Table) -> Terms:
        terms = Terms(table.text("system"), table.text("first_responder"), table.text("first_unit"))
        table.finish()
        self._must_stand_in_text(table.place, (terms.system, terms.first_responder, terms.first_unit))
        return terms

    def _underlying(self, table: Table) -> Underlying:
        title = table.text("title")
        source = table.text("source", may_be_empty=True) or None
        note = table.text("note", may_be_empty=source is not None)
        table.finish()
        if source is not None:
            self._add_text(title, source)
        return Underlying(title, source, note)

    def _handoff_clauses(self, table: Table) -> HandoffClauses:
        lists: dict[str, tuple[Clause, ...]] = {}
        for key in ("section", "unit", "return"):
            lists[key] = tuple(self._clause(row) for row in table.tables(key))
            if not lists[key]:
                raise table.place.invalid(f"handoff_clauses 中缺少 {key}")
            if key != "return" and not all(clause.quote for clause in lists[key]):
                raise table.place.invalid(f"handoff_clauses 的 {key} 缺少引文 quote")
        table.finish()
        return HandoffClauses(lists["section"], lists["unit"], lists["return"])

    def _clause(self, row: Table) -> Clause:
        clause = self._read_clause(row)
        if row.has("categories"):
            clause = replace(clause, categories=row.words("categories", Category, "首问类别"))
        row.finish()
        return clause

    def _read_clause(self, row: Table) -> Clause:
        clause = Clause(row.text("clause"), row.text("short_clause"), row.texts("quote"))
        if clause.quote:
            full = [f"《{title}》{clause.short_clause}" for title in self._titles]
            if clause.clause not in full:
                raise row.place.invalid("clause 应当是 " + " 或 ".join(full))
            self._must_stand_in_text(row.place, clause.quote)
        return clause

    def _duties(self, rows: list[Table]) -> tuple[Duty, ...]:
        duties: dict[str, Duty] = {}
        for row in rows:
            id = row.text("id")
            if id in duties:
                raise row.place.invalid(f"义务 {id} 重复")
            duties[id] = self._duty(id, row.within(id))
        return tuple(duties.values())

    def _duty(self, id: str, row: Table) -> Duty:
        cited = self._read_clause(row)
        if not cited.quote:
            raise row.place.invalid("缺少引文 quote")
        duty = Duty(
            id=id,
            title=row.text("title"),
            clause=cited.clause,
            short_clause=cited.short_clause,
            quote=cited.quote,
            bearer=row.word("bearer", BearerKind, "承担者"),
            starts_on=row.words("starts_on", Event, "起算事件") if row.has("starts_on") else (),
            met_by=row.words("met_by", Event, "履行事件") if row.has("met_by") else (),
            cancelled_by=row.words("cancelled_by", Event, "取消事件") if row.has("cancelled_by") else (),
            limit=_limit(row.table("limit")),
            strictness=row.word("strictness", Strictness, "严格程度"),
            accountability=row.text("accountability") if row.has("accountability") else None,
            readings=row.texts("readings"),
            categories=row.words("categories", Category, "首问类别") if row.has("categories") else (),
            written=row.flag("written", default=False),
            standing=row.flag("standing", default=False),
            interpretations=tuple(_interpretation(one) for one in row.tables("interpretations")),
        )
        row.finish()
        self._check(duty, row.place)
        replaced = {reading for one in duty.interpretations for reading in one.replaces}
        return replace(duty, readings=tuple(r for r in duty.readings if r not in replaced))

    def _check(self, duty: Duty, place: Place) -> None:
        self._check_events(duty, place)
        if duty.accountability is not None and duty.accountability not in self._items:
            raise place.invalid(f"没有问责情形 {duty.accountability}")
        for reading in (reading for one in duty.interpretations for reading in one.replaces):
            if reading not in duty.readings:
                raise place.invalid(f"解释所取代的系统设定 {reading} 不在 readings 里")
        for event in duty.met_by:
            if event in duty.cancelled_by:
                raise place.invalid(f"{event.value} 不能既算履行又算不再适用")
        for reading in duty.readings:
            if reading not in self._readings:
                raise place.invalid(f"没有系统设定 {reading}")

    def _check_events(self, duty: Duty, place: Place) -> None:
        if duty.standing:
            if duty.starts_on or duty.met_by or duty.limit.kind is not LimitKind.NONE:
                raise place.invalid("常设的义务（standing）不写起算事件、履行事件和时限")
        elif not duty.starts_on:
            raise place.invalid("starts_on 没有写起算事件")
        elif not duty.met_by:
            raise place.invalid("met_by 没有写履行事件")

    def _all_accountability(self, rows: list[Table]) -> tuple[Accountability, ...]:
        found: list[Accountability] = []
        for named in rows:
            item = named.text("item")
            row = named.within(item)
            if item in self._items:
                raise row.place.invalid(f"问责情形 {item} 重复")
            self._items.add(item)
            cited = self._read_clause(row)
            if not cited.quote:
                raise row.place.invalid("缺少引文 quote")
            against = row.word("against", LeadAgainst, "问责对象")
            elements = tuple(self._element(one) for one in row.tables("elements"))
            if not elements:
                raise row.place.invalid("缺少构成要素 elements")
            row.finish()
            found.append(Accountability(item, cited, against, elements))
        return tuple(found)

    def _element(self, row: Table) -> Element:
        element = Element(row.text("id"), row.text("text"), row.word("kind", ElementKind, "要素种类"))
        row.finish()
        return element

    def _add_text(self, title: str, source: str) -> None:
        self._titles.append(title)
        self._texts.append(fold_text(read_text(self._directory, f"sources/{source}", self._place)))

    def _must_stand_in_text(self, place: Place, passages: tuple[str, ...]) -> None:
        for passage in passages:
            folded = fold_text(passage)
            if not folded:
                raise place.invalid("引文是空的")
            if not any(folded in text for text in self._texts):
                raise place.invalid(f"原文中没有这一句：{passage}")


def _interpretation(row: Table) -> Interpretation:
    found = Interpretation(
        row.text("document"), row.day("issued_on"), row.text("text"), row.texts("replaces")
    )
    row.finish()
    return found


def _limit(table: Table) -> Limit:
    kind = table.word("kind", LimitKind, "时限种类")
    days = table.anything("days") if table.has("days") else None
    table.finish()
    if kind is LimitKind.WORKING_DAYS:
        if isinstance(days, bool) or not isinstance(days, int) or days < 1:
            raise table.place.invalid("limit 的 days 应当是不小于 1 的整数")
    elif days is not None:
        raise table.place.invalid(f"limit 是{kind.label}的，不写 days")
    return Limit(kind, days)
