"""The office of these tests, on a Tuesday morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.settings import Settings
from tests.delivery.office import Office, at, open_office


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    with open_office(settings, at("2026-11-24 10:30")) as office:
        yield office
