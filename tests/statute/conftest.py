"""One organisation for all tables of duties; each case's changes are undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from backend.domain.times import SHANGHAI
from backend.services.work import Work
from tests.support.databases import SQLITE, Databases
from tests.support.organisation import SmallOrganisation
from tests.support.standing import standing_organisation, undone

NOW = datetime(2024, 1, 2, 9, 0, tzinfo=SHANGHAI)
"""Before every case of the tables."""


@pytest.fixture(scope="package")
def standing(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Work, SmallOrganisation]]:
    """What the law says is the same on every database."""
    with standing_organisation(databases, SQLITE, tmp_path_factory.mktemp("statute"), NOW) as found:
        yield found


@pytest.fixture
def work(standing: tuple[Work, SmallOrganisation]) -> Iterator[Work]:
    with undone(standing[0]) as work:
        yield work


@pytest.fixture
def org(standing: tuple[Work, SmallOrganisation], work: Work) -> SmallOrganisation:
    return standing[1]
