"""`/staff/search`: find an inquiry by number, phone tail or words of its summary.

Numbers and summaries hold nobody's data and may stand in an address; a phone's tail never does: it is posted, and what
it finds is shown at once, a page at a time by a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as Redirect

from backend.domain.errors import FieldInvalid
from backend.domain.numbers import parse_number
from backend.domain.texts import TextRefused, clean_text, has_long_number
from backend.queries.searching import Wanted, ensure_searchable, search
from backend.routes.list_asking import kept_filters, read_filters
from backend.routes.pages.forms import Form, FormKind, Refusal, blank, refused
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.schemas.staff import SUMMARY_LIMIT
from backend.services.contacts import parse_phone

bp = APIBlueprint("staff_search", __name__, enable_openapi=False)

ADDRESS = "/staff/search"
FILTERS = ("category", "channel", "status", "since", "until", "late_entry", "overdue")
KIND = FormKind(
    ("wanted", *FILTERS),
    names={"": "wanted", "/text": "wanted", "/number": "wanted", "/phone_tail": "wanted"},
)
TAIL, NUMBER_LIMIT = 4, 60


@bp.get(ADDRESS)
def ask() -> Response:
    """The form, and what was found where the address says what for."""
    wanted = request.args.get("wanted", "")
    if not wanted:
        return search_page(_filled("", request.args))
    if tail_of(wanted) is not None:
        raise FieldInvalid("", "电话后四位不写在网址里，请在查找页填写。")
    form = _filled(wanted, request.args)
    return search_page(form, _find(wanted, request.args, request.args.get("cursor")))


def search_page(form: Form, found: dict[str, Any] | None = None, status: int = 200) -> Response:
    more = found["next_cursor"] if found else None
    is_posted = tail_of(form["values"].get("wanted", "")) is not None
    kept = {"wanted": form["values"].get("wanted", "")} | kept_filters(form["values"])
    return render(
        "staff/search.html",
        status,
        at=ADDRESS,
        me=g.me,
        form=form,
        found=found,
        items=[
            {**item, "href": f"/staff/inquiries/{item['number']}", "holder_text": item["holder_text"] or ""}
            for item in (found["items"] if found else [])
        ],
        next_url=f"{ADDRESS}?{urlencode(kept | {'cursor': more})}" if more and not is_posted else None,
        next_form=kept | {"cursor": more} if more and is_posted else None,
        form_actions={"logout": "/staff/logout", "search": ADDRESS},
    )


def _again(refusal: Refusal) -> Response:
    return search_page(refused(KIND, refusal), status=refusal.status)


@bp.post(ADDRESS)
@shown_again_by(_again)
def find() -> Response | Redirect:
    """A number or words lead to their own address; a phone's tail is answered here."""
    wanted = posted().get("wanted", "").strip()
    if not wanted:
        raise FieldInvalid("", "请填编号、电话后四位或者摘要里的字。", "conditionally_required")
    tail = tail_of(wanted)
    if tail is None:
        _wanted(wanted, posted())
        return redirect(f"{ADDRESS}?{urlencode({'wanted': wanted} | kept_filters(posted()))}", 303)
    form = _filled(tail, posted())
    return search_page(form, _find(tail, posted(), posted().get("cursor") or None))


def tail_of(wanted: str) -> str | None:
    """The last four digits where a phone is meant: these alone, or a whole number of which no more is used."""
    plain = wanted.strip()
    if plain.isascii() and plain.isdigit() and len(plain) == TAIL:
        return plain
    try:
        return parse_phone(plain)[-TAIL:]
    except FieldInvalid:
        return None


def _filled(wanted: str, asked: Mapping[str, str]) -> Form:
    form = blank()
    form["values"] = ({"wanted": wanted} if wanted else {}) | kept_filters(asked)
    return form


def _find(wanted: str, asked: Mapping[str, str], cursor: str | None) -> dict[str, Any]:
    with open_reading(access().actor) as work:
        return search(work, identity(), _wanted(wanted, asked), cursor)


def _wanted(wanted: str, asked: Mapping[str, str]) -> Wanted:
    """What the one field means. Raises FieldInvalid."""
    filters, tail, number = read_filters(asked), tail_of(wanted), parse_number(wanted)
    if tail is not None:
        return Wanted(phone_tail=tail, filters=filters)
    if number is not None or has_long_number(wanted):
        return Wanted(number=number or wanted.strip()[:NUMBER_LIMIT], filters=filters)
    try:
        text = clean_text(wanted, limit=SUMMARY_LIMIT, lines=False)
    except TextRefused:
        raise FieldInvalid("/text", f"请写摘要里的字，最多 {SUMMARY_LIMIT} 个。") from None
    found = Wanted(text=text, filters=filters)
    ensure_searchable(found)
    return found
