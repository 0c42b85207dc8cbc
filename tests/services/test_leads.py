"""One breach, one lead, against whoever bore 首问责任 at that moment (坛 十; 泸 三（二）、三（三）)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domain.actors import Actor
from backend.domain.times import SHANGHAI, local_date
from backend.domain.vocabulary import (
    Category,
    Channel,
    ClockChange,
    ClockEnd,
    HandoffMode,
    LeadAgainst,
    LeadGround,
    LeadState,
    LimitBasis,
    Measure,
    Source,
)
from backend.models import (
    AccountabilityLead,
    Clock,
    Inquiry,
    LedgerEntry,
    Notice,
    NoticeDocument,
    OutboxItem,
    Post,
    UnitPromise,
)
from backend.models.types import new_id
from backend.queries.lead_facts import evidence_of, exculpations_of
from backend.queries.lead_standing import fallen_facts
from backend.services.changing_clocks import pass_on_clocks, pause_clocks
from backend.services.clocks import (
    StatedLimit,
    end_clock,
    note_breach,
    running_clocks,
    start_clocks,
    start_stated_clock,
)
from backend.services.filing import Filed, NewInquiry, file_inquiry
from backend.services.handing_over import Offer, accept_handoff, lapse_handoff, offer_handoff
from backend.services.holdings import hold
from backend.services.leads import lead_from_breach, lead_from_notice
from backend.services.routing import destination_of_sign
from backend.services.texts import store_text
from backend.services.work import Work
from backend.statute.model import Event
from tests.services.desk import file, later
from tests.support import rows
from tests.support.organisation import SmallOrganisation

DUE = datetime(2026, 11, 26, 17, 30, tzinfo=SHANGHAI)


def leads_of(work: Work, inquiry: Inquiry) -> list[AccountabilityLead]:
    query = select(AccountabilityLead).where(AccountabilityLead.inquiry_id == inquiry.id)
    return list(work.session.scalars(query.order_by(AccountabilityLead.at)))


def after(work: Work, clock: Clock, **delta: float) -> Work:
    return replace(work, now=clock.due_at + timedelta(**delta))


def test_a_breach_makes_one_lead_dated_at_the_legal_moment_however_late_the_job_runs(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org)
    [clock] = filed.clocks
    late = after(work, clock, days=9)
    note_breach(late, filed.inquiry, clock)
    note_breach(after(work, clock, days=10), filed.inquiry, clock)
    [lead] = leads_of(work, filed.inquiry)
    assert (lead.item, lead.against, lead.ground) == (
        "第十条（一）2",
        LeadAgainst.FIRST_RESPONDER,
        LeadGround.BREACH,
    )
    assert (lead.at, lead.recorded_at, lead.clock_id) == (DUE, late.now, clock.id)
    assert (lead.staff_id, lead.unit_id) == (org.people["window_a"].id, org.unit.id)
    assert lead.state is LeadState.OPEN
    entries = work.session.scalars(
        select(LedgerEntry.event).where(
            LedgerEntry.inquiry_id == filed.inquiry.id, LedgerEntry.event == "lead_opened"
        )
    ).all()
    assert entries == ["lead_opened"]
    told = work.session.scalars(select(OutboxItem).where(OutboxItem.topic == "lead_opened")).all()
    assert [item.recipient_id for item in told] == [org.people["window_a"].id]


def test_two_workers_cannot_make_two_leads_of_one_breach(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    [clock] = filed.clocks
    fact = note_breach(after(work, clock, hours=1), filed.inquiry, clock)
    assert fact is not None
    # A second worker that read the row before the first one noted it.
    assert lead_from_breach(after(work, clock, hours=2), filed.inquiry, clock, fact) is None
    [lead] = leads_of(work, filed.inquiry)
    columns = {c.key: getattr(lead, c.key) for c in AccountabilityLead.__mapper__.column_attrs}
    twin = work.session.begin_nested()
    work.session.add(AccountabilityLead(**(columns | {"id": new_id()})))
    with pytest.raises(IntegrityError):
        work.session.flush()
    twin.rollback()


def test_a_takeover_before_the_breach_names_the_receiver_and_one_after_it_does_not(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（二）、七（二）: 该承办人承接首问责任."""
    before, afterwards = file(work, org), file(work, org)
    receiver = org.people["business_b"]
    taken = hold(later(work, hours=1), before.inquiry, staff=receiver)
    [clock] = pass_on_clocks(later(work, hours=1), before.inquiry, taken)
    note_breach(after(work, clock, days=1), before.inquiry, clock)
    assert [lead.staff_id for lead in leads_of(work, before.inquiry)] == [receiver.id]
    [clock] = afterwards.clocks
    late = after(work, clock, hours=1)
    # No job has run in between: the breach was the giver's all the same, and moves to nobody.
    [successor] = pass_on_clocks(late, afterwards.inquiry, hold(late, afterwards.inquiry, staff=receiver))
    assert note_breach(after(work, clock, days=2), afterwards.inquiry, successor) is None
    [lead] = leads_of(work, afterwards.inquiry)
    assert (lead.staff_id, lead.clock_id) == (org.people["window_a"].id, clock.id)


