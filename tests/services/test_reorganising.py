"""Units, sections and posts after they were made, on both databases: nothing is closed over an open matter (B-6)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.domain.errors import FieldInvalid, SignRetired
from backend.domain.vocabulary import HandoffMode, OrganType, Outcome, PostKind, Role, SectionKind, Status
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import OrganisationChange, RoleGrant
from backend.services.closing import Closing, close_inquiry
from backend.services.following import reopen_inquiry
from backend.services.handing_over import Offer, offer_handoff
from backend.services.holdings import live_holding
from backend.services.leaving import deactivate_staff, move_staff
from backend.services.organising import create_unit, grant_role, identity_of
from backend.services.posts import PostHasOpenCases, close_post, set_keepers, set_up_post
from backend.services.reorganising import (
    SectionHasOpenCases,
    UnitHasOpenCases,
    change_section,
    change_unit,
    close_section,
    close_unit,
)
from backend.services.routing import destination_of_sign
from backend.services.work import Work
from tests.services.desk import file, later
from tests.support.organisation import SmallOrganisation


def renamed(work: Work, unit, parent, **changes) -> None:
    values = {
        "name": unit.name,
        "organ_type": unit.organ_type,
        "parent": parent,
        "closes_at": unit.closes_at,
        "address": unit.address,
        "complaint_phone": unit.complaint_phone,
    }
    change_unit(work, unit, **values | changes)


def test_a_unit_changes_its_name_and_its_place_in_the_tree(work: Work, org: SmallOrganisation) -> None:
    renamed(work, org.neighbour, org.unit, name="金坛区人社局", organ_type=OrganType.INSTITUTION)
    assert org.neighbour.parent_id == org.unit.id
    row = work.session.scalars(
        select(OrganisationChange).where(OrganisationChange.kind == ChangeKind.UNIT_CHANGED)
    ).one()
    assert row.facts == {
        "name": ["金坛区人力资源和社会保障局", "金坛区人社局"],
        "organ_type": ["administration", "institution"],
        "parent": [org.lead.name, org.unit.name],
    }
    renamed(work, org.neighbour, org.unit)
    assert (
        len(work.session.scalars(select(OrganisationChange.id).where(OrganisationChange.id == row.id)).all())
        == 1
    )


def test_the_tree_has_no_circle_and_no_two_units_share_a_name(work: Work, org: SmallOrganisation) -> None:
    with pytest.raises(FieldInvalid) as refused:
        renamed(work, org.lead, org.unit)
    assert refused.value.pointer == "/parent"
    with pytest.raises(FieldInvalid) as refused:
        renamed(work, org.neighbour, org.lead, name=org.unit.name)
    assert refused.value.pointer == "/name"
    with pytest.raises(FieldInvalid):
        create_unit(work, name=org.unit.name, organ_type=OrganType.PARTY, measure=org.unit.measure)


def test_a_unit_with_open_cases_cannot_be_closed_nor_one_that_is_waited_for(
    work: Work, org: SmallOrganisation
) -> None:
    filed = file(work, org)
    with pytest.raises(UnitHasOpenCases) as refused:
        close_unit(work, org.unit)
    assert refused.value.data == {"count": 1}
    giver = org.identity("window_a")
    to_unit = Offer(org.neighbour.id, None, None, HandoffMode.TRANSFER, "属人社局", None)
    offer_handoff(work.acting_as(giver.actor), giver, filed.inquiry, to_unit)
    with pytest.raises(UnitHasOpenCases):
        close_unit(work, org.neighbour)


def test_a_unit_closes_once_its_people_are_elsewhere_and_its_signs_say_so(
    work: Work, org: SmallOrganisation
) -> None:
    with pytest.raises(FieldInvalid, match="工作人员"):
        close_unit(work, org.lu_unit)
    for name in (
        "lu_window_a",
        "lu_window_b",
        "lu_office_a",
        "lu_office_b",
        "lu_window_head",
        "lu_office_head",
    ):
        deactivate_staff(work, org.people[name], posts_to=org.people["lu_general"])
    set_keepers(work, org.lu_window.post, None, [])
    set_keepers(work, org.lu_office.post, None, [])
    set_keepers(work, org.lu_general_post, None, [])
    deactivate_staff(work, org.people["lu_general"])
    close_unit(work, org.lu_unit)
    assert not org.lu_unit.is_active
    assert not org.lu_window.section.is_active
    assert not org.lu_general_post.is_active
    with pytest.raises(SignRetired):
        destination_of_sign(work.session, org.lu_window.sign.code)


def test_a_unit_with_units_below_it_cannot_be_closed(work: Work, org: SmallOrganisation) -> None:
    with pytest.raises(FieldInvalid, match="下级单位"):
        close_unit(work, org.lead)


def test_what_is_reopened_at_a_closed_unit_comes_to_the_lead_office(
    work: Work, org: SmallOrganisation
) -> None:
    """B-6: a citizen's word about a case of a closed unit is never stored where nobody reads it."""
    filed = file(work, org, sign=org.neighbour_window.sign)
    holder = org.identity("neighbour_window_a")
    close_inquiry(
        work.acting_as(holder.actor), holder, filed.inquiry, Closing(Outcome.ANSWERED, "带身份证。")
    )
    keepers = ("neighbour_window_a", "neighbour_window_b", "neighbour_window_head")
    keepers += ("neighbour_office_a", "neighbour_office_b", "neighbour_office_head")
    for name in keepers:
        deactivate_staff(work, org.people[name], posts_to=org.people["neighbour_general"])
    for post in (org.neighbour_window.post, org.neighbour_office.post, org.neighbour_general_post):
        set_keepers(work, post, None, [])
    move_staff(work, org.people["neighbour_general"], org.unit, org.office.section)
    close_unit(work, org.neighbour)
    reopen_inquiry(later(work, days=1), filed.inquiry, reason="还没有办好")
    holding = live_holding(work.session, filed.inquiry)
    assert holding is not None
    assert holding.post_id == org.oversight_post.id
    assert filed.inquiry.status is Status.CONFIRMED


