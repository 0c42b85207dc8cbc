"""Limits worked out on paper with the State Council's notices beside, each under the clause that sets it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from backend.domain.clocks import (
    BusinessHours,
    Due,
    date_phrase,
    due_at_once,
    due_in_working_days,
    due_soon_at,
    remaining_phrase,
)
from tests.domain.official_days import seeded_calendar

BEIJING = timezone(timedelta(hours=8))
"""A fixed offset: no zone table, no process setting."""
AT_ONCE = None

CONSULT = "坛 七（一）：原则上2个工作日内答复"
TRANSFER = "坛 六（四）：2个工作日内书面移交"
ACCEPT = "坛 六（四）：主管部门即时受理"
REPORT = "坛 六（三）：即时向负责人报告"
PLAN = "坛 六（三）：3个工作日内商定办理方案"
PROMISE = "坛 六（一）、十（一）2：承诺的办理时限"
SILENCE = "系统设定 offer-silence：1个工作日没有承接的退回"
RECTIFY = "系统设定 rectification：5个工作日整改"


class Case(NamedTuple):
    """`days` working days from `start`, or 即时; both moments are Beijing time. The due one is a close of business."""

    name: str
    clause: str
    days: int | None
    start: str
    due: str
    provisional: bool = False

    def moment(self) -> datetime:
        return datetime.fromisoformat(self.start).replace(tzinfo=BEIJING)

    def expected(self) -> Due:
        """The answer on paper."""
        due = datetime.fromisoformat(f"{self.due} 17:30").replace(tzinfo=BEIJING)
        return Due(due, self.provisional)


CASES = (
    # The evening before a holiday
    Case("evening before National Day", CONSULT, 2, "2026-09-30 20:00:00", "2026-10-09"),
    Case("evening of the make-up Saturday before Spring Festival", TRANSFER, 2, "2026-02-14 18:00:00", "2026-02-25"),
    Case("evening before the eight days of 2025", PLAN, 3, "2025-09-30 19:00:00", "2025-10-11"),
    Case("evening before a New Year of one day", CONSULT, 2, "2024-12-31 21:00:00", "2025-01-03"),
    Case("close sharp on the eve of National Day", ACCEPT, AT_ONCE, "2026-09-30 17:30:00", "2026-10-08"),
    Case("a second before close on the eve", ACCEPT, AT_ONCE, "2026-09-30 17:29:59", "2026-09-30"),
    Case("New Year's Eve of the old calendar was no day off in 2024", CONSULT, 1, "2024-02-08 10:00:00", "2024-02-09"),
    Case("in the middle of a holiday", CONSULT, 2, "2026-10-03 10:00:00", "2026-10-09"),
    # Make-up Saturdays
    Case("due on a make-up Saturday", SILENCE, 1, "2026-10-09 10:00:00", "2026-10-10"),
    Case("received on a make-up Saturday", CONSULT, 2, "2026-10-10 10:00:00", "2026-10-13"),
    Case("at once on a make-up Saturday", REPORT, AT_ONCE, "2026-05-09 09:00:00", "2026-05-09"),
    Case("after close of a make-up Saturday", ACCEPT, AT_ONCE, "2025-02-08 17:30:00", "2025-02-10"),
    Case("over a make-up Saturday", PLAN, 3, "2024-05-10 09:00:00", "2024-05-14"),
    Case("five days with a make-up Saturday among them", RECTIFY, 5, "2026-04-30 09:00:00", "2026-05-11"),
    # Make-up Sundays
    Case("due on a make-up Sunday", SILENCE, 1, "2025-12-31 20:00:00", "2026-01-04"),
    Case("received on a make-up Sunday before a holiday", TRANSFER, 2, "2025-01-26 09:00:00", "2025-02-05"),
    Case("at once on a make-up Sunday", REPORT, AT_ONCE, "2024-09-29 09:00:00", "2024-09-29"),
    Case("a make-up Sunday after an ordinary Saturday", CONSULT, 2, "2026-09-18 23:59:59", "2026-09-21"),
    Case("the make-up Sunday at the end of a holiday", CONSULT, 2, "2024-02-08 10:00:00", "2024-02-18"),
    Case("five days from a make-up Sunday over National Day", RECTIFY, 5, "2024-09-27 16:00:00", "2024-10-10"),
    Case("fifteen days over Spring Festival and both its make-up days", PROMISE, 15, "2026-02-13 09:00:00", "2026-03-12"),
    # Ordinary weekends
    Case("received on a Saturday", CONSULT, 2, "2026-11-28 10:00:00", "2026-12-01"),
    Case("at once on a Saturday", ACCEPT, AT_ONCE, "2026-11-28 10:00:00", "2026-11-30"),
    Case("at once on a Friday after close", REPORT, AT_ONCE, "2026-11-27 17:30:00", "2026-11-30"),
    # The turn of the year
    Case("31 December into a year without data", CONSULT, 2, "2026-12-31 09:00:00", "2027-01-04", True),
    Case("1 January counts while its notice is missing", SILENCE, 1, "2026-12-31 09:00:00", "2027-01-01", True),
    Case("31 December in hours, at once", ACCEPT, AT_ONCE, "2026-12-31 17:29:59", "2026-12-31"),
    Case("31 December after close, at once", ACCEPT, AT_ONCE, "2026-12-31 17:30:00", "2027-01-01", True),
    Case("last second of the last year with data", TRANSFER, 2, "2026-12-31 23:59:59", "2027-01-04", True),
    Case("first instant of a year without data", TRANSFER, 2, "2027-01-01 00:00:00", "2027-01-05", True),
    Case("due on the last day with data", SILENCE, 1, "2026-12-30 09:00:00", "2026-12-31"),
    Case("fifteen days reaching into a year without data", PROMISE, 15, "2026-12-17 09:00:00", "2027-01-07", True),
    Case("31 December into a year with data", TRANSFER, 2, "2025-12-31 09:00:00", "2026-01-05"),
    # Midnight in Beijing
    Case("last second of a day", CONSULT, 2, "2026-11-24 23:59:59", "2026-11-26"),
    Case("first instant of the next day", CONSULT, 2, "2026-11-25 00:00:00", "2026-11-27"),
    Case("last second of a day, at once", ACCEPT, AT_ONCE, "2026-11-24 23:59:59", "2026-11-25"),
    Case("first instant of the next day, at once", ACCEPT, AT_ONCE, "2026-11-25 00:00:00", "2026-11-25"),
    Case("last second of a Friday", CONSULT, 2, "2026-11-27 23:59:59", "2026-12-01"),
    Case("first instant of a Saturday", CONSULT, 2, "2026-11-28 00:00:00", "2026-12-01"),
    Case("last second before a holiday", TRANSFER, 2, "2026-09-30 23:59:59", "2026-10-09"),
    Case("first instant of a holiday", TRANSFER, 2, "2026-10-01 00:00:00", "2026-10-09"),
    Case("last second before a leap day", SILENCE, 1, "2024-02-28 23:59:59", "2024-02-29"),
    Case("first instant of a leap day", SILENCE, 1, "2024-02-29 00:00:00", "2024-03-01"),
    # Where another zone's clocks are turned: the hour that Los Angeles skips, and the one it has twice
    Case("the hour another zone skips", CONSULT, 2, "2026-03-08 18:30:00", "2026-03-10"),
    Case("the hour another zone repeats, at once", ACCEPT, AT_ONCE, "2026-11-01 16:30:00", "2026-11-02"),
)  # fmt: skip


def answers() -> dict[str, Any]:
    """What the product says about every case, in words, and the offset of this process's own zone.

    Each start goes through the column type that stores moments; a zone that leaks in would show there first.
    """
    from sqlalchemy import create_engine, literal, select

    from backend.models.types import UtcDateTime

    calendar, hours = seeded_calendar(), BusinessHours()
    said: dict[str, list[str | None]] = {}
    with create_engine("sqlite://").connect() as connection:
        for case in CASES:
            start = connection.execute(select(literal(case.moment(), UtcDateTime()))).scalar_one()
            if case.days is None:
                due = due_at_once(calendar, hours, start)
            else:
                due = due_in_working_days(calendar, hours, start, case.days)
            warning = due_soon_at(calendar, hours, start, due.due_at)
            said[case.name] = [
                due.due_at.astimezone(BEIJING).isoformat(),
                "暂定" if due.provisional else "",
                warning and warning.astimezone(BEIJING).isoformat(),
                date_phrase(due.due_at, start),
                remaining_phrase(calendar, start, due.due_at),
            ]
    return {"offset_minutes": -time.timezone // 60, "cases": said}
