"""Say in OpenAPI what an operation takes, answers and refuses; every status with its codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, cast

from apiflask import APIBlueprint
from marshmallow import Schema

from backend.codes import CODES

ALWAYS = ("bad_request", "not_found", "method_not_allowed", "content_too_large", "busy", "internal_error")
WRITES = (
    "json_invalid",
    "unsupported_media_type",
    "idempotency_key_required",
    "idempotency_key_invalid",
    "idempotency_key_reused",
    "request_in_progress",
    "validation_failed",
    "storage_full",
    "outcome_unknown",
)
VERSIONED = ("precondition_required", "version_conflict")

View = Callable[..., Any]


def documented(
    blueprint: APIBlueprint,
    *,
    summary: str,
    answer: type[Schema] | None,
    body: type[Schema] | None = None,
    location: str = "json",
    status: int = 200,
    media: tuple[str, ...] = (),
    later: str | None = None,
    codes: tuple[str, ...] = (),
    write: bool = False,
    versioned: bool = False,
    key_optional: bool = False,
    security: str | Sequence[str | dict[str, list[str]]] | None = None,
) -> Callable[[View], View]:
    """Describe a view, and dump what it returns by `answer`; without one it answers with `media`, or with nothing.

    `later` names the schema of what is answered with 202 where the file is made by a job.

    The body is only described here: the pipeline reads it, in the contract's order. `codes` are the problem codes
    of this operation besides those every operation or every write can answer.
    """
    wanted = [*ALWAYS, *codes, *(WRITES if write else ()), *(VERSIONED if versioned else ())]
    if security is not None:
        wanted.append("unauthenticated")
    headers = []
    if write:
        headers.append(
            ("Idempotency-Key", "16 到 255 个可见字符；同一个键重发，得到同一个答复。", not key_optional)
        )
    if versioned:
        headers.append(("If-Match", "您看到的版本，即详情的 ETag。", True))

    def describe(view: View) -> View:
        view.__dict__["problem_codes"] = tuple(dict.fromkeys(wanted))
        view.__dict__["header_parameters"] = tuple(headers)
        if answer is not None:
            view = blueprint.output(answer, status_code=status)(view)  # type: ignore[arg-type]
        else:
            view.__dict__["bare_answer"] = (status, media)
            view.__dict__["later_answer"] = later
        view = blueprint.doc(summary=summary, security=cast(Any, security))(view)
        if body is not None:
            _describe_input(view, body, location)
        return view

    return describe


def _describe_input(view: View, body: type[Schema], location: str) -> None:
    """What APIFlask's `input` decorator notes for the document, without its reading of the body before ours."""
    spec = view._spec  # type: ignore[attr-defined]
    if location == "query":
        spec.setdefault("args", []).append((body(), location))
        return
    spec["body"] = body()
    spec["content_type"] = "multipart/form-data" if location == "files" else "application/json"


def problems_by_status(codes: tuple[str, ...]) -> dict[int, list[str]]:
    """The codes grouped by their HTTP status."""
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in codes:
        by_status[CODES[code].status].append(code)
    return dict(sorted(by_status.items()))
