"""Somebody leaves their place, on both databases: nothing they held is ever without somebody (B-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.domain.actors import Actor
from backend.domain.errors import FieldInvalid, HandoffTargetUnavailable
from backend.domain.vocabulary import (
    AboutKind,
    Category,
    HandoffMode,
    HandoffState,
    Role,
    Status,
)
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import AccessSession, Holding, OrganisationChange
from backend.models.types import new_id
from backend.services.assigning import assign_inquiry
from backend.services.confirming import confirm_inquiry
from backend.services.handing_over import Offer, accept_handoff, offer_handoff
from backend.services.holdings import live_holding
from backend.services.leaving import (
    OwnerHasOpenCases,
    deactivate_staff,
    move_staff,
    open_cases,
    restore_staff,
)
from backend.services.organising import create_section, identity_of, set_absence
from backend.services.presence import present_handlers
from backend.services.work import Work
from tests.services.desk import file
from tests.support.organisation import SmallOrganisation

HOUR = timedelta(hours=1)


def given_to(work: Work, org: SmallOrganisation, name: str, **changes: object):
    """An inquiry that somebody of the window holds in person."""
    filed = file(work, org, **changes)
    head = org.identity("window_head")
    assign_inquiry(
        work.acting_as(head.actor), head, filed.inquiry, to_staff_id=org.people[name].id, reason=None
    )
    return filed.inquiry


def roles_of(org: SmallOrganisation, name: str) -> set[Role]:
    return {grant.role for grant in org.people[name].grants}


def changes_about(work: Work, staff) -> list[ChangeKind]:
    rows = work.session.scalars(select(OrganisationChange).where(OrganisationChange.staff_id == staff.id))
    return [row.kind for row in rows]


def test_who_holds_open_cases_cannot_leave_and_is_told_which(work: Work, org: SmallOrganisation) -> None:
    person = org.people["window_b"]
    inquiries = [given_to(work, org, "window_b") for _ in range(2)]
    for leave in (
        lambda: deactivate_staff(work, person),
        lambda: move_staff(work, person, org.unit, org.business.section),
        lambda: move_staff(work, person, org.neighbour, None),
    ):
        with pytest.raises(OwnerHasOpenCases) as refused:
            leave()
        told = refused.value.data
        assert told["count"] == 2
        assert {one["number"] for one in told["inquiries"]} == {one.number for one in inquiries}
    assert person.is_active
    assert person.section_id == org.window.section.id


@pytest.mark.parametrize("way", ["disabled", "moved to another section", "moved to another unit"])
def test_with_somebody_to_take_over_all_goes_in_one_step(work: Work, org: SmallOrganisation, way) -> None:
    person, heir = org.people["window_b"], org.people["window_head"]
    inquiry = given_to(work, org, "window_b")
    confirm_inquiry(work, identity_of(person), inquiry, summary=None, competent=None)
    before = inquiry.version
    if way == "disabled":
        deactivate_staff(work, person, reassign_to=heir)
    elif way.endswith("section"):
        move_staff(work, person, org.unit, org.business.section, reassign_to=heir)
    else:
        move_staff(work, person, org.neighbour, org.neighbour_office.section, reassign_to=heir)
    assert open_cases(work, person) == []
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert (holding.staff_id, holding.section_id) == (heir.id, org.window.section.id)
    assert (inquiry.status, inquiry.version) == (Status.CONFIRMED, before + 1)
    assert inquiry.unit_id == org.unit.id


def test_what_is_offered_to_others_meanwhile_stays_offered(work: Work, org: SmallOrganisation) -> None:
    inquiry = given_to(work, org, "window_b")
    giver = org.identity("window_b")
    to_business = Offer(None, org.business.section.id, None, HandoffMode.TRANSFER, "属业务科", None)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, to_business)
    deactivate_staff(work, org.people["window_b"], reassign_to=org.people["window_a"])
    assert inquiry.status is Status.IN_HANDOFF
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert holding.staff_id == org.people["window_a"].id
    accept_handoff(work, org.identity("business_a"), inquiry, handoff)
    assert handoff.state is HandoffState.ACCEPTED


def test_an_offer_to_who_leaves_goes_back_at_once_and_counts_as_nobodys_refusal(
    work: Work, org: SmallOrganisation
) -> None:
    inquiry = given_to(work, org, "window_a")
    giver = org.identity("window_a")
    to_person = Offer(None, None, org.people["business_b"].id, HandoffMode.TRANSFER, "由您办", None)
    handoff, _ = offer_handoff(work.acting_as(giver.actor), giver, inquiry, to_person)
    move_staff(work, org.people["business_b"], org.unit, org.office.section)
    assert handoff.state is HandoffState.CANCELLED
    assert inquiry.status is Status.FILED
    holding = live_holding(work.session, inquiry)
    assert holding is not None
    assert holding.staff_id == org.people["window_a"].id


def test_the_heir_must_be_there_of_the_same_unit_and_not_whom_a_complaint_is_about(
    work: Work, org: SmallOrganisation
) -> None:
    given_to(work, org, "window_b")
    person = org.people["window_b"]
    with pytest.raises(FieldInvalid) as refused:
        deactivate_staff(work, person, reassign_to=org.people["neighbour_general"])
    assert refused.value.pointer == "/reassign_to"
    with pytest.raises(FieldInvalid):
        deactivate_staff(work, person, reassign_to=person)
    set_absence(work, org.people["window_a"], starts_at=work.now)
    with pytest.raises(HandoffTargetUnavailable):
        deactivate_staff(work, person, reassign_to=org.people["window_a"])


def test_a_complaint_does_not_fall_to_whom_it_is_about(work: Work, org: SmallOrganisation) -> None:
    complaint = file(work, org, Category.COMPLAINT, about=AboutKind.SECTION).inquiry
    holding = live_holding(work.session, complaint)
    assert holding is not None
    assert holding.post_id == org.discipline_post.id
    boss = org.identity("principal")
    assign_inquiry(
        work.acting_as(boss.actor), boss, complaint, to_staff_id=org.people["business_b"].id, reason=None
    )
    with pytest.raises(Exception, match="接手人本人") as refused:
        deactivate_staff(work, org.people["business_b"], reassign_to=org.people["window_a"])
    assert refused.value.code == "subject_conflict"


def test_posts_pass_to_who_is_named_else_to_the_first_deputy(work: Work, org: SmallOrganisation) -> None:
    """泸 二（二）2: a post is never without somebody by another's leaving."""
    deactivate_staff(work, org.people["window_a"])
    assert org.window.post.holder_id == org.people["window_b"].id
    assert org.window.post.deputies == []
    assert Role.POST_HOLDER in roles_of(org, "window_b")
    assert roles_of(org, "window_a") == set()
    with pytest.raises(FieldInvalid) as refused:
        deactivate_staff(work, org.people["window_b"])
    assert refused.value.pointer == "/posts_to"
    deactivate_staff(work, org.people["window_b"], posts_to=org.people["window_head"])
    assert org.window.post.holder_id == org.people["window_head"].id