def test_the_dedicated_section_passes_from_one_to_another(work: Work, org: SmallOrganisation) -> None:
    """泸 一: one 专门科室 a unit."""
    change_section(work, org.business.section, name="业务科", kind=SectionKind.OFFICE, is_dedicated=True)
    assert org.business.section.is_dedicated
    assert not org.office.section.is_dedicated
    with pytest.raises(FieldInvalid) as refused:
        change_section(work, org.business.section, name="办公室", kind=SectionKind.AGENCY, is_dedicated=True)
    assert refused.value.pointer == "/name"


def test_a_section_closes_only_when_empty(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    with pytest.raises(SectionHasOpenCases):
        close_section(work, org.window.section)
    holder = org.identity("window_a")
    close_inquiry(
        work.acting_as(holder.actor), holder, filed.inquiry, Closing(Outcome.ANSWERED, "带身份证。")
    )
    with pytest.raises(FieldInvalid, match="工作人员"):
        close_section(work, org.window.section)
    close_section(work, org.empty_section)
    assert not org.empty_section.is_active
    granted = select(RoleGrant.id).where(RoleGrant.section_id == org.empty_section.id)
    assert work.session.scalars(granted).all() == []


def test_a_post_that_holds_something_stays(work: Work, org: SmallOrganisation) -> None:
    file(work, org)
    with pytest.raises(PostHasOpenCases):
        close_post(work, org.window.post)
    close_post(work, org.business.post)
    assert not org.business.post.is_active
    assert Role.POST_HOLDER not in {grant.role for grant in org.people["business_a"].grants}
    with pytest.raises(SignRetired):
        destination_of_sign(work.session, org.business.sign.code)
    again = set_up_post(
        work,
        PostKind.SECTION,
        unit=org.unit,
        section=org.business.section,
        holder=org.people["business_b"],
        deputies=[org.people["business_a"]],
        location="三楼",
        phone="",
    )
    assert identity_of(org.people["business_b"]).sections_with(Role.POST_HOLDER) == {org.business.section.id}
    assert [one.staff_id for one in again.deputies] == [org.people["business_a"].id]


def test_the_role_passes_with_the_post_and_cases_stay_with_it(work: Work, org: SmallOrganisation) -> None:
    filed = file(work, org)
    set_keepers(work, org.window.post, org.people["window_head"], [org.people["window_a"]])
    holding = live_holding(work.session, filed.inquiry)
    assert holding is not None
    assert holding.post_id == org.window.post.id
    assert identity_of(org.people["window_head"]).holds(Role.POST_HOLDER)
    assert not identity_of(org.people["window_a"]).holds(Role.POST_HOLDER)


@pytest.mark.parametrize(
    ("holder", "deputies", "pointer"),
    [
        ("neighbour_general", (), "/holder"),
        ("window_a", ("neighbour_general",), "/deputies"),
        ("window_a", ("window_a",), "/deputies"),
        ("window_a", ("window_b", "window_b"), "/deputies"),
    ],
)
def test_who_cannot_keep_a_post_is_refused_at_the_field(
    work: Work, org: SmallOrganisation, holder, deputies, pointer
) -> None:
    with pytest.raises(FieldInvalid) as refused:
        set_keepers(work, org.window.post, org.people[holder], [org.people[name] for name in deputies])
    assert refused.value.pointer == pointer


def test_neither_auditor_nor_sysadmin_keeps_a_post(work: Work, org: SmallOrganisation) -> None:
    for name in ("auditor", "sysadmin"):
        with pytest.raises(FieldInvalid):
            set_keepers(work, org.oversight_post, org.people[name], [])
    move_staff(work, org.people["window_b"], org.lead, None)
    set_keepers(work, org.oversight_post, org.people["window_b"], [org.people["overseer"]])
    assert identity_of(org.people["window_b"]).holds(Role.OVERSEER)


def test_closing_a_section_revokes_each_role_over_it_and_says_so(work: Work, org: SmallOrganisation) -> None:
    leader = org.people["deputy_leader"]
    grant_role(work, leader, Role.DEPUTY_LEADER, section=org.empty_section)
    close_section(work, org.empty_section)
    assert org.empty_section.id not in {grant.section_id for grant in leader.grants}
    told = work.session.scalars(
        select(OrganisationChange).where(OrganisationChange.kind == ChangeKind.ROLE_REVOKED)
    ).one()
    assert (told.staff_id, told.section_id) == (leader.id, org.empty_section.id)
    assert told.facts == {"role": "deputy_leader"}
