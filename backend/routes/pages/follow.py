"""`/t/{token}`: follow an inquiry, add to it, take it back, have it opened again, rate it. GET writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.codes import CODES
from backend.errors import Problem
from backend.routes import operations
from backend.routes.answers import tracking_url
from backend.routes.files import send_attachment
from backend.routes.loading import Load, by_capability, find_tracked
from backend.routes.operations import notices, urging
from backend.routes.pages import files, forms_citizen, forms_urging, shapes
from backend.routes.pages.forms import FormKind, Refusal, blank, kept_words, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, is_staff_browser, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import Operation, carry_out, open_reading
from backend.vault.tokens import token_hash

bp = APIBlueprint("follow_pages", __name__, enable_openapi=False)

STEPS = "#steps-title"
FORMS: dict[str, tuple[str, FormKind]] = {
    "supplement": ("supplements", forms_citizen.SUPPLEMENT),
    "attach": ("attachments", forms_citizen.ATTACHMENTS),
    "withdraw": ("withdrawal", forms_citizen.WITHDRAWAL),
    "reopen": ("reopening", forms_citizen.REOPENING),
    "rate": ("rating", forms_citizen.RATING),
    "change_rating": ("rating/change", forms_citizen.RATING),
    "receive_notice": ("notice/receipt", FormKind(())),
    "remind": ("reminder", forms_urging.REMINDER),
}
"""Each act by its name, with its address below the page and its form."""


@bp.get("/t/<token>")
def follow(token: str) -> Response:
    """The page; right after filing it also says that it was received, and which photo was not."""
    return follow_page(token)


def follow_page(token: str, action: str | None = None, refusal: Refusal | None = None) -> Response:
    """The inquiry as it is now, with a form for each open act; the refused one as it was filled in."""
    with open_reading(access().actor) as work:
        inquiry = find_tracked(work, None, access())
        shape = shapes.citizen_inquiry(work, inquiry, token)
        receipt = shapes.receipt(work, inquiry)
        is_lasting = token_hash(token) == inquiry.tracking_hash
    forms = {name: blank() for name in shapes.action_names(shape)}
    is_open = action in forms
    if action is not None and refusal is not None:
        forms[action] = refused(FORMS[action][1], refusal)
    just_filed = refusal is None and "filed" in request.args and is_lasting
    return render(
        "portal/follow.html",
        refusal.status if refusal else 200,
        at=f"/t/{token}",
        inquiry=shape,
        forms=forms,
        form_actions={name: f"/t/{token}/{FORMS[name][0]}" for name in forms},
        just_filed=just_filed,
        tracking_url=tracking_url(token),
        filing_note=" ".join(files.note(files.from_arguments())) or None,
        receipt=receipt,
        is_lasting=is_lasting,
        kept=[] if is_open else kept_words(),
    )


def _again(action: str) -> Callable[..., Response]:
    def show(refusal: Refusal, token: str) -> Response:
        return follow_page(token, action, refusal)

    return show


@bp.post("/t/<token>/supplements")
@shown_again_by(_again("supplement"))
def supplement(token: str) -> Redirect:
    return _carry_out(token, operations.supplement, forms_citizen.supplement)


@bp.post("/t/<token>/reminder")
@shown_again_by(_again("remind"))
def remind(token: str) -> Redirect:
    return _carry_out(token, urging.reminder, forms_urging.reminder)


@bp.post("/t/<token>/withdrawal")
@shown_again_by(_again("withdraw"))
def withdraw(token: str) -> Redirect:
    return _carry_out(token, operations.withdrawal, forms_citizen.reason)


@bp.post("/t/<token>/reopening")
@shown_again_by(_again("reopen"))
def reopen(token: str) -> Redirect:
    return _carry_out(token, operations.reopening, forms_citizen.reason)


@bp.post("/t/<token>/notice/receipt")
@shown_again_by(_again("receive_notice"))
def receive_notice(token: str) -> Redirect:
    return _carry_out(token, notices.notice_receipt, lambda _form: {}, "#notice-title")


@bp.post("/t/<token>/rating")
@shown_again_by(_again("rate"))
def rate(token: str) -> Redirect:
    return _carry_out(
        token,
        lambda load: operations.rating(load, source="tracking", by_staff=is_staff_browser()),
        forms_citizen.rating,
        "#rated-title",
    )


@bp.post("/t/<token>/rating/change")
@shown_again_by(_again("change_rating"))
def change_rating(token: str) -> Redirect:
    return _carry_out(
        token,
        lambda load: operations.rating_change(load, by_staff=is_staff_browser()),
        forms_citizen.rating,
        "#rated-title",
    )


@bp.post("/t/<token>/attachments")
@shown_again_by(_again("attach"))
def attach(token: str) -> Response | Redirect:
    """Each file in its own write; those that are fine stay, those that are not are named."""
    sent = submission({})
    if not files.chosen_files():
        missing = {"pointer": "/file", "code": "required", "detail": ""}
        problem = Problem(CODES["validation_failed"], CODES["validation_failed"].detail, (missing,))
        return follow_page(token, "attach", Refusal(problem, posted()))
    refused_files = files.attach_all(access(), sent.key)
    if not refused_files:
        return redirect(f"/t/{token}{STEPS}", 303)
    kind = CODES.get(next(iter(refused_files.values())), CODES["validation_failed"])
    errors = tuple(
        {"pointer": "/file", "code": "value_invalid", "detail": sentence}
        for sentence in files.note(refused_files)
    )
    # What was taken has spent the key: the form gets another.
    return follow_page(token, "attach", Refusal(Problem(kind, kind.detail, errors), {}))


@bp.get("/t/<token>/attachments/<attachment_id>")
def download(token: str, attachment_id: str) -> Response:
    """A file, inert."""
    del token
    with open_reading(access().actor) as work:
        inquiry = find_tracked(work, None, access())
        return send_attachment(work, inquiry, attachment_id)


@bp.get("/t/<token>/<path:rest>")
def back(token: str, rest: str) -> Redirect:
    """Where a form was sent is no page: whoever asks for it comes back to the inquiry."""
    del rest
    return redirect(f"/t/{token}", 303)


def _carry_out(
    token: str,
    operation: Callable[[Load], Operation],
    convert: Callable[[Mapping[str, str]], dict[str, Any]],
    place: str = STEPS,
) -> Redirect:
    carry_out(operation(by_capability(None, access())), submission(convert(posted())))
    return redirect(f"/t/{token}{place}", 303)
