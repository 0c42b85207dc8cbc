"""Months and quarters a ledger is summed up over (泸 二（二）4: 定期)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from backend.domain.errors import FieldInvalid
from backend.domain.ledger_periods import begun_period, period_of
from backend.domain.times import SHANGHAI


@pytest.mark.parametrize(
    ("name", "starts_on", "ends_on", "label"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026年11月"),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), "2026年12月"),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
    ],
)
def test_a_period_is_whole_months(name, starts_on, ends_on, label):
    period = period_of(name)
    assert (period.starts_on, period.ends_on, period.label) == (starts_on, ends_on, label)


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "26-11", "2026-11 ", "2026-1１"]
)
def test_anything_else_is_refused(name):
    with pytest.raises(FieldInvalid):
        period_of(name)


def test_the_span_runs_from_the_first_moment_to_before_the_next_period():
    start, end = period_of("2026-12").span
    assert start == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert end == datetime(2027, 1, 1, tzinfo=SHANGHAI)


def test_what_has_not_begun_cannot_be_summed_up_and_what_runs_is_not_over():
    now = datetime(2026, 11, 30, 23, 59, tzinfo=SHANGHAI)
    with pytest.raises(FieldInvalid):
        begun_period("2026-12", now)
    assert not begun_period("2026-11", now).is_over(now)
    assert begun_period("2026-11", now).is_over(datetime(2026, 12, 1, tzinfo=SHANGHAI))
