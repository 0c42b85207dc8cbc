"""`/u/{unit}/records`: what a unit has put on record about itself; `/staff/records`: put something on record."""

from __future__ import annotations

from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.actors import Actor
from backend.domain.vocabulary import UnitRecordKind
from backend.queries.directory import directory
from backend.queries.unit_records import unit_records
from backend.routes.pages import forms_leads, shapes
from backend.routes.pages.forms import Refusal, blank, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.routes.unit_records import recording
from backend.routes.unit_writes import carry_out_unit
from backend.services.unit_records import ensure_recorder

public = APIBlueprint("unit_record_pages", __name__, enable_openapi=False)
staff = APIBlueprint("staff_record_pages", __name__, enable_openapi=False)


@public.get("/u/<unit_id>/records")
def records(unit_id: str) -> Response:
    """实施细则, 简化优化 measures and 鼓励激励, newest first (坛 八、十一). Raises NotFound, CursorInvalid."""
    with open_reading(Actor("citizen")) as work:
        page = unit_records(work, unit_id, request.args.get("cursor"))
    more = page["next_cursor"]
    return render(
        "portal/unit_records.html",
        page=page,
        next_url=f"/u/{page['unit']['id']}/records?{urlencode({'cursor': more})}" if more else None,
    )


def record_page(refusal: Refusal | None = None) -> Response:
    """The form, for who speaks for the unit, with the records there are. Raises RoleRequired."""
    ensure_recorder(identity())
    with open_reading(access().actor) as work:
        units = directory(work, identity())
        page = unit_records(work, identity().unit_id, None)
    own = [unit for unit in units if unit["id"] == identity().unit_id]
    return render(
        "staff/records.html",
        refusal.status if refusal else 200,
        at="/staff/records",
        me=g.me,
        form=refused(forms_leads.RECORD, refusal) if refusal else blank(),
        kinds=[{"value": kind.value, "label": kind.label} for kind in UnitRecordKind],
        sections=[(section["id"], section["name"]) for unit in own for section in unit["sections"]],
        people=shapes.people(units, identity()),
        page=page,
        form_actions={"record": "/staff/records", "logout": "/staff/logout"},
    )


@staff.get("/staff/records")
def ask() -> Response:
    return record_page()


@staff.post("/staff/records")
@shown_again_by(record_page)
def add() -> Redirect:
    """Put it on record; leads back to the form, below which it now stands."""
    carry_out_unit(recording(identity()), submission(forms_leads.record(posted())))
    return redirect("/staff/records#records-title", 303)
