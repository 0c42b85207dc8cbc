"""What surrounds every page: its text size, the headers that keep it safe, and the words its template may use."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, redirect, render_template, request

from backend.clock import now
from backend.domain.clocks import date_phrase
from backend.domain.vocabulary import (
    AboutKind,
    Category,
    Channel,
    CitizenKind,
    Disposition,
    Grade,
    HandoffMode,
    OpinionKind,
    Outcome,
    ReportTo,
    ServiceMethod,
    Status,
    Word,
)
from backend.domain.vocabulary_contact import FollowUpState, SpotCheckMethod
from backend.routes.installation import settings
from backend.routes.problems import is_api_request

TEXT_SIZES = ("normal", "large")
TEXT_SIZE_COOKIE = "text_size"
ONE_YEAR_SECONDS = 365 * 24 * 3600

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # no-referrer would make Chromium post `Origin: null` (design 6).
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A form asked for again with “back” is the same form, with the same key: never a second inquiry.
    "Cache-Control": "private, no-cache",
}
UNKEPT = {"Cache-Control": "no-store"}
UNSEEN = UNKEPT | {"X-Robots-Tag": "noindex, nofollow"}
HEADERS_BELOW = {"/t/": UNSEEN, "/surveys/": UNSEEN, "/staff": UNKEPT}
"""Capability pages and the console leave nothing behind."""

VOCABULARY: dict[str, type[Word]] = {
    "category": Category,
    "about_kind": AboutKind,
    "citizen_kind": CitizenKind,
    "grade": Grade,
    "channel": Channel,
    "disposition": Disposition,
    "handoff_mode": HandoffMode,
    "outcome": Outcome,
    "status": Status,
    "opinion_kind": OpinionKind,
    "report_to": ReportTo,
    "service_method": ServiceMethod,
    "follow_up_state": FollowUpState,
    "spot_check_method": SpotCheckMethod,
}


def init_frame(app: Flask) -> None:
    """Give every page, error pages included, the same frame."""
    app.before_request(_switch_text_size)
    app.after_request(_set_headers)
    app.context_processor(_frame_words)
    app.jinja_env.filters["day_time"] = day_time
    app.jinja_env.globals["choices"] = choices


def render(
    template: str,
    status: int = 200,
    *,
    at: str | None = None,
    headers: dict[str, str] | None = None,
    **words: Any,
) -> Response:
    """A page. `at` is the address a reader would find it under, where that is not the one of this request."""
    if at is not None:
        g.page_address = at
    return Response(render_template(template, **words), status=status, headers=headers, mimetype="text/html")


def choices(word: str, *values: str) -> list[dict[str, str]]:
    """`[{value, label}]` of a vocabulary in its order; with `values`, of those only."""
    return [
        {"value": one.value, "label": one.label}
        for one in VOCABULARY[word]
        if not values or one.value in values
    ]


def day_time(moment: str) -> str:
    """An ISO 8601 time as people say it: 11月24日（周二）17:30."""
    return date_phrase(datetime.fromisoformat(moment), now())


def _switch_text_size() -> Response | None:
    """`?text=large` is remembered, and leads back to the same page without it."""
    size = request.args.get("text")
    if request.method != "GET" or size not in TEXT_SIZES or is_api_request():
        return None
    response = redirect(
        _address({name: value for name, value in request.args.items() if name != "text"}), 303
    )
    response.set_cookie(
        TEXT_SIZE_COOKIE,
        size,
        max_age=ONE_YEAR_SECONDS,
        secure=settings().cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response  # type: ignore[return-value]


def _frame_words() -> dict[str, str]:
    size = request.cookies.get(TEXT_SIZE_COOKIE)
    size = size if size in TEXT_SIZES else "normal"
    other = {"text": "normal" if size == "large" else "large"}
    if "page_address" in g:
        joint = "&" if "?" in g.page_address else "?"
        return {"text_size": size, "text_size_url": f"{g.page_address}{joint}{urlencode(other)}"}
    return {"text_size": size, "text_size_url": _address({**request.args.to_dict(), **other})}


def _address(arguments: dict[str, str]) -> str:
    """This page's own address with these arguments; one leading slash, so that it can never name another host."""
    path = quote("/" + request.path.lstrip("/\\"), safe="/")
    return f"{path}?{urlencode(arguments)}" if arguments else path


def _set_headers(response: Response) -> Response:
    if is_api_request():
        return response
    for below, headers in HEADERS_BELOW.items():
        if request.path.startswith(below):
            response.headers.update(headers)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