def test_a_limit_met_late_leaves_its_lead_and_one_that_ended_in_time_leaves_none(
    work: Work, org: SmallOrganisation
) -> None:
    late, timely, cancelled = file(work, org), file(work, org), file(work, org)
    end_clock(after(work, late.clocks[0], hours=1), late.inquiry, late.clocks[0], ClockEnd.MET)
    end_clock(after(work, timely.clocks[0]), timely.inquiry, timely.clocks[0], ClockEnd.MET)
    end_clock(later(work, hours=1), cancelled.inquiry, cancelled.clocks[0], ClockEnd.CANCELLED)
    counts = [len(leads_of(work, filed.inquiry)) for filed in (late, timely, cancelled)]
    assert counts == [1, 0, 0]


def test_a_limit_that_stands_still_makes_no_lead(work: Work, org: SmallOrganisation) -> None:
    """The handling limit alone can pause; what waits for the citizen is nobody's breach."""
    filed = file(work, org, Category.APPLICATION)
    stated = start_stated_clock(
        work,
        filed.inquiry,
        "handling-limit",
        StatedLimit(3, LimitBasis.LEGAL),
        since=work.now,
        holding=filed.holding,
    )
    [paused] = pause_clocks(later(work, hours=1), filed.inquiry)
    assert paused.supersedes_id == stated.id
    assert note_breach(after(work, paused, days=9), filed.inquiry, paused) is None
    assert leads_of(work, filed.inquiry) == []


