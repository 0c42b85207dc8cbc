"""What a page answers when something is refused: the same form with its text, or else a page that keeps the words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Response, current_app, g, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]

from backend.codes import CODES
from backend.domain.numbers import display_sign_code, fold_sign_code
from backend.errors import Problem, problem_of
from backend.routes.pages.forms import Refusal, kept_words
from backend.routes.pages.frame import render
from backend.routes.pages.guards import posted
from backend.routes.problems import request_id

View = Callable[..., Any]
ShowAgain = Callable[..., Response]
"""Shows the page of a form again: takes the Refusal, then the arguments of the view's address."""

CODE_LENGTH = 40
log = structlog.get_logger()
_doors: list[Callable[[], Response]] = []


def shown_again_by(show: ShowAgain) -> Callable[[View], View]:
    """Mark a view that takes a form: whatever is refused, `show` answers with the form as it was filled in."""

    def mark(view: View) -> View:
        view.__dict__["show_again"] = show
        return view

    return mark


def door(show_login: Callable[[], Response]) -> Callable[[], Response]:
    """Mark what is shown to staff who post a form after their session has ended."""
    _doors[:] = [show_login]
    return show_login


def answer_refusal(error: Exception) -> Response:
    """The error handler of every page."""
    problem = problem_in_page(error)
    if request.method != "POST":
        return problem_page(problem)
    if problem.kind.code == "unauthenticated":
        return _doors[0]()
    if "access" not in g:  # stopped before it was known who is calling
        return problem_page(problem)
    try:
        again = show_again(request.endpoint or "", request.view_args or {}, Refusal(problem, posted()))
    except Exception as second:  # noqa: BLE001 - whatever keeps the form from being shown, the words are
        return problem_page(problem_in_page(second))
    return again or problem_page(problem)


def show_again(endpoint: str, arguments: dict[str, Any], refusal: Refusal) -> Response | None:
    """The form of an endpoint as it was filled in; None when the endpoint takes no form."""
    show = getattr(current_app.view_functions.get(endpoint), "show_again", None)
    if show is None:
        return None
    response: Response = show(refusal, **arguments)
    response.headers.update(refusal.headers)
    return response


def problem_in_page(error: BaseException) -> Problem:
    """The problem an exception means; one nobody foresaw is logged."""
    if isinstance(error, CSRFError):
        return Problem(CODES["form_expired"], CODES["form_expired"].detail)
    problem = problem_of(error)
    if problem is None:
        log.error("unforeseen_failure", exc_info=error, request_id=request_id(), endpoint=request.endpoint)
        return Problem(CODES["internal_error"], CODES["internal_error"].detail)
    if problem.kind.status >= 500:
        log.warning("refused", code=problem.kind.code, request_id=request_id(), endpoint=request.endpoint)
    return problem


def problem_page(problem: Problem) -> Response:
    """A page of its own for what has no form to go back to; what was written is on it, to be copied."""
    words: dict[str, Any] = {"kept": kept_words()}
    if problem.kind.code == "sign_unknown":
        return sign_unknown((request.view_args or {}).get("code", ""), words["kept"])
    if problem.kind.code == "sign_retired":
        code = fold_sign_code((request.view_args or {}).get("code", "")) or ""
        successor = problem.extra.get("successor_code")
        return render(
            "portal/sign_retired.html",
            problem.kind.status,
            display_code=display_sign_code(code),
            successor_url=f"/s/{successor}" if successor else None,
            **words,
        )
    template = "portal/error.html"
    if (request.blueprint or "").startswith("staff_"):
        template = "staff/error.html"
        words |= {"me": g.get("me"), "form_actions": {"logout": "/staff/logout"}}
    return render(
        template, problem.kind.status, headers=problem.headers, error=problem.body(request_id()), **words
    )


def sign_unknown(typed: str, kept: list[str]) -> Response:
    """The page for a code that is on no sign of ours (404)."""
    folded = fold_sign_code(typed)
    return render(
        "portal/sign_unknown.html",
        404,
        display_code=display_sign_code(folded) if folded else typed[:CODE_LENGTH],
        form_actions={"find_sign": "/s"},
        kept=kept,
    )
