"""The pages of the mini program, run whole in Node against a real backend and the simulator."""

from __future__ import annotations

import shutil

import pytest

from tests.support.node import passed, run
from tests.support.running import READY, supervisor

GENEROUS = {
    "ANONYMOUS_FILING_RATE": "1000 per minute",
    "SIGN_IN_FAILURE_RATE": "1000 per minute",
    "WECHAT_SIGN_IN_RATE": "1000 per minute",
}


@pytest.fixture(scope="module")
def server(built_data_dir, tmp_path_factory):
    """`make run` on a copy of the demo."""
    data_dir = shutil.copytree(built_data_dir, tmp_path_factory.mktemp("pages") / "data")
    with supervisor(data_dir, **GENEROUS) as run_:
        run_.wait_for(READY)
        yield run_


@pytest.mark.timeout(300)
def test_every_test_of_pages_passes(server):
    handout = str(server.data_dir / "demo.json")
    assert passed(run("npm", "run", "--silent", "test:pages", seconds=200, SHOUWEN_DEMO=handout)) > 30
