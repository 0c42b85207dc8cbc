"""实施细则 of a unit (坛 十一; 泸 二（二）1) as a document: what it may say, read and checked whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeVar

from backend.domain.clocks import BusinessHours, Season
from backend.domain.texts import TextEmpty, TextInvalid, TextTooLong, clean_text
from backend.domain.vocabulary import Category, Regime, UnitRecordKind, Word

W = TypeVar("W", bound=Word)

LONGEST_PROMISE = 90
LONGEST_LIMIT = 366
"""Working days."""
EARLIEST_CLOSE, LATEST_CLOSE = time(12), time(20)
"""Close of business lies in between: hours may not be used to stretch a limit."""
LONG_TEXT = 20_000
_PARTS = ("hours", "promises", "matters", "records")


class RulesInvalid(ValueError):
    """A document that cannot be taken; the text is one Chinese line that names the entry."""


@dataclass(frozen=True, slots=True)
class Promise:
    """承诺时限 for a category. `basis` says where it is published."""

    category: Category
    working_days: int
    basis: str


@dataclass(frozen=True, slots=True)
class MatterEntry:
    """One entry of the 事项目录; `basis` is the law its limit stands in."""

    name: str
    regime: Regime | None
    basis: str
    legal_days: int | None
    promised_days: int | None
    procedure: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """A dated paper of the unit."""

    kind: UnitRecordKind
    title: str
    document_number: str
    dated_on: date
    body: str


@dataclass(frozen=True, slots=True)
class UnitRules:
    """The whole document. It replaces hours, promises and matters; papers are added to those on record."""

    seasons: tuple[Season, ...]
    promises: tuple[Promise, ...]
    matters: tuple[MatterEntry, ...]
    records: tuple[RecordEntry, ...]


def read_rules(data: Mapping[str, Any]) -> UnitRules:
    """The rules in a parsed TOML or JSON document: hours, promises, matters, records, each of them optional.

    Raises RulesInvalid.
    """
    unknown = sorted(set(data) - set(_PARTS))
    if unknown:
        raise RulesInvalid(f"没有“{unknown[0]}”这一部分，只认 " + "、".join(_PARTS))
    rules = UnitRules(
        _seasons(data.get("hours", {})),
        tuple(_promise(entry) for entry in _entries(data, "promises")),
        tuple(_matter(entry) for entry in _entries(data, "matters")),
        tuple(_record(entry) for entry in _entries(data, "records")),
    )
    _each_once("promises", "首问类别", [promise.category.label for promise in rules.promises])
    _each_once("matters", "事项", [matter.name for matter in rules.matters])
    _each_once("records", "文件", [f"{one.title} {one.document_number}".strip() for one in rules.records])
    return rules


def _seasons(hours: Any) -> tuple[Season, ...]:
    if not isinstance(hours, Mapping):
        raise RulesInvalid('hours：应当写成 "05-01" = 18:00:00 的样子')
    seasons = []
    for start in sorted(str(key) for key in hours):
        closes_at = _time(hours[start], f"hours 的 {start}")
        if not EARLIEST_CLOSE <= closes_at <= LATEST_CLOSE:
            raise RulesInvalid(f"hours 的 {start}：下班时间应当在 12:00 到 20:00 之间")
        seasons.append(Season(start, closes_at))
        try:
            BusinessHours(seasons=(seasons[-1],))
        except ValueError:
            raise RulesInvalid(f"hours 的 {start}：起始日应当是每年都有的月和日，写成 05-01 的样子") from None
    return tuple(seasons)


def _promise(entry: _Entry) -> Promise:
    promise = Promise(
        entry.word("category", Category),
        entry.days("working_days", LONGEST_PROMISE),
        entry.text("basis", 300),
    )
    entry.finish()
    return promise


def _matter(entry: _Entry) -> MatterEntry:
    entry.call(entry.text("name", 120))
    matter = MatterEntry(
        entry.name,
        entry.word("regime", Regime) if entry.has("regime") else None,
        entry.text("basis", 500),
        entry.days("legal_days", LONGEST_LIMIT) if entry.has("legal_days") else None,
        entry.days("promised_days", LONGEST_LIMIT) if entry.has("promised_days") else None,
        entry.may_be_empty("procedure", LONG_TEXT),
        entry.texts("documents"),
    )
    if matter.legal_days is None and matter.promised_days is None:
        raise entry.invalid("legal_days（法定时限）和 promised_days（承诺时限）至少写一个")
    if matter.legal_days and matter.promised_days and matter.promised_days > matter.legal_days:
        raise entry.invalid(
            f"承诺时限 {matter.promised_days} 个工作日长于法定时限 {matter.legal_days} 个工作日"
        )
    entry.finish()
    return matter


def _record(entry: _Entry) -> RecordEntry:
    entry.call(entry.text("title", 120))
    record = RecordEntry(
        entry.word("kind", UnitRecordKind),
        entry.name,
        entry.may_be_empty("document_number", 80),
        entry.day("dated_on"),
        entry.may_be_empty("body", LONG_TEXT),
    )
    entry.finish()
    return record


class _Entry:
    """One entry of a list; keeps account of what was read, so that a misspelt key is not passed over."""

    def __init__(self, part: str, place: int, values: Any) -> None:
        self._place = f"{part} 第 {place} 条"
        self.name = ""
        if not isinstance(values, Mapping):
            raise self.invalid("应当是一个表")
        self._values = values
        self._read: set[str] = set()

    def invalid(self, sentence: str) -> RulesInvalid:
        named = f"（{self.name}）" if self.name else ""
        return RulesInvalid(f"{self._place}{named}：{sentence}")

    def call(self, name: str) -> None:
        self.name = name

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, limit: int) -> str:
        return self._clean(key, self._get(key), limit)

    def may_be_empty(self, key: str, limit: int) -> str:
        return self.text(key, limit) if self.has(key) and self._values[key] != "" else self._skip(key)

    def texts(self, key: str, limit: int = 200) -> tuple[str, ...]:
        value = self._get(key) if self.has(key) else []
        if not isinstance(value, list):
            raise self.invalid(f"{key} 应当是一组文字")
        return tuple(self._clean(key, one, limit) for one in value)

    def days(self, key: str, most: int) -> int:
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise self.invalid(f"{key} 应当是 1 到 {most} 的整数")
        return value

    def day(self, key: str) -> date:
        value = self._get(key)
        try:
            return value if type(value) is date else date.fromisoformat(str(value))
        except ValueError:
            raise self.invalid(f"{key} 应当是日期，写成 2026-01-31 的样子") from None

    def word(self, key: str, kind: type[W]) -> W:
        value = self._get(key)
        for word in kind:
            if value == word.value:
                return word
        raise self.invalid(f"{key} 只能是 " + "、".join(f"{word.value}（{word.label}）" for word in kind))

    def finish(self) -> None:
        unknown = sorted(set(self._values) - self._read)
        if unknown:
            raise self.invalid(f"不认识的键 {unknown[0]}")

    def _clean(self, key: str, value: Any, limit: int) -> str:
        if not isinstance(value, str):
            raise self.invalid(f"{key} 应当是文字")
        try:
            return clean_text(value.strip(), limit=limit, lines=limit == LONG_TEXT)
        except TextEmpty:
            raise self.invalid(f"{key} 是空的") from None
        except TextTooLong:
            raise self.invalid(f"{key} 太长，最多 {limit} 个字") from None
        except TextInvalid:
            raise self.invalid(f"{key} 里有不能保存的字符") from None

    def _skip(self, key: str) -> str:
        self._read.add(key)
        return ""

    def _get(self, key: str) -> Any:
        if key not in self._values:
            raise self.invalid(f"缺少 {key}")
        self._read.add(key)
        return self._values[key]


def _entries(data: Mapping[str, Any], part: str) -> list[_Entry]:
    values = data.get(part, [])
    if not isinstance(values, list):
        raise RulesInvalid(f"{part}：应当写成几个 [[{part}]]")
    return [_Entry(part, place, value) for place, value in enumerate(values, start=1)]


def _time(value: Any, place: str) -> time:
    try:
        found = value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError:
        raise RulesInvalid(f"{place}：应当是钟点，写成 18:00 的样子") from None
    if found.tzinfo is not None or found.second or found.microsecond:
        raise RulesInvalid(f"{place}：应当是北京时间的钟点，写到分")
    return found


def _each_once(part: str, what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise RulesInvalid(f"{part}：{what}“{name}”出现了两次")
