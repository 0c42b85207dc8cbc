"""Installations for a test alone: with the demo, or with nothing yet."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from backend.settings import Settings


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
