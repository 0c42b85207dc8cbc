"""Every test of the API speaks through a client that holds each answer against OpenAPI."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.contract import CheckedClient
from tests.support.app import Office


@pytest.fixture
def office(office: Office) -> Office:
    """The running application, its answers checked."""
    office.app.test_client_class = CheckedClient
    return office


@pytest.fixture
def wechat_office(wechat_office: Office) -> Office:
    """The same with a mini program."""
    wechat_office.app.test_client_class = CheckedClient
    return wechat_office


ON_BOTH = {
    "test_attachments",
    "test_idempotency",
    "test_journey",
    "test_lookups",
    "test_order",
    "test_races",
    "test_sign_in",
    "test_wechat_callback",
    "test_wechat_races",
}
"""Modules about what a database does. The others are about the contract: they run on SQLite, for the use cases below
them have tests of their own on both kinds, and so has the state machine over every operation. Drills run on both."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the contract's tests once, not once a database."""
    here = Path(__file__).parent
    spared = {
        item
        for item in items
        if item.path.parent == here
        and item.path.stem not in ON_BOTH
        and item.get_closest_marker("drill") is None
        and getattr(item, "callspec", None) is not None
        and item.callspec.params.get("database_kind") == "postgresql"
    }
    if spared:
        config.hook.pytest_deselected(items=list(spared))
        items[:] = [item for item in items if item not in spared]