def test_a_stated_limit_held_by_a_post_names_the_holder_of_the_post(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 十（一）2 超时限办理: a post bears it, and somebody keeps the post."""
    filed = file(work, org, Category.APPLICATION)
    stated = start_stated_clock(
        work,
        filed.inquiry,
        "handling-limit",
        StatedLimit(3, LimitBasis.LEGAL),
        since=work.now,
        holding=filed.holding,
    )
    assert stated.bearer_staff_id is None
    note_breach(after(work, stated, hours=1), filed.inquiry, stated)
    [lead] = leads_of(work, filed.inquiry)
    assert lead.staff_id == work.session.get_one(Post, org.window.post.id).holder_id
    assert lead.item == "第十条（一）2"


@pytest.mark.parametrize("hours", [1, 30])
def test_a_late_written_transfer_is_for_the_head_of_the_first_unit(
    work: Work, org: SmallOrganisation, hours: int
) -> None:
    """坛 十（二）2: 首问机关负责人, not the person at the counter."""
    filed = file(work, org, Category.APPLICATION, written=True)
    [clock] = filed.clocks
    note_breach(after(work, clock, hours=hours), filed.inquiry, clock)
    [lead] = leads_of(work, filed.inquiry)
    assert (lead.item, lead.against) == ("第十条（二）2", LeadAgainst.UNIT_HEAD)
    assert (lead.staff_id, lead.unit_id) == (None, org.unit.id)
    told = work.session.scalars(select(OutboxItem.recipient_id).where(OutboxItem.topic == "lead_opened"))
    assert list(told) == [org.people["principal"].id]


def test_silence_of_the_competent_authority_is_a_lead_of_its_own_head(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（四）、十（二）3: the unit that did not take it up at once, in both chains."""
    filed = file(work, org, Category.APPLICATION, written=True)
    giver = org.identity("window_a")
    acting = work.acting_as(giver.actor)
    offer = Offer(org.neighbour.id, None, None, HandoffMode.TRANSFER, "属于人社局职责", True)
    handoff, _ = offer_handoff(acting, giver, filed.inquiry, offer)
    lapse_handoff(replace(work, now=handoff.lapses_at + timedelta(hours=1)), filed.inquiry, handoff)
    [lead] = leads_of(work, filed.inquiry)
    assert (lead.item, lead.against, lead.unit_id, lead.staff_id) == (
        "第十条（二）3",
        LeadAgainst.UNIT_HEAD,
        org.neighbour.id,
        None,
    )
    chains = work.session.scalars(select(LedgerEntry.unit_id).where(LedgerEntry.event == "lead_opened"))
    assert set(chains) == {org.unit.id, org.neighbour.id}


def test_acceptance_in_time_makes_no_lead(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION, written=True)
    giver, receiver = org.identity("window_a"), org.identity("neighbour_general")
    offer = Offer(org.neighbour.id, None, None, HandoffMode.TRANSFER, "属于人社局职责", True)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, filed.inquiry, offer)
    soon = later(work, hours=1)
    accept_handoff(soon.acting_as(receiver.actor), receiver, filed.inquiry, handoff)
    assert leads_of(work, filed.inquiry) == []


