"""The month or quarter that 回访 results are submitted for and a ledger is summed up over (泸 二（二）4: 定期)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.domain.errors import FieldInvalid
from backend.domain.times import SHANGHAI, local_date

_MONTH = re.compile(r"(2[01][0-9]{2})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(2[01][0-9]{2})-Q([1-4])")
_NUMERALS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of Beijing's calendar, the last one counted with. A ledger belongs to it by 受理."""

    name: str
    starts_on: date
    ends_on: date
    label: str

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first moment on, and before the second."""
        after = self.ends_on + timedelta(days=1)
        return datetime.combine(self.starts_on, time(), SHANGHAI), datetime.combine(after, time(), SHANGHAI)

    def is_over(self, now: datetime) -> bool:
        """Whether all of it lies behind; before, its figures are those of a part."""
        return local_date(now) > self.ends_on


def period_of(name: str) -> Period:
    """2026-11, or 2026-Q4. Raises FieldInvalid."""
    if found := _MONTH.fullmatch(name):
        year, month = int(found[1]), int(found[2])
        return Period(name, date(year, month, 1), _end_of(year, month), f"{year}年{month}月")
    if found := _QUARTER.fullmatch(name):
        year, quarter = int(found[1]), int(found[2])
        label = f"{year}年第{_NUMERALS[quarter - 1]}季度"
        return Period(name, date(year, 3 * quarter - 2, 1), _end_of(year, 3 * quarter), label)
    raise FieldInvalid("/period", "请写月份或季度，例如 2026-11、2026-Q4。")


def begun_period(name: str, now: datetime) -> Period:
    """The same, for what can be said already: one that has begun. Raises FieldInvalid."""
    period = period_of(name)
    if period.starts_on > local_date(now):
        raise FieldInvalid("/period", "这个月份或季度还没有开始。")
    return period


def _end_of(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
