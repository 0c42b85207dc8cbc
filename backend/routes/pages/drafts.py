"""Drafts behind the console's forms: kept by a button, by the page itself where scripts run, and when a form is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from flask import Response, redirect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Redirect

from backend.domain.clocks import date_phrase
from backend.domain.errors import DomainError
from backend.routes.pages.forms import SECRET_FIELDS, Form, FormKind, Refusal
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pipeline import open_reading, open_work
from backend.services.drafts import drafts_of, drop_draft, save_draft

MACHINERY = SECRET_FIELDS | {"idempotency_key", "version", "forget", "quietly", "template"}
"""Fields that are none of what somebody wrote."""


def keep(place: str, back: str) -> Response | Redirect:
    """Keep the posted form, or forget it; a script that asks on its own gets no page for it."""
    with open_work(access().actor) as work:
        if posted().get("forget"):
            drop_draft(work, identity(), place)
        else:
            save_draft(work, identity(), place, written())
    return Response(status=204) if posted().get("quietly") else redirect(back, 303)


def keep_refused(place: str, refusal: Refusal) -> None:
    """Keep what was just refused, so that it is there also for who leaves the page.

    Not of a form that is none of ours; and where it cannot be kept, it still stands on the page.
    """
    if refusal.problem.kind.code == "form_expired" or not written():
        return
    with suppress(DomainError, SQLAlchemyError), open_work(access().actor) as work:
        save_draft(work, identity(), place, written())


def forget(place: str) -> None:
    """It was carried out."""
    with open_work(access().actor) as work:
        drop_draft(work, identity(), place)


def written() -> dict[str, str]:
    return {name: text for name, text in posted().items() if name not in MACHINERY}


def fill(beginning: str, forms: Iterable[tuple[str, FormKind, Form]]) -> None:
    """Put this person's drafts into the forms, each by the rest of its place; and say so on them."""
    with open_reading(access().actor) as work:
        kept = drafts_of(work, identity(), beginning)
        for rest, kind, form in forms:
            draft = kept.get(rest)
            if draft is not None:
                form["values"] = form["values"] | _of_kind(kind, draft.values)
                form["draft"] = date_phrase(draft.saved_at, work.now)


def _of_kind(kind: FormKind, values: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text for name, text in values.items() if name in kind.fields or name.startswith(kind.families)
    }
