"""共同办理 as a use case (坛 六（三）、七（三）): clocks, parts, messages, and what the ledger says."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domain.errors import FieldInvalid, IllegalTransition, NotHolder
from backend.domain.vocabulary import (
    Category,
    ClockChange,
    Employment,
    JointState,
    LimitBasis,
    OpinionKind,
    Outcome,
    ReportTo,
    Role,
    Status,
)
from backend.models import Inquiry, JointHandling, LedgerEntry, OutboxItem
from backend.services.changing_clocks import pause_clocks
from backend.services.clocks import StatedLimit, running_clocks, start_stated_clock
from backend.services.closing import Closing, close_inquiry
from backend.services.following import reopen_inquiry
from backend.services.holdings import hold, live_holding
from backend.services.joint_acts import (
    Task,
    WrittenReport,
    finish_task,
    plan_joint,
    put_opinion,
    refer_joint,
)
from backend.services.joints import (
    JointRequest,
    end_joint,
    heads,
    joint_units,
    latest_joint,
    open_joint,
    part_of,
    partners,
    start_joint,
)
from backend.services.organising import create_staff, grant_role, identity_of, set_absence
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import LIGHT_COST, PASSWORD, SmallOrganisation


def as_staff(work: Work, org: SmallOrganisation, name: str) -> Work:
    return work.acting_as(org.identity(name).actor)


def begin(work: Work, org: SmallOrganisation, inquiry: Inquiry, *units: str) -> JointHandling:
    request = JointRequest(units or (org.neighbour.id,), "要一起办的事")
    joint, _ = start_joint(as_staff(work, org, "window_a"), org.identity("window_a"), inquiry, request)
    return joint


def entries(work: Work, inquiry: Inquiry, event: str) -> list[LedgerEntry]:
    return list(
        work.session.scalars(
            select(LedgerEntry).where(LedgerEntry.inquiry_id == inquiry.id, LedgerEntry.event == event)
        )
    )


def told(work: Work, topic: str) -> set[str | None]:
    return set(work.session.scalars(select(OutboxItem.recipient_id).where(OutboxItem.topic == topic)))


def test_clause_6_3_the_finding_starts_the_report_and_the_report_the_plan(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org, Category.APPLICATION)
    joint = begin(later(work, hours=2), org, filed.inquiry)
    [clock] = running_clocks(work, filed.inquiry)
    assert (clock.duty, clock.starts_at, clock.working_days) == ("joint-plan", joint.reported_at, 3)
    assert (clock.bearer_unit_id, clock.bearer_staff_id) == (org.unit.id, None)
    assert (joint.lead_unit_id, joint.state, filed.inquiry.status) == (
        org.unit.id,
        JointState.REPORTED,
        Status.JOINT,
    )


def test_waiting_for_documents_ends_where_units_begin(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION)
    holding = live_holding(work.session, filed.inquiry)
    assert holding is not None
    limit = StatedLimit(10, LimitBasis.LEGAL)
    start_stated_clock(work, filed.inquiry, "handling-limit", limit, since=work.now, holding=holding)
    filed.inquiry.status = Status.AWAITING_CITIZEN
    pause_clocks(work, filed.inquiry)
    begin(later(work, days=2), org, filed.inquiry)
    [clock] = [c for c in running_clocks(work, filed.inquiry) if c.duty == "handling-limit"]
    assert (clock.change, clock.paused_at, filed.inquiry.status) == (ClockChange.RESUME, None, Status.JOINT)


def test_the_ledger_tells_the_case_in_ids_enums_and_times(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION)
    joint = begin(work, org, filed.inquiry, org.neighbour.id, org.lu_unit.id)
    written = entries(work, filed.inquiry, "joint_started")
    assert {(entry.unit_id, entry.is_mirror) for entry in written} == {
        (org.unit.id, False),
        (org.neighbour.id, True),
        (org.lu_unit.id, True),
    }
    facts = json.loads(written[0].body)["facts"]
    assert facts == {
        "joint": joint.id,
        "lead": org.unit.id,
        "units": [org.neighbour.id, org.lu_unit.id],
        "found_at": "2026-11-24T10:30:00+08:00",
    }
    assert "要一起办的事" not in written[0].body


def test_clause_6_3_only_the_first_word_of_a_unit_is_its_cooperation(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org, Category.APPLICATION)
    joint = begin(work, org, filed.inquiry)
    who = org.identity("neighbour_general")
    for hours in (1, 2):
        kind = OpinionKind.OPINION if hours == 1 else OpinionKind.CONSULTATION
        put_opinion(later(work, hours=hours), who, filed.inquiry, kind=kind, text="配合")
    [row] = joint_units(work.session, joint)
    assert row.cooperated_at == later(work, hours=1).now
    spoken = [
        json.loads(e.body)["facts"] for e in entries(work, filed.inquiry, "joint_opinion") if not e.is_mirror
    ]
    assert sorted((facts["kind"], facts["is_first"]) for facts in spoken) == [
        ("consultation", False),
        ("opinion", True),
    ]
    # What the lead says stands in its own chain alone.
    put_opinion(work, org.identity("window_a"), filed.inquiry, kind=OpinionKind.OPINION, text="牵头")
    assert len(entries(work, filed.inquiry, "joint_opinion")) == 5


@pytest.mark.parametrize(
    ("name", "speaks_for"),
    [
        ("window_a", "unit"),
        ("window_b", "unit"),  # the deputy of the holding post (AB岗)
        ("neighbour_general", "neighbour"),
        ("general", None),
        ("principal", None),
        ("window_head", None),
        ("neighbour_office_head", None),
        ("lu_general", None),
    ],
)
def test_who_speaks_for_whom(work: Work, org: SmallOrganisation, name: str, speaks_for: str | None) -> None:
    filed = file(work, org, Category.APPLICATION)
    joint = begin(work, org, filed.inquiry)
    part = part_of(work, org.identity(name), filed.inquiry, joint)
    assert (part and part.unit_id) == (getattr(org, speaks_for).id if speaks_for else None)


def test_messages_find_somebody(work: Work, org: SmallOrganisation) -> None:
    people = org.people
    assert heads(work, org.unit.id) == [people["principal"]]
    set_absence(work, people["principal"], starts_at=work.now)
    assert heads(work, org.unit.id) == [people["general"]]
    set_absence(work, people["general"], starts_at=work.now)
    # Nobody is there: the head is told though away.
    assert heads(work, org.unit.id) == partners(work, org.unit.id) == [people["principal"]]
    set_absence(work, people["neighbour_general"], starts_at=work.now)
    assert partners(work, org.neighbour.id) == [people["neighbour_general"]]
    head = create_staff(
        work,
        unit=org.neighbour,
        username="neighbour-head",
        name="局长",
        employment=Employment.CIVIL_SERVANT,
        password=PASSWORD,
        cost=LIGHT_COST,
    )
    grant_role(work, head, Role.PRINCIPAL_LEADER)
    assert partners(work, org.neighbour.id) == [head]
    assert part_of_head(work, org, head) is not None


def part_of_head(work: Work, org: SmallOrganisation, head: object) -> object:
    filed = file(work, org, Category.APPLICATION)
    joint = begin(work, org, filed.inquiry)
    return part_of(work, identity_of(head), filed.inquiry, joint)  # type: ignore[arg-type]


def test_whoever_acts_is_not_told_and_the_others_are(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION)
    begin(work, org, filed.inquiry, org.neighbour.id, org.lu_unit.id)
    partner = as_staff(work, org, "neighbour_general")
    put_opinion(
        partner, org.identity("neighbour_general"), filed.inquiry, kind=OpinionKind.OPINION, text="好"
    )
    people = org.people
    assert told(work, "joint_opinion") == {people[n].id for n in ("window_a", "window_b", "lu_general")}


def test_clause_6_3_a_report_after_a_plan_and_a_plan_after_a_report_are_each_put_on_record(
    work: Work, org: SmallOrganisation
) -> None:
    who, report = org.identity("window_a"), WrittenReport(ReportTo.PARTY_OFFICE, "甲", "乙", "丙")
    for plan_first in (True, False):
        filed = file(work, org, Category.APPLICATION)
        joint = begin(work, org, filed.inquiry)
        put_opinion(work, who, filed.inquiry, kind=OpinionKind.CONSULTATION, text="商量过")
        for is_plan in (plan_first, not plan_first):
            if is_plan:
                plan_joint(work, who, filed.inquiry, plan="办", tasks=[Task(org.neighbour.id, "登记")])
            else:
                refer_joint(work, who, filed.inquiry, report)
        assert joint.planned_at == joint.referred_at == work.now
        assert joint.state is (JointState.REFERRED if plan_first else JointState.PLANNED)
        assert running_clocks(work, filed.inquiry) == []


def test_without_a_running_joint_case_there_is_nothing_to_do(work: Work, org: SmallOrganisation) -> None:
    filed, who = file(work, org, Category.APPLICATION), org.identity("window_a")
    assert (open_joint(work.session, filed.inquiry), end_joint(work, filed.inquiry)) == (None, [])
    for act in (
        lambda: put_opinion(work, who, filed.inquiry, kind=OpinionKind.OPINION, text="好"),
        lambda: plan_joint(work, who, filed.inquiry, plan="办", tasks=[]),
        lambda: refer_joint(work, who, filed.inquiry, WrittenReport(ReportTo.PARTY_OFFICE, "甲", "乙", "丙")),
        lambda: finish_task(work, who, filed.inquiry, text="好"),
    ):
        with pytest.raises(IllegalTransition):
            act()


def test_nobody_without_a_part_speaks(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION)
    begin(work, org, filed.inquiry)
    with pytest.raises(NotHolder):
        put_opinion(work, org.identity("general"), filed.inquiry, kind=OpinionKind.OPINION, text="好")
    with pytest.raises(NotHolder):
        finish_task(work, org.identity("window_a"), filed.inquiry, text="好")


def test_the_latest_case_is_that_of_the_latest_round(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org, Category.APPLICATION)
    first = begin(work, org, filed.inquiry)
    close_inquiry(work, org.identity("window_a"), filed.inquiry, Closing(Outcome.COMPLETED, "办好了"))
    assert {e.unit_id for e in entries(work, filed.inquiry, "closed")} == {org.unit.id, org.neighbour.id}
    next_round = later(work, days=1)
    reopen_inquiry(next_round, filed.inquiry, reason="没办好")
    assert latest_joint(work.session, filed.inquiry) == first
    second = begin(next_round, org, filed.inquiry, org.lu_unit.id)
    assert latest_joint(work.session, filed.inquiry) == second == open_joint(work.session, filed.inquiry)
    assert (first.ended_at, second.round) == (work.now, 2)


def test_it_was_not_found_before_the_present_holder_took_it(work: Work, org: SmallOrganisation) -> None:
    """坛 六（三）: whoever took it over can have found it only since."""
    filed = file(work, org, Category.APPLICATION)
    hold(later(work, days=1), filed.inquiry, staff=org.people["business_b"])
    now, who = later(work, days=2), org.identity("business_b")
    for hours, refused in ((23, True), (24, False)):
        request = JointRequest((org.neighbour.id,), "一起办", work.now + timedelta(hours=hours))
        if refused:
            with pytest.raises(FieldInvalid) as error:
                start_joint(now, who, filed.inquiry, request)
            assert error.value.pointer == "/found_at"
        else:
            assert start_joint(now, who, filed.inquiry, request)[0].found_at == request.found_at


def test_the_word_of_each_unit_says_whether_all_have_spoken(work: Work, org: SmallOrganisation) -> None:
    """坛 六（三） 主动配合 is done when every unit that was asked has spoken."""
    filed = file(work, org, Category.APPLICATION)
    request = JointRequest((org.neighbour.id, org.lu_unit.id), "一起办")
    start_joint(work, org.identity("window_a"), filed.inquiry, request)
    told = []
    for name in ("window_a", "neighbour_general", "neighbour_general", "lu_general"):
        _, entry = put_opinion(work, org.identity(name), filed.inquiry, kind=OpinionKind.OPINION, text="好")
        facts = json.loads(entry.body)["facts"]
        told.append((facts["is_first"], facts["all_answered"]))
    assert told == [(False, False), (True, False), (False, False), (True, True)]
