"""What a list is narrowed by, as it stands in an address: read for the API and for the page alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import Category, Channel, Status, Word
from backend.queries.list_filters import Filters
from backend.services.work import is_id

NAMES = ("category", "channel", "status", "section", "late_entry", "overdue", "since", "until")
YES = "true"
Kind = TypeVar("Kind", bound=Word)


def read_filters(asked: Mapping[str, str]) -> Filters:
    """Raises FieldInvalid; an empty field counts as left out, for that is how a form sends it."""
    section = asked.get("section") or None
    if section is not None and not is_id(section):
        raise FieldInvalid("/section", "没有这个科室。", "choice_invalid")
    since, until = _day(asked, "since"), _day(asked, "until")
    if since is not None and until is not None and until < since:
        raise FieldInvalid("/until", "结束日期要在开始日期以后。")
    return Filters(
        category=_word(asked, "category", Category),
        channel=_word(asked, "channel", Channel),
        status=_word(asked, "status", Status),
        section_id=section,
        late_entry=_yes(asked, "late_entry"),
        overdue=_yes(asked, "overdue"),
        since=since,
        until=until,
    )


def kept_filters(asked: Mapping[str, str]) -> dict[str, str]:
    """The same as they were given, for the address of the next page."""
    return {name: asked[name] for name in NAMES if asked.get(name)}


def _word(asked: Mapping[str, str], name: str, kind: type[Kind]) -> Kind | None:
    value = asked.get(name)
    if not value:
        return None
    if value not in {word.value for word in kind}:
        raise FieldInvalid(f"/{name}", "没有这个选项。", "choice_invalid")
    return kind(value)


def _yes(asked: Mapping[str, str], name: str) -> bool | None:
    value = asked.get(name)
    if not value:
        return None
    if value != YES:
        raise FieldInvalid(f"/{name}", "没有这个选项。", "choice_invalid")
    return True


def _day(asked: Mapping[str, str], name: str) -> date | None:
    value = asked.get(name)
    if not value:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the calendar has no zone
    except ValueError:
        raise FieldInvalid(f"/{name}", "请把日期填成 2026-11-20 这样。", "type_invalid") from None
