from __future__ import annotations

from tests.support import rows


def test_a_unit_is_not_its_own_parent(session, office, refused):
    with refused("ck_units_not_its_own_parent"):
        office.unit.parent_id = office.unit.id
        session.flush()


def test_two_sections_of_a_unit_do_not_share_a_name(session, office, refused):
    with refused("ix_sections_unit_id_name", "sections.unit_id, sections.name"):
        rows.section(session, office.unit, name=office.section.name)
    rows.section(session, office.other_unit, name=office.section.name)


def test_a_unit_has_one_dedicated_section(session, office, refused):
    rows.section(session, office.unit, is_dedicated=True)
    with refused("uq_sections_one_dedicated", "sections.unit_id"):
        rows.section(session, office.unit, is_dedicated=True)


def test_a_section_needs_a_unit_that_exists(session, office, refused):
    with refused("FOREIGN KEY", "fk_sections_unit_id_units"):
        rows.section(session, office.unit, unit_id="nowhere")