def test_a_limit_started_again_for_the_same_legal_moment_is_no_second_breach(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 七（一）: a category corrected and taken back brings the same two days from receipt, over already."""
    filed = file(work, org)
    [clock] = filed.clocks
    late = after(work, clock, days=1)
    end_clock(late, filed.inquiry, clock, ClockEnd.CANCELLED)
    [again] = start_clocks(late, filed.inquiry, Event.FILED, since=work.now, holding=filed.holding)
    assert (again.duty, again.due_at, again.supersedes_id) == (clock.duty, clock.due_at, None)
    note_breach(after(work, clock, days=2), filed.inquiry, again)
    [lead] = leads_of(work, filed.inquiry)
    assert lead.clock_id == clock.id


def test_a_lead_whose_limit_was_met_in_time_after_all_stays_and_says_so(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（四）: served in time and written down late: the breach noted meanwhile is none."""
    filed = file(work, org)
    [clock] = filed.clocks
    note_breach(after(work, clock, hours=1), filed.inquiry, clock)
    [lead] = leads_of(work, filed.inquiry)
    late = after(work, clock, days=2)
    assert fallen_facts(late, [lead]) == {}
    clock.ended_at, clock.end = clock.due_at - timedelta(hours=2), ClockEnd.MET
    work.session.flush()
    assert fallen_facts(late, [lead]) == {
        lead.id: "这项时限在11月26日（周四）15:30已经完成，没有超过，只是登记晚了。"
    }
    assert lead.state is LeadState.OPEN


@pytest.mark.parametrize(("days", "stands"), [(3, False), (-1, True)])
def test_a_lead_whose_provisional_end_moved_out_says_until_when_the_limit_runs(
    work: Work, org: SmallOrganisation, days: int, stands: bool
) -> None:
    """暂定: only an end that moved nearer leaves the breach what it was, once it is noted there."""
    filed = file(work, org)
    [clock] = filed.clocks
    note_breach(after(work, clock, hours=1), filed.inquiry, clock)
    [lead] = leads_of(work, filed.inquiry)
    moved = rows.clock(
        work.session,
        filed.inquiry,
        supersedes_id=clock.id,
        change=ClockChange.CALENDAR,
        due_at=clock.due_at + timedelta(days=days),
    )
    if stands:
        rows.clock_fact(work.session, moved)
    found = fallen_facts(after(work, clock, days=2), [lead])
    assert found == (
        {} if stands else {lead.id: "原来的期限是暂定的，放假安排公布后，应在11月29日（周日）17:30前完成。"}
    )


def test_who_gave_it_to_another_unit_has_that_said_beside_the_limit_that_stayed(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 七（四）: the first responder's two days stay behind when another unit takes the matter."""
    filed = file(work, org)
    [clock] = filed.clocks
    giver, receiver = org.identity("window_a"), org.identity("neighbour_general")
    wanted = Offer(org.neighbour.id, None, None, HandoffMode.TRANSFER, "属于人社局职责", None)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, filed.inquiry, wanted)
    soon = later(work, hours=1)
    accept_handoff(soon.acting_as(receiver.actor), receiver, filed.inquiry, handoff)
    late = after(work, clock, hours=1)
    rows.clock_fact(work.session, clock)
    lead = AccountabilityLead(
        id=new_id(),
        inquiry_id=filed.inquiry.id,
        measure=clock.measure,
        item="第十条（一）2",
        against=LeadAgainst.FIRST_RESPONDER,
        ground=LeadGround.BREACH,
        clock_id=clock.id,
        unit_id=org.unit.id,
        staff_id=giver.staff_id,
        at=clock.due_at,
        recorded_at=late.now,
        state=LeadState.OPEN,
    )
    work.session.add(lead)
    work.session.flush()
    told = [(one["kind"], one["at_text"]) for one in exculpations_of(late, lead)]
    assert ("taken_over", "11月24日（周二）11:30") in told


def promise(work: Work, unit_id: str, category: Category) -> None:
    work.session.add(
        UnitPromise(
            id=new_id(),
            unit_id=unit_id,
            category=category,
            working_days=1,
            basis="本单位服务承诺",
            created_at=work.now,
        )
    )
    work.session.flush()


def test_a_promise_of_the_unit_itself_holds_nobody_to_account_under_tan(
    work: Work, org: SmallOrganisation
) -> None:
    """承诺时限 stands beside the law's limit: exceeding it is shown, and 第十条 says nothing of it."""
    promise(work, org.unit.id, Category.OTHER)
    filed = file(work, org, Category.OTHER)
    [clock] = filed.clocks
    assert clock.duty == "unit-promise"
    assert note_breach(after(work, clock, days=3), filed.inquiry, clock) is not None
    assert leads_of(work, filed.inquiry) == []


def test_under_lu_a_lead_cites_its_own_items_and_never_those_of_tan(
    work: Work, org: SmallOrganisation
) -> None:
    """泸 三（二）: a limit the unit stated itself; the 方案 sets none."""
    destination = destination_of_sign(work.session, org.lu_window.sign.code)
    new = NewInquiry(destination, Category.APPLICATION, "办", Channel.OTHER, Source.SIGN)
    filed = file_inquiry(work.acting_as(Actor("citizen")), new)
    limit = StatedLimit(3, LimitBasis.LEGAL)
    clock = start_stated_clock(
        work, filed.inquiry, "handling-limit", limit, since=work.now, holding=filed.holding
    )
    note_breach(after(work, clock, hours=1), filed.inquiry, clock)
    [lead] = leads_of(work, filed.inquiry)
    assert (lead.measure, lead.item) == (Measure.LU, "三（二）")
    assert lead.staff_id == org.people["lu_window_a"].id


def test_every_item_a_duty_names_belongs_to_its_own_measure(work: Work) -> None:
    for measure in work.tools.statute.measures.values():
        items = {item.item for item in measure.accountability}
        assert {duty.accountability for duty in measure.duties} - {None} <= items
    tan, lu = (
        {item.item for item in work.tools.statute.measures[one].accountability}
        for one in (Measure.TAN, Measure.LU)
    )
    assert tan.isdisjoint(lu)
    assert tan == {f"第十条（一）{n}" for n in (1, 2, 3)} | {f"第十条（二）{n}" for n in (1, 2, 3, 4)}
    assert lu == {"三（二）", "三（三）"}


def test_a_provisional_end_that_moves_nearer_is_no_second_breach(work: Work, org: SmallOrganisation) -> None:
    """暂定: the same limit breached under its new end has its lead already."""
    filed = file(work, org)
    [clock] = filed.clocks
    fact = note_breach(after(work, clock, days=5), filed.inquiry, clock)
    assert fact is not None
    moved = rows.clock(
        work.session,
        filed.inquiry,
        supersedes_id=clock.id,
        duty=clock.duty,
        due_at=clock.due_at - timedelta(days=1),
    )
    assert lead_from_breach(after(work, clock, days=6), filed.inquiry, moved, fact) is None
    assert len(leads_of(work, filed.inquiry)) == 1


def test_reopening_makes_a_limit_of_its_own_with_a_lead_of_its_own(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org)
    end_clock(later(work, hours=1), filed.inquiry, filed.clocks[0], ClockEnd.MET)
    filed.inquiry.round = 2
    again = later(work, days=1)
    taken = hold(again, filed.inquiry, staff=org.people["window_b"])
    start_clocks(again, filed.inquiry, Event.REOPENED, since=again.now, holding=taken)
    [clock] = running_clocks(again, filed.inquiry)
    note_breach(after(work, clock, days=1), filed.inquiry, clock)
    [lead] = leads_of(work, filed.inquiry)
    assert lead.staff_id == org.people["window_b"].id
    assert local_date(lead.at) > local_date(again.now)


def notice(work: Work, filed: Filed, position: int, staff_id: str, *, unlisted: bool) -> Notice:
    texts = [store_text(work, filed.inquiry, "basis", "依据")[0].id for _ in range(4)]
    given = Notice(
        id=new_id(),
        inquiry_id=filed.inquiry.id,
        round=1,
        position=position,
        given_by_id=staff_id,
        given_at=work.now,
        basis_text_id=texts[0],
        limit_text_id=texts[1],
        procedure_text_id=texts[2],
    )
    work.session.add(given)
    work.session.flush()
    document = NoticeDocument(notice_id=given.id, position=1, name_text_id=texts[3], is_unlisted=unlisted)
    work.session.add(document)
    work.session.flush()
    return given


def test_a_later_demand_is_a_lead_about_whoever_gave_the_first_notice(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 十（一）2 未一次性告知: not about the receiver, who saw that something was missing."""
    filed = file(work, org, Category.APPLICATION)
    window, receiver = org.people["window_a"], org.people["business_b"]
    first = notice(work, filed, 1, window.id, unlisted=False)
    assert lead_from_notice(work, filed.inquiry, first) is None
    tomorrow = later(work, days=1)
    hold(tomorrow, filed.inquiry, staff=receiver)
    second = notice(tomorrow, filed, 2, receiver.id, unlisted=True)
    lead = lead_from_notice(tomorrow, filed.inquiry, second)
    assert lead is not None
    assert lead_from_notice(tomorrow, filed.inquiry, second) is None
    assert (lead.item, lead.ground, lead.staff_id) == ("第十条（一）2", LeadGround.LATER_DEMAND, window.id)
    assert (lead.at, lead.notice_id) == (tomorrow.now, second.id)
    told, demanded = evidence_of(tomorrow, lead)
    assert told.startswith("11月24日（周二）10:30一次性告知")
    assert demanded == "11月25日（周三）10:30又要求清单以外的资料 1 项。"


def test_under_lu_a_later_demand_makes_no_lead(work: Work, org: SmallOrganisation) -> None:
    """泸 knows no 一次性告知 of its own: no duty, no lead."""
    destination = destination_of_sign(work.session, org.lu_window.sign.code)
    new = NewInquiry(destination, Category.APPLICATION, "办", Channel.OTHER, Source.SIGN)
    filed = file_inquiry(work.acting_as(Actor("citizen")), new)
    clerk = org.people["lu_window_a"].id
    notice(work, filed, 1, clerk, unlisted=False)
    assert lead_from_notice(work, filed.inquiry, notice(work, filed, 2, clerk, unlisted=True)) is None