def test_within_the_unit_the_units_own_posts_go_along_and_the_sections_do_not(
    work: Work, org: SmallOrganisation
) -> None:
    general = org.people["general"]
    move_staff(work, general, org.unit, org.business.section)
    assert org.general_post.holder_id == general.id
    assert roles_of(org, "general") == {Role.HANDLER, Role.GENERAL_POST}
    assert {grant.section_id for grant in general.grants if grant.role is Role.HANDLER} == {
        org.business.section.id
    }
    move_staff(work, org.people["business_a"], org.unit, org.window.section)
    assert org.business.post.holder_id == org.people["business_b"].id
    assert roles_of(org, "business_a") == {Role.HANDLER}


def test_in_another_unit_nothing_of_the_old_one_is_left(work: Work, org: SmallOrganisation) -> None:
    person = org.people["window_b"]
    move_staff(work, person, org.neighbour, org.neighbour_window.section)
    assert (person.unit_id, person.section_id) == (org.neighbour.id, org.neighbour_window.section.id)
    assert [(g.role, g.unit_id) for g in person.grants] == [(Role.HANDLER, org.neighbour.id)]
    assert org.window.post.deputies == []
    told = work.session.scalars(
        select(OrganisationChange).where(
            OrganisationChange.staff_id == person.id, OrganisationChange.kind == ChangeKind.STAFF_MOVED
        )
    ).all()
    assert {row.unit_id for row in told} == {org.unit.id, org.neighbour.id}
    assert told[0].facts["unit"] == [org.unit.name, org.neighbour.name]


def test_sessions_end_at_once_whichever_way_somebody_leaves(work: Work, org: SmallOrganisation) -> None:
    def signed_in(name: str) -> AccessSession:
        row = AccessSession(
            id=new_id(),
            kind="staff",
            token_hash=new_id() * 2,
            staff_id=org.people[name].id,
            created_at=work.now,
            expires_at=work.now + HOUR,
        )
        work.session.add(row)
        work.session.flush()
        return row

    gone, moved, other = signed_in("window_b"), signed_in("business_b"), signed_in("office_b")
    deactivate_staff(work, org.people["window_b"])
    move_staff(work, org.people["business_b"], org.unit, org.window.section)
    for row in (gone, moved, other):
        work.session.refresh(row)
    assert [row.ended_at for row in (gone, moved, other)] == [work.now, work.now, None]


def test_a_closed_account_can_be_opened_again_without_its_old_powers(
    work: Work, org: SmallOrganisation
) -> None:
    person = org.people["window_head"]
    deactivate_staff(work, person)
    assert not person.is_active
    restore_staff(work, person)
    assert person.is_active
    assert roles_of(org, "window_head") == {Role.HANDLER}
    told = {ChangeKind.STAFF_DISABLED, ChangeKind.ROLE_REVOKED, ChangeKind.STAFF_RESTORED}
    assert told <= set(changes_about(work, person))


def test_every_change_says_who_made_it(work: Work, org: SmallOrganisation) -> None:
    admin = org.identity("sysadmin")
    deactivate_staff(work.acting_as(Actor("staff", admin.staff_id)), org.people["window_b"])
    row = work.session.scalars(
        select(OrganisationChange).where(OrganisationChange.kind == ChangeKind.STAFF_DISABLED)
    ).one()
    assert (row.by_id, row.at, row.unit_id) == (admin.staff_id, work.now, org.unit.id)


def test_what_was_held_before_stays_in_the_past_of_who_held_it(work: Work, org: SmallOrganisation) -> None:
    inquiry = given_to(work, org, "window_b")
    deactivate_staff(work, org.people["window_b"], reassign_to=org.people["window_a"])
    rows = work.session.scalars(select(Holding).where(Holding.inquiry_id == inquiry.id)).all()
    assert [row.staff_id for row in rows if row.staff_id is not None and row.ended_at is not None] == [
        org.people["window_b"].id
    ]


def test_an_auditor_who_moves_into_a_section_takes_on_nothing_there(
    work: Work, org: SmallOrganisation
) -> None:
    section = create_section(work, org.lead, name="督查科")
    move_staff(work, org.people["auditor"], org.lead, section)
    assert roles_of(org, "auditor") == {Role.AUDITOR}
    assert present_handlers(work.session, section.id, work.now) == []
    move_staff(work, org.people["auditor"], org.unit, org.window.section)
    assert roles_of(org, "auditor") == {Role.HANDLER}, "in another unit the auditor is none"
