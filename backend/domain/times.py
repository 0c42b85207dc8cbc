"""One time zone for every rule: Beijing time, which has had no daylight saving since 1991."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class NaiveDateTime(ValueError):
    """A moment without a time zone reached a rule; that is a programming error, never user input."""


def require_aware(moment: datetime) -> datetime:
    """Return `moment` unchanged. Raises NaiveDateTime when it has no UTC offset."""
    if moment.utcoffset() is None:
        raise NaiveDateTime(f"a moment without a time zone: {moment.isoformat()}")
    return moment


def local(moment: datetime) -> datetime:
    """The same moment on the clocks of Asia/Shanghai. Raises NaiveDateTime."""
    return require_aware(moment).astimezone(SHANGHAI)


def local_date(moment: datetime) -> date:
    """The Beijing calendar day of `moment`: 23:59:59 belongs to the old day, 00:00:00 to the new one."""
    return local(moment).date()
