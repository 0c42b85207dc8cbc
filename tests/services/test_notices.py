"""一次性告知 (坛 六（一）): the limit it states starts with it, stands still while the citizen is waited for, and runs on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.domain.errors import AlreadyReceived, FieldInvalid, IllegalTransition, NotFound, NotHolder
from backend.domain.notices import NoticeParts
from backend.domain.times import SHANGHAI
from backend.domain.vocabulary import (
    Category,
    ClockChange,
    ClockEnd,
    HandoffMode,
    LimitBasis,
    Measure,
    Outcome,
    Regime,
    Status,
)
from backend.models import (
    AccountabilityLead,
    Clock,
    Inquiry,
    InquiryText,
    Matter,
    Notice,
    NoticeDocument,
    OutboxItem,
)
from backend.models.types import new_id
from backend.services.clocks import running_clocks
from backend.services.closing import Closing, close_inquiry, withdraw_inquiry
from backend.services.contacts import Contact
from backend.services.following import reopen_inquiry, supplement_inquiry
from backend.services.handing_over import Offer, accept_handoff, offer_handoff, return_handoff
from backend.services.naming import Naming, name_matter
from backend.services.notices import (
    NewNotice,
    end_wait,
    give_notice,
    is_paused_wait,
    receive_notice,
    wait_began_with,
)
from backend.services.texts import read_text
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation

PARTS = NoticeParts("《办法》第三条", "5 个工作日", "受理、审查、发证", ("身份证", "租赁合同"))

NO_DAYS: dict[str, Any] = {"days": None, "kind": None}


def due(day: int, month: int = 12) -> datetime:
    return datetime(2026, month, day, 17, 30, tzinfo=SHANGHAI)


def apply(work: Work, org: SmallOrganisation) -> Inquiry:
    return file(work, org, Category.APPLICATION).inquiry


def tell(
    work: Work, org: SmallOrganisation, inquiry: Inquiry, *, by: str = "window_a", **changes: Any
) -> Notice:
    who = org.identity(by)
    told = {"parts": PARTS, "days": 5, "kind": LimitBasis.LEGAL} | changes
    notice, _ = give_notice(work.acting_as(who.actor), who, inquiry, NewNotice(**told))
    return notice


def name(work: Work, org: SmallOrganisation, inquiry: Inquiry, matter: Matter) -> None:
    who = org.identity("window_a")
    name_matter(work.acting_as(who.actor), who, inquiry, Naming(matter.id))


def limit(work: Work, inquiry: Inquiry, duty: str = "handling-limit") -> Clock:
    [clock] = [clock for clock in running_clocks(work, inquiry) if clock.duty == duty]
    return clock


def catalogue(work: Work, org: SmallOrganisation, **changes: Any) -> Matter:
    matter = Matter(
        **{
            "unit_id": org.unit.id,
            "name": new_id(),
            "regime": None,
            "basis": "《食品经营许可和备案管理办法》第十条",
            "legal_days": 20,
            "promised_days": 10,
            "procedure": "申请、审查、决定",
            "documents": ["申请书", "平面图"],
            "created_at": work.now,
        }
        | changes
    )
    work.session.add(matter)
    work.session.flush()
    return matter


def test_tan_6_1_telling_once_starts_the_stated_limit_and_it_stands_still_at_once(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = apply(work, org)
    notice = tell(later(work, hours=1), org, inquiry)
    assert (inquiry.status, inquiry.confirmed_at) == (
        Status.AWAITING_CITIZEN,
        later(work, hours=1).now,
    )
    clock = limit(work, inquiry)
    assert (clock.working_days, clock.basis_kind, clock.notice_id) == (5, LimitBasis.LEGAL, notice.id)
    assert (clock.starts_at, clock.due_at, clock.remaining_days) == (notice.given_at, due(1), 5)
    assert clock.change is ClockChange.PAUSE
    documents = work.session.scalars(
        select(NoticeDocument).where(NoticeDocument.notice_id == notice.id).order_by(NoticeDocument.position)
    ).all()
    assert [(d.position, d.is_unlisted) for d in documents] == [(1, False), (2, False)]


def test_tan_6_4_telling_shows_that_it_is_the_units_own_duty(work: Work, org: SmallOrganisation) -> None:
    """坛 六（四）: a notice ends the limit on transferring it elsewhere; 坛 七（一） is not met by a notice."""
    inquiry = apply(work, org)
    transfer = limit(work, inquiry, "written-transfer")
    tell(work, org, inquiry)
    assert transfer.end is ClockEnd.CANCELLED
    asked = file(work, org).inquiry
    tell(work, org, asked)
    assert limit(work, asked, "answer-consult").paused_at is None


def test_supplementing_ends_the_wait_and_the_days_left_run_on(work: Work, org: SmallOrganisation) -> None:
    """系统设定 pause-on-notice: waiting is not counted, and the day of supplementing does not count either."""
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    tell(later(work, days=1), org, inquiry, **NO_DAYS)
    paused = limit(work, inquiry)
    entry = supplement_inquiry(later(work, days=6), inquiry, text="都补上了")
    resumed = limit(work, inquiry)
    assert inquiry.status is Status.CONFIRMED
    assert (resumed.paused_at, resumed.supersedes_id, resumed.due_at) == (None, paused.id, due(7))
    assert f'"resumed":["{resumed.id}"]' in entry.body
    # Nothing stood still: nothing is said of it.
    assert "resumed" not in supplement_inquiry(later(work, days=7), inquiry, text="再说一句").body


@pytest.mark.parametrize("documents", [PARTS.documents, ("身份证", "户口簿")])
def test_tan_6_1_only_the_first_notice_of_a_round_pauses(
    work: Work, org: SmallOrganisation, documents
) -> None:
    """坛 六（一） 一次性: asking again, on the list or beyond it, stops no limit (系统设定 pause-on-notice)."""
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    assert is_paused_wait(work, inquiry)
    supplement_inquiry(later(work, days=1), inquiry, text="补")
    runs = limit(work, inquiry)
    assert not is_paused_wait(work, inquiry)
    parts = NoticeParts("依据", "时限", "程序", documents)
    second = tell(later(work, days=2), org, inquiry, parts=parts, **NO_DAYS)
    assert limit(work, inquiry) is runs
    assert not is_paused_wait(work, inquiry)
    assert wait_began_with(work, inquiry) is second


def test_tan_6_1_a_matter_named_in_a_later_wait_does_not_stand_still(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（一）: the wait that began with the first notice is not counted, also after a second one; a later one is."""
    first, second = apply(work, org), apply(work, org)
    for inquiry in (first, second):
        tell(work, org, inquiry, **NO_DAYS)
    tell(later(work, hours=1), org, first, **NO_DAYS)
    supplement_inquiry(later(work, hours=1), second, text="补")
    tell(later(work, hours=2), org, second, **NO_DAYS)
    matter = catalogue(work, org)
    for inquiry in (first, second):
        name(later(work, hours=3), org, inquiry, matter)
    assert limit(work, first).paused_at is not None
    assert limit(work, second).paused_at is None


