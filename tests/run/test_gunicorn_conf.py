"""gunicorn as we set it up: numbers by database, no trust in headers, limits, and patience that ends."""

from __future__ import annotations

import http.client
import os
import runpy
import socket
import sys
import textwrap

import pytest

from tests.support.running import ROOT, Run, free_port


@pytest.fixture
def configured(monkeypatch, tmp_path):
    """The configuration as gunicorn reads it, for some environment variables."""

    def read(**settings):
        for name in ("DATABASE_URL", "HOST", "PORT", "THREADS", "WEB_CONCURRENCY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(tmp_path), **settings}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_module("backend.gunicorn_conf")

    return read


@pytest.mark.parametrize(
    ("settings", "processes", "threads"),
    [
        ({}, 1, 8),
        ({"WEB_CONCURRENCY": "4", "THREADS": "3"}, 1, 3),
        ({"DATABASE_URL": "postgresql:///shouwen"}, 2, 8),
        ({"DATABASE_URL": "postgresql:///shouwen", "WEB_CONCURRENCY": "4", "THREADS": "16"}, 4, 16),
    ],
)
def test_sqlite_gets_one_process_and_postgresql_several(configured, settings, processes, threads):
    conf = configured(**settings)
    assert (conf["workers"], conf["threads"]) == (processes, threads)


def test_no_header_of_a_proxy_is_believed_and_no_raw_access_log_is_kept(configured):
    conf = configured()
    assert conf["forwarded_allow_ips"] == ""
    assert conf["secure_scheme_headers"] == {}
    assert conf["forwarder_headers"] == ""
    assert conf["accesslog"] is None


@pytest.mark.parametrize(
    ("host", "bind"),
    [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000"), ("localhost", "localhost:8000")],
)
def test_the_address_is_written_as_gunicorn_wants_it(configured, host, bind):
    assert configured(HOST=host)["bind"] == bind


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """gunicorn with our configuration, a tiny application, and a patience of one second."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "tiny.py").write_text(
        textwrap.dedent("""
            def app(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain"), ("X-Request-ID", "r-1")])
                return [environ["wsgi.url_scheme"].encode()]
        """),
        "utf-8",
    )
    (folder / "hasty.py").write_text(
        "from backend.gunicorn_conf import *\nfrom backend.gunicorn_conf import PatientWorker\n"
        "PatientWorker.head_seconds = 1.0\n",
        "utf-8",
    )
    paths = os.pathsep.join([str(folder), str(ROOT)])
    command = [sys.executable, "-m", "gunicorn", "-c", "python:hasty", "tiny:app"]
    run = Run(folder, free_port(), command, PYTHONPATH=paths, THREADS="2")
    try:
        run.wait_for("Booting worker")
        yield run
    finally:
        run.close()


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def test_clients_that_never_finish_their_head_are_cut_off_and_hold_nobody_up(server):
    slow = [connect(server) for _ in range(2)]  # as many as there are threads
    try:
        for client in slow:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: a")
        assert server.get("/")[0] == 200
        assert [client.recv(100) for client in slow] == [b"", b""]
    finally:
        for client in slow:
            client.close()


def test_a_forwarded_scheme_is_not_believed(server):
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    client.request("GET", "/", headers={"X-Forwarded-Proto": "https"})
    assert client.getresponse().read() == b"http"
    client.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n"
        + b"".join(b"X-%d: 1\r\n" % number for number in range(80))
        + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n",
    ],
    ids=["line", "fields", "field"],
)
def test_an_oversized_head_is_refused(server, head):
    with connect(server) as client:
        client.sendall(head)
        assert client.recv(100).split()[1].startswith(b"4")


def test_a_request_is_logged_with_its_id_and_without_its_capability(server):
    server.get("/surveys/canary-of-a-survey?grade=1")
    server.wait_for("/surveys/〔已隐去〕")
    assert "canary-of-a-survey" not in server.output
    (line,) = [line for line in server.output.splitlines() if "/surveys/" in line]
    assert "request_id=r-1" in line
    assert "status=200" in line
    assert "grade" not in line
