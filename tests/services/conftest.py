"""An organisation that stands for all tests of a package; each test's changes are undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from backend.services.work import Work
from tests.support.databases import KINDS, Databases
from tests.support.organisation import SmallOrganisation
from tests.support.standing import standing_organisation, undone

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
"""A Tuesday, 10:30 in Shanghai."""


@pytest.fixture(scope="package", params=KINDS)
def standing(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Work, SmallOrganisation]]:
    """The organisation in a transaction that is never committed."""
    with standing_organisation(databases, request.param, tmp_path_factory.mktemp("standing"), NOW) as found:
        yield found


@pytest.fixture
def work(standing: tuple[Work, SmallOrganisation]) -> Iterator[Work]:
    """Work at NOW on the standing organisation."""
    with undone(standing[0]) as work:
        yield work


@pytest.fixture
def org(standing: tuple[Work, SmallOrganisation], work: Work) -> SmallOrganisation:
    return standing[1]
