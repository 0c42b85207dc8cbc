"""A small mini program that uses what ours uses, built once, in front of a backend that says what it was asked."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support.phone import Phone, built, preview

APP = Path(__file__).with_name("app")


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked; /api/v1/problem with a problem, /api/v1/file with a PDF."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, dict(self.headers.items()), body))
        if self.path == "/api/v1/problem":
            self.reply(422, {"code": "invalid", "detail": "缺少内容"}, "application/problem+json")
        elif self.path == "/api/v1/file":
            self.reply(200, b"%PDF-1.7", "application/pdf")
        else:
            self.reply(201, {"asked": self.path, "body": body.decode("utf-8", "replace")}, "application/json")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - as http.server wants them

    def reply(self, status, content, content_type):
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"7"')
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def echo():
    """The backend: `echo.url`, and `echo.asked` is everything it was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.asked = []
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def small_build(tmp_path_factory):
    return built(tmp_path_factory.mktemp("small"), APP)


@pytest.fixture
def address(small_build, echo, wechat_app):
    """Of the preview of the small mini program."""
    signs = [{"code": "A", "url": "https://x.example/s/A", "unit": "审批局", "section": "窗口"}]
    with preview(small_build, echo.url, wechat_app, signs) as url:
        yield url


@pytest.fixture
def phone(open_page, address):
    return Phone(open_page(), address)
