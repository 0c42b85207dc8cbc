"""书面移交 to an authority beyond the system (坛 六（四）): the letter, its 送达, and the result (泸 二（二）2)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.errors import (
    FieldInvalid,
    HandoffPending,
    IllegalTransition,
    LetterClosed,
    NotHolder,
    ResultAlreadyBack,
)
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import (
    Category,
    ClockEnd,
    Disposition,
    ExternalState,
    HandoffMode,
    Outcome,
    ServiceMethod,
    Status,
)
from backend.models import Clock, ClockFact, ExternalHandoff, Inquiry, LedgerEntry, OutboxItem
from backend.queries.inquiry import disposition_of
from backend.services.clocks import note_breach, running_clocks
from backend.services.closing import Closing, close_inquiry, withdraw_inquiry
from backend.services.external import (
    Outside,
    address_outside,
    cancel_letter,
    may_record_result,
    record_result,
    record_service,
)
from backend.services.filing import Filed
from backend.services.following import reopen_inquiry
from backend.services.handing_over import Offer, offer_handoff
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation

TAX = Outside("金坛区税务局", "东环一路 1 号", "0519-82800000")


def day(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def at(work: Work, moment: datetime) -> Work:
    return replace(work, now=moment)


def draft(work: Work, org: SmallOrganisation, inquiry: Inquiry) -> ExternalHandoff:
    letter, _ = address_outside(work, org.identity("window_a"), inquiry, TAX, reason="属于税务部门")
    return letter


def serve(
    work: Work, org: SmallOrganisation, inquiry: Inquiry, letter: ExternalHandoff, served_at: datetime
) -> dict[str, Any]:
    entry = record_service(
        work,
        org.identity("window_a"),
        inquiry,
        letter,
        served_at=served_at,
        how=ServiceMethod.POST,
        receipt="挂号信 1234",
    )
    return dict(json.loads(entry.body))


def application(work: Work, org: SmallOrganisation) -> Filed:
    """Filed on Tuesday 24 November at 10:30: written-transfer is due on the 26th at 17:30."""
    filed = file(work, org, Category.APPLICATION)
    [clock] = running_clocks(work, filed.inquiry)
    assert (clock.duty, clock.due_at) == ("written-transfer", day(26, 17, 30))
    return filed


def transfer_clock(work: Work, inquiry: Inquiry) -> Clock:
    return work.session.scalars(
        select(Clock).where(Clock.inquiry_id == inquiry.id, Clock.duty == "written-transfer")
    ).one()


def breaches(work: Work, clock: Clock) -> int:
    return len(work.session.scalars(select(ClockFact).where(ClockFact.clock_id == clock.id)).all())


def test_drawing_up_a_letter_hands_nothing_over(work: Work, org: SmallOrganisation) -> None:
    """坛 六（四）: the giver holds and the limit runs until the letter is served."""
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    assert (letter.state, filed.inquiry.status, filed.inquiry.version) == (
        ExternalState.DRAFTED,
        Status.FILED,
        2,
    )
    assert letter.clause.endswith("第六条第（四）项")
    assert [clock.duty for clock in running_clocks(work, filed.inquiry)] == ["written-transfer"]
    assert filed.holding.ended_at is None


def test_only_the_holder_may_draw_it_up_and_one_is_open_at_a_time(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    with pytest.raises(NotHolder):
        address_outside(work, org.identity("business_a"), filed.inquiry, TAX, reason="转")
    with pytest.raises(FieldInvalid):
        address_outside(work, org.identity("window_a"), filed.inquiry, Outside("税务局"), reason="转")
    draft(work, org, filed.inquiry)
    with pytest.raises(HandoffPending):
        draft(work, org, filed.inquiry)
    with pytest.raises(HandoffPending):
        _offer(work, org, filed.inquiry)


def test_no_letter_while_an_offer_waits(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    _offer(work, org, filed.inquiry)
    with pytest.raises(HandoffPending):
        draft(work, org, filed.inquiry)


def _offer(work: Work, org: SmallOrganisation, inquiry: Inquiry) -> None:
    to = Offer(None, org.business.section.id, None, HandoffMode.TRANSFER, "转", None)
    offer_handoff(work, org.identity("window_a"), inquiry, to)


# served, recorded, breach already noted by the worker → how the limit ended, breaches, what the entry says
SERVICES = [
    pytest.param(day(25, 10), day(25, 11), False, 0, True, id="in time, recorded in time"),
    pytest.param(day(26, 17, 30), day(27, 9), False, 0, True, id="at the last moment, recorded the next day"),
    pytest.param(day(26, 10), day(30, 9), True, 1, True, id="in time, the breach was noted before"),
    pytest.param(day(26, 17, 31), day(27, 9), False, 1, False, id="a minute late"),
    pytest.param(day(27, 9), day(27, 9), True, 1, False, id="late, and noted"),
]


@pytest.mark.parametrize(("served", "recorded", "noted", "facts", "in_time"), SERVICES)
def test_the_limit_is_met_when_the_letter_was_served_not_when_that_was_written_down(
    work: Work, org: SmallOrganisation, served, recorded, noted, facts, in_time
) -> None:
    """坛 六（四）: 移交事项须在 2 个工作日内完成；a breach noted before stays a fact, beside what exculpates."""
    filed = application(work, org)
    letter = draft(later(work, hours=1), org, filed.inquiry)
    clock = transfer_clock(work, filed.inquiry)
    if noted:
        note_breach(at(work, day(27, 1)), filed.inquiry, clock)
    body = serve(at(work, recorded), org, filed.inquiry, letter, served)
    assert (clock.end, clock.ended_at) == (ClockEnd.MET, served)
    assert breaches(work, clock) == facts
    assert body["facts"]["served_in_time"] is in_time
    assert body["facts"]["external"] == letter.id


def test_serving_the_letter_closes_as_transferred_and_says_where_it_is(
    work: Work, org: SmallOrganisation
) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    body = serve(at(work, day(25, 11)), org, filed.inquiry, letter, day(25, 10))
    inquiry = filed.inquiry
    assert (inquiry.status, inquiry.outcome, body["event"]) == (Status.CLOSED, Outcome.TRANSFERRED, "closed")
    assert set(body["texts"]) == {"reply", "receipt"}
    assert disposition_of(work, inquiry) is Disposition.OTHER_UNIT
    assert (letter.state, letter.served_how, letter.served_by_id) == (
        ExternalState.SERVED,
        ServiceMethod.POST,
        org.people["window_a"].id,
    )


def test_a_matter_without_a_limit_says_nothing_about_time(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION, written=False)
    letter = draft(work, org, filed.inquiry)
    assert "served_in_time" not in serve(work, org, filed.inquiry, letter, work.now)["facts"]


@pytest.mark.parametrize("served", [day(24, 10, 31), day(23, 12)])
def test_a_letter_is_not_served_before_it_is_written_nor_in_the_future(
    work: Work, org: SmallOrganisation, served
) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    with pytest.raises(FieldInvalid):
        serve(work, org, filed.inquiry, letter, served)
    assert filed.inquiry.status is Status.FILED


def test_a_cancelled_letter_is_over_and_another_can_be_written(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    with pytest.raises(NotHolder):
        cancel_letter(work, org.identity("business_a"), filed.inquiry, letter, reason="写错了")
    cancel_letter(work, org.identity("window_a"), filed.inquiry, letter, reason="写错了")
    assert letter.state is ExternalState.CANCELLED
    for again in (
        lambda: cancel_letter(work, org.identity("window_a"), filed.inquiry, letter, reason="r"),
        lambda: serve(work, org, filed.inquiry, letter, work.now),
    ):
        with pytest.raises(LetterClosed):
            again()
    assert draft(work, org, filed.inquiry).state is ExternalState.DRAFTED


@pytest.mark.parametrize("how", ["closing", "withdrawal"])
def test_ending_otherwise_cancels_an_open_letter(work: Work, org: SmallOrganisation, how) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    if how == "closing":
        entry = close_inquiry(
            work, org.identity("window_a"), filed.inquiry, Closing(Outcome.COMPLETED, "办好了")
        )
    else:
        entry = withdraw_inquiry(work, filed.inquiry, reason=None)
    assert letter.state is ExternalState.CANCELLED
    assert json.loads(entry.body)["facts"]["cancelled_external"] == letter.id


def test_the_result_comes_back_once_and_the_citizen_is_told(work: Work, org: SmallOrganisation) -> None:
    """坛 十（一）2 回复办理结果；泸 二（二）2 负责到底."""
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    with pytest.raises(LetterClosed):
        record_result(work, org.identity("general"), filed.inquiry, letter, text="办好了")
    serve(work, org, filed.inquiry, letter, work.now)
    version = filed.inquiry.version
    entry = record_result(later(work, days=9), org.identity("general"), filed.inquiry, letter, text="已补办")
    assert (entry.event, filed.inquiry.version, filed.inquiry.status) == (
        "result_back",
        version + 1,
        Status.CLOSED,
    )
    told = work.session.scalars(
        select(OutboxItem.recipient_kind).where(
            OutboxItem.inquiry_id == filed.inquiry.id, OutboxItem.topic == "result_back"
        )
    ).all()
    assert "staff" in told
    with pytest.raises(ResultAlreadyBack):
        record_result(work, org.identity("general"), filed.inquiry, letter, text="又一次")


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("window_a", True),
        ("window_b", True),
        ("general", True),
        ("business_a", False),
        ("neighbour_general", False),
    ],
)
def test_who_held_it_last_and_the_first_units_general_post_record_the_result(
    work: Work, org: SmallOrganisation, name, may
) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    assert not may_record_result(work, org.identity(name), filed.inquiry, letter)
    serve(work, org, filed.inquiry, letter, work.now)
    assert may_record_result(work, org.identity(name), filed.inquiry, letter) is may


def test_a_reopened_transfer_can_be_transferred_again(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    first = draft(work, org, filed.inquiry)
    serve(work, org, filed.inquiry, first, work.now)
    reopen_inquiry(work, filed.inquiry, reason="对方说不归他们管")
    second = draft(work, org, filed.inquiry)
    assert (first.state, second.round) == (ExternalState.SERVED, 2)


def test_a_closed_inquiry_gets_no_letter(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    close_inquiry(work, org.identity("window_a"), filed.inquiry, Closing(Outcome.COMPLETED, "好"))
    with pytest.raises(IllegalTransition):
        draft(work, org, filed.inquiry)


def test_words_stay_out_of_the_ledger(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    serve(work, org, filed.inquiry, letter, work.now)
    record_result(work, org.identity("general"), filed.inquiry, letter, text="已补办")
    bodies = work.session.scalars(select(LedgerEntry.body).where(LedgerEntry.inquiry_id == filed.inquiry.id))
    for words in ("税务", "东环", "挂号信", "已补办"):
        assert not any(words in body for body in bodies)


def test_the_moment_of_service_counts_to_the_second(work: Work, org: SmallOrganisation) -> None:
    filed = application(work, org)
    letter = draft(work, org, filed.inquiry)
    late = day(26, 17, 30) + timedelta(seconds=1)
    assert serve(at(work, day(27, 9)), org, filed.inquiry, letter, late)["facts"]["served_in_time"] is False
