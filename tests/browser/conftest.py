"""A running server with the demo, once for all journeys, and a place for their pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.browser import PICTURES
from tests.support.running import READY, supervisor

GENEROUS = {"ANONYMOUS_FILING_RATE": "1000 per minute", "SIGN_IN_FAILURE_RATE": "1000 per minute"}


@pytest.fixture(scope="session")
def server(built_data_dir, tmp_path_factory):
    """`make run` on a copy of the demo."""
    data_dir = shutil.copytree(built_data_dir, tmp_path_factory.mktemp("journeys") / "data")
    with supervisor(data_dir, **GENEROUS) as run:
        run.wait_for(READY)
        yield run


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Where pictures go, when they are kept."""
    folder = Path(PICTURES or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
