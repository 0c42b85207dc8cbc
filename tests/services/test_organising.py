"""What the organisation may be, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domain.actors import Actor
from backend.domain.errors import FieldInvalid
from backend.domain.ledger import GENESIS, head_message
from backend.domain.vocabulary import (
    Category,
    Channel,
    Employment,
    Measure,
    OrganType,
    PostKind,
    Role,
    Source,
)
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import (
    Absence,
    AccessSession,
    Holding,
    LedgerHead,
    OrganisationChange,
    PostDeputy,
    RoleGrant,
)
from backend.models.types import new_id
from backend.queries.change_words import change_words
from backend.services.filing import NewInquiry, file_inquiry
from backend.services.leaving import OwnerHasOpenCases, deactivate_staff
from backend.services.organising import (
    PowersNotSplit,
    cancel_absence,
    create_post,
    create_section,
    create_staff,
    create_unit,
    end_absence,
    grant_role,
    identity_of,
    set_absence,
)
from backend.services.presence import is_staff_present, keepers
from backend.services.routing import destination_of_sign
from backend.services.signing_in import totp_context
from backend.services.work import Work
from backend.vault.passwords import verify_password
from tests.services.conftest import NOW
from tests.support.organisation import LIGHT_COST, PASSWORD, SmallOrganisation

HOUR = timedelta(hours=1)


def _staff(work, org, username="newcomer", **changes):
    return create_staff(
        work,
        unit=org.unit,
        **{
            "username": username,
            "name": "钱小满",
            "employment": Employment.CONTRACT,
            "password": PASSWORD,
            "cost": LIGHT_COST,
        }
        | changes,
    )


def test_a_new_unit_gets_an_empty_signed_chain(work: Work):
    unit = create_unit(work, name="金坛区民政局", organ_type=OrganType.ADMINISTRATION, measure=Measure.TAN)
    head = work.session.get_one(LedgerHead, unit.id)
    assert (head.sequence, head.hash) == (0, GENESIS)
    assert work.tools.signer.verify(head_message(unit.id, 0, GENESIS), head.signature)


def test_two_sections_of_a_unit_cannot_share_a_name(work: Work, org: SmallOrganisation):
    with pytest.raises(FieldInvalid) as refused:
        create_section(work, org.unit, name="业务科")
    assert refused.value.pointer == "/name"
    assert create_section(work, org.neighbour, name="业务科").unit_id == org.neighbour.id


def test_a_unit_has_one_dedicated_section(work: Work, org: SmallOrganisation):
    with pytest.raises(FieldInvalid) as refused:
        create_section(work, org.unit, name="综合科", is_dedicated=True)
    assert refused.value.pointer == "/is_dedicated"


def test_a_post_keeps_its_deputies_in_order(work: Work, org: SmallOrganisation):
    people = [org.people[name] for name in ("business_b", "window_a", "office_a")]
    post = create_post(
        work,
        PostKind.SECTION,
        unit=org.unit,
        section=org.empty_section,
        holder=people[0],
        deputies=people[1:],
    )
    stored = work.session.scalars(
        select(PostDeputy.staff_id).where(PostDeputy.post_id == post.id).order_by(PostDeputy.position)
    )
    assert list(stored) == [person.id for person in people[1:]]
    assert keepers(work.session, post, NOW) == people


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        (lambda o: {"kind": PostKind.GENERAL}, "/kind"),
        (lambda o: {"kind": PostKind.DISCIPLINE}, "/kind"),
        (lambda o: {"kind": PostKind.SECTION, "section": o.window.section}, "/kind"),
        (lambda o: {"kind": PostKind.SECTION}, "/section"),
        (lambda o: {"kind": PostKind.OVERSIGHT, "section": o.empty_section}, "/section"),
        (lambda o: {"kind": PostKind.SECTION, "section": o.neighbour_window.section}, "/section"),
        (lambda o: {"kind": PostKind.OVERSIGHT, "holder": o.people["neighbour_general"]}, "/holder"),
        (lambda o: {"kind": PostKind.OVERSIGHT, "deputies": [o.people["lu_general"]]}, "/holder"),
        (
            lambda o: {
                "kind": PostKind.OVERSIGHT,
                "holder": o.people["window_a"],
                "deputies": [o.people["window_a"]],
            },
            "/deputies",
        ),
    ],
    ids=[
        "a second general post",
        "a second discipline post",
        "a second post in a section",
        "a section post without section",
        "a unit post with a section",
        "a section of another unit",
        "a holder of another unit",
        "a deputy of another unit",
        "the holder as deputy",
    ],
)
def test_a_post_that_cannot_stand_is_refused(work: Work, org: SmallOrganisation, wanted, pointer):
    with pytest.raises(FieldInvalid) as refused:
        create_post(work, unit=org.unit, **wanted(org))
    assert refused.value.pointer == pointer


def test_somebody_who_left_cannot_hold_a_post(work: Work, org: SmallOrganisation):
    deactivate_staff(work, org.people["business_b"])
    with pytest.raises(FieldInvalid) as refused:
        create_post(
            work,
            PostKind.SECTION,
            unit=org.unit,
            section=org.empty_section,
            holder=org.people["business_b"],
        )
    assert refused.value.field_code == "staff_unknown"


def test_an_account_holds_password_secret_and_phone_only_protected(work: Work, org: SmallOrganisation):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    staff = _staff(work, org, phone="139 0000 0099", totp_secret=secret)
    assert verify_password(staff.password_hash, PASSWORD)
    assert staff.totp_sealed is not None
    assert secret.encode() not in staff.totp_sealed
    opened = work.tools.vault.unseal_text(staff.wrapped_key, staff.totp_sealed, totp_context(staff.id))
    assert opened == secret
    assert staff.phone_index == work.tools.index.phone_index("+8613900000099")


def test_an_account_without_secret_and_phone_stores_neither(work: Work, org: SmallOrganisation):
    staff = _staff(work, org)
    assert (staff.totp_sealed, staff.phone_index) == (None, None)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"username": "window-a"}, "/username", "value_invalid"),
        ({"phone": "12"}, "/phone", "phone_invalid"),
        ({"phone": "没有"}, "/phone", "phone_invalid"),
    ],
)
def test_a_wrong_account_is_refused_at_its_field(work: Work, org: SmallOrganisation, changes, pointer, code):
    with pytest.raises(FieldInvalid) as refused:
        _staff(work, org, **changes)
    assert (refused.value.pointer, refused.value.field_code) == (pointer, code)


def test_an_account_cannot_sit_in_a_section_of_another_unit(work: Work, org: SmallOrganisation):
    with pytest.raises(FieldInvalid) as refused:
        _staff(work, org, section=org.lu_window.section)
    assert refused.value.field_code == "section_unknown"


@pytest.mark.parametrize(
    ("role", "has_section"),
    [
        (role, role in {Role.HANDLER, Role.POST_HOLDER, Role.SECTION_HEAD, Role.DEPUTY_LEADER})
        for role in Role
    ],
)
def test_each_role_is_held_for_a_section_or_for_the_unit_as_it_must(
    work: Work, org: SmallOrganisation, role, has_section
):
    section = org.window.section if has_section else None
    grant = grant_role(work, _staff(work, org), role, section=section)
    assert (grant.unit_id, grant.section_id) == (org.unit.id, section.id if section else None)
    with pytest.raises(FieldInvalid):
        grant_role(
            work, _staff(work, org, "other"), role, section=None if has_section else org.window.section
        )


def test_a_role_reaches_no_section_of_another_unit(work: Work, org: SmallOrganisation):
    with pytest.raises(FieldInvalid):
        grant_role(work, org.people["window_a"], Role.HANDLER, section=org.neighbour_window.section)


def test_granting_a_role_twice_changes_nothing(work: Work, org: SmallOrganisation):
    general = org.people["general"]
    assert grant_role(work, general, Role.GENERAL_POST).id == grant_role(work, general, Role.GENERAL_POST).id
    held = work.session.scalars(
        select(RoleGrant).where(RoleGrant.staff_id == general.id, RoleGrant.role == Role.GENERAL_POST)
    ).all()
    assert len(held) == 1


@pytest.mark.parametrize("held", ["overseer", "auditor", "sysadmin"])
@pytest.mark.parametrize("asked", [Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN])
def test_nobody_holds_two_of_overseer_auditor_and_sysadmin(work: Work, org: SmallOrganisation, held, asked):
    staff = org.people[held]
    if asked.value == held:
        grant_role(work, staff, asked)
        return
    with pytest.raises(PowersNotSplit) as refused:
        grant_role(work, staff, asked)
    assert refused.value.code == "powers_not_split"


def test_the_database_itself_refuses_two_split_powers(work: Work, org: SmallOrganisation):
    grant = RoleGrant(id=new_id(), staff_id=org.people["auditor"].id, role=Role.SYSADMIN, unit_id=org.lead.id)
    work.session.add(grant)
    with pytest.raises(IntegrityError):
        work.session.flush()


def test_an_identity_says_the_roles_where_they_are_held(work: Work, org: SmallOrganisation):
    identity = identity_of(org.people["deputy_leader"])
    led = {org.window.section.id, org.business.section.id}
    assert identity.sections_with(Role.DEPUTY_LEADER) == led
    assert identity.may_assign(org.unit.id, org.business.section.id)
    assert not identity.may_assign(org.unit.id, org.office.section.id)


def test_an_absence_runs_from_its_start_to_its_end(work: Work, org: SmallOrganisation):
    staff = org.people["window_a"]
    set_absence(work, staff, starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    present = [is_staff_present(work.session, staff.id, NOW + step * HOUR) for step in (-2, -1, 0, 1, 2)]
    assert present == [True, False, False, True, True]


def test_during_an_absence_the_deputy_keeps_the_post(work: Work, org: SmallOrganisation):
    set_absence(work, org.people["window_a"], starts_at=NOW)
    assert keepers(work.session, org.window.post, NOW) == [org.people["window_b"]]
    set_absence(work, org.people["window_b"], starts_at=NOW)
    assert keepers(work.session, org.window.post, NOW) == [org.people["window_head"]]


def test_an_absence_cannot_end_before_it_starts(work: Work, org: SmallOrganisation):
    with pytest.raises(FieldInvalid):
        set_absence(work, org.people["window_a"], starts_at=NOW, ends_at=NOW)


def test_coming_back_ends_what_runs_and_keeps_what_is_planned(work: Work, org: SmallOrganisation):
    staff = org.people["window_a"]
    set_absence(work, staff, starts_at=NOW - HOUR)
    set_absence(work, staff, starts_at=NOW)
    planned = set_absence(work, staff, starts_at=NOW + 5 * HOUR, ends_at=NOW + 6 * HOUR)
    assert end_absence(work, staff) == 2
    assert is_staff_present(work.session, staff.id, NOW)
    assert not is_staff_present(work.session, staff.id, planned.starts_at)
    left = work.session.scalars(select(Absence.ends_at).where(Absence.staff_id == staff.id)).all()
    assert sorted(left) == [NOW, NOW + 6 * HOUR]
    assert end_absence(work, staff) == 0


def _register(work, org, name):
    staff = org.people[name]
    new = NewInquiry(
        destination=destination_of_sign(work.session, org.window.sign.code),
        category=Category.CONSULT,
        content="办营业执照要带什么？",
        channel=Channel.VISIT,
        source=Source.STAFF,
        registered_by=staff,
    )
    return file_inquiry(work.acting_as(Actor("staff", staff.id)), new)


def test_who_still_holds_inquiries_in_person_cannot_leave(work: Work, org: SmallOrganisation):
    for _ in range(2):
        _register(work, org, "window_b")
    with pytest.raises(OwnerHasOpenCases) as refused:
        deactivate_staff(work, org.people["window_b"])
    assert (refused.value.code, refused.value.data["count"]) == ("owner_has_open_cases", 2)
    assert org.people["window_b"].is_active


def test_who_has_handed_everything_on_can_leave(work: Work, org: SmallOrganisation):
    filed = _register(work, org, "window_b")
    work.session.get_one(Holding, filed.holding.id).ended_at = NOW
    deactivate_staff(work, org.people["window_b"])
    assert not is_staff_present(work.session, org.people["window_b"].id, NOW)


def test_leaving_ends_every_session_of_that_person_and_no_other(work: Work, org: SmallOrganisation):
    sessions = {
        name: AccessSession(
            id=new_id(),
            kind="staff",
            token_hash=new_id() * 2,
            staff_id=org.people[name].id,
            created_at=NOW,
            expires_at=NOW + HOUR,
        )
        for name in ("window_b", "window_a")
    }
    work.session.add_all(sessions.values())
    work.session.flush()
    deactivate_staff(work, org.people["window_b"])
    for row in sessions.values():
        work.session.refresh(row)
    assert {name: row.ended_at for name, row in sessions.items()} == {"window_b": NOW, "window_a": None}


def test_the_small_organisation_is_what_tests_expect(work: Work, org: SmallOrganisation):
    posts = [org.window.post, org.business.post, org.office.post, org.lu_window.post]
    for post in (*posts, org.general_post, org.discipline_post, org.oversight_post):
        assert keepers(work.session, post, NOW)[0].id == post.holder_id
    assert set(org.totp) == {"overseer", "auditor", "sysadmin", "principal", "deputy_leader"}
    assert org.retired_sign.successor_id == org.window.sign.id
    assert org.identity("general").holds(Role.HANDLER, Role.GENERAL_POST)


def test_a_planned_absence_is_cancelled_and_that_is_on_record(work: Work, org: SmallOrganisation):
    staff = org.people["window_a"]
    planned = set_absence(work, staff, starts_at=NOW + HOUR)
    with pytest.raises(FieldInvalid, match="没有这次不在岗"):
        cancel_absence(work, org.people["window_b"], planned.id)
    cancel_absence(work, staff, planned.id)
    assert work.session.scalars(select(Absence)).all() == []
    told = work.session.scalars(
        select(OrganisationChange).where(OrganisationChange.kind == ChangeKind.ABSENCE_ENDED)
    ).one()
    assert change_words(told.facts).startswith("还没有开始，取消：是；从：")
    running = set_absence(work, staff, starts_at=NOW)
    with pytest.raises(FieldInvalid, match="登记回岗"):
        cancel_absence(work, staff, running.id)
