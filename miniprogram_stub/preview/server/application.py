"""The preview's addresses: `/` the desk, `/?bare=1` and `/app.html` the phone alone, `/api/v1/…` the backend, `/_phone/…`."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, jsonify, request, send_from_directory
from werkzeug.exceptions import NotFound

from miniprogram_stub.preview.server.building import Build, BuildFailed
from miniprogram_stub.preview.server.upstream import Answer, Unreachable, ask
from miniprogram_stub.preview.server.wechat import ACTS, WeChat

UNREACHABLE = "X-Phone-Unreachable"
"""Tells the runtime that there was no answer: for a phone that is not a status."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
LONGEST_NAME = 20
_LOCAL = frozenset({"127.0.0.1", "::1"})
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_preview(
    build: Build, backend_url: str, wechat: WeChat | None, signs: list[dict[str, Any]]
) -> Flask:
    """The application. Without a simulator people cannot sign in, the rest works."""
    app = Flask(__name__, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.before_request(_only_from_here)
    _pages(app, build)
    _door(app, backend_url)
    _phones(app, wechat, signs)
    return app


def _only_from_here() -> None:
    """It acts for simulated people and has no lock: for this machine's own pages alone."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    is_foreign = request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method != "GET"
    if request.remote_addr not in _LOCAL or name not in _LOCAL_NAMES or is_foreign:
        abort(403)


def _pages(app: Flask, build: Build) -> None:
    def page(name: str) -> Response:
        try:
            build.refresh()
        except BuildFailed as failure:
            return Response(f"小程序没有生成：\n\n{failure}\n", 500, content_type="text/plain; charset=utf-8")
        return file(name)

    @app.get("/")
    def index() -> Response:
        return page("app.html" if "bare" in request.args else "index.html")

    @app.get("/app.html")
    def phone() -> Response:
        return page("app.html")

    @app.get("/<path:name>")
    def file(name: str) -> Response:
        found = send_from_directory(build.output, name)
        found.headers.update(_HEADERS)
        return found


def _door(app: Flask, backend_url: str) -> None:
    def forward(**_parts: str) -> Response:
        # As the browser wrote it: decoding and encoding again may change it.
        target = request.environ.get("RAW_URI") or request.full_path
        try:
            answer = ask(backend_url, request.method, target, request.headers.items(), request.get_data())
        except Unreachable:
            return Response(status=502, headers={UNREACHABLE: "1"})
        return _handed_on(answer)

    app.add_url_rule("/api/v1/<path:path>", "api", forward, methods=METHODS)
    app.add_url_rule("/healthz", "healthz", forward)


def _phones(app: Flask, wechat: WeChat | None, signs: list[dict[str, Any]]) -> None:
    @app.get("/_phone/setup")
    def setup() -> Response:
        return jsonify(
            appid=wechat.app_id if wechat else "",
            templates=wechat.templates if wechat else [],
            signs=[{key: sign[key] for key in ("code", "url", "unit", "section")} for sign in signs],
        )

    @app.get("/_phone/people/<name>")
    def messages(name: str) -> Response | tuple[Response, int]:
        try:
            found = _known(wechat, name).messages(name)
        except Unreachable:
            found = None
        return jsonify(messages=found) if found is not None else (jsonify(error="连不上模拟微信"), 502)

    @app.post("/_phone/people/<name>/<act>")
    def act(name: str, act: str) -> Response | tuple[Response, int]:
        if act not in ACTS:
            raise NotFound
        try:
            return _handed_on(_known(wechat, name).act(name, act, request.get_data()))
        except Unreachable:
            return jsonify(error="连不上模拟微信"), 502


def _known(wechat: WeChat | None, name: str) -> WeChat:
    if wechat is None:
        raise Unreachable
    if not 0 < len(name) <= LONGEST_NAME or name in {".", ".."}:
        raise NotFound
    return wechat


def _handed_on(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    for name, value in answer.headers:
        response.headers.add(name, value)
    response.headers["Content-Length"] = str(len(answer.body))
    return response
