"""`/staff/leads`: facts for a human decision, on the desk's console alone (坛 十; 泸 三（二）、三（三）)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import NotFound
from backend.domain.vocabulary import LeadState, ToleranceLevel
from backend.queries.lead_detail import lead_detail
from backend.queries.leads import NO_VERDICT, find_lead, lead_list
from backend.routes.operations import leads
from backend.routes.pages import forms_leads
from backend.routes.pages.forms import Form, FormKind, Refusal, blank, kept_words, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import carry_out, open_reading

bp = APIBlueprint("staff_lead_pages", __name__, enable_openapi=False)


@bp.get("/staff/leads")
def show_list() -> Response:
    """The leads this person may see, newest first; nobody is counted or ranked. Raises NotFound, CursorInvalid."""
    state = _state()
    with open_reading(access().actor) as work:
        page = lead_list(work, identity(), state, request.args.get("cursor"))
    asked = {"state": state.value} if state else {}
    more = page["next_cursor"]
    return render(
        "staff/leads.html",
        me=g.me,
        items=page["items"],
        no_verdict=NO_VERDICT,
        states=[{"label": "全部", "href": "/staff/leads", "current": state is None}]
        + [
            {"label": one.label, "href": f"/staff/leads?state={one.value}", "current": one is state}
            for one in LeadState
        ],
        next_url=f"/staff/leads?{urlencode(asked | {'cursor': more})}" if more else None,
        form_actions={"logout": "/staff/logout"},
    )


@bp.get("/staff/leads/<lead_id>")
def show(lead_id: str) -> Response:
    """One lead. Raises NotFound outside what this person may see."""
    return lead_page(lead_id)


def lead_page(
    lead_id: str, name: str | None = None, kind: FormKind | None = None, refusal: Refusal | None = None
) -> Response:
    """The lead as it is now, with a form for each open act; the refused one as it was filled in."""
    with open_reading(access().actor) as work:
        shape = lead_detail(work, identity(), find_lead(work, identity(), lead_id))
    forms = _forms(shape)
    is_open = name in forms
    if name is not None and kind is not None and refusal is not None and is_open:
        forms[name] = refused(kind, refusal)
    return render(
        "staff/lead.html",
        refusal.status if refusal else 200,
        at=f"/staff/leads/{shape['id']}",
        me=g.me,
        lead=shape,
        forms=forms,
        kept=kept_words() if refusal is not None and not is_open else [],
        problem=refusal.problem if refusal is not None and not is_open else None,
        levels=[(one.value, one.label) for one in ToleranceLevel],
        address=f"/staff/leads/{shape['id']}",
        form_actions={"logout": "/staff/logout"},
    )


def _statement_again(refusal: Refusal, lead_id: str) -> Response:
    return lead_page(lead_id, "state", forms_leads.STATEMENT, refusal)


@bp.post("/staff/leads/<lead_id>/statements")
@shown_again_by(_statement_again)
def make_statement(lead_id: str) -> Redirect:
    sent = submission(forms_leads.statement(posted()))
    carry_out(leads.statement(lead_id, identity()), sent)
    return _back(lead_id, "#statement-title")


def _element_again(refusal: Refusal, lead_id: str, element: str) -> Response:
    return lead_page(lead_id, f"find-{element}", forms_leads.ELEMENT, refusal)


@bp.post("/staff/leads/<lead_id>/elements/<element>")
@shown_again_by(_element_again)
def find_element(lead_id: str, element: str) -> Redirect:
    sent = submission(forms_leads.element(posted()))
    carry_out(leads.element(lead_id, element, identity()), sent)
    return _back(lead_id, "#elements-title")


def _decision_again(refusal: Refusal, lead_id: str) -> Response:
    return lead_page(lead_id, "decide", forms_leads.DECISION, refusal)


@bp.post("/staff/leads/<lead_id>/decision")
@shown_again_by(_decision_again)
def decide(lead_id: str) -> Redirect:
    sent = submission(forms_leads.decision(posted()))
    carry_out(leads.decision(lead_id, identity()), sent)
    return _back(lead_id, "#decision-title")


@bp.get("/staff/leads/<lead_id>/<path:rest>")
def back(lead_id: str, rest: str) -> Redirect:
    """Where a form was sent is no page: whoever asks for it comes back to the lead."""
    del rest
    return _back(lead_id, "")


def _back(lead_id: str, place: str) -> Redirect:
    return redirect(f"/staff/leads/{lead_id}{place}", 303)


def _forms(shape: Mapping[str, Any]) -> dict[str, Form]:
    """A form for each open act; of finding one for each element, filled with what was found last."""
    open_acts = {action["name"] for action in shape["actions"]}
    forms = {name: blank() for name in ("state", "decide") if name in open_acts}
    if "find" in open_acts:
        for element in shape["elements"]:
            if element["kind"] == "human":
                form = blank()
                if element["found"] is not None:
                    form["values"] = {"found": "yes" if element["found"] else "no", "text": element["words"]}
                forms[f"find-{element['id']}"] = form
    return forms


def _state() -> LeadState | None:
    name = request.args.get("state")
    if name is None:
        return None
    if name not in {state.value for state in LeadState}:
        raise NotFound("没有这个列表。")
    return LeadState(name)
