"""The office of these tests, on a Tuesday morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.delivery.office import BusyOffice, at, at_work
from tests.support.app import Office


@pytest.fixture
def office(office: Office) -> Iterator[BusyOffice]:
    with at_work(office, at("2026-11-24 10:30")) as busy:
        yield busy
