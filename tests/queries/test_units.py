"""A unit as a visitor sees it."""

from __future__ import annotations

import pytest

from backend.domain.errors import NotFound
from backend.queries.units import unit_shape
from tests.support.app import Office


@pytest.mark.parametrize("unit_id", ["", "\0", "nowhere", "0" * 32, "Ａ" * 32])
def test_what_is_no_unit_is_not_found(office: Office, unit_id: str) -> None:
    with office.looking() as work, pytest.raises(NotFound):
        unit_shape(work, unit_id)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_it_says_which_measure_binds_and_where_each_section_is(office: Office) -> None:
    with office.looking() as work:
        shape = unit_shape(work, office.org.lu_unit.id)
    assert shape["measure"] == "lu"
    places = {section["name"]: section["location"] for section in shape["sections"]}
    assert places == {"不动产登记窗口": "不动产登记窗口进门第一个工位", "办公室": "办公室进门第一个工位"}
