"""泸: the 方案 sets no days (本办法未规定天数); what runs is what a unit states or promises itself.

泸 二（二）2 按时办结、负责到底; 泸 二（二）1: 实施细则 in which a unit lays down its own days.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from backend.domain.vocabulary import BearerKind, Category, ClockEnd, HandoffMode, Measure, Strictness
from backend.services.changing_clocks import pause_clocks
from backend.services.clocks import end_clocks_by, running_clocks
from backend.services.handing_over import Offer, offer_handoff
from backend.services.work import Work
from backend.statute.loader import load_statute
from backend.statute.model import Event, LimitKind
from tests.services.desk import file
from tests.statute import duty_cases as cases
from tests.statute.duty_cases import IN_DAYS, Begin, at, closing, when
from tests.support.organisation import SmallOrganisation


class Row(NamedTuple):
    """A duty: how it is begun, its days, what meets it and what makes it pointless."""

    begin: Begin
    days: int
    strictness: Strictness
    met_by: set[Event]
    cancelled_by: set[Event]


DUTIES: dict[str, Row] = {
    "handling-limit": Row(
        lambda work, org: cases.noticed(work, org, org.lu_window.sign),
        20,
        Strictness.MUST,
        {Event.CLOSED},
        {Event.WITHDRAWN},
    ),
    "unit-promise": Row(
        lambda work, org: cases.promised(work, org.lu_unit, org, org.lu_window.sign),
        1,
        Strictness.PROMISE,
        {Event.CLOSED},
        {Event.RECLASSIFIED, Event.WITHDRAWN},
    ),
}
each_duty = pytest.mark.parametrize(
    ("duty", "row"), DUTIES.items(), ids=[f"泸二（二）2 {duty}" for duty in DUTIES]
)


def test_the_table_has_every_duty_with_a_limit_and_none_has_days_of_the_measure() -> None:
    duties = load_statute().measures[Measure.LU].duties
    limited = {duty.id: duty.limit for duty in duties if duty.limit.kind is not LimitKind.NONE}
    assert set(limited) == set(DUTIES)
    assert all(limit.days is None for limit in limited.values())


@pytest.mark.parametrize(
    ("row", "start", "day"),
    [
        pytest.param(row, start, days[row.days], id=f"泸二（二）2 {duty} {start}")
        for duty, row in DUTIES.items()
        for start, days in IN_DAYS.items()
    ],
)
def test_lu_what_a_unit_states_is_counted_like_any_limit(
    work: Work, org: SmallOrganisation, row: Row, start: str, day: str
) -> None:
    clock = row.begin(when(work, start), org).clock
    assert (clock.measure, clock.starts_at) == (Measure.LU, at(start))
    assert (clock.due_at, clock.is_provisional) == (closing(day), day.startswith("2027"))
    assert (clock.bearer_kind, clock.strictness) == (BearerKind.HOLDER, row.strictness)


@pytest.mark.parametrize("event", Event)
@each_duty
def test_lu_only_closing_meets_it_and_only_withdrawal_ends_it(
    work: Work, org: SmallOrganisation, duty: str, row: Row, event: Event
) -> None:
    """二（二）2 负责到底: no hand-off, no other regime sheds it."""
    begun = row.begin(when(work, "2026-11-16 09:00"), org)
    end_clocks_by(when(work, "2026-11-16 10:00"), begun.inquiry, event)
    expected = (
        ClockEnd.MET if event in row.met_by else ClockEnd.CANCELLED if event in row.cancelled_by else None
    )
    assert begun.clock.end is expected, duty


@each_duty
def test_lu_a_stated_limit_stands_still_and_a_promise_does_not(
    work: Work, org: SmallOrganisation, duty: str, row: Row
) -> None:
    begun = row.begin(when(work, "2026-11-16 09:00"), org)
    paused = {clock.duty for clock in pause_clocks(when(work, "2026-11-16 10:00"), begun.inquiry)}
    assert (duty in paused) is (duty == "handling-limit")


@pytest.mark.parametrize("category", Category)
def test_lu_nothing_runs_where_nobody_has_stated_or_promised_anything(
    work: Work, org: SmallOrganisation, category: Category
) -> None:
    """Whatever is asked, and whether or not it is handed on: no limit is ever invented."""
    there = when(work, "2026-11-16 09:00")
    filed = file(there, org, category, sign=org.lu_window.sign, written=True)
    assert running_clocks(work, filed.inquiry) == []
    if category is Category.COMPLAINT:
        return
    giver = org.identity("lu_window_a")
    offer = Offer(None, org.lu_office.section.id, None, HandoffMode.TRANSFER, "属于办公室", None)
    offer_handoff(there.acting_as(giver.actor), giver, filed.inquiry, offer)
    assert running_clocks(work, filed.inquiry) == []
