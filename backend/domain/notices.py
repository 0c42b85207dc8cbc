"""一次性告知 (坛 六（一）): its four parts, the days it may state, and what a later one asks for beyond it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.domain.errors import FieldInvalid
from backend.domain.vocabulary import LimitBasis

PARTS = {"basis": "办理依据", "time_limit": "办理时限", "procedure": "办理程序", "documents": "所需资料"}
"""The four parts by their fields: all of them in one notice."""

_ENUMERATOR = re.compile(r"^\s*[（(]?\s*(?:[0-9]+|[一二三四五六七八九十]+)\s*[)）.．、](?![0-9])")


@dataclass(frozen=True, slots=True)
class NoticeParts:
    """The four parts as far as they are written; `documents` are the names of the 所需资料, one each."""

    basis: str | None = None
    time_limit: str | None = None
    procedure: str | None = None
    documents: tuple[str, ...] = ()

    def filled_from(self, other: NoticeParts) -> NoticeParts:
        """The same, with what is left out taken from `other` (an entry of the 事项目录)."""
        return NoticeParts(
            self.basis or other.basis,
            self.time_limit or other.time_limit,
            self.procedure or other.procedure,
            self.documents or other.documents,
        )

    def missing(self) -> dict[str, str]:
        """What is asked for each part that is not there, by its field."""
        written = (self.basis, self.time_limit, self.procedure, self.documents)
        return {
            field: f"一次性告知要写明{name}。"
            for (field, name), part in zip(PARTS.items(), written, strict=True)
            if not part
        }


@dataclass(frozen=True, slots=True)
class StatedDays:
    """办理时限 as a number of working days, and where it comes from (法定 or 承诺)."""

    days: int
    kind: LimitBasis


def check_parts(parts: NoticeParts) -> None:
    """All four parts in one notice (坛 六（一）). Raises FieldInvalid for the first that is missing."""
    for field, sentence in parts.missing().items():
        raise FieldInvalid(f"/{field}", sentence, "conditionally_required")


def stated_days(
    days: int | None, kind: LimitBasis | None, *, at_most: int | None = None
) -> StatedDays | None:
    """The days a notice states, or None. `at_most` is what the 事项目录 lays down for the matter.

    Raises FieldInvalid when one of the two is missing, or the notice gives itself more time than the 事项目录.
    """
    if days is None and kind is None:
        return None
    if days is None:
        raise FieldInvalid("/days", "请写明是多少个工作日。", "conditionally_required")
    if kind is None:
        raise FieldInvalid("/days_kind", "请选择是法定时限还是承诺时限。", "conditionally_required")
    if at_most is not None and days > at_most:
        raise FieldInvalid("/days", f"事项目录写明 {at_most} 个工作日，告知的时限不能更长。")
    return StatedDays(days, kind)


def catalogue_days(legal_days: int | None, promised_days: int | None) -> StatedDays | None:
    """The limit of an entry of the 事项目录: the unit's promise where it made one, else the law's."""
    if promised_days is not None:
        return StatedDays(promised_days, LimitBasis.PROMISED)
    return StatedDays(legal_days, LimitBasis.LEGAL) if legal_days is not None else None


def catalogue_limit(legal_days: int | None, promised_days: int | None) -> str:
    """办理时限 of an entry of the 事项目录 in words: 法定 20 个工作日，承诺 10 个工作日."""
    said = ((LimitBasis.LEGAL, legal_days), (LimitBasis.PROMISED, promised_days))
    return "，".join(f"{kind.label.removesuffix('时限')} {days} 个工作日" for kind, days in said if days)


def unlisted(documents: Sequence[str], earlier: Iterable[str] | None) -> tuple[bool, ...]:
    """For each document whether no earlier notice of the round named it; `earlier` None: this is the first notice.

    Compared without numbering, white space, punctuation, width and case: 1.身份证 is 身份证. Whether a demand that is
    flagged breaks 坛 六（一） is for a human to say (系统设定 unlisted-demand).
    """
    if earlier is None:
        return (False,) * len(documents)
    listed = {_folded(name) for name in earlier}
    return tuple(_folded(name) not in listed for name in documents)


def _folded(name: str) -> str:
    plain = _ENUMERATOR.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "PZC")
