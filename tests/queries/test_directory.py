"""Whom a matter can be handed to: the own people by name, of others only whether somebody is there."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from backend.domain.vocabulary import Employment, Measure, OrganType, Role
from backend.models import RoleGrant, Staff, Unit
from backend.models.types import new_id
from backend.queries.directory import directory
from backend.services.organising import create_section, create_staff, create_unit, grant_role, set_absence
from backend.services.presence import present_handlers
from tests.queries.counting import statements
from tests.support.app import Office
from tests.support.organisation import LIGHT_COST, PASSWORD

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def add_unit(office: Office, place: int) -> None:
    """Another unit with a staffed section."""
    with office.working() as work:
        unit = create_unit(
            work, name=f"别的单位{place}", organ_type=OrganType.ADMINISTRATION, measure=Measure.LU
        )
        section = create_section(work, unit, name="科室")
        person = create_staff(
            work,
            unit=unit,
            section=section,
            username=f"other-{place}",
            name=f"别人{place}",
            employment=Employment.CIVIL_SERVANT,
            password=PASSWORD,
            cost=LIGHT_COST,
        )
        grant_role(work, person, Role.HANDLER, section=section)


def test_the_own_unit_comes_first_and_only_its_people_have_names(office: Office) -> None:
    me = office.org.identity("window_a")
    read: set[str] = set()

    def note(person: Staff, _context: object) -> None:
        read.add(person.unit_id)

    event.listen(Staff, "load", note)
    with office.looking() as work:
        own, *others = directory(work, me)
    event.remove(Staff, "load", note)
    assert own["id"] == me.unit_id
    named = {section["name"]: [one["name"] for one in section["staff"]] for section in own["sections"]}
    assert len(named["综合窗口"]) == 3
    assert named["空科室"] == []
    assert not [section["staff"] for unit in others for section in unit["sections"] if section["staff"]]
    assert read == {me.unit_id}


def test_a_section_is_staffed_while_somebody_of_it_is_there(office: Office) -> None:
    me = office.org.identity("window_a")
    away = office.org.neighbour_window.section.id
    with office.working() as work:
        for person in work.session.scalars(select(Staff).where(Staff.section_id == away)):
            set_absence(work, person, starts_at=work.now)
        work.session.flush()
        staffed = {
            section["id"]: section["staffed"] for unit in directory(work, me) for section in unit["sections"]
        }
    assert not staffed[away]
    assert not staffed[office.org.empty_section.id]
    assert staffed[office.org.neighbour_office.section.id]
    assert staffed[office.org.business.section.id]


def test_an_auditor_of_old_with_a_second_role_is_nobody_to_hand_to(office: Office) -> None:
    """Granted before the two were kept apart."""
    with office.working() as work:
        unit = work.session.get_one(Unit, office.org.lead.id)
        section = create_section(work, unit, name="督查科")
        auditor = work.session.get_one(Staff, office.org.people["auditor"].id)
        work.session.add(
            RoleGrant(
                id=new_id(), staff_id=auditor.id, role=Role.HANDLER, unit_id=unit.id, section_id=section.id
            )
        )
        work.session.flush()
        [own] = [one for one in directory(work, office.org.identity("overseer")) if one["id"] == unit.id]
        assert [(one["staffed"], one["staff"]) for one in own["sections"]] == [(False, [])]
        assert present_handlers(work.session, section.id, work.now) == []


def test_more_units_cost_no_more_queries(office: Office) -> None:
    me = office.org.identity("window_a")

    def cost() -> int:
        with office.looking() as work, statements(office) as sent:
            directory(work, me)
        return len(sent)

    before = cost()
    for place in range(5):
        add_unit(office, place)
    assert cost() == before <= 4