def test_a_limit_that_is_over_does_not_stand_still(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    name(work, org, inquiry, catalogue(work, org, promised_days=1))
    tell(later(work, days=10), org, inquiry, **NO_DAYS)
    assert limit(work, inquiry).paused_at is None


def test_tan_5_the_limit_of_another_law_does_not_stand_still(work: Work, org: SmallOrganisation) -> None:
    """坛 五 从其规定: whether it stops is for that law to say."""
    inquiry = apply(work, org)
    name(work, org, inquiry, catalogue(work, org, regime=Regime.PERMIT))
    tell(later(work, hours=1), org, inquiry, **NO_DAYS)
    assert limit(work, inquiry, "superior-law").paused_at is None


def test_tan_6_1_no_notice_states_days_beside_a_limit_that_runs(work: Work, org: SmallOrganisation) -> None:
    """坛 六（一） 办理时限: one limit counts, and no page shows another."""
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    matter = catalogue(work, org)
    for changes in ({"days": 30}, {"days": 3, "matter_id": matter.id}):
        with pytest.raises(FieldInvalid) as refused:
            tell(later(work, days=1), org, inquiry, **changes)
        assert refused.value.pointer == "/days"
    told = {"parts": NoticeParts(), "matter_id": matter.id, **NO_DAYS}
    notice = tell(later(work, days=1), org, inquiry, **told)
    assert (notice.limit_days, notice.limit_kind, notice.matter_id) == (None, None, matter.id)
    words = read_text(work.tools, inquiry, work.session.get_one(InquiryText, notice.limit_text_id))
    assert words == "按已在计算的办理时限：法定时限 5 个工作日"


def test_tan_5_a_matter_under_another_regime_takes_the_place_of_what_a_notice_stated(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 五: it prevails, so its days start although the notice's run."""
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    matter = catalogue(work, org, regime=Regime.PERMIT)
    tell(later(work, days=1), org, inquiry, matter_id=matter.id, **NO_DAYS)
    assert [clock.duty for clock in running_clocks(work, inquiry)] == ["superior-law"]


def test_without_days_no_limit_is_invented(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    notice = tell(work, org, inquiry, days=None, kind=None)
    assert (notice.limit_days, notice.limit_kind) == (None, None)
    assert running_clocks(work, inquiry) == []


def test_an_entry_of_the_catalogue_fills_the_parts_and_its_limit_runs_from_receipt(
    work: Work, org: SmallOrganisation
) -> None:
    """系统设定 stated-limit: 事项目录的时限从收到之日起算; the unit's promise binds it."""
    inquiry = apply(work, org)
    matter = catalogue(work, org)
    notice = tell(
        later(work, days=2), org, inquiry, parts=NoticeParts(), days=None, kind=None, matter_id=matter.id
    )
    clock = limit(work, inquiry)
    assert (notice.limit_days, notice.limit_kind, notice.matter_id) == (10, LimitBasis.PROMISED, matter.id)
    assert (clock.starts_at, clock.due_at, clock.matter_id) == (inquiry.received_at, due(8), matter.id)
    assert clock.remaining_days == 8


@pytest.mark.parametrize("lacking", ["procedure", "documents"])
def test_what_neither_says_is_asked_for(work: Work, org: SmallOrganisation, lacking) -> None:
    matter = catalogue(work, org, **{lacking: "" if lacking == "procedure" else []})
    with pytest.raises(FieldInvalid) as refused:
        tell(work, org, apply(work, org), parts=NoticeParts(), matter_id=matter.id, days=None, kind=None)
    assert refused.value.pointer == f"/{lacking}"


def test_a_matter_under_another_regime_has_that_ones_limit(work: Work, org: SmallOrganisation) -> None:
    """坛 五: 法律、法规、规章以及上级规范性文件另有规定的，从其规定."""
    inquiry = apply(work, org)
    matter = catalogue(work, org, regime=Regime.PERMIT, promised_days=None)
    tell(work, org, inquiry, parts=NoticeParts(), matter_id=matter.id, days=None, kind=None)
    assert [clock.duty for clock in running_clocks(work, inquiry)] == ["superior-law"]
    assert limit(work, inquiry, "superior-law").working_days == 20


@pytest.mark.parametrize("wrong", ["of another unit", "ended", "unknown", "longer than the catalogue"])
def test_only_what_stands_in_the_units_own_catalogue_can_be_named(
    work: Work, org: SmallOrganisation, wrong
) -> None:
    changes: dict[str, Any] = {
        "of another unit": {"unit_id": org.neighbour.id},
        "ended": {"ended_at": work.now},
    }.get(wrong, {})
    matter = catalogue(work, org, **changes)
    longer = wrong == "longer than the catalogue"
    with pytest.raises(FieldInvalid) as refused:
        tell(
            work,
            org,
            apply(work, org),
            matter_id="0" * 32 if wrong == "unknown" else matter.id,
            days=11 if longer else None,
            kind=LimitBasis.PROMISED if longer else None,
        )
    assert refused.value.pointer == ("/days" if longer else "/matter")


def test_tan_6_1_what_is_asked_for_later_and_was_not_listed_is_marked(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（一） 一次性, 十（一）2 未一次性告知: facts for a human, with a lead; nothing happens by itself."""
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    supplement_inquiry(later(work, hours=1), inquiry, text="补")
    documents = ("1. 身份证", "户口簿", "租赁合同原件")
    second = tell(
        later(work, days=1), org, inquiry, parts=NoticeParts("依据", "时限", "程序", documents), days=None, kind=None
    )  # fmt: skip
    marks = work.session.scalars(
        select(NoticeDocument.is_unlisted)
        .where(NoticeDocument.notice_id == second.id)
        .order_by(NoticeDocument.position)
    ).all()
    assert (second.position, list(marks)) == (2, [False, True, True])
    [lead] = work.session.scalars(
        select(AccountabilityLead).where(AccountabilityLead.inquiry_id == inquiry.id)
    ).all()
    assert (lead.notice_id, lead.item) == (second.id, "第十条（一）2")
    # Asked for before, if only by the second notice: known by the third.
    third = tell(later(work, days=2), org, inquiry, parts=PARTS.filled_from(PARTS), days=None, kind=None)
    assert not any(
        work.session.scalars(select(NoticeDocument.is_unlisted).where(NoticeDocument.notice_id == third.id))
    )


def test_a_new_round_begins_with_its_own_list(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    withdraw = Closing(Outcome.COMPLETED, "办好了")
    close_inquiry(later(work, days=1), org.identity("window_a"), inquiry, withdraw)
    reopen_inquiry(later(work, days=2), inquiry, reason="还差一项")
    again = tell(later(work, days=3), org, inquiry, parts=NoticeParts("a", "b", "c", ("户口簿",)), **NO_DAYS)
    assert (again.round, again.position) == (2, 1)
    assert limit(work, inquiry).paused_at == again.given_at


@pytest.mark.parametrize("by", ["notice", "matter", "regime"])
def test_reopening_starts_the_stated_limit_of_the_round_before_again(
    work: Work, org: SmallOrganisation, by
) -> None:
    """系统设定 reopening-restarts-stated: the same days, kind, basis and matter, from the reopening."""
    inquiry = apply(work, org)
    duty = "superior-law" if by == "regime" else "handling-limit"
    if by == "notice":
        tell(work, org, inquiry)
    elif by == "matter":
        name(work, org, inquiry, catalogue(work, org))
    else:
        tell(work, org, inquiry)
        who = org.identity("window_a")
        name_matter(work.acting_as(who.actor), who, inquiry, Naming(None, Regime.PERMIT, 5, "《某法》"))
    before = limit(work, inquiry, duty)
    close_inquiry(later(work, days=1), org.identity("window_a"), inquiry, Closing(Outcome.COMPLETED, "好了"))
    entry = reopen_inquiry(later(work, days=2), inquiry, reason="没好")
    again = limit(work, inquiry, duty)
    for kept in ("working_days", "basis_kind", "basis_text_id", "matter_id"):
        assert getattr(again, kept) == getattr(before, kept), kept
    assert (again.round, again.starts_at, again.paused_at) == (2, later(work, days=2).now, None)
    assert again.due_at == (due(10) if by == "matter" else due(3))
    assert f'"clocks":[{{"due_at":"2026-12-{again.due_at:%d}' in entry.body
    assert [clock.duty for clock in running_clocks(work, inquiry)].count(duty) == 1


def test_reopening_invents_no_limit(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    close_inquiry(later(work, days=1), org.identity("window_a"), inquiry, Closing(Outcome.COMPLETED, "好了"))
    entry = reopen_inquiry(later(work, days=2), inquiry, reason="没好")
    assert running_clocks(work, inquiry) == []
    assert "clocks" not in entry.body


def test_the_citizen_receives_a_notice_once_and_no_version_moves(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    with pytest.raises(NotFound):
        receive_notice(work, inquiry)
    notice = tell(work, org, inquiry)
    before = inquiry.version
    entry = receive_notice(later(work, hours=2), inquiry)
    assert (notice.received_at, inquiry.version) == (later(work, hours=2).now, before)
    assert entry.event == "notice_received"
    with pytest.raises(AlreadyReceived):
        receive_notice(later(work, hours=3), inquiry)
    second = tell(later(work, hours=4), org, inquiry, **NO_DAYS)
    receive_notice(later(work, hours=5), inquiry)
    assert second.received_at == later(work, hours=5).now
    tell(later(work, hours=6), org, inquiry, **NO_DAYS)
    withdraw_inquiry(later(work, hours=7), inquiry, reason=None)
    with pytest.raises(IllegalTransition):
        receive_notice(later(work, hours=8), inquiry)


def test_the_citizen_is_told_and_only_the_holder_tells(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org, Category.APPLICATION, contact=Contact(name="王小明")).inquiry
    with pytest.raises(NotHolder):
        tell(work, org, inquiry, by="business_a")
    notice = tell(work, org, inquiry)
    [item] = work.session.scalars(
        select(OutboxItem).where(OutboxItem.inquiry_id == inquiry.id, OutboxItem.topic == "notice")
    ).all()
    assert (item.recipient_kind, item.payload["notice"]) == ("citizen", notice.id)


@pytest.mark.parametrize("answer", ["accept", "return"])
def test_supplementing_while_it_is_offered_ends_the_wait_as_well(
    work: Work, org: SmallOrganisation, answer
) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    giver, taker = org.identity("window_a"), org.identity("business_a")
    offer = Offer(None, org.business.section.id, None, HandoffMode.TRANSFER, "属业务科", None)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, offer)
    assert limit(work, inquiry).paused_at is not None
    supplement_inquiry(later(work, hours=1), inquiry, text="补上了")
    assert limit(work, inquiry).paused_at is None
    if answer == "accept":
        accept_handoff(later(work, hours=2), taker, inquiry, handoff)
    else:
        return_handoff(later(work, hours=2), taker, inquiry, handoff, reason="不是", clause="三定")
    # Back at the giver's it is work in hand: the citizen has done what was asked.
    assert inquiry.status is Status.CONFIRMED
    assert end_wait(later(work, hours=3), inquiry) == []


def test_whoever_takes_it_over_no_longer_waits(work: Work, org: SmallOrganisation) -> None:
    inquiry = apply(work, org)
    tell(work, org, inquiry)
    giver, taker = org.identity("window_a"), org.identity("business_a")
    offer = Offer(None, org.business.section.id, None, HandoffMode.TRANSFER, "属业务科", None)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, offer)
    accept_handoff(later(work, hours=2), taker, inquiry, handoff)
    assert (inquiry.status, limit(work, inquiry).paused_at) == (Status.CONFIRMED, None)
    assert limit(work, inquiry).bearer_staff_id == org.people["business_a"].id


def test_lu_cites_its_own_words_and_invents_no_days(work: Work, org: SmallOrganisation) -> None:
    """泸 sets no days: what a notice states is the unit's own, under 二（二）2 按时办结."""
    inquiry = file(work, org, Category.APPLICATION, sign=org.lu_window.sign).inquiry
    assert inquiry.measure is Measure.LU
    tell(work, org, inquiry, by="lu_window_a")
    clock = limit(work, inquiry)
    assert "二（二）2" in clock.clause
    assert clock.working_days == 5
