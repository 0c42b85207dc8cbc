"""Accounts after they were made: first passwords nobody keeps, roles that stay apart (F-6), on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.domain.errors import FieldInvalid
from backend.domain.identity import SECTION_ROLES
from backend.domain.vocabulary import Employment, Role
from backend.domain.vocabulary_organisation import ChangeKind
from backend.models import OrganisationChange
from backend.services.organising import PowersNotSplit, create_staff, identity_of
from backend.services.signing_in import totp_context
from backend.services.staff_accounts import (
    SHOWN_FOR,
    change_staff,
    choose_password,
    ensure_good_password,
    give_role,
    make_first_password,
    reset_password,
    revoke_role,
    shown_secrets,
)
from backend.services.work import Work
from backend.vault.passwords import verify_password
from tests.services.desk import later
from tests.support.organisation import SmallOrganisation


def newcomer(work: Work, org: SmallOrganisation, username: str = "newcomer"):
    return create_staff(
        work,
        unit=org.unit,
        section=org.window.section,
        username=username,
        name="钱小满",
        employment=Employment.CONTRACT,
        password=make_first_password(work.tools),
    )


def test_a_first_password_is_shown_to_who_made_it_for_a_while_and_is_stored_nowhere(
    work: Work, org: SmallOrganisation
) -> None:
    admin = work.acting_as(org.identity("sysadmin").actor)
    staff = newcomer(admin, org)
    shown = shown_secrets(admin, staff)
    assert shown is not None
    assert verify_password(staff.password_hash, shown.password)
    assert staff.password_is_initial
    row = work.session.scalars(
        select(OrganisationChange).where(OrganisationChange.staff_id == staff.id)
    ).first()
    assert row is not None
    assert shown.password not in str(row.facts)
    assert shown_secrets(work.acting_as(org.identity("overseer").actor), staff) is None
    assert shown_secrets(later(admin, seconds=SHOWN_FOR.total_seconds()), staff) is None


def test_once_the_person_has_chosen_their_own_it_is_shown_no_more(work: Work, org: SmallOrganisation) -> None:
    admin = work.acting_as(org.identity("sysadmin").actor)
    staff = newcomer(admin, org)
    choose_password(work, staff, "$argon2id$", session_id=None)
    assert not staff.password_is_initial
    assert shown_secrets(admin, staff) is None


def test_a_reset_replaces_password_and_secret_and_is_on_record(work: Work, org: SmallOrganisation) -> None:
    admin = work.acting_as(org.identity("sysadmin").actor)
    staff = org.people["principal"]
    reset_password(admin, staff, make_first_password(work.tools), with_totp=True)
    shown = shown_secrets(admin, staff)
    assert shown is not None
    assert verify_password(staff.password_hash, shown.password)
    assert staff.totp_sealed is not None
    opened = work.tools.vault.unseal_text(staff.wrapped_key, staff.totp_sealed, totp_context(staff.id))
    assert opened == shown.totp_secret
    kinds = work.session.scalars(
        select(OrganisationChange.kind).where(OrganisationChange.staff_id == staff.id)
    )
    assert ChangeKind.PASSWORD_RESET in set(kinds)


@pytest.mark.parametrize("password", ["短", "a" * 12, "window-b-2026", "x" * 129])
def test_a_poor_password_is_refused(org: SmallOrganisation, work: Work, password: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        ensure_good_password(org.people["window_b"], password)
    assert refused.value.pointer == "/new_password"
    ensure_good_password(org.people["window_b"], "春眠不觉晓处处闻啼鸟夜来")


def test_roles_come_and_go_and_every_time_it_is_on_record(work: Work, org: SmallOrganisation) -> None:
    staff = newcomer(work, org)
    grant = give_role(work, staff, Role.SECTION_HEAD, org.window.section)
    assert identity_of(staff).sections_with(Role.SECTION_HEAD) == {org.window.section.id}
    revoke_role(work, staff, grant)
    assert identity_of(staff).grants == ()
    kinds = set(
        work.session.scalars(select(OrganisationChange.kind).where(OrganisationChange.staff_id == staff.id))
    )
    assert {ChangeKind.ROLE_GRANTED, ChangeKind.ROLE_REVOKED} <= kinds


@pytest.mark.parametrize("asked", [Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN])
@pytest.mark.parametrize("held", [Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN])
def test_two_of_the_split_powers_are_refused(
    work: Work, org: SmallOrganisation, held: Role, asked: Role
) -> None:
    """F-6: giving one account two of them → 409."""
    staff = newcomer(work, org)
    give_role(work, staff, held, None)
    if asked is held:
        return
    with pytest.raises(PowersNotSplit):
        give_role(work, staff, asked, None)


@pytest.mark.parametrize("name", ["window_a", "window_b"])
def test_who_keeps_a_post_cannot_become_auditor_or_sysadmin(
    work: Work, org: SmallOrganisation, name: str
) -> None:
    for role in (Role.AUDITOR, Role.SYSADMIN):
        with pytest.raises(FieldInvalid, match="岗"):
            give_role(work, org.people[name], role, None)


@pytest.mark.parametrize("role", list(Role))
def test_auditor_and_sysadmin_hold_nothing_beside(work: Work, org: SmallOrganisation, role: Role) -> None:
    """F-6, design 1: whoever sees no inquiry can neither read nor bear one by another role."""
    section = org.window.section if role in SECTION_ROLES else None
    for held in ("auditor", "sysadmin"):
        staff = newcomer(work, org, f"new-{held}")
        give_role(work, staff, Role(held), None)
        if role.value != held:
            with pytest.raises((FieldInvalid, PowersNotSplit)):
                give_role(work, staff, role, section)
            assert {grant.role for grant in staff.grants} == {Role(held)}


@pytest.mark.parametrize("asked", [Role.AUDITOR, Role.SYSADMIN])
def test_who_has_another_role_becomes_neither_auditor_nor_sysadmin(
    work: Work, org: SmallOrganisation, asked: Role
) -> None:
    staff = newcomer(work, org)
    handler = give_role(work, staff, Role.HANDLER, org.window.section)
    with pytest.raises(FieldInvalid, match="先收回“工作人员”") as refused:
        give_role(work, staff, asked, None)
    assert refused.value.pointer == "/role"
    revoke_role(work, staff, handler)
    assert give_role(work, staff, asked, None).role is asked


def test_data_of_a_person_change_and_the_phone_never_stands_in_the_record(
    work: Work, org: SmallOrganisation
) -> None:
    staff = newcomer(work, org)
    change_staff(work, staff, name="钱大满", employment=Employment.MANAGED, phone="13900000077")
    assert staff.phone_index == work.tools.index.phone_index("+8613900000077")
    row = work.session.scalars(
        select(OrganisationChange).where(
            OrganisationChange.staff_id == staff.id, OrganisationChange.kind == ChangeKind.STAFF_CHANGED
        )
    ).one()
    assert row.facts["name"] == ["钱小满", "钱大满"]
    assert "13900000077" not in str(row.facts)
    with pytest.raises(FieldInvalid) as refused:
        change_staff(work, staff, name="钱大满", employment=Employment.MANAGED, phone="12")
    assert refused.value.pointer == "/phone"
