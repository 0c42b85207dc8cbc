"""Reading a TOML table strictly: every key is asked for once, and what nobody asked for is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from backend.domain.vocabulary import Word

W = TypeVar("W", bound=Word)


class StatuteInvalid(ValueError):
    """Unusable statute data: which file, which duty or reading (None: the file itself), and why."""

    def __init__(self, file: str, duty: str | None, sentence: str) -> None:
        super().__init__("：".join(part for part in (file, duty, sentence) if part))
        self.file = file
        self.duty = duty
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error is: the file's name and the duty or reading inside it."""

    file: str
    duty: str | None = None

    def invalid(self, sentence: str) -> StatuteInvalid:
        return StatuteInvalid(self.file, self.duty, sentence)


class Table:
    """A TOML table being read. Methods raise StatuteInvalid for a missing key or one of another type."""

    def __init__(self, values: Mapping[str, Any], place: Place, name: str = "") -> None:
        self._left = dict(values)
        self._name = f"{name} 中" if name else ""
        self.place = place

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        value = self._take(key)
        if not isinstance(value, str):
            raise self.place.invalid(f"{self._name}{key} 应当是文字")
        if not value.strip() and not may_be_empty:
            raise self.place.invalid(f"{self._name}缺少 {key}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.place.invalid(f"{self._name}{key} 应当是一组文字")
        return tuple(values)

    def day(self, key: str) -> date:
        value = self._take(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.place.invalid(f"{self._name}{key} 应当是日期")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise self.place.invalid(f"{self._name}{key} 应当是 true 或 false")
        return value

    def word(self, key: str, kind: type[W], called: str) -> W:
        return self._known(self.text(key), kind, called)

    def words(self, key: str, kind: type[W], called: str) -> tuple[W, ...]:
        return tuple(self._known(value, kind, called) for value in self.texts(key))

    def anything(self, key: str) -> Any:
        return self._take(key)

    def has(self, key: str) -> bool:
        return key in self._left

    def table(self, key: str) -> Table:
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.place.invalid(f"{self._name}{key} 应当是一个表")
        return Table(value, self.place, key)

    def tables(self, key: str) -> list[Table]:
        """The tables of an array; none when the key is absent."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.place.invalid(f"{self._name}{key} 应当是一组表")
        return [Table(value, self.place, key) for value in values]

    def within(self, duty: str) -> Table:
        """The rest of this table, with errors pointing at `duty`."""
        return Table(self._left, Place(self.place.file, duty))

    def finish(self) -> None:
        """Raises StatuteInvalid for a key that nobody asked for."""
        for key in self._left:
            raise self.place.invalid(f"{self._name}有不认识的键 {key}")

    def _take(self, key: str) -> Any:
        if key not in self._left:
            raise self.place.invalid(f"{self._name}缺少 {key}")
        return self._left.pop(key)

    def _known(self, value: str, kind: type[W], called: str) -> W:
        known = {word.value: word for word in kind}
        if value not in known:
            raise self.place.invalid(f"不认识的{called} {value}，可用的有 " + "、".join(known))
        return known[value]


def read_table(directory: Path, name: str) -> Table:
    """The TOML file `name` (a path under `directory`). Raises StatuteInvalid: missing or malformed."""
    place = Place(name)
    try:
        return Table(tomllib.loads(read_text(directory, name, place)), place)
    except tomllib.TOMLDecodeError as error:
        raise place.invalid(f"不是有效的 TOML（{error}）") from error


def read_text(directory: Path, name: str, place: Place) -> str:
    """The UTF-8 text of a file under `directory`. Raises StatuteInvalid at `place`."""
    try:
        return (directory / name).read_text("utf-8")
    except FileNotFoundError:
        raise place.invalid(f"找不到文件 {name}") from None
    except UnicodeDecodeError:
        raise place.invalid(f"文件 {name} 不是 UTF-8 文本") from None
