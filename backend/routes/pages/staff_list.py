"""`/staff`: the boxes of the day and one page of a box."""

from __future__ import annotations

from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, g, request

from backend.domain.boxes import Box
from backend.domain.errors import NotFound
from backend.queries.worklist import work_list
from backend.routes.pages import shapes
from backend.routes.pages.console_links import console_links
from backend.routes.pages.frame import render
from backend.routes.pages.guards import access, identity
from backend.routes.pipeline import open_reading
from backend.services.registering import REGISTRARS

bp = APIBlueprint("staff_list", __name__, enable_openapi=False)


@bp.get("/staff")
def boxes() -> Response:
    """One page of the box asked for, else of the first that has something. Raises NotFound, RequestInvalid."""
    with open_reading(access().actor) as work:
        shown = shapes.boxes(work, identity())
        box = _wanted() or shapes.first_box(shown)
        page = work_list(work, identity(), box, request.args.get("cursor"))
        links = console_links(work, identity())
    items = [
        {**item, "href": f"/staff/inquiries/{item['number']}", "holder_text": item["holder_text"] or ""}
        for item in page["items"]
    ]
    more = page["next_cursor"]
    return render(
        "staff/list.html",
        me=g.me,
        boxes=shown,
        current={"name": box.value, "label": box.label},
        items=items,
        next_url=f"/staff?{urlencode({'box': box.value, 'cursor': more})}" if more else None,
        links=links,
        register_url="/staff/register" if identity().holds(*REGISTRARS) else None,
        form_actions={"logout": "/staff/logout"},
    )


def _wanted() -> Box | None:
    name = request.args.get("box")
    if name is None:
        return None
    if name not in {box.value for box in Box}:
        raise NotFound("没有这个列表。")
    return Box(name)
