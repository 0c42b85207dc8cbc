"""认定事项 beside a limit that a notice stated, and a regime that the 事项目录 does not have (坛 五、六（一）、六（四）)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.domain.errors import LimitAlreadyStated
from backend.domain.vocabulary import Category, ClockEnd, Measure, Regime
from backend.models import Inquiry, OutboxItem
from backend.services.clocks import running_clocks
from backend.services.following import supplement_inquiry
from backend.services.naming import Naming, name_matter
from backend.services.work import Work
from tests.services.desk import file, later
from tests.services.test_notices import NO_DAYS, apply, catalogue, due, limit, tell
from tests.support.organisation import SmallOrganisation

OUTSIDE = Naming(None, Regime.PETITION, 60, "《信访工作条例》第三十四条")


def name(work: Work, org: SmallOrganisation, inquiry: Inquiry, naming: Naming, by: str = "window_a") -> None:
    who = org.identity(by)
    name_matter(work.acting_as(who.actor), who, inquiry, naming)


def duties(work: Work, inquiry: Inquiry) -> list[str]:
    return sorted(clock.duty for clock in running_clocks(work, inquiry))


def test_tan_6_4_a_catalogue_entry_under_another_regime_is_ours_as_well(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（四）: what stands in the unit's own 事项目录 is no other unit's; 坛 五: its regime prevails."""
    inquiry = apply(work, org)
    name(work, org, inquiry, Naming(catalogue(work, org, regime=Regime.PERMIT).id))
    assert duties(work, inquiry) == ["superior-law"]
    told = apply(work, org)
    entry = catalogue(work, org, regime=Regime.PERMIT)
    tell(work, org, told, matter_id=entry.id, **NO_DAYS)
    assert duties(work, told) == ["superior-law"]


def test_tan_6_4_a_regime_outside_the_catalogue_does_not_say_whose_it_is(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（四）: 书面移交 in two working days stays owed; 坛 五: the general post learns of the limit."""
    inquiry = apply(work, org)
    name(work, org, inquiry, OUTSIDE)
    assert duties(work, inquiry) == ["superior-law", "written-transfer"]
    [message] = messages(work, inquiry)
    assert message.recipient_id == org.people["general"].id
    assert message.payload["clock"] == limit(work, inquiry, "superior-law").id


def test_of_an_entry_of_the_catalogue_nobody_is_told(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    name(work, org, inquiry, Naming(catalogue(work, org).id))
    assert messages(work, inquiry) == []


@pytest.mark.parametrize("awaited", [True, False])
def test_tan_10_1_2_the_catalogue_takes_the_place_of_a_notice_that_took_longer(
    work: Work, org: SmallOrganisation, awaited
) -> None:
    """坛 十（一）2: counted from receipt, ending earlier than what the notice gave itself."""
    inquiry = apply(work, org)
    notice = tell(work, org, inquiry, days=20)
    if not awaited:
        supplement_inquiry(later(work, days=1), inquiry, text="补")
    stated = limit(work, inquiry)
    name(later(work, days=2), org, inquiry, Naming(catalogue(work, org, promised_days=10).id))
    taken = limit(work, inquiry)
    assert stated.end is ClockEnd.CANCELLED
    assert (taken.starts_at, taken.due_at, taken.notice_id) == (inquiry.received_at, due(8), None)
    assert (taken.paused_at is not None) == awaited
    assert notice.limit_days == 20


@pytest.mark.parametrize("days", [5, 6])
def test_what_the_notice_stated_stays_where_the_catalogue_ends_no_earlier(
    work: Work, org: SmallOrganisation, days
) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry, days=5)
    with pytest.raises(LimitAlreadyStated):
        name(work, org, inquiry, Naming(catalogue(work, org, promised_days=days).id))
    assert limit(work, inquiry).end is None


def test_one_entry_of_the_catalogue_does_not_take_the_place_of_another(
    work: Work, org: SmallOrganisation
) -> None:
    """Named before, or told by the notice itself: the 事项目录 has spoken."""
    named, told = apply(work, org), apply(work, org)
    name(work, org, named, Naming(catalogue(work, org).id))
    tell(work, org, told, matter_id=catalogue(work, org).id, **NO_DAYS)
    for inquiry in (named, told):
        with pytest.raises(LimitAlreadyStated):
            name(work, org, inquiry, Naming(catalogue(work, org, promised_days=2).id))


def test_lu_a_regime_stated_by_hand_does_not_take_the_place_of_a_notice(
    work: Work, org: SmallOrganisation
) -> None:
    """泸 二（二）2 按时办结: one handling limit; the 事项目录 alone shortens it."""
    inquiry = file(work, org, Category.APPLICATION, sign=org.lu_window.sign).inquiry
    assert inquiry.measure is Measure.LU
    tell(work, org, inquiry, by="lu_window_a", days=20)
    with pytest.raises(LimitAlreadyStated):
        name(work, org, inquiry, Naming(None, Regime.PERMIT, 3, "《某法》"), by="lu_window_a")
    entry = catalogue(work, org, unit_id=org.lu_unit.id, promised_days=3)
    name(work, org, inquiry, Naming(entry.id), by="lu_window_a")
    assert (limit(work, inquiry).working_days, limit(work, inquiry).matter_id) == (3, entry.id)


def messages(work: Work, inquiry: Inquiry) -> list[OutboxItem]:
    wanted = select(OutboxItem).where(OutboxItem.inquiry_id == inquiry.id, OutboxItem.topic == "regime_named")
    return list(work.session.scalars(wanted))
