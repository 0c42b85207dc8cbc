"""Hold every answer of the API against its own OpenAPI document and the one shape of a problem."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from backend.codes import CODES, FIELD_CODES

MEMBERS = {"type", "title", "status", "detail", "code", "request_id", "errors"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SILENT = (204, 308)
"""Answers without a body worth looking at: nothing to say, and Werkzeug's way to the same address without //."""


class CheckedClient(FlaskClient):
    """A test client that fails the test at the first answer OpenAPI does not promise."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if not kwargs.get("follow_redirects"):
            check_answer(self.application, answer)
        return answer


def check_answer(app: Any, answer: TestResponse) -> None:
    """Fail unless the answer's status, code, media type and body stand in the document of its operation."""
    request = answer.request
    if not (request.path.startswith("/api/") or request.path in {"/healthz", "/readyz"}):
        return
    where = f"{request.method} {request.path} → {answer.status_code} {answer.get_data()[:300]!r}"
    if answer.status_code in SILENT:
        return
    if request.method in {"HEAD", "OPTIONS"} and answer.status_code < 400:
        return
    operation = operation_of(app, request.environ)
    assert answer.headers["X-Request-Id"], where
    if answer.status_code >= 400 and request.method != "HEAD":
        check_problem(answer, where)
    if operation is None:
        assert answer.status_code in {200, 400, 404, 405}, where
        return
    promised = operation["responses"].get(str(answer.status_code))
    assert promised is not None, f"undocumented status: {where}"
    if answer.status_code >= 400:
        code = answer.json["code"]
        media = promised["content"]["application/problem+json"]["schema"]
        assert code in media["allOf"][1]["properties"]["code"]["enum"], f"undocumented code {code}: {where}"
    elif answer.mimetype == "application/json":
        problems = list(_validator(app, promised).iter_errors(answer.json))
        assert not problems, f"{where}: {[str(problem)[:200] for problem in problems]}"


def check_problem(answer: TestResponse, where: str) -> None:
    """Fail unless the answer is one complete RFC 9457 problem of ours."""
    assert answer.content_type == "application/problem+json", where
    body = answer.json
    assert set(body) >= MEMBERS, where
    code = CODES[body["code"]]
    assert (body["status"], body["title"]) == (answer.status_code, code.title), where
    assert code.status == answer.status_code, where
    assert body["type"] == f"urn:shouwen:problem:{code.code}", where
    assert CHINESE.search(body["detail"]), where
    assert body["request_id"] == answer.headers["X-Request-Id"], where
    assert answer.headers["Cache-Control"] == "no-store", where
    for item in body["errors"]:
        assert set(item) == {"pointer", "code", "detail"}, where
        assert item["code"] in FIELD_CODES, where
        assert item["pointer"] == "" or item["pointer"].startswith("/"), where
        assert CHINESE.search(item["detail"]), where
    told = json.dumps(body)
    for leak in ("Traceback", "sqlalchemy", "psycopg", "sqlite", "/backend/", "SELECT "):
        assert leak not in told, where


def operation_of(app: APIFlask, environ: dict[str, Any]) -> dict[str, Any] | None:
    """The documented operation a request goes to; None for an address or method that does not exist."""
    try:
        rule, _ = app.url_map.bind_to_environ(environ).match(return_rule=True)
    except HTTPException:
        return None
    path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
    found = document(app)["paths"].get(path, {}).get(environ["REQUEST_METHOD"].lower())
    return found if found is None else dict(found)


def document(app: APIFlask) -> dict[str, Any]:
    """The OpenAPI document; the same for every application, so made once."""
    if not _document:
        with app.test_request_context():
            _document.update(json.loads(json.dumps(app.spec)))
    return _document


_document: dict[str, Any] = {}


_validators: dict[int, Any] = {}


def _validator(app: APIFlask, promised: dict[str, Any]) -> Any:
    """What holds a body against one promised answer; each is made once, for the document stays as it is."""
    if id(promised) not in _validators:
        schema = promised["content"]["application/json"]["schema"]
        whole = {**schema, "components": document(app)["components"]}
        _validators[id(promised)] = jsonschema_rs.validator_for(whole)
    return _validators[id(promised)]
