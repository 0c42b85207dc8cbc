"""Invented people and numbers."""

from __future__ import annotations

from itertools import islice

import pytest

from backend.demo.names import citizen_phone, invented_names, office_phone, staff_phone
from backend.domain.vocabulary import Measure
from backend.services.contacts import parse_phone


def test_no_two_people_share_a_name():
    names = list(islice(invented_names(), 300))
    assert len(set(names)) == 300
    assert {len(name) for name in names} == {3}


@pytest.mark.parametrize(
    "phone",
    [citizen_phone(1), citizen_phone(211), staff_phone(1), staff_phone(108)]
    + [office_phone(measure, 12, place) for measure in Measure for place in (0, 5)],
)
def test_every_number_could_be_dialled(phone):
    assert parse_phone(phone).startswith("+86")


def test_no_citizen_has_the_number_of_a_member_of_staff():
    assert {citizen_phone(place) for place in range(1000)}.isdisjoint(map(staff_phone, range(1000)))


def test_no_two_offices_share_a_number():
    numbers = [office_phone(m, unit, place) for m in Measure for unit in range(1, 13) for place in range(7)]
    assert len(set(numbers)) == len(numbers)
