from __future__ import annotations

from itertools import permutations

import pytest

from backend.domain.identity import SECTION_ROLES
from backend.domain.vocabulary import Role
from tests.support import rows


@pytest.mark.parametrize(
    ("first", "second"), list(permutations([Role.OVERSEER, Role.AUDITOR, Role.SYSADMIN], 2)), ids=str
)
def test_nobody_holds_two_of_overseer_auditor_and_sysadmin(session, office, refused, first, second):
    rows.role_grant(session, office.clerk, first)
    with refused("uq_role_grants_split_powers", "role_grants.staff_id"):
        rows.role_grant(session, office.clerk, second, unit_id=office.other_unit.id)
    rows.role_grant(session, office.clerk, Role.GENERAL_POST)
    rows.role_grant(session, office.colleague, second)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_of_a_section_or_of_the_unit(session, office, refused, role):
    scopes = {True: office.section.id, False: None}
    wanted = role in SECTION_ROLES
    with refused("ck_role_grants_role_has_its_scope"):
        rows.role_grant(session, office.clerk, role, section_id=scopes[not wanted])
    rows.role_grant(session, office.clerk, role, section_id=scopes[wanted])


def test_a_role_is_granted_once_within_a_scope(session, office, refused):
    rows.role_grant(session, office.clerk, Role.GENERAL_POST)
    with refused("uq_role_grants_unit_wide", "role_grants.staff_id, role_grants.role, role_grants.unit_id"):
        rows.role_grant(session, office.clerk, Role.GENERAL_POST)
    rows.role_grant(session, office.clerk, Role.SECTION_HEAD, section_id=office.section.id)
    with refused("ix_role_grants_staff_id_role_section_id", "role_grants.role, role_grants.section_id"):
        rows.role_grant(session, office.clerk, Role.SECTION_HEAD, section_id=office.section.id)
    rows.role_grant(session, office.clerk, Role.SECTION_HEAD, section_id=office.next_section.id)


def test_a_user_name_belongs_to_one_person(session, office, refused):
    with refused("uq_staff_username", "staff.username"):
        rows.staff(session, office.unit, username=office.clerk.username)


def test_an_absence_ends_after_it_starts(session, office, refused):
    with refused("ck_absences_ends_after_start"):
        rows.absence(session, office.clerk, starts_at=rows.NOW, ends_at=rows.NOW)
    rows.absence(session, office.clerk, starts_at=rows.NOW, ends_at=rows.NOW + rows.DAY)
