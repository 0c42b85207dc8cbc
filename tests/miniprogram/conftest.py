"""What tests of the mini program share: its packages, the server's own word, and the client's."""

from __future__ import annotations

import json

import pytest

from backend import create_app
from backend.vault.keys import Keyring
from tests.support.databases import make_settings
from tests.support.node import PROJECT, run
from tests.support.running import ROOT


@pytest.fixture(scope="session", autouse=True)
def node_modules():
    """The locked packages of the mini program's folder, installed once for each state of the lock."""
    run(str(ROOT / "tools/node_modules.sh"), seconds=300).succeeded()


@pytest.fixture(scope="session")
def openapi(tmp_path_factory):
    """The server's own document; it asks no database."""
    folder = tmp_path_factory.mktemp("openapi")
    settings = make_settings(f"sqlite:///{folder / 'none.db'}", folder / "data")
    Keyring.create(settings.keys_dir)
    return json.loads(json.dumps(create_app(settings).spec))


@pytest.fixture(scope="session")
def client(node_modules):
    """What the mini program takes the server to be."""
    return json.loads(run("node", str(PROJECT / "tests/client.js")).succeeded())
