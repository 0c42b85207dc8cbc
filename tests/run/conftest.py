"""An installation with its demo, built once and copied for each test that wants to start it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest

from backend.preparing import prepare
from backend.settings import Settings


@pytest.fixture(scope="session")
def built_data_dir(tmp_path_factory):
    """DATA_DIR as the first `make run` leaves it."""
    data_dir = tmp_path_factory.mktemp("built") / "data"
    data_dir.mkdir(mode=0o700)
    before = os.umask(0o077)
    try:
        prepare(Settings.from_env({"DATA_DIR": str(data_dir)}), lambda line: None)
    finally:
        os.umask(before)
    return data_dir


@pytest.fixture
def data_dir(built_data_dir, tmp_path):
    """A copy of it, for this test alone."""
    return shutil.copytree(built_data_dir, tmp_path / "data")


@pytest.fixture
def of_own(tmp_path):
    """Settings of an installation that has nothing yet, with some fields changed."""

    def make(**changes):
        data_dir = tmp_path / "data"
        data_dir.mkdir(mode=0o700, exist_ok=True)
        return replace(Settings.from_env({"DATA_DIR": str(data_dir)}), **changes)

    return make
