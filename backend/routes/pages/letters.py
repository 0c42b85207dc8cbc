"""`/staff/inquiries/{number}/letters/{id}`: the 移交函 for paper, with its 回执 (坛 六（四）; 泸 附件2)."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, g

from backend.queries.letters import letter_of
from backend.routes.loading import find_visible
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity
from backend.routes.pipeline import open_reading

bp = APIBlueprint("staff_letters", __name__, enable_openapi=False)


@bp.get("/staff/inquiries/<number>/letters/<letter_id>")
def show(number: str, letter_id: str) -> Response:
    """One letter, ready to be printed, sealed and served. Raises NotFound."""
    with open_reading(access().actor) as work:
        inquiry = find_visible(work, number, identity())
        letter = letter_of(work, inquiry, letter_id)
    return render(
        "letters/transfer.html",
        me=g.me,
        letter=letter,
        inquiry_url=f"/staff/inquiries/{inquiry.number}",
        form_actions={"logout": "/staff/logout"},
    )
