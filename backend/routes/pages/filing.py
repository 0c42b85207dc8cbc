"""The form: at a sign, at a unit with or without a section, and in the unit's mailbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.actors import Actor
from backend.domain.errors import FieldInvalid, NotFound
from backend.domain.vocabulary import AboutKind, Channel
from backend.models import Unit
from backend.queries.people import ref
from backend.queries.units import unit_shape
from backend.routes import operations
from backend.routes.access import Access
from backend.routes.limits import all_filing, per_address_filing
from backend.routes.pages import files, forms_citizen
from backend.routes.pages.forms import Refusal, blank, refused, submission
from backend.routes.pages.frame import render
from backend.routes.pages.guards import posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import carry_out, open_reading
from backend.services.routing import destination_without_sign, find_sign

bp = APIBlueprint("filing_pages", __name__, enable_openapi=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks: what the form shows of it, and what is filed with the words."""

    address: str
    unit: Unit
    shown: dict[str, Any]
    data: dict[str, str]
    abouts: tuple[AboutKind, ...]
    channel: Channel = Channel.OTHER


@bp.get("/u/<unit_id>")
def unit(unit_id: str) -> Response:
    """The doors of a unit."""
    with open_reading(Actor("citizen")) as work:
        shape = unit_shape(work, unit_id)
    address = f"/u/{shape['id']}/new"
    sections = [
        {**section, "href": f"{address}?{urlencode({'section': section['id']})}"}
        for section in shape["sections"]
    ]
    phone = shape["complaint_phone"]
    return render(
        "portal/unit.html", unit=shape, general_url=address, sections=sections, complaint_phone=phone
    )


def at_sign(code: str) -> Place:
    """Raises SignUnknown, SignRetired."""
    with open_reading(Actor("citizen")) as work:
        sign = find_sign(work.session, code)
        unit, section = sign.post.unit, sign.post.section
        return Place(
            f"/s/{sign.code}/new",
            unit,
            {"unit": ref(unit), "section": ref(section)},
            {"sign": sign.code},
            tuple(AboutKind) if section else (AboutKind.SIGN_HOLDER, AboutKind.UNIT, AboutKind.OTHER),
        )


def at_unit(unit_id: str) -> Place:
    """The unit, and the section asked for in the address. Raises NotFound."""
    section_id = request.args.get("section") or None
    place = _without_sign(unit_id, section_id)
    query = f"?{urlencode({'section': section_id})}" if section_id else ""
    return replace(place, address=f"/u/{place.unit.id}/new{query}")


def at_mailbox(unit_id: str) -> Place:
    """The unit's mailbox: its general post reads it. Raises NotFound."""
    place = _without_sign(unit_id, None)
    shown = place.shown | {"section": {"name": Channel.MAILBOX.label}}
    return replace(place, address=f"/mailbox/{place.unit.id}", shown=shown, channel=Channel.MAILBOX)


@bp.get("/s/<code>/new")
def new_at_sign(code: str) -> Response:
    return form_page(at_sign(code))


@bp.get("/u/<unit_id>/new")
def new_at_unit(unit_id: str) -> Response:
    return form_page(at_unit(unit_id))


@bp.get("/mailbox/<unit_id>")
def new_in_mailbox(unit_id: str) -> Response:
    return form_page(at_mailbox(unit_id))


@bp.post("/s/<code>/new")
@shown_again_by(lambda refusal, code: form_page(at_sign(code), refusal))
@all_filing
@per_address_filing
def file_at_sign(code: str) -> Redirect:
    return take(at_sign(code))


@bp.post("/u/<unit_id>/new")
@shown_again_by(lambda refusal, unit_id: form_page(at_unit(unit_id), refusal))
@all_filing
@per_address_filing
def file_at_unit(unit_id: str) -> Redirect:
    return take(at_unit(unit_id))


@bp.post("/mailbox/<unit_id>")
@shown_again_by(lambda refusal, unit_id: form_page(at_mailbox(unit_id), refusal))
@all_filing
@per_address_filing
def file_in_mailbox(unit_id: str) -> Redirect:
    return take(at_mailbox(unit_id))


def form_page(place: Place, refusal: Refusal | None = None) -> Response:
    """The form, empty or as it was filled in."""
    return render(
        "portal/new.html",
        refusal.status if refusal else 200,
        at=place.address,
        target=place.shown,
        about_kinds=[kind.value for kind in place.abouts],
        form=refused(forms_citizen.FILING, refusal) if refusal else blank(),
        form_actions={"file": place.address},
        complaint_phone=place.unit.complaint_phone or None,
    )


def take(place: Place) -> Redirect:
    """The words first, committed; then each photo. Leads to the follow page, which says which photo was refused."""
    sent = submission(place.data | forms_citizen.inquiry(posted()))
    answer = carry_out(operations.filing(place.channel), sent)
    inquiry = answer.inquiry
    owner = Access(f"inquiry:{inquiry.id}", Actor("citizen", inquiry.citizen_id), inquiry_id=inquiry.id)
    arguments = {"filed": "1"} | files.as_arguments(files.attach_all(owner, sent.key))
    return redirect(f"/t/{answer.body['tracking_token']}?{urlencode(arguments)}", 303)


def _without_sign(unit_id: str, section_id: str | None) -> Place:
    with open_reading(Actor("citizen")) as work:
        try:
            found = destination_without_sign(work.session, unit_id, section_id)
        except FieldInvalid as error:
            raise NotFound(error.detail) from None
        data = {"unit": found.unit.id} | ({"section": found.section.id} if found.section else {})
        abouts = (AboutKind.SECTION,) if found.section else ()
        return Place(
            f"/u/{found.unit.id}",
            found.unit,
            {"unit": ref(found.unit), "section": ref(found.section)},
            data,
            (*abouts, AboutKind.UNIT, AboutKind.OTHER),
        )
