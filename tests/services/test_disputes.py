"""裁定 after the third refusal (系统设定 third-refusal; 坛 六（二）、六（四）; 泸 附件2): who decides, and what follows."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from backend.domain.errors import (
    DisputeClosed,
    DisputePending,
    FieldInvalid,
    HandoffTargetUnavailable,
    RoleRequired,
    SubjectConflict,
)
from backend.domain.notices import NoticeParts
from backend.domain.vocabulary import (
    Category,
    Channel,
    ClockEnd,
    Disposition,
    DisputeLevel,
    DisputeState,
    HandoffMode,
    LimitBasis,
    Outcome,
    Role,
    Source,
    Status,
)
from backend.models import Clock, Coordinator, Dispute, Inquiry, LedgerEntry, OutboxItem
from backend.queries.inquiry import disposition_of
from backend.services.clocks import running_clocks
from backend.services.closing import Closing, close_inquiry, withdraw_inquiry
from backend.services.disputes import arbiters, decide_dispute, escalate_dispute, may_decide
from backend.services.external import Outside, address_outside
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.following import reopen_inquiry
from backend.services.handing_over import Offer, accept_handoff, lapse_handoff, offer_handoff, return_handoff
from backend.services.holdings import live_holding
from backend.services.notices import NewNotice, give_notice
from backend.services.organising import create_staff, grant_role, set_absence
from backend.services.pending import open_dispute
from backend.services.routing import destination_of_sign
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import LIGHT_COST, SmallOrganisation

L = DisputeLevel


def offer(work: Work, org: SmallOrganisation, inquiry: Inquiry, by: str = "window_a", **to: str):
    wanted = Offer(to.get("unit"), to.get("section"), None, HandoffMode.TRANSFER, "属于对方职责", None)
    return offer_handoff(work, org.identity(by), inquiry, wanted)[0]


def refuse(work: Work, org: SmallOrganisation, inquiry: Inquiry, times: int = 3, *, between=False) -> None:
    """Offer it and have it returned so many times, inside the unit or to the neighbour."""
    for _ in range(times):
        to = {"unit": org.neighbour.id} if between else {"section": org.business.section.id}
        made = offer(work, org, inquiry, **to)
        receiver = org.identity("neighbour_general" if between else "business_a")
        return_handoff(work, receiver, inquiry, made, reason="不归我们", clause="三定")


def disputed(work: Work, org: SmallOrganisation, *, between=False, **changes) -> tuple[Inquiry, Dispute]:
    inquiry = file(work, org, **changes).inquiry
    refuse(work, org, inquiry, between=between)
    dispute = open_dispute(work, inquiry)
    assert dispute is not None
    return inquiry, dispute


def decide(work: Work, org: SmallOrganisation, inquiry, dispute, by: str, **to):
    return decide_dispute(
        work,
        org.identity(by),
        inquiry,
        dispute,
        to_unit_id=to.get("unit"),
        to_section_id=to.get("section"),
        to_staff_id=to.get("staff"),
        reason="《权责清单》第三条",
    )


def test_the_third_refusal_and_no_earlier_one_goes_up(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    refuse(work, org, inquiry, 2)
    assert open_dispute(work, inquiry) is None
    made = offer(work, org, inquiry, section=org.office.section.id)
    version = inquiry.version
    lapse_handoff(later(work, days=3), inquiry, made)  # silence is a refusal too
    dispute = open_dispute(work, inquiry)
    assert dispute is not None
    assert (dispute.level, dispute.arbiter_unit_id) == (L.GENERAL_POST, org.unit.id)
    assert (inquiry.status, inquiry.version) == (Status.FILED, version + 1)


def test_while_it_is_open_nobody_is_asked_and_the_giver_may_still_close(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry, dispute = disputed(work, org)
    with pytest.raises(DisputePending):
        offer(work, org, inquiry, section=org.office.section.id)
    with pytest.raises(DisputePending):
        address_outside(
            work, org.identity("window_a"), inquiry, Outside("税务局", phone="0519-1"), reason="转"
        )
    entry = close_inquiry(work, org.identity("window_a"), inquiry, Closing(Outcome.ANSWERED, "已答复"))
    assert dispute.state is DisputeState.DROPPED
    assert json.loads(entry.body)["facts"]["dropped_dispute"] == dispute.id
    with pytest.raises(DisputeClosed):
        decide(work, org, inquiry, dispute, "general", section=org.business.section.id)


def test_withdrawing_drops_it_and_a_new_round_counts_anew(work: Work, org: SmallOrganisation) -> None:
    inquiry, dispute = disputed(work, org)
    close_inquiry(work, org.identity("window_a"), inquiry, Closing(Outcome.ANSWERED, "已答复"))
    reopen_inquiry(work, inquiry, reason="没有解决")
    refuse(work, org, inquiry, 2)
    assert open_dispute(work, inquiry) is None
    refuse(work, org, inquiry, 1)
    assert open_dispute(work, inquiry) not in (None, dispute)
    withdraw_inquiry(work, inquiry, reason=None)
    assert open_dispute(work, inquiry) is None


@pytest.mark.parametrize(
    ("between", "level", "names"),
    [(False, L.GENERAL_POST, {"general"}), (True, L.COORDINATOR, {"overseer"})],
)
def test_inside_a_unit_the_general_post_between_units_the_lead_office_above(
    work: Work, org: SmallOrganisation, between, level, names
) -> None:
    inquiry, dispute = disputed(work, org, between=between)
    assert dispute.level is level
    people = {name for name, person in org.people.items() if person in arbiters(work, inquiry, dispute)}
    assert people == names
    assert all(may_decide(work, org.identity(name), inquiry, dispute) for name in names)
    assert not may_decide(work, org.identity("window_a"), inquiry, dispute)


def test_a_general_post_that_gave_it_away_itself_does_not_decide(work: Work, org: SmallOrganisation) -> None:
    destination = destination_of_sign(work.session, org.general_sign.code)
    new = NewInquiry(destination, Category.CONSULT, "问", Channel.OTHER, Source.SIGN)
    inquiry = file_inquiry(work, new).inquiry
    for _ in range(3):
        made = offer(work, org, inquiry, by="general", section=org.business.section.id)
        return_handoff(work, org.identity("business_a"), inquiry, made, reason="不归", clause="三定")
    dispute = open_dispute(work, inquiry)
    assert dispute is not None
    assert dispute.level is L.UNIT_HEAD
    assert arbiters(work, inquiry, dispute) == [org.people["principal"]]


def test_a_coordinator_names_only_units_it_settles_for(work: Work, org: SmallOrganisation) -> None:
    """Design 4; 坛 六（四）: the lead office of 金坛 gives nothing to a unit of 泸州."""
    inquiry, dispute = disputed(work, org, between=True, category=Category.APPLICATION)
    assert (dispute.level, dispute.arbiter_unit_id) == (L.COORDINATOR, org.lead.id)
    with pytest.raises(FieldInvalid) as refused:
        decide(work, org, inquiry, dispute, "overseer", unit=org.lu_unit.id)
    assert refused.value.pointer == "/to_unit"
    work.session.add(Coordinator(scope_unit_id=org.lu_unit.id, unit_id=org.lead.id))
    work.session.flush()
    decide(work, org, inquiry, dispute, "overseer", unit=org.lu_unit.id)
    assert inquiry.unit_id == org.lu_unit.id


def test_the_coordinator_of_the_nearest_part_of_the_tree_is_asked(work: Work, org: SmallOrganisation) -> None:
    """区委办、区政府办、编办: configured, and never a party itself."""
    head = create_staff(
        work,
        unit=org.lu_unit,
        section=None,
        username="coordinator",
        name="协调人",
        employment=org.people["general"].employment,
        password="correct horse battery staple",
        cost=LIGHT_COST,
        totp_secret="JBSWY3DPEHPK3PXP",
    )
    grant_role(work, head, Role.PRINCIPAL_LEADER)
    work.session.add(Coordinator(scope_unit_id=org.lead.id, unit_id=org.lu_unit.id))
    work.session.add(Coordinator(scope_unit_id=org.unit.id, unit_id=org.unit.id))
    work.session.flush()
    inquiry, dispute = disputed(work, org, between=True)
    assert (dispute.level, dispute.arbiter_unit_id) == (L.COORDINATOR, org.lu_unit.id)
    assert set(arbiters(work, inquiry, dispute)) == {head, org.people["lu_general"]}


def test_the_dispute_stands_in_the_chains_of_the_units_concerned_and_its_people_are_told(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry, dispute = disputed(work, org, between=True)
    entries = work.session.scalars(
        select(LedgerEntry).where(LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "dispute_opened")
    ).all()
    assert {entry.unit_id for entry in entries} == {org.unit.id, org.neighbour.id, org.lead.id}
    told = work.session.scalars(
        select(OutboxItem.recipient_id).where(
            OutboxItem.inquiry_id == inquiry.id,
            OutboxItem.topic == "dispute",
            OutboxItem.recipient_kind == "staff",
        )
    ).all()
    assert org.people["overseer"].id in told
    assert org.people["window_a"].id in told
    assert dispute.handoff_id in json.loads(entries[0].body)["facts"]["handoff"]


def test_the_overseer_is_told_of_a_dispute_inside_a_unit_too(work: Work, org: SmallOrganisation) -> None:
    inquiry, _ = disputed(work, org)
    told = select(OutboxItem.recipient_id).where(
        OutboxItem.inquiry_id == inquiry.id, OutboxItem.topic == "dispute"
    )
    assert {org.people["overseer"].id, org.people["general"].id} <= set(work.session.scalars(told))


def test_the_decision_names_a_section_whose_post_holds_and_bears_the_limit(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（二）: 该承办人承接首问责任."""
    inquiry, dispute = disputed(work, org)
    decide(later(work, hours=1), org, inquiry, dispute, "general", section=org.business.section.id)
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert (inquiry.status, holding.post_id) == (Status.CONFIRMED, org.business.post.id)
    assert (dispute.state, dispute.to_section_id) == (DisputeState.DECIDED, org.business.section.id)
    clock = work.session.scalars(
        select(Clock).where(Clock.inquiry_id == inquiry.id, Clock.ended_at.is_(None))
    ).one()
    assert clock.bearer_staff_id == org.people["business_a"].id
    assert disposition_of(work, inquiry) is Disposition.OTHER_SECTION
    # From here it may be offered again, and three more refusals go up again.
    for _ in range(3):
        made = offer(work, org, inquiry, by="business_a", section=org.office.section.id)
        return_handoff(work, org.identity("office_a"), inquiry, made, reason="不归", clause="三定")
    assert open_dispute(work, inquiry) is not None


