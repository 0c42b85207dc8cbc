"""How far an administrator reaches (design 1), on both databases."""

from __future__ import annotations

import pytest

from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.vocabulary import Employment, Role
from backend.services.administering import (
    LEAD_OFFICE_REFUSED,
    administered,
    chosen_section,
    chosen_staff,
    chosen_unit,
    ensure_may_make_lead_office,
    ensure_not_oneself,
    find_staff,
    find_unit,
    is_hung_by,
)
from backend.services.organising import create_staff, grant_role, identity_of
from backend.services.staff_accounts import make_first_password
from backend.services.work import Work
from tests.support.organisation import SmallOrganisation


def admin_of(work: Work, unit):
    staff = create_staff(
        work,
        unit=unit,
        username="another-admin",
        name="周管",
        employment=Employment.CIVIL_SERVANT,
        password=make_first_password(work.tools),
    )
    grant_role(work, staff, Role.SYSADMIN)
    return identity_of(staff)


def test_the_own_unit_and_all_below_it_and_nothing_beside(work: Work, org: SmallOrganisation) -> None:
    reached = administered(work, org.identity("sysadmin"))
    assert reached[0] == org.lead.id
    assert set(reached) == {org.lead.id, org.unit.id, org.neighbour.id}
    assert administered(work, admin_of(work, org.unit)) == [org.unit.id]
    assert administered(work, org.identity("general")) == []


def test_a_lead_office_that_stands_beside_the_units_it_leads_reaches_them(
    work: Work, org: SmallOrganisation
) -> None:
    org.lead.parent_id = org.lu_unit.id
    org.unit.parent_id = org.neighbour.parent_id = org.lu_unit.id
    work.session.flush()
    identity = org.identity("sysadmin")
    assert set(administered(work, identity)) == {
        org.lu_unit.id, org.lead.id, org.unit.id, org.neighbour.id,
    }  # fmt: skip
    assert is_hung_by(work, identity, org.unit)
    assert not is_hung_by(work, identity, org.lead), "the own one"
    assert not is_hung_by(work, identity, org.lu_unit), "what is above it is beyond reach"


def test_outside_the_reach_nothing_exists(work: Work, org: SmallOrganisation) -> None:
    identity = org.identity("sysadmin")
    with pytest.raises(NotFound):
        find_unit(work, identity, org.lu_unit.id)
    with pytest.raises(NotFound):
        find_staff(work, identity, org.people["lu_general"].id)
    with pytest.raises(NotFound):
        find_unit(work, identity, "no id at all\x00")


def test_what_a_form_names_must_be_there_in_use_and_of_the_unit(work: Work, org: SmallOrganisation) -> None:
    identity = org.identity("sysadmin")
    for choose in (
        lambda: chosen_unit(work, identity, org.lu_unit.id, "/parent"),
        lambda: chosen_section(work, org.unit, org.lu_window.section.id, "/section"),
        lambda: chosen_staff(work, org.unit.id, org.people["lu_general"].id, "/holder"),
    ):
        with pytest.raises(FieldInvalid):
            choose()
    assert chosen_section(work, org.unit, None, "/section") is None


def test_nobody_changes_their_own_powers(work: Work, org: SmallOrganisation) -> None:
    with pytest.raises(FieldInvalid):
        ensure_not_oneself(org.identity("sysadmin"), org.people["sysadmin"])
    ensure_not_oneself(org.identity("sysadmin"), org.people["auditor"])


def test_nobody_makes_the_own_unit_a_lead_office_and_so_takes_over_the_unit_above(
    work: Work, org: SmallOrganisation
) -> None:
    small = admin_of(work, org.unit)
    with pytest.raises(FieldInvalid) as refused:
        ensure_may_make_lead_office(work, small, org.unit, "/kind")
    assert (refused.value.pointer, str(refused.value)) == ("/kind", LEAD_OFFICE_REFUSED)
    above = org.identity("sysadmin")
    for unit in (org.unit, org.neighbour):
        ensure_may_make_lead_office(work, above, unit, "/kind")
    ensure_may_make_lead_office(work, above, org.lead, "/kind")  # nothing is above it


def test_a_lead_office_beside_the_units_it_leads_may_name_another_beside_them(
    work: Work, org: SmallOrganisation
) -> None:
    org.lead.parent_id = org.lu_unit.id
    org.unit.parent_id = org.lu_unit.id
    work.session.flush()
    ensure_may_make_lead_office(work, org.identity("sysadmin"), org.unit, "/kind")
    with pytest.raises(FieldInvalid):
        ensure_may_make_lead_office(work, admin_of(work, org.unit), org.unit, "/kind")
