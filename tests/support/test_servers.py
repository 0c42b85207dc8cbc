"""The throw-away servers: what a killed run leaves is cleared away, and what is missing is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from tests.support.folders import make_folder, remove_folder
from tests.support.redis import running_redis

REPOSITORY = Path(__file__).parents[2]

KILLED = """
import os, signal, sys
from tests.support.{name} import running_{name}

with running_{name}() as server:
    print(server.socket.parent, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("name", "pid_file"), [("postgres", "data/postmaster.pid"), ("redis", "redis.pid")])
def test_a_server_of_a_killed_run_is_ended_and_its_folder_removed(name, pid_file):
    command = [sys.executable, "-c", KILLED.format(name=name)]
    # To a file, not a pipe: the server left behind would hold the pipe open.
    place = make_folder("output")
    with (place / "said").open("w+") as said:
        assert subprocess.run(command, cwd=REPOSITORY, stdout=said, check=False).returncode == -9
        said.seek(0)
        folder = Path(said.read().strip())
    pid = int((folder / pid_file).read_text("ascii").split()[0])
    assert str(folder) in Path(f"/proc/{pid}/cmdline").read_text("utf-8")

    remove_folder(make_folder("next"))
    assert not folder.exists()
    left = Path(f"/proc/{pid}/cmdline")
    assert not left.exists() or left.read_bytes() == b""  # gone, or waiting to be reaped
    assert place.exists()  # the owner of this one still lives
    remove_folder(place)


def test_both_servers_answer_on_their_sockets_alone(postgres, redis_server):
    with psycopg.connect(host=str(postgres.socket), user="postgres", dbname="postgres") as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
        assert row == ("",)
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}


def test_a_missing_redis_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    expected = r"^redis-server is missing: install it with `apt-get install redis-server`"
    with pytest.raises(RuntimeError, match=expected), running_redis():
        pass
