"""`/staff/search`: find an inquiry by number, phone tail or words of its summary.

Our own numbers and words of summaries hold nobody's data and may stand in an address. A phone's tail never does, nor does
whatever else has so many digits that it may be a phone or an identity card: it is posted, and what it finds is shown at
once, a page at a time by a form.
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
from backend.queries.searching import Wanted, ensure_searchable, is_known_elsewhere, search
from backend.routes.list_asking import kept_filters, read_filters
from backend.routes.pages.forms import Form, FormKind, Refusal, blank, refused
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity, posted
from backend.routes.pages.refusals import shown_again_by
from backend.routes.pipeline import open_reading
from backend.schemas.staff import SUMMARY_LIMIT
from backend.services.contacts import parse_phone
from backend.services.work import Work

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
    if not may_stand_in_address(wanted):
        raise FieldInvalid("", "电话和长串的号码不写在网址里，请在查找页填写。")
    return _answer(wanted, request.args)


def search_page(form: Form, found: dict[str, Any] | None = None, status: int = 200) -> Response:
    more = found["next_cursor"] if found else None
    wanted = form["values"].get("wanted", "")
    is_posted = not may_stand_in_address(wanted)
    kept = {"wanted": wanted} | kept_filters(form["values"])
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
    """What may stand in an address leads to its own; the rest is answered here."""
    wanted = posted().get("wanted", "").strip()
    if not wanted:
        raise FieldInvalid("", "请填编号、电话后四位或者摘要里的字。", "conditionally_required")
    if not may_stand_in_address(wanted):
        return _answer(wanted, posted())
    with open_reading(access().actor) as work:
        _meant(work, wanted, posted())
    return redirect(f"{ADDRESS}?{urlencode({'wanted': wanted} | kept_filters(posted()))}", 303)


def may_stand_in_address(wanted: str) -> bool:
    """Our own number, or words; nothing that may be a phone, a part of one, or an identity card (design 6)."""
    if parse_number(wanted) is not None:
        return True
    return tail_of(wanted) is None and not has_long_number(wanted)


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


def _answer(wanted: str, asked: Mapping[str, str]) -> Response:
    """What was found; of a phone only the tail is shown again."""
    with open_reading(access().actor) as work:
        meant = _meant(work, wanted, asked)
        found = search(work, identity(), meant, asked.get("cursor") or None)
    return search_page(_filled(meant.phone_tail or wanted, asked), found)


def _meant(work: Work, wanted: str, asked: Mapping[str, str]) -> Wanted:
    """What the one field means. Another system's number may look like anything, so it comes first. Raises FieldInvalid."""
    filters, number = read_filters(asked), parse_number(wanted)
    typed = wanted.strip()[:NUMBER_LIMIT]
    if number is not None or is_known_elsewhere(work, identity(), typed):
        return Wanted(number=number or typed, filters=filters)
    tail = tail_of(wanted)
    if tail is not None:
        return Wanted(phone_tail=tail, filters=filters)
    if has_long_number(wanted):
        return Wanted(number=typed, filters=filters)
    try:
        text = clean_text(wanted, limit=SUMMARY_LIMIT, lines=False)
    except TextRefused:
        raise FieldInvalid("/text", f"请写摘要里的字，最多 {SUMMARY_LIMIT} 个。") from None
    found = Wanted(text=text, filters=filters)
    ensure_searchable(found)
    return found