def test_the_decision_names_a_person_or_the_present_holder(work: Work, org: SmallOrganisation) -> None:
    inquiry, dispute = disputed(work, org)
    decide(work, org, inquiry, dispute, "general", staff=org.people["window_b"].id)
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert holding.staff_id == org.people["window_b"].id


def test_a_section_whose_post_nobody_keeps_is_held_by_a_present_handler(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry, dispute = disputed(work, org)
    for name in ("office_a", "office_b", "office_head"):
        set_absence(work, org.people[name], starts_at=work.now)
    decide(work, org, inquiry, dispute, "general", section=org.office.section.id)
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert (holding.post_id, holding.staff_id) == (None, org.people["general"].id)


def test_naming_another_unit_gives_it_to_its_general_post_and_meets_the_transfer(
    work: Work, org: SmallOrganisation
) -> None:
    """坛 六（四）: deciding is as good as serving; nobody has to accept what was decided."""
    inquiry = file(work, org, Category.APPLICATION).inquiry
    refuse(work, org, inquiry, between=True)
    dispute = open_dispute(work, inquiry)
    assert dispute is not None
    entry = decide(later(work, hours=1), org, inquiry, dispute, "overseer", unit=org.neighbour.id)
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert (holding.post_id, inquiry.unit_id) == (org.neighbour_general_post.id, org.neighbour.id)
    ends = work.session.scalars(select(Clock).where(Clock.inquiry_id == inquiry.id)).all()
    assert {(clock.duty, clock.end) for clock in ends} == {
        ("written-transfer", ClockEnd.MET),
        ("accept-at-once", ClockEnd.CANCELLED),
    }
    assert disposition_of(work, inquiry) is Disposition.OTHER_UNIT
    chains = select(LedgerEntry.unit_id).where(
        LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == "dispute_decided"
    )
    assert set(work.session.scalars(chains)) == {org.unit.id, org.neighbour.id, org.lead.id}
    assert json.loads(entry.body)["facts"]["to_unit"] == org.neighbour.id


def test_keeping_it_in_the_unit_ends_the_transfer_limit(work: Work, org: SmallOrganisation) -> None:
    """A decision about a matter nobody had served anywhere shows that it is the unit's own duty (坛 六（四）)."""
    inquiry = file(work, org, Category.APPLICATION).inquiry
    refuse(work, org, inquiry)  # offering inside the unit has ended it already
    dispute = open_dispute(work, inquiry)
    assert dispute is not None
    decide(work, org, inquiry, dispute, "general", unit=org.unit.id)
    [clock] = work.session.scalars(select(Clock).where(Clock.inquiry_id == inquiry.id))
    assert clock.end is ClockEnd.CANCELLED
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert holding.post_id == org.general_post.id


@pytest.mark.parametrize("how", ["accepted", "decided"])
def test_whoever_takes_it_over_no_longer_waits_and_nor_does_the_limit(
    work: Work, org: SmallOrganisation, how
) -> None:
    """坛 六（一）、六（二）: 办理时限 stood still for the citizen's documents; it runs on with the new holder."""
    inquiry = file(work, org, Category.APPLICATION).inquiry
    parts = NoticeParts("《条例》第三条", "5 个工作日", "窗口申请，审核，发证", ("身份证",))
    new = NewNotice(parts, days=5, kind=LimitBasis.LEGAL)
    give_notice(work, org.identity("window_a"), inquiry, new)
    assert inquiry.status is Status.AWAITING_CITIZEN
    if how == "accepted":
        made = offer(work, org, inquiry, section=org.business.section.id)
        accept_handoff(work, org.identity("business_a"), inquiry, made)
    else:
        refuse(work, org, inquiry)
        dispute = open_dispute(work, inquiry)
        assert dispute is not None
        assert inquiry.status is Status.AWAITING_CITIZEN
        decide(work, org, inquiry, dispute, "general", section=org.business.section.id)
    [clock] = [row for row in running_clocks(work, inquiry) if row.duty == "handling-limit"]
    assert (inquiry.status, clock.paused_at) == (Status.CONFIRMED, None)
    assert clock.bearer_staff_id == org.people["business_a"].id


def test_who_may_decide_and_whom_they_may_name(work: Work, org: SmallOrganisation) -> None:
    inquiry, dispute = disputed(work, org)
    with pytest.raises(RoleRequired):
        decide(work, org, inquiry, dispute, "principal", section=org.business.section.id)
    with pytest.raises(FieldInvalid):
        decide(work, org, inquiry, dispute, "general", unit=org.neighbour.id)
    for to in ({}, {"section": "0" * 32}, {"section": org.empty_section.id}):
        with pytest.raises(HandoffTargetUnavailable):
            decide(work, org, inquiry, dispute, "general", **to)
    assert dispute.state is DisputeState.OPEN


def test_the_general_post_passes_it_on_to_the_unit_head(work: Work, org: SmallOrganisation) -> None:
    inquiry, dispute = disputed(work, org)
    with pytest.raises(RoleRequired):
        escalate_dispute(work, org.identity("principal"), inquiry, dispute, reason="拿不准")
    version = inquiry.version
    entry = escalate_dispute(work, org.identity("general"), inquiry, dispute, reason="拿不准")
    assert (entry.event, inquiry.version, dispute.level) == ("dispute_escalated", version + 1, L.UNIT_HEAD)
    with pytest.raises(RoleRequired):
        decide(work, org, inquiry, dispute, "general", section=org.business.section.id)
    with pytest.raises(RoleRequired):
        escalate_dispute(work, org.identity("principal"), inquiry, dispute, reason="再往上")
    decide(work, org, inquiry, dispute, "principal", section=org.business.section.id)
    assert dispute.decided_by_id == org.people["principal"].id


def test_with_no_head_there_the_general_post_decides_itself(work: Work, org: SmallOrganisation) -> None:
    inquiry, dispute = disputed(work, org)
    set_absence(work, org.people["principal"], starts_at=work.now)
    with pytest.raises(HandoffTargetUnavailable):
        escalate_dispute(work, org.identity("general"), inquiry, dispute, reason="拿不准")


def test_a_complaint_is_never_decided_by_or_given_to_whom_it_is_about(
    work: Work, org: SmallOrganisation
) -> None:
    """A complaint must not reach its subject by way of a decision either (design 4)."""
    inquiry = file(work, org, Category.COMPLAINT).inquiry
    holder = "discipline"
    for _ in range(3):
        made = offer(work, org, inquiry, by=holder, section=org.business.section.id)
        return_handoff(work, org.identity("business_a"), inquiry, made, reason="不归", clause="三定")
    dispute = open_dispute(work, inquiry)
    assert dispute is not None
    with pytest.raises(SubjectConflict):
        decide(work, org, inquiry, dispute, "general", section=org.window.section.id)
    with pytest.raises(SubjectConflict):
        decide(work, org, inquiry, dispute, "general", staff=org.people["window_b"].id)


def test_where_nobody_stands_above_it_may_be_offered_on(work: Work, org: SmallOrganisation) -> None:
    inquiry = file(work, org).inquiry
    for name in ("general", "principal", "overseer"):
        set_absence(work, org.people[name], starts_at=work.now)
    refuse(work, org, inquiry)
    assert open_dispute(work, inquiry) is None
    made = offer(work, org, inquiry, section=org.business.section.id)
    accept_handoff(work, org.identity("business_a"), inquiry, made)
    assert inquiry.status is Status.CONFIRMED
