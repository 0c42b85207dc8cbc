"""Fixtures of the page tests."""

from __future__ import annotations

import pytest

from tests.pages.visitor import Visitor, visitor
from tests.support.app import Office


@pytest.fixture
def citizen(office: Office) -> Visitor:
    """A citizen with a fresh browser."""
    return visitor(office)
