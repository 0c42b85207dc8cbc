"""Every test of the API speaks through a client that holds each answer against OpenAPI."""

from __future__ import annotations

import pytest

from tests.api.contract import CheckedClient
from tests.support.app import Office


@pytest.fixture
def office(office: Office) -> Office:
    """The running application, its answers checked."""
    office.app.test_client_class = CheckedClient
    return office
