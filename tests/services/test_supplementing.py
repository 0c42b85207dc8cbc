"""收到补充材料 on paper: the wait ends with the day on which they came, whenever somebody writes it down."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend.domain.errors import FieldInvalid, IllegalTransition, NotHolder
from backend.domain.vocabulary import Category, HandoffMode, Status
from backend.models import Inquiry, LedgerEntry, OutboxItem
from backend.services.closing import withdraw_inquiry
from backend.services.contacts import Contact
from backend.services.following import supplement_inquiry
from backend.services.handing_over import Offer, offer_handoff, return_handoff
from backend.services.supplementing import record_supplement
from backend.services.work import Work
from tests.services.desk import file, later
from tests.services.test_naming import Naming, name
from tests.services.test_notices import NO_DAYS, apply, catalogue, due, limit, tell
from tests.support.organisation import SmallOrganisation


def receive(
    work: Work, org: SmallOrganisation, inquiry: Inquiry, at: datetime | None = None, by: str = "window_a"
) -> LedgerEntry:
    who = org.identity(by)
    return record_supplement(work.acting_as(who.actor), who, inquiry, text="租赁合同原件", received_at=at)


def test_tan_6_1_papers_entered_late_neither_gain_nor_lose_time(work: Work, org: SmallOrganisation) -> None:
    """坛 六（一）: the same end as if the citizen had sent them through the page on that day."""
    paper, online = apply(work, org), apply(work, org)
    tell(work, org, paper)
    tell(work, org, online)
    supplement_inquiry(later(work, days=2), online, text="补")
    came = later(work, days=2).now
    entry = receive(later(work, days=6), org, paper, came)
    assert paper.status is Status.CONFIRMED
    assert limit(work, paper).due_at == limit(work, online).due_at == due(3)
    assert limit(work, paper).anchor_at == came
    body = json.loads(entry.body)
    assert (entry.event, body["actor"]["kind"]) == ("supplemented", "staff")
    assert datetime.fromisoformat(body["facts"]["received_at"]) == came
    assert body["facts"]["resumed"] == [limit(work, paper).id]


def test_without_a_moment_they_came_now(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    receive(later(work, days=6), org, inquiry)
    assert limit(work, inquiry).due_at == due(7)


def test_what_is_over_by_the_day_they_came_is_overdue_at_once(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry, days=1)
    receive(later(work, days=20), org, inquiry, later(work, days=1).now)
    assert limit(work, inquiry).due_at == due(26, month=11)


def test_a_limit_named_after_they_came_runs_from_its_naming(work: Work, org: SmallOrganisation) -> None:
    """What began to stand still on the third day cannot run on from the second."""
    inquiry = apply(work, org)
    tell(work, org, inquiry, **NO_DAYS)
    name(later(work, days=3), org, inquiry, Naming(catalogue(work, org).id))
    receive(later(work, days=4), org, inquiry, later(work, days=2).now)
    assert limit(work, inquiry).due_at == due(8)


@pytest.mark.parametrize(
    ("days", "minutes"), [(0, -1), (3, 1)], ids=["before the notice", "in the time to come"]
)
def test_a_moment_that_cannot_be_is_refused(work: Work, org: SmallOrganisation, days, minutes) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    with pytest.raises(FieldInvalid) as refused:
        receive(later(work, days=3), org, inquiry, later(work, days=days, minutes=minutes).now)
    assert refused.value.pointer == "/received_at"
    assert inquiry.status is Status.AWAITING_CITIZEN


def test_the_minute_of_the_notice_is_not_before_it(work: Work, org: SmallOrganisation) -> None:
    """A form says the minute and no second."""
    inquiry = apply(work, org)
    notice = tell(later(work, seconds=40), org, inquiry)
    receive(later(work, days=1), org, inquiry, notice.given_at - timedelta(seconds=40))
    assert limit(work, inquiry).anchor_at == notice.given_at


def test_papers_come_at_any_time_while_it_is_open(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org, Category.APPLICATION, contact=Contact(name="王小明")).inquiry
    with pytest.raises(FieldInvalid):
        receive(work, org, inquiry, later(work, hours=-1).now)
    with pytest.raises(NotHolder):
        receive(work, org, inquiry, by="business_a")
    entry = receive(later(work, hours=1), org, inquiry)
    assert (inquiry.status, "resumed" in entry.body) == (Status.FILED, False)
    told = work.session.scalars(
        select(OutboxItem.recipient_kind).where(
            OutboxItem.inquiry_id == inquiry.id, OutboxItem.payload["event"].as_string() == "supplemented"
        )
    ).all()
    assert told == ["citizen"]
    withdraw_inquiry(later(work, hours=2), inquiry, reason=None)
    with pytest.raises(IllegalTransition):
        receive(later(work, hours=3), org, inquiry)


def test_papers_that_come_while_it_is_offered_end_the_wait_as_well(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    giver, taker = org.identity("window_a"), org.identity("business_a")
    offer = Offer(None, org.business.section.id, None, HandoffMode.TRANSFER, "属业务科", None)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, offer)
    receive(later(work, hours=1), org, inquiry)
    assert limit(work, inquiry).paused_at is None
    return_handoff(later(work, hours=2), taker, inquiry, handoff, reason="不是", clause="三定")
    assert inquiry.status is Status.CONFIRMED
