"""Answer every failure: problem+json to the API, a page in plain words to people."""

from __future__ import annotations

import uuid
from dataclasses import replace

import structlog
from flask import Flask, Response, g, json, render_template, request

from backend.codes import CODES
from backend.errors import Problem, problem_of
from backend.logs import bind_request, clear_request
from backend.routes.installation import settings

API_PREFIX = "/api/"
MACHINES = frozenset({"/healthz", "/readyz", "/wechat/callback"})
"""What only programs ask for outside the API."""
log = structlog.get_logger()


def register_problems(app: Flask) -> None:
    """Give each request its id, and each failure its one shape."""

    @app.before_request
    def name_request() -> None:
        bind_request(request_id())

    @app.teardown_request
    def forget_request(_error: BaseException | None) -> None:
        clear_request()

    @app.after_request
    def show_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        return response

    @app.errorhandler(Exception)
    def answer_failure(error: Exception) -> Response:
        problem = problem_of(error)
        if problem is None:
            log.error(
                "unforeseen_failure", exc_info=error, request_id=request_id(), endpoint=request.endpoint
            )
            problem = Problem(CODES["internal_error"], CODES["internal_error"].detail)
        elif problem.kind.status >= 500:
            log.warning("refused", code=problem.kind.code, request_id=request_id(), endpoint=request.endpoint)
        return problem_response(problem)


def request_id() -> str:
    """The id of the current request, also when a failure came before it was named."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex
    return str(g.request_id)


def problem_response(problem: Problem) -> Response:
    """The problem in the caller's form."""
    problem = _with_address(problem)
    if is_api_request():
        response = Response(
            json.dumps(problem.body(request_id())),
            status=problem.kind.status,
            mimetype="application/problem+json",
        )
    else:
        page = render_template("portal/error.html", error=problem.body(request_id()))
        response = Response(page, status=problem.kind.status)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_address(problem: Problem) -> Problem:
    """A retired sign names its successor by address: the use case knows the code, only the door knows the address."""
    if "successor_code" not in problem.extra:
        return problem
    extra = dict(problem.extra)
    code = extra.pop("successor_code")
    base_url = settings().base_url
    return replace(problem, extra=extra | {"successor_url": f"{base_url}/s/{code}" if code else None})


def is_api_request() -> bool:
    """Whether a program is asking."""
    return request.path.startswith(API_PREFIX) or request.path in MACHINES
